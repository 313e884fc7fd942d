"""`proxycast serve --demo`: what a newcomer sees."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal

import pytest
from tests.acceptance.program import TOKEN, Program, Serving

DEAD_PROXY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _curl() -> None:
    if shutil.which("curl") is None:
        reason = "the demo's line needs curl"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


async def test_the_printed_line_streams_an_answer(program: Program) -> None:
    del program.environment["PROXYCAST_TOKEN"]
    async with program.serve("--demo") as serving:
        answer = await _paste(serving, {})
    assert answer[0].startswith(b"event: message_start\n")
    assert b"message_stop" not in answer[0], "it came in one piece"
    assert b"event: content_block_delta\n" in b"".join(answer)
    assert b"".join(answer).endswith(b'data: {"type":"message_stop"}\n\n')


async def test_the_token_may_be_given_and_a_proxy_in_the_environment_is_no_obstacle(program: Program) -> None:
    dead = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"), DEAD_PROXY)
    program.environment |= dead
    async with program.serve("--demo") as serving:
        answer = await _paste(serving, {"PROXYCAST_TOKEN": TOKEN, **dead}, first_piece_only=True)
    assert answer[0].startswith(b"event: message_start\n")
    assert TOKEN not in serving.out.text


async def _paste(serving: Serving, environment: dict[str, str], *, first_piece_only: bool = False) -> list[bytes]:
    """Run the printed line in a shell; what it wrote, piece by piece."""
    line = await serving.out.until("curl ")
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        line,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        pieces = [await process.stdout.read(65536)]
        if first_piece_only:
            os.killpg(process.pid, signal.SIGTERM)
        while piece := await process.stdout.read(65536):
            pieces.append(piece)
        status = await process.wait()
    assert status == 0 or first_piece_only
    return pieces
