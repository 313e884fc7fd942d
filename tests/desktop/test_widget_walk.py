"""Every control of every page and dialog has a name, is reached by Tab, and shows all of its text."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCALES = ("1", "1.5", "2")


async def walked(*arguments: str) -> tuple[str, str]:
    """What the walk found, and what it says that it walked."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.widget_walk", *arguments),
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{ROOT / 'app'}:{ROOT}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode(), err.decode()


async def test_at_every_scale_in_both_languages_nothing_is_unnamed_unreached_or_cut_off() -> None:
    for (found, said), scale in zip(
        await asyncio.gather(*[walked("--scale", scale) for scale in SCALES]), SCALES, strict=True
    ):
        assert "windows walked" in said
        assert found == "", f"at scale {scale}:\n{found}"
