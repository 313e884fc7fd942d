"""A real browser attacks the proxy in every way that a page has. Nothing is let in, and a client still is."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.acceptance.program import run
from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import TOKEN, Setup
from tests.security.raw_requests import BODY, JSON, VERSION, answered

CHROMIUM = next((name for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

PAGE = """<!doctype html><title>attack</title><body><script>
const token = %(token)s, body = %(body)s, places = %(places)s;
const quiet = promise => promise.catch(() => null);
for (const place of places) {
  const url = place + "/v1/messages";
  quiet(fetch(url, {method: "POST", mode: "no-cors", body, headers: {"content-type": "text/plain"}}));
  const headers = {"content-type": "application/json", "x-api-key": token};
  quiet(fetch(url, {method: "POST", mode: "cors", body, headers}));
  quiet(fetch(url, {method: "POST", mode: "no-cors", body: new Blob([body])}));
  quiet(fetch(place + "/v1/models", {mode: "no-cors", credentials: "include"}));
  navigator.sendBeacon(url, body);
  navigator.sendBeacon(url, new Blob([body], {type: "text/plain"}));
  new Image().src = place + "/v1/models?x=" + Math.random();
  const script = document.createElement("script"); script.src = place + "/v1/models?y"; document.body.append(script);
  try { new WebSocket(place.replace("http", "ws") + "/v1/messages"); } catch (error) { }
  const frame = document.createElement("iframe"); frame.name = "f" + Math.random(); document.body.append(frame);
  for (const kind of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const form = document.createElement("form");
    form.method = "POST"; form.enctype = kind; form.action = url; form.target = frame.name;
    const field = document.createElement("input"); field.name = body; field.value = "x"; form.append(field);
    document.body.append(form); form.submit();
  }
  const request = new XMLHttpRequest(); request.open("POST", url); request.send(body);
}
setTimeout(() => document.title = "done", 1500);
</script>"""


@contextlib.asynccontextmanager
async def attacker(page: str) -> AsyncIterator[int]:
    """A web server with this page at every path."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            lines = ("HTTP/1.1 200 OK", "Content-Type: text/html", f"Content-Length: {len(page)}", "Connection: close")
            writer.write("\r\n".join([*lines, "", page]).encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def browse(folder: Path, url: str) -> tuple[str, dict[str, set[int]]]:
    """Open a page; the document that results, and the statuses that the browser got, by host and port."""
    log = folder / "net.json"
    assert CHROMIUM is not None
    ended = await run(
        [
            *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
            *(f"--user-data-dir={folder / 'profile'}", "--disable-background-networking", "--disable-component-update"),
            "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP *.googleapis.com 127.0.0.1",
            *(f"--log-net-log={log}", "--virtual-time-budget=6000", "--dump-dom", url),
        ],
        {"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        folder,
        within=60,
    )
    assert ended.status == 0, ended.err
    return ended.out, _statuses(log)


def _statuses(log: Path) -> dict[str, set[int]]:
    """Read them from Chromium's log of the network: requests have a URL, and later the head of their answer."""
    text = log.read_text()
    if not text.rstrip().endswith("}"):
        text = text.rstrip().rstrip(",") + "]}"
    asked: dict[int, str] = {}
    found: dict[str, set[int]] = {}
    for event in json.loads(text)["events"]:
        parameters, source = event.get("params", {}), event["source"]["id"]
        if "url" in parameters:
            asked[source] = parameters["url"]
        head = parameters.get("headers")
        if isinstance(head, list) and head and str(head[0]).startswith("HTTP/1.1 ") and source in asked:
            found.setdefault(urlsplit(asked[source]).netloc, set()).add(int(head[0].split(" ")[1]))
    return found


async def test_t01_t05_a_browser_gets_403_for_all_that_a_page_can_do(
    setup: Setup, fake_api: FakeMessagesApi, tmp_path: Path
) -> None:
    port = setup.proxy.port
    places = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost", "0.0.0.0", "evil.example")]
    page = PAGE % {"token": json.dumps(TOKEN), "body": json.dumps(BODY), "places": json.dumps(places)}
    async with attacker(page) as own:
        _, statuses = await browse(tmp_path, f"http://evil.example:{own}/")
    attacked = {place: found for place, found in statuses.items() if place.endswith(f":{port}")}
    assert set(attacked) >= {f"127.0.0.1:{port}", f"localhost:{port}", f"evil.example:{port}"}, "it did get through"
    assert set().union(*attacked.values()) == {403}
    assert fake_api.opened == 0
    assert setup.observer.begun == 0
    assert (await answered(setup, JSON, VERSION)).status == 200


async def test_t03_a_page_whose_name_was_rebound_reads_nothing(
    setup: Setup, fake_api: FakeMessagesApi, tmp_path: Path
) -> None:
    document, statuses = await browse(tmp_path, f"http://evil.example:{setup.proxy.port}/v1/models")
    assert statuses[f"evil.example:{setup.proxy.port}"] == {403}
    assert "permission_error" in document
    assert fake_api.opened == 0


async def test_t31_the_address_in_a_browser_shows_nothing(setup: Setup, tmp_path: Path) -> None:
    document, statuses = await browse(tmp_path, f"http://127.0.0.1:{setup.proxy.port}/v1/models")
    assert statuses[f"127.0.0.1:{setup.proxy.port}"] <= {401, 403}
    assert "claude" not in document
