"""Other proxies as their registries have them, measured on small JSON. They live under `.venv/peers`, never elsewhere.

Of a peer that cannot be installed or does not answer here, the standard error says why.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.cases import Plan
from tests.bench.load import ROOT, Load, wrk
from tests.bench.subjects import Subjects, free_port, process
from tests.bench.table import Row, told
from tests.bench.traffic import KEY, MODEL, SMALL, TOKEN

_FOLDER = ROOT / ".venv" / "peers"
_UV = str(Path(sys.executable).with_name("uv"))
_MASTER = "sk-" + "m" * 48
_RUST = """
import sys, time
from lmnr_claude_code_proxy import ProxyServer
ProxyServer(port=int(sys.argv[1])).run_server(sys.argv[2])
while True: time.sleep(60)
"""


def _no_headers(_: str) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Peer:
    """One of them.

    `ratio` is how many times its throughput `serve` has to reach, `windowed` the same for the window. `packages` come
    from PyPI unless `npm` says otherwise. `begin` takes the peer's home, a folder for files, a port and the address of
    a service, and gives the command that listens, and what it needs in its environment. `headers` are what requests
    need so that it finds the service.
    """

    name: str
    packages: tuple[str, ...]
    begin: Callable[[Path, Path, int, str], tuple[list[str], dict[str, str]]]
    ratio: float
    windowed: float | None = None
    npm: bool = False
    headers: Callable[[str], dict[str, str]] = _no_headers


def _rust(home: Path, _: Path, port: int, service: str) -> tuple[list[str], dict[str, str]]:
    return [str(home / "bin" / "python"), "-c", _RUST, str(port), service], {}


def _litellm(home: Path, folder: Path, port: int, service: str) -> tuple[list[str], dict[str, str]]:
    model = {"model": f"anthropic/{MODEL}", "api_base": service, "api_key": KEY}
    file = folder / "litellm.yaml"
    file.write_text(json.dumps({"model_list": [{"model_name": MODEL, "litellm_params": model}]}), encoding="utf-8")
    command = [str(home / "bin" / "litellm"), "--config", str(file), "--host", "127.0.0.1", "--port", str(port)]
    return [*command, "--telemetry", "False"], {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": _MASTER}


def _litellm_headers(_: str) -> dict[str, str]:
    return {"x-api-key": _MASTER}


def _router(home: Path, folder: Path, port: int, service: str) -> tuple[list[str], dict[str, str]]:
    provider = {
        "name": "bench",
        "api_base_url": f"{service}/v1/messages",
        "api_key": KEY,
        "models": [MODEL],
        "transformer": {"use": ["Anthropic"]},
    }
    file = folder / "router" / ".claude-code-router" / "config.json"
    file.parent.mkdir(parents=True)
    routes = {"default": f"bench,{MODEL}"}
    settings = {"HOST": "127.0.0.1", "PORT": port, "APIKEY": TOKEN, "LOG": False, "NON_INTERACTIVE_MODE": True}
    file.write_text(json.dumps({**settings, "Providers": [provider], "Router": routes}), encoding="utf-8")
    environment = {"HOME": str(folder / "router"), "SERVICE_PORT": str(port)}
    return [str(home / "node_modules" / ".bin" / "ccr"), "start"], environment


def _portkey(home: Path, _: Path, port: int, __: str) -> tuple[list[str], dict[str, str]]:
    command = ["node", str(home / "node_modules" / "@portkey-ai" / "gateway" / "build" / "start-server.js")]
    return [*command, f"--port={port}", "--headless"], {"TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost"}


def _portkey_headers(service: str) -> dict[str, str]:
    return {
        "x-portkey-provider": "anthropic",
        "x-portkey-custom-host": f"{service}/v1",
        "authorization": f"Bearer {KEY}",
    }


_PEERS = (
    Peer("lmnr-claude-code-proxy", ("lmnr-claude-code-proxy",), _rust, ratio=1.3, windowed=1.1),
    Peer("@portkey-ai/gateway", ("@portkey-ai/gateway",), _portkey, ratio=20, npm=True, headers=_portkey_headers),
    Peer("@musistudio/claude-code-router", ("@musistudio/claude-code-router",), _router, ratio=20, npm=True),
    # Two releases stole credentials.
    Peer("litellm", ("litellm[proxy]!=1.82.7,!=1.82.8",), _litellm, ratio=250, headers=_litellm_headers),
)


def measure(subjects: Subjects, plan: Plan) -> list[Row]:
    """How many times their throughput the program reaches, and how much later they answer than the service itself."""
    rows = []
    for peer in _PEERS:
        sys.stderr.write(f"{peer.name} …\n")
        try:
            with _listening(peer, subjects) as url:
                rows += _compared(peer, url, subjects, plan)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            sys.stderr.write(f"  not measured: {_said(error)}\n")
    return rows


def _compared(peer: Peer, url: str, subjects: Subjects, plan: Plan) -> list[Row]:
    def run(name: str, connections: int) -> Load:
        where, headers = (url, headers_of_peer) if name == "peer" else (subjects.url(name, "json"), {})
        return wrk(subjects.folder, where, SMALL, connections=connections, seconds=plan.seconds, headers=headers)

    headers_of_peer = peer.headers(subjects.services["json"])

    names = ("serve", "window", "peer")
    for name in names:
        run(name, 1)  # what is loaded with the first request shall not count
    few = [{name: run(name, 16) for name in names} for _ in range(plan.rounds)]
    one = [{name: run(name, 1) for name in ("direct", *names)} for _ in range(plan.rounds)]
    rows = []
    for name, target in (("serve", peer.ratio), ("window", peer.windowed)):
        ratios = [turn[name].rate / turn["peer"].rate for turn in few]
        title = f"JSON, 16 connections, {name}: throughput / {peer.name}"
        rows.append(told(title, ratios) if target is None else plan.least(title, ratios, target))
    if peer.windowed is not None:
        added = [
            (turn["serve"].median - turn["direct"].median) / max(turn["peer"].median - turn["direct"].median, 1)
            for turn in one
        ]
        rows.append(plan.most(f"JSON, 1 connection, serve: added p50 / {peer.name}", added, 1))
    rate = statistics.median(turn["peer"].rate for turn in few)
    return [*rows, told(f"{peer.name}: requests per second", [rate])]


@contextlib.contextmanager
def _listening(peer: Peer, subjects: Subjects) -> Iterator[str]:
    home = _FOLDER / peer.name.replace("/", "-").lstrip("@")
    if not (home / "ready").exists():
        _install(peer, home)
    port = free_port()
    command, environment = peer.begin(home, subjects.folder, port, subjects.services["json"])
    with process(command, subjects.folder, port, environment):
        yield f"http://127.0.0.1:{port}/v1/messages"


def _install(peer: Peer, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    if peer.npm:
        _run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(home), *peer.packages])
    else:
        _run([_UV, "venv", "--quiet", "--clear", str(home)])
        _run([_UV, "pip", "install", "--quiet", "--python", str(home / "bin" / "python"), *peer.packages])
    (home / "ready").touch()


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=600, env=os.environ)


def _said(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError) and error.stderr:
        return str(error.stderr.decode().strip().splitlines()[-1][:120])
    return " ".join(str(error).split())[:120]
