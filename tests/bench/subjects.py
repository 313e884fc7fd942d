"""The processes that are measured, and those that they are measured against."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.load import ROOT
from tests.bench.start import resident_megabytes
from tests.bench.traffic import ANSWER, EVENTS, KEY, TOKEN, message, sse
from tests.fakes.certificates import Authority

_COMMON = """
worker_processes 1; daemon off; pid {name}.pid; error_log {name}.log; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
"""
_TEMPORARY = """access_log off; keepalive_requests 1000000000; client_max_body_size 64m;
  client_body_temp_path {name}.body; proxy_temp_path {name}.proxied;
  fastcgi_temp_path {name}.f; uwsgi_temp_path {name}.u; scgi_temp_path {name}.s;"""
_SERVICE = (
    _COMMON
    + "http {{ "
    + _TEMPORARY
    + """
  server {{ listen 127.0.0.1:{port}; listen 127.0.0.1:{secure} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {certificate};
    location /json/ {{ default_type application/json; return 200 '{answer}'; }}
    location /claude/ {{ error_page 405 =200 /events.sse; return 405; }}
    location = /events.sse {{ root {folder}; types {{ }} default_type text/event-stream; }} }} }}
"""
)
_REFERENCE = (
    _COMMON
    + "http {{ "
    + _TEMPORARY
    + """
  {upstreams}
  server {{ listen 127.0.0.1:{port}; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header x-api-key {key}; proxy_buffering off; proxy_request_buffering off;
    proxy_ssl_trusted_certificate {ca}; proxy_ssl_verify on; proxy_ssl_session_reuse on; proxy_ssl_name localhost;
    {locations} }} }}
