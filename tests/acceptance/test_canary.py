"""Keys and client tokens are nowhere but in the keyring, whatever happens and however loudly the program speaks."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx2
import pytest
from tests.acceptance.conftest import session
from tests.acceptance.program import APP, Program, Serving
from tests.fakes.answers import Answer, Behaviour, error, redirect
from tests.fakes.certificates import Authority
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.wire import RecordedRequest
from tests.keyring.secret_service import SecretService

pytestmark = pytest.mark.keyring

# They do not look like keys, so that nothing hides them for their looks.
ADDED = "kanarienvogel-one"
ROTATED = "kanarienvogel-two"
IMPORTED = "kanarienvogel-three"
LITERAL = "kanarienvogel-four"
KEYS = {ADDED, ROTATED, IMPORTED, LITERAL}


class Search:
    """Collects all that the program leaves behind, and looks for secrets in it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.said: dict[str, bytes] = {}

    async def run(self, *arguments: str, stdin: str = "", status: int | None = 0) -> str:
        """Run a command and keep what it says."""
        ended = await self.program.run(*arguments, stdin=stdin, status=status)
        self.said[f"output of {' '.join(arguments)}"] = f"{ended.out}{ended.err}".encode()
        return ended.out

    def keep(self, name: str, serving: Serving) -> None:
        """Keep what `serve` has said."""
        self.said[f"output of {name}"] = f"{serving.out.text}{serving.err.text}".encode()

    def look_at(self, serving: Serving) -> None:
        """Keep what any process of the user can see of another one, if it can."""
        for name in ("cmdline", "environ"):
            with contextlib.suppress(PermissionError):
                self.said[f"{name} of the process"] = Path(f"/proc/{serving.pid}/{name}").read_bytes()

    def places(self, secrets: Iterable[str], *folders: Path) -> set[str]:
        """Where a secret occurs: files in these folders, or what was said."""
        forms = [form for secret in secrets for form in _forms(secret.encode())]
        found = {name for name, text in self.said.items() if any(form in text for form in forms)}
        for folder in folders:
            for path in folder.rglob("*"):
                if path.is_file() and any(form in path.read_bytes() for form in forms):
                    found.add(str(path.relative_to(folder)))
        return found


async def test_t24_secrets_occur_only_in_the_keyring_and_in_the_files_that_the_user_wrote(
    tmp_path: Path, keyring: SecretService, fake_api: FakeMessagesApi
) -> None:
    fake_api.service.keys = KEYS
    fake_api.script = _misbehave
    loud = {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent / "loud"), str(APP)]),
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONFAULTHANDLER": "1",
        "LOUD_LOG": str(tmp_path / "everything.log"),
        "PROXYCAST_LOG_LEVEL": "DEBUG",
    }
    search = Search(Program(tmp_path, {**session(keyring), **loud}))
    async with FakeMessagesApi(tls=Authority(tmp_path).server()) as untrusted:
        token = await _fill(search, fake_api.base_url, untrusted.base_url)
        renewed = await _serve(search, token)
    await _serve_file(search, fake_api.base_url, renewed)

    assert search.places(KEYS, tmp_path, keyring.home) == {"foreign.yaml", "pool.yaml"}
    assert search.places({token, renewed}, tmp_path, keyring.home) == set()

    log = (tmp_path / "everything.log").read_text()
    assert all(words in log for words in ("DEBUG asyncio", "INFO proxycast.")), "it was not loud at all"
    stored = "".join(keyring.lookup(user) or "" for user in keyring.users())
    assert all(secret in stored for secret in (ROTATED, IMPORTED, renewed)), "they are not where they should be"


