"""The soak of `make soak`, for as long as a run of all tests can take."""

from __future__ import annotations

from pathlib import Path

from tests.faults.soak import soak

SECONDS = 180.0


async def test_r25_nothing_grows_in_serve_and_in_the_window(tmp_path: Path) -> None:
    for program in await soak(SECONDS, tmp_path):
        assert program.growth() == []
        assert min(program.done[act] for act in ("whole", "stream", "leave", "stranger", "nonsense", "broken off")) > 20
