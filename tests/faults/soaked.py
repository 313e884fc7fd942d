"""The program under a soak: `python -m tests.faults.soaked serve|window`, with PROXYCAST_HOME set.

It is the real one, with a way to look inside: it prints the port it listens on, then answers every line on standard
input with what it holds at that moment, as JSON, and ends when there are no more lines.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from pathlib import Path

from proxycast.cli.runtime import open_service
from proxycast.service.service import Service


async def answer_questions(service: Service) -> None:
    """Tell what is held, whenever asked."""
    loop = asyncio.get_running_loop()
    questions: asyncio.Queue[str] = asyncio.Queue()
    reading = loop.run_in_executor(None, _read_lines, loop, questions)
    print(json.dumps({"port": service.proxy.port}), flush=True)
    known = len(asyncio.all_tasks())
    while await questions.get():
        gc.collect()
        print(json.dumps({**_held(), "tasks": len(asyncio.all_tasks()) - known}), flush=True)
    await reading


def _read_lines(loop: asyncio.AbstractEventLoop, questions: asyncio.Queue[str]) -> None:
    for line in sys.stdin:
        loop.call_soon_threadsafe(questions.put_nowait, line)
    loop.call_soon_threadsafe(questions.put_nowait, "")


def _held() -> dict[str, int]:
    status = Path("/proc/self/status").read_text()
    kib = next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]
    return {
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - fewer objects than paths
        "threads": len(os.listdir("/proc/self/task")),  # noqa: PTH208
        "memory": int(kib) * 1024,
    }


async def serve() -> None:
    """Be `proxycast serve`."""
    async with open_service() as service:
        await service.load()
        await service.start_proxy()
        service.follow()
        await answer_questions(service)


def window() -> None:
    """Be `proxycast`."""
    from proxycast.desktop import loop  # noqa: PLC0415 - Qt is not for `serve`
    from proxycast.desktop.app import make_application  # noqa: PLC0415
    from proxycast.desktop.instance import Instance  # noqa: PLC0415
    from proxycast.desktop.life import Desktop  # noqa: PLC0415
    from proxycast.store.paths import Places  # noqa: PLC0415

    places = Places.find(os.environ)
    instance = Instance(places.config_dir)
    instance.claim()
    app = make_application()
    desktop = Desktop(app, places, instance)

    async def lived() -> int:
        life = asyncio.ensure_future(desktop.live())
        while not desktop.bridge.service.proxy.running:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
        await answer_questions(desktop.bridge.service)
        desktop.quit()
        return await life

    loop.run(app, lived())


if __name__ == "__main__":
    if sys.argv[1] == "window":
        window()
    else:
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())