async def _fill(search: Search, base_url: str, untrusted: str) -> str:
    """Every way by which a key comes in, and every command that could show one; the client token."""
    (search.program.folder / "foreign.yaml").write_text(_one_credential("brought", base_url, IMPORTED))
    await search.run("add", "work", "--base-url", base_url, stdin=ADDED)
    await search.run("rotate", "work", stdin=ROTATED)
    await search.run("import", "foreign.yaml")
    await search.run("add", "tls", "--base-url", untrusted, stdin=ADDED)
    await search.run("add", "proxied", "--base-url", base_url, "--proxy", "http://127.0.0.1:1", stdin=ADDED)
    await search.run("add", "work", stdin=ADDED, status=1)
    await search.run("add", "wrong", stdin=f"{ADDED} {ADDED}", status=1)
    await search.run("confirm", "work")
    await search.run("list", "--json")
    await search.run("export", "exported.yaml")
    for name in ("tls", "proxied"):
        await search.run("test", name, status=1)
    await search.run("test", "work", "--model", "error-401", status=1)
    return (await search.program.run("token")).out.strip()


async def _serve(search: Search, token: str) -> str:
    """Traffic that works and fails, an unexpected exception, a crash; the client token that was renewed meanwhile."""
    async with search.program.serve() as serving, serving.client(token) as client:
        search.look_at(serving)
        await _traffic(client)
        renewed = (await search.program.run("token", "--rotate")).out.strip()
        serving.signal(signal.SIGUSR1)
        await serving.err.until("nobody expects this")
    search.keep("serve that failed", serving)

    async with search.program.serve(status=-signal.SIGSEGV) as serving, serving.client(renewed) as client:
        search.look_at(serving)
        await _traffic(client)
        assert (await client.get("/v1/models", headers={"x-api-key": token})).status_code == 401
        serving.signal(signal.SIGSEGV)
        await serving.err.until("Segmentation fault")
    search.keep("serve that crashed", serving)
    return renewed


async def _serve_file(search: Search, base_url: str, token: str) -> None:
    """Traffic with a key that stands in a file."""
    file = search.program.folder / "pool.yaml"
    file.write_text(_one_credential("work", base_url, LITERAL))
    async with search.program.serve("--config", file) as serving, serving.client(token) as client:
        search.look_at(serving)
        assert (await _ask(client, "", "claude-sonnet-5-5")).status_code == 200
    search.keep("serve --config", serving)


async def _traffic(client: httpx2.AsyncClient) -> None:
    """Answers, errors that repeat the key, a broken stream, a redirect, TLS and proxies that fail."""
    expected = {
        ("", "claude-sonnet-5-5"): 200,
        ("/c/brought", "claude-sonnet-5-5"): 200,
        ("", "error-401"): 401,
        ("", "error-500"): 500,
        ("", "redirect"): 502,
        ("/c/tls", "claude-sonnet-5-5"): 502,
        ("/c/proxied", "claude-sonnet-5-5"): 502,
    }
    for (prefix, model), status in expected.items():
        assert (await _ask(client, prefix, model)).status_code == status, model
    with contextlib.suppress(httpx2.RemoteProtocolError):
        await _ask(client, "", "cut")


async def _ask(client: httpx2.AsyncClient, prefix: str, model: str) -> httpx2.Response:
    message = {"model": model, "max_tokens": 64, "stream": True, "messages": [{"role": "user", "content": "hi"}]}
    return await client.post(f"{prefix}/v1/messages", json=message)


def _one_credential(name: str, base_url: str, key: str) -> str:
    return f'providers:\n  - {{name: {name}, type: claude-custom, base_url: "{base_url}", api_key: {key}}}\n'


def _misbehave(request: RecordedRequest) -> Behaviour | Answer | None:
    """Fail as the model of a request says, repeating the key."""
    model, key = request.json()["model"] if request.body else "", request.value("x-api-key")
    if model.startswith("error-"):
        return error(int(model.removeprefix("error-")), f"{key} is not good", kind=key)
    if model == "redirect":
        return redirect(f"https://{key}:{key}@elsewhere.example/{key}?key={key}")
    return Behaviour(cut_after_parts=4) if model == "cut" else None


def _forms(secret: bytes) -> Iterator[bytes]:
    """How a secret may be written down."""
    yield secret
    yield secret[::-1]
    yield secret.hex().encode()
    yield urllib.parse.quote(secret).encode()
    yield secret.decode().encode("utf-16-le")
    for offset in range(3):  # what is left of it in base64 wherever it starts
        whole = base64.b64encode(bytes(offset) + secret)
        yield whole[4 if offset else 0 : len(whole) // 4 * 4 - 4]
