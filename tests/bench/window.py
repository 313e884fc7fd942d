"""Measures the window: time until it is shown and listens, memory, and how a UI timer runs beside streams.

`python tests/bench/window.py` prints the figures of this machine. It needs a display; `xvfb-run` gives one.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

ROOT = Path(__file__).resolve().parents[2]
STREAMS, RATE, SECONDS = 50, 100, 5
TICK = 16


def start_up(runs: int) -> None:
    """Print the median time from the start of the process to a shown window and to a listening port, and its memory."""
    shown, listening, memory = [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            probe = [sys.executable, __file__, "--life", repr(time.time())]
            environment = {**os.environ, "PROXYCAST_HOME": home, "PROXYCAST_TOKEN": "pc_bench"}
            (Path(home) / "config.yaml").write_text("server: {port: 0}\n", encoding="utf-8")
            figures = json.loads(subprocess.run(probe, env=environment, check=True, capture_output=True).stdout)
        shown.append(figures["shown"])
        listening.append(figures["listening"])
        memory.append(figures["memory"])
    print(
        f"start to a shown window: {statistics.median(shown):.2f} s (of {runs}: {min(shown):.2f} to {max(shown):.2f})"
    )
    print(f"start to a listening port: {statistics.median(listening):.2f} s")
    print(f"memory with the window open: {statistics.median(memory) / 1024:.0f} MiB (VmRSS)")


def live(began: float) -> None:
    """Be the program: print when window and port were there, and what memory it takes then."""
    sys.path.insert(0, str(ROOT / "app"))
    from proxycast.desktop import loop
    from proxycast.desktop.app import make_application
    from proxycast.desktop.instance import Instance
    from proxycast.desktop.life import Desktop
    from proxycast.store.paths import Places

    places = Places.find(os.environ)
    instance = Instance(places.config_dir)
    instance.claim()
    app = make_application()
    desktop = Desktop(app, places, instance)

    async def measured() -> int:
        figures = {}
        life = asyncio.ensure_future(desktop.live())
        while not (desktop.window.isVisible() and desktop.window.windowHandle().isExposed()):
            await asyncio.sleep(0.005)
        figures["shown"] = time.time() - began
        while not desktop.bridge.service.proxy.running:
            await asyncio.sleep(0.005)
        figures["listening"] = time.time() - began
        await asyncio.sleep(1)
        status = Path("/proc/self/status").read_text(encoding="ascii")
        figures["memory"] = int(status.partition("VmRSS:")[2].split()[0])
        desktop.quit()
        await life
        print(json.dumps(figures))
        return 0

    loop.run(app, measured())


def jitter() -> None:
    """Print how late a UI timer rings while streams run through the embedded proxy."""
    sys.path[:0] = [str(ROOT / "app"), str(ROOT)]
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"PROXYCAST_HOME": home, "PROXYCAST_TOKEN": "pc_bench"}
        upstream = subprocess.Popen([sys.executable, __file__, "--upstream"], stdout=subprocess.PIPE, text=True)
        try:
            assert upstream.stdout is not None
            address = upstream.stdout.readline().strip()
            credential = f"{{name: a, type: claude-custom, api_key: k, base_url: '{address}'}}"
            config = f"server: {{port: 0}}\nproviders:\n  - {credential}\n"
            (Path(home) / "config.yaml").write_text(config, encoding="utf-8")
            _measure_jitter()
        finally:
            upstream.kill()


def _measure_jitter() -> None:
    from proxycast.desktop import loop
    from proxycast.desktop.app import make_application
    from proxycast.desktop.instance import Instance
    from proxycast.desktop.life import Desktop
    from proxycast.store.paths import Places

    places = Places.find(os.environ)
    instance = Instance(places.config_dir)
    instance.claim()
    app = make_application()
    desktop = Desktop(app, places, instance)
    rings: list[float] = []

    async def measured() -> int:
        life = asyncio.ensure_future(desktop.live())
        while not desktop.bridge.service.proxy.running:
            await asyncio.sleep(0.01)
        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK)
        timer.timeout.connect(lambda: rings.append(time.perf_counter()))
        await asyncio.sleep(1)
        quiet = await _listen(timer, rings, SECONDS)
        address = desktop.bridge.service.proxy.address
        clients = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--clients", address, stdout=asyncio.subprocess.PIPE
        )
        await asyncio.sleep(2)
        busy = await _listen(timer, rings, SECONDS)
        answer, _ = await clients.communicate()
        _print_gaps("nothing else", quiet)
        _print_gaps(f"{STREAMS} streams of {RATE} events/s", busy)
        print(f"streams: {answer.decode().strip()}")
        desktop.quit()
        return await life

    loop.run(app, measured())


async def _listen(timer: QTimer, rings: list[float], seconds: float) -> list[float]:
    rings.clear()
    timer.start()
    await asyncio.sleep(seconds)
    timer.stop()
    return [(later - sooner) * 1000 for sooner, later in pairwise(rings)]


def _print_gaps(beside: str, gaps: list[float]) -> None:
    gaps = sorted(gaps)
    middle, late = gaps[len(gaps) // 2], gaps[int(len(gaps) * 0.99)]
    print(f"a timer of {TICK} ms beside {beside}: p50 {middle:.1f} ms, p99 {late:.1f} ms, longest {gaps[-1]:.1f} ms")


async def serve_streams() -> None:
    """Be a service that streams events at a steady rate."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        event = b'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"word"}}\n\n'
        began = time.monotonic()
        for number in range(RATE * (SECONDS + 5)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            writer.write(b"%x\r\n%b\r\n" % (len(event), event))
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def consume_streams(address: str) -> None:
    """Be the clients: read all streams to their end and print how many events came."""
    port = int(address.rpartition(":")[2])

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b'{"model":"m","max_tokens":1,"stream":true,"messages":[]}'
        head = f"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-api-key: pc_bench\r\nconnection: close\r\n"
        writer.write(f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        events = (await reader.read()).count(b"event: ")
        writer.close()
        return events

    events = await asyncio.gather(*[one() for _ in range(STREAMS)])
    print(f"{sum(events)} of {STREAMS * RATE * (SECONDS + 5)} events arrived")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--life", began]:
            live(float(began))
        case ["--upstream"]:
            asyncio.run(serve_streams())
        case ["--clients", address]:
            asyncio.run(consume_streams(address))
        case _:
            start_up(5)
            jitter()
