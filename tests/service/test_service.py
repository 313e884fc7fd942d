"""The one object that window and command line drive: configuration, proxy, journal, probe."""

from __future__ import annotations

import asyncio
import json
import time

import httpx2
import msgspec
import pytest
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY as SERVICE_KEY
from tests.service.world import KEY, World, credential, key, relay, stored_key

from proxycast.check.report import Cost, Report, State
from proxycast.model.credential import Kind, Literal
from proxycast.model.errors import (
    ConfigError,
    InputError,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
    PortTaken,
)
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.model.text import Text
from proxycast.service.demo import attached_demo
from proxycast.service.service import Service

GOOD = """\
server: {port: 9100}
providers:
  - {name: one, type: claude-custom, api_key: sk-literal}
"""
BAD = GOOD.replace("api_key", "api_kye")
MESSAGE = {"model": "claude-sonnet-5-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}


def names(service: Service) -> list[str]:
    return [one.name for one in service.pool.credentials]


async def until_told(service: Service) -> None:
    told = asyncio.Event()
    forget = service.subscribe(told.set)
    try:
        async with asyncio.timeout(10):
            await told.wait()
    finally:
        forget()


async def test_a_home_without_a_file_is_an_empty_pool_with_the_usual_settings(world: World) -> None:
    service = await world.service()
    assert (names(service), service.settings, service.problem) == ([], Settings(), None)


async def test_the_file_says_pool_settings_and_literals(world: World) -> None:
    world.write(GOOD)
    service = await world.service()
    assert (names(service), service.settings.port, service.literals) == (["one"], 9100, ("one",))


async def test_a_bad_file_is_refused_and_the_last_good_one_stays_until_it_is_mended(world: World) -> None:
    world.write(GOOD)
    service = await world.service()
    service.follow()
    world.write(BAD)
    await until_told(service)
    assert service.problem is not None
    assert (service.problem.line, service.problem.column) == (3, 38)
    assert names(service) == ["one"]
    assert await stored_key(service, "one") == "sk-literal"
    with pytest.raises(ConfigError, match="api_kye"):
        await service.set_enabled("one", enabled=False)
    assert world.config.read_text() == BAD
    world.write(GOOD.replace("name: one", "name: mended"))
    await until_told(service)
    assert service.problem is None
    assert names(service) == ["mended"]


async def test_a_process_that_starts_on_a_bad_file_uses_the_last_good_one_and_tells(world: World) -> None:
    service = await world.service()
    await service.add(relay("first"), {})
    await service.add(relay("second"), {})
    world.write(BAD)
    later = await world.service(load=False)
    told: list[object] = []
    later.subscribe(lambda: told.append(later.problem))
    with pytest.raises(ConfigError, match="api_kye"):
        await later.load()
    assert names(later) == ["first"]
    assert told[-1] is later.problem is not None


async def test_a_problem_of_the_file_outlasts_what_the_session_does(world: World) -> None:
    world.write(BAD)
    service = await world.service(load=False)
    with pytest.raises(ConfigError):
        await service.load()
    service.attach(credential("session", secrets={"api_key": Literal(Secret("sk-session"))}))
    assert service.problem is not None
    assert names(service) == ["session"]
    service.detach()
    assert service.problem is not None


async def test_what_another_process_changes_is_taken_over(world: World) -> None:
    service, other = await world.service(), await world.service()
    service.follow()
    await other.add(relay(), key())
    await until_told(service)
    assert names(service) == ["relay"]
    assert await stored_key(service, "relay") == KEY


async def test_a_token_that_another_process_renews_is_noticed(world: World) -> None:
    service, other = await world.service(), await world.service()
    service.follow()
    old = await service.token.fetch()
    new = await other.token.rotate()
    async with asyncio.timeout(5):
        while service.token.ready == old:  # noqa: ASYNC110 - nobody is told: it just looks once a second
            await asyncio.sleep(0.05)
    assert await service.token.fetch() == new


async def test_a_sweep_does_not_keep_a_change_by_hand_from_being_noticed(world: World) -> None:
    service = await world.service()
    await service.add(relay(), key())
    world.write(world.config.read_text() + "proxy: none\n")
    await service.sweep()
    service.follow()
    await until_told(service)
    assert service.settings.proxy == "none"


async def test_a_sweep_without_a_keyring_is_no_error(world: World) -> None:
    service = await world.service()
    await service.add(relay(), key())
    world.keyring.fail("get", "delete", "state", problem=KeyringLocked(Text("Locked.")))
    await service.sweep()


async def test_listeners_are_told_until_they_stop_listening(world: World) -> None:
    service = await world.service()
    told: list[int] = []
    forget = service.subscribe(lambda: told.append(len(service.pool.credentials)))
    await service.add(relay(), {})
    forget()
    await service.remove("relay")
    assert told[-1] == 1


async def test_the_proxy_serves_and_the_journal_remembers(world: World, fake_api: FakeMessagesApi) -> None:
    service = await world.service(token="pc_token")
    added = await service.add(relay("fake", fake_api.base_url), key(SERVICE_KEY))
    started = time.time()
    await service.start_proxy(port=0)
    assert service.client_address(None) == service.proxy.address
    async with httpx2.AsyncClient(headers={"x-api-key": "pc_token"}, trust_env=False, verify=False) as client:
        answer = await client.post(f"{service.client_address('fake')}/v1/messages", json=MESSAGE)
    assert answer.status_code == 200
    await service.stop_proxy()
    assert not service.proxy.running
    await world.end(service)
    later = await world.service()
    counters = await later.history.counters()
    assert (counters[added.id].uses, counters[added.id].errors) == (1, 0)
    (row,) = await later.history.usage(since=started, by="credential")
    assert (row.group, row.requests) == ("fake", 1)
    assert await later.history.usage(since=time.time() + 60, by="day") == []


async def test_the_proxy_starts_and_stops_once(world: World) -> None:
    service = await world.service()
    told: list[bool] = []
    service.subscribe(lambda: told.append(service.proxy.running))
    await service.start_proxy(port=0)
    await service.start_proxy(port=0)
    await service.stop_proxy()
    await service.stop_proxy()
    assert told == [True, False]


async def test_a_taken_port_is_told_and_another_one_can_be_tried(world: World) -> None:
    service, other = await world.service(), await world.service()
    await other.start_proxy(port=0)
    with pytest.raises(PortTaken):
        await service.start_proxy(port=other.proxy.port)
    await service.start_proxy(port=0)
    assert service.proxy.running


@pytest.mark.parametrize("host", ["", "example.com", "999.1.1.1", "http://127.0.0.1"])
async def test_only_addresses_are_listened_on(world: World, host: str) -> None:
    service = await world.service()
    with pytest.raises(InputError):
        await service.start_proxy(host=host, port=0)


@pytest.mark.parametrize(
    ("settings", "name", "address"),
    [
        (Settings(), None, "http://127.0.0.1:8999"),
        (Settings(host="0.0.0.0", port=80), None, "http://127.0.0.1:80"),
        (Settings(host="::1"), None, "http://[::1]:8999"),
        (Settings(host="localhost"), None, "http://127.0.0.1:8999"),
        (Settings(), "plain", "http://127.0.0.1:8999/c/plain"),
        (Settings(), "两个 字&+", "http://127.0.0.1:8999/c/%E4%B8%A4%E4%B8%AA%20%E5%AD%97%26%2B"),
    ],
)
async def test_clients_are_told_an_address_that_works_in_a_url(
    world: World, settings: Settings, name: str | None, address: str
) -> None:
    service = await world.service()
    await service.change_settings(settings)
    if name is not None:
        await service.add(relay(name), {})
    assert service.client_address(name) == address


async def test_a_pinned_address_reaches_its_credential_whatever_its_name(
    world: World, fake_api: FakeMessagesApi
) -> None:
    service = await world.service(token="pc_token")
    await service.add(relay("selected", "http://127.0.0.1:9"), key())
    await service.add(relay("两个 字&+'=@!~", fake_api.base_url), key(SERVICE_KEY))
    await service.start_proxy(port=0)
    address = service.client_address("两个 字&+'=@!~")
    async with httpx2.AsyncClient(headers={"x-api-key": "pc_token"}, trust_env=False, verify=False) as client:
        assert (await client.post(f"{address}/v1/messages", json=MESSAGE)).status_code == 200


async def test_the_demo_answers_through_the_proxy_and_goes_as_it_came(world: World) -> None:
    world.write(GOOD)
    service = await world.service(token="pc_token")
    async with attached_demo(service) as demo:
        assert service.pool.selected == demo
        await service.start_proxy(port=0)
        async with httpx2.AsyncClient(headers={"x-api-key": "pc_token"}, trust_env=False, verify=False) as client:
            answer = await client.post(f"{service.proxy.address}/v1/messages", json=MESSAGE)
        assert answer.json()["role"] == "assistant"
        assert "demo" not in service.export()
        await service.stop_proxy()
    assert names(service) == ["one"]
    assert world.config.read_text() == GOOD


async def test_every_demo_is_the_same_credential_and_answers_anew(world: World) -> None:
    service = await world.service(token="pc_token")
    await service.start_proxy(port=0)
    ids = set()
    async with httpx2.AsyncClient(headers={"x-api-key": "pc_token"}, trust_env=False, verify=False) as client:
        for _ in range(2):
            async with attached_demo(service) as demo:
                ids.add(demo.id)
                answer = await client.post(f"{service.proxy.address}/v1/messages", json=MESSAGE)
                assert answer.status_code == 200
    assert len(ids) == 1
    await service.history.close()
    assert [one.uses for one in (await service.history.counters()).values()] == [2]


async def test_the_demo_gets_a_name_that_is_free(world: World) -> None:
    service = await world.service()
    mine = await service.add(relay("demo"), key())
    async with attached_demo(service) as demo:
        assert service.pool.by_name("demo") == mine
        assert service.pool.by_name(demo.name) == service.pool.selected == demo


async def test_saving_is_refused_where_nothing_would_be_saved(world: World) -> None:
    service = await world.service()
    await service.require_saving(key())
    world.keyring.fail("state", problem=KeyringMissing(Text("None.")))
    await service.require_saving({})
    with pytest.raises(KeyringMissing, match="PROXYCAST_PASSPHRASE"):
        await service.require_saving(key())
    world.keyring.fail("state", problem=KeyringSilent(Text("Hung.")))
    with pytest.raises(KeyringSilent, match="Hung"):
        await service.require_saving(key())


async def test_a_vault_that_is_made_keeps_what_the_keyring_cannot(world: World) -> None:
    service = await world.service()
    world.keyring.fail("get", "set", "delete", "state", problem=KeyringMissing(Text("None.")))
    await service.secrets.create_vault(Secret("correct horse"))
    await service.require_saving(key())
    added = await service.add(relay(), key())
    assert await stored_key(service, "relay") == KEY
    assert world.places.vault.exists()
    assert KEY.encode() not in world.places.vault.read_bytes()
    assert added.uses_keyring


async def agree(_: Cost) -> bool:
    return True


def fault(report: Report) -> str | None:
    return next((one.key for one in report.findings if one.state is State.FAILED), None)


async def test_a_stored_credential_is_checked_with_what_is_stored(world: World, fake_api: FakeMessagesApi) -> None:
    service = await world.service()
    await service.add(relay("fake", fake_api.base_url), key(SERVICE_KEY))
    await service.set_enabled("fake", enabled=False)  # one tests before one enables
    report = await service.check(service.pool.by_name("fake"), None, consent=agree)
    assert report.state is State.PASSED
    assert json.loads(fake_api.requests[-1].body)["model"] == report.model == "claude-haiku-5-5"


async def test_what_is_not_saved_yet_is_checked_with_what_was_entered(world: World, fake_api: FakeMessagesApi) -> None:
    service = await world.service()
    drafted = relay("fake", fake_api.base_url)
    assert (await service.check(drafted, key(SERVICE_KEY))).works
    refused = await service.check(drafted, key("sk-wrong"), model="claude-opus-5-5")
    assert (refused.works, fault(refused), refused.model) == (False, "authentication.key", "claude-opus-5-5")
    assert world.keyring.items == {}


async def test_an_alias_is_checked_rather_than_a_model_that_the_service_may_not_have(
    world: World, fake_api: FakeMessagesApi
) -> None:
    service = await world.service()
    drafted = msgspec.structs.replace(relay("fake", fake_api.base_url), models={"claude-sonnet-5-5": "vendor/model"})
    assert (await service.check(drafted, key(SERVICE_KEY), consent=agree)).works
    assert json.loads(fake_api.requests[0].body)["model"] == "vendor/model"


async def test_a_missing_key_is_told_instead_of_asked(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), {})
    assert fault(await service.check(added, None)) == "secret.secret_missing"


async def test_a_credential_that_leads_back_to_the_proxy_is_told(world: World) -> None:
    service = await world.service()
    await service.start_proxy(port=0)
    drafted = credential("self", kind=Kind.COMPATIBLE, base_url=service.proxy.address)
    assert fault(await service.check(drafted, key())) == "dns.cannot_connect"