"""
)
_UPSTREAM = "upstream {name} {{ server 127.0.0.1:{port}; keepalive 256; keepalive_requests 1000000000; }}"


@dataclass(frozen=True)
class Subjects:
    """Everything, listening. Cases have names; `url` tells where a subject serves one."""

    folder: Path
    services: Mapping[str, str]
    """The case's own service, by case."""
    ca_file: Path
    ports: Mapping[str, int]
    """By the subject's name."""
    pids: Mapping[str, int] = field(default_factory=dict)

    def url(self, subject: str, case: str) -> str:
        """Where messages of a case go."""
        base = self.services[case] if subject == "direct" else f"http://127.0.0.1:{self.ports[subject]}/c/{case}"
        return f"{base}/v1/messages"

    def cpu_seconds(self, subject: str) -> float:
        """What the process has used so far, user and system."""
        fields = Path(f"/proc/{self.pids[subject]}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self, subject: str) -> float:
        """The memory that the process has in use (VmRSS of proc_pid_status(5))."""
        return resident_megabytes(self.pids[subject])


@contextlib.contextmanager
def running(folder: Path, names: tuple[str, ...]) -> Iterator[Subjects]:
    """The services, nginx before them, and the program in the forms of `names`: `serve`, `window`, `Xvfb`."""
    with contextlib.ExitStack() as stack:
        services, ca_file = stack.enter_context(_services(folder))
        ports = {name: free_port() for name in ("nginx", *names)}
        pids = {"nginx": stack.enter_context(_reference(folder, ports["nginx"], services, ca_file))}
        for name in names:
            subject = stack.enter_context(proxycast(folder, name, ports[name], services, ca_file))
            pids[name] = subject
        yield Subjects(folder, services, ca_file, ports, pids)


@contextlib.contextmanager
def proxycast(
    folder: Path, name: str, port: int, services: Mapping[str, str], ca_file: Path, *, form: str | None = None
) -> Iterator[int]:
    """The program, listening, with a home called `name`; the number of its process. `form` is `name` unless given."""
    form = form or name
    home = folder / name
    home.mkdir()
    credentials = [
        f"  - {{name: {case}, type: claude-custom, api_key: {KEY}, base_url: '{base}', ca_file: '{ca_file}'}}"
        for case, base in services.items()
        if case != "bedrock"
    ]
    aws = "aws_access_key: AKIABENCHBENCHBENCHB, aws_secret_key: bench, aws_region: us-east-1"
    credentials.append(f"  - {{name: bedrock, type: claude-custom, {aws}, base_url: '{services['bedrock']}'}}")
    config = home / "config.yaml"
    text = "\n".join([f"server: {{port: {port}}}", "proxy: none", "selected: json", "providers:", *credentials, ""])
    config.write_text(text, encoding="utf-8")
    environment = {
        "PROXYCAST_HOME": str(home),
        "PROXYCAST_TOKEN": TOKEN,
        "PROXYCAST_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "proxycast"]
    with contextlib.ExitStack() as stack:
        match form:
            case "serve":
                command += ["serve", "--config", str(config)]
            case "window":
                environment["QT_QPA_PLATFORM"] = "offscreen"
            case _:
                environment["DISPLAY"] = stack.enter_context(screen(folder))
                environment["QT_QPA_PLATFORM"] = "xcb"
        yield stack.enter_context(process(command, folder, port, environment))


@contextlib.contextmanager
def screen(folder: Path) -> Iterator[str]:
    """A screen of its own, drawn by Xvfb; what DISPLAY has to say."""
    with (folder / "screen.out").open("w") as out:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=out, text=True) as started:
            try:
                assert started.stdout is not None
                yield f":{started.stdout.readline().strip()}"
            finally:
                started.terminate()


@contextlib.contextmanager
def process(command: list[str], folder: Path, port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """A process that listens on the port, until the block ends; its number. Raises TimeoutError."""
    kept = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    with (folder / f"{port}.out").open("w") as out:
        started = subprocess.Popen(
            command, cwd=folder, env={**kept, **environment}, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        try:
            await_port(port)
            yield started.pid
        finally:
            started.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(5)
            started.kill()
            started.wait()


def await_port(port: int, within: float = 60.0) -> None:
    """Wait until something listens. Raises TimeoutError."""
    deadline = time.monotonic() + within
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing listens on port {port}") from None
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextlib.contextmanager
def _services(folder: Path) -> Iterator[tuple[dict[str, str], Path]]:
    authority = Authority(folder)
    authority.server()
    port, secure = free_port(), free_port()
    folder.chmod(0o755)  # nginx started by root serves files as somebody else
    (folder / "events.sse").write_bytes(b"".join(sse(event) for event in message(EVENTS)))
    certificate = folder / "server-1.pem"
    text = _SERVICE.format(
        name="service", port=port, secure=secure, certificate=certificate, answer=ANSWER, folder=folder
    )
    command = [sys.executable, "-m", "tests.bench.service"]
    with (
        _nginx(folder, "service", port, text),
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as own,
    ):
        try:
            assert own.stdout is not None
            address = own.stdout.readline().strip()
            yield (
                {
                    "json": f"http://127.0.0.1:{port}/json",
                    "claude": f"http://127.0.0.1:{port}/claude",
                    "tls": f"https://localhost:{secure}/json",
                    "paced": f"{address}/paced/20",
                    "fast": f"{address}/fast",
                    "upload": f"{address}/upload",
                    "events": f"{address}/events",
                    "bedrock": address,
                },
                authority.ca_file,
            )
        finally:
            own.kill()


@contextlib.contextmanager
def _reference(folder: Path, port: int, services: Mapping[str, str], ca_file: Path) -> Iterator[int]:
    upstreams, locations = [], []
    for case, base in services.items():
        scheme, _, rest = base.partition("://")
        place, _, path = rest.partition("/")
        upstreams.append(_UPSTREAM.format(name=case, port=place.rpartition(":")[2]))
        locations.append(f"location /c/{case}/ {{ proxy_pass {scheme}://{case}/{path + '/' if path else ''}; }}")
    text = _REFERENCE.format(
        name="nginx",
        port=port,
        key=KEY,
        ca=ca_file,
        upstreams="\n  ".join(upstreams),
        locations="\n    ".join(locations),
    )
    with _nginx(folder, "nginx", port, text) as pid:
        yield pid


@contextlib.contextmanager
def _nginx(folder: Path, name: str, port: int, text: str) -> Iterator[int]:
    file = folder / f"{name}.conf"
    file.write_text(text, encoding="utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with process([program, "-p", str(folder), "-c", str(file)], folder, port, {}) as pid:
        yield pid
