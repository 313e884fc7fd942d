"""Threats T22 to T31: where secrets could leak to, and what could be brought in."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import click
import pytest
from tests.acceptance.configurations import pool
from tests.acceptance.program import TOKEN, Program, run
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY
from tests.proxy.conftest import Setup, running_proxy
from tests.security.raw_requests import JSON, VERSION, answered
from tests.service.world import World, key, relay

from proxycast.cli.commands import proxycast
from proxycast.model.credential import Credential
from proxycast.model.errors import ConfigError, DestinationChanged
from proxycast.proxy.trust import TrustStore
from proxycast.service.assembly import take_environment
from proxycast.store.config import parse
from proxycast.upstream.anthropic import AnthropicFormat

ROOT = Path(__file__).resolve().parents[2]
CORE = re.compile(r"Max core file size.*")
OWN_LIMITS = Path("/proc/self/limits").read_text() if sys.platform == "linux" else ""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    yield world
    await world.close()


async def test_t22_a_key_does_not_follow_a_tampered_configuration(world: World) -> None:
    service = await world.service()
    await service.add(relay("work", "https://relay.example.com"), key())
    await service.select("work")
    for place in ("https://relay.example.com:8443", "https://relay.example.com.evil.example", "https://evil.example"):
        text = world.config.read_text()
        world.write(re.sub(r"base_url: \S+", f"base_url: {place}", text))
        await service.load()
        with pytest.raises(DestinationChanged):
            await service._router.fetch("work")


async def test_t23_certificates_are_always_checked_and_no_keys_of_sessions_are_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "keys.log"
    for name, value in (("SSLKEYLOGFILE", str(log)), ("PYTHONHTTPSVERIFY", "0")):
        monkeypatch.setenv(name, value)
    authority = Authority(tmp_path)
    async with FakeMessagesApi(tls=authority.server()) as fake, running_proxy() as setup:
        setup.router.add(Credential(id="0" * 12, name="main", base_url=fake.base_url))
        assert (await answered(setup, JSON, VERSION)).status == 502
        assert fake.requests == []
        trusting = Credential(id="1" * 12, name="own", base_url=fake.base_url, ca_file=str(authority.ca_file))
        setup.router.add(trusting)
        assert (await answered(setup, JSON, VERSION, path="/c/own/v1/messages")).status == 200
    assert not log.exists()
    context = await TrustStore().context(None)
    assert context.check_hostname
    assert context.minimum_version.name == "TLSv1_2"


async def test_t24_a_key_is_in_no_log_answer_or_record(
    setup: Setup, fake_api: FakeMessagesApi, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole search, of every artefact of the program at DEBUG, is in `tests/acceptance/test_canary.py`."""
    caplog.set_level("DEBUG")
    told = await answered(setup, JSON, VERSION, body="{not json")
    record = await setup.observer.next()
    upstream = setup.router.upstreams["main"]
    assert isinstance(upstream, AnthropicFormat)
    shown = (told.body, told.headers, record, caplog.text, upstream, upstream._key, setup.router.token)
    text = f"{shown}{[str(one) for one in shown]}"
    assert KEY not in text
    assert TOKEN not in text


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
async def test_t25_memory_is_closed_to_other_processes(program: Program, fake_api: FakeMessagesApi) -> None:
    program.home.mkdir(mode=0o700)
    program.config.write_text(pool(one=fake_api.base_url))
    async with program.serve() as serving:
        limits = Path(f"/proc/{serving.pid}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits)
        owner = Path(f"/proc/{serving.pid}/environ").stat().st_uid
        assert owner == 0, "the kernel gives files of a process that may not be dumped to root"
        if os.getuid() == 0:
            other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat"]
            tried = await run([*other, f"/proc/{serving.pid}/environ"], dict(os.environ), program.folder)
            assert (tried.status != 0, tried.out) == (True, "")
    async with program.serve(PROXYCAST_ALLOW_DUMPS="1") as serving:
        allowed = Path(f"/proc/{serving.pid}/limits").read_text()
        assert CORE.findall(allowed) == CORE.findall(OWN_LIMITS)


def test_t26_no_secret_travels_in_arguments_or_to_children() -> None:
    environment = {"PROXYCAST_PASSPHRASE": "secret", "PROXYCAST_TOKEN": "pc_secret", "HOME": "/"}
    taken = take_environment(environment)
    assert taken["PROXYCAST_PASSPHRASE"] == "secret"
    assert environment == {"HOME": "/"}
    assert isinstance(proxycast, click.Group)
    options = {name for command in proxycast.commands.values() for one in command.params for name in one.opts}
    assert not {name for name in options if re.search(r"(api-key|secret|password|passphrase|token)$", name)} - {
        "--session-token"  # a flag: the token itself is read from standard input
    }
    flag = next(one for one in proxycast.commands["rotate"].params if "--session-token" in one.opts)
    assert isinstance(flag, click.Option)
    assert flag.is_flag


async def test_t26_a_proxy_of_the_environment_sees_no_plain_request(
    setup: Setup, fake_api: FakeMessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeConnectProxy() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        by_the_system = Credential(id="1" * 12, name="system", base_url=fake_api.base_url, proxy="system")
        setup.router.add(by_the_system)
        assert (await answered(setup, JSON, VERSION, path="/c/system/v1/messages")).status == 200
        assert proxy.opened == 0


BOMBS = {
    "a billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b]\n",
    "deep nesting": "a: " + "[" * 100_000,
    "deep mappings": "\n".join(f"{' ' * depth}a:" for depth in range(2_000)),
    "too long": "# " + "x" * (1 << 20),
    "the same key twice": "selected: a\nselected: b\n",
    "a tag": "selected: !!python/object/apply:os.system [id]\n",
    "a merge": "x: &x {name: a}\nproviders: [{<<: *x}]\n",
    "a number for a name": "providers: [{name: {}, type: claude-custom}]\n",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_t29_a_hostile_file_is_refused_at_once(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ConfigError):
        parse(text, "config.yaml")
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("word", ["no", "off", "yes", "1e3", "0x10", "1_000", "2026-11-30"])
def test_t29_words_stay_words(word: str) -> None:
    file = f"providers: [{{name: '{word}', type: claude-custom, headers: {{X-A: {word}}}, api_key: {word}x}}]\n"
    (credential,) = parse(file, "config.yaml").pool.credentials
    assert credential.name == word
    assert credential.headers == (("X-A", word),)


def test_t30_what_is_installed_is_locked_by_hashes_and_little() -> None:
    direct = re.search(r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL)
    assert direct is not None
    assert len(direct[1].splitlines()) <= 20
    locks = sorted((ROOT / "packaging" / "lock").glob("*.txt"))
    assert locks
    for lock in locks:
        text = lock.read_text()
        assert "litellm" not in text
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
            if re.match(r"[A-Za-z0-9][\w.-]*==", entry):
                _, *further = [line.strip() for line in entry.splitlines() if line.strip()]
                assert further
                assert all(line.startswith(("--hash=sha256:", "#")) for line in further)


ENDPOINTS = (
    *("/admin", "/api/config", "/config", "/credentials", "/metrics", "/debug"),
    *("/v2/keys", "/shutdown", "/docs", "/openapi.json", "/ui", "/"),
)


@pytest.mark.parametrize("path", ENDPOINTS)
async def test_t31_there_is_no_management_interface(setup: Setup, fake_api: FakeMessagesApi, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        told = await setup.talk(setup.head(f"{method} {path} HTTP/1.1", JSON, "Content-Length: 0", "Connection: close"))
        assert told.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 415 "))
    assert fake_api.opened == 0
    assert setup.observer.begun == 0
