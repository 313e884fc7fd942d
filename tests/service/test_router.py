"""Which upstream serves a request, and what refuses one."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from tests.service.world import KEY, OTHER, World, credential, key, relay, stored_key

from proxycast.model.credential import Aws, Environment, Keyring, Kind
from proxycast.model.errors import (
    CredentialDisabled,
    DestinationChanged,
    KeyringLocked,
    NothingSelected,
    SecretMissing,
    UnknownCredential,
)
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.model.text import Text
from proxycast.service.service import Service
from proxycast.upstream.request import Outgoing, Request, Upstream


def reads(world: World) -> int:
    return sum(operation == "get" and "/" in user for operation, user in world.keyring.asked)


@pytest.fixture
async def service(world: World) -> Service:
    """A process that has not read any secret yet; `one` is selected, and there is `two`."""
    writer = await world.service()
    await writer.add(credential("one"), key())
    await writer.add(relay("two"), key(OTHER))
    await world.end(writer)
    world.keyring.asked.clear()
    return await world.service({"THE_KEY": "sk-of-the-environment"})


async def test_the_selected_credential_serves_unless_another_one_is_named(service: Service) -> None:
    assert (await service._router.fetch(None)).credential.name == "one"
    assert (await service._router.fetch("two")).credential.name == "two"
    await service.select("two")
    assert (await service._router.fetch(None)).credential.name == "two"


async def test_an_upstream_is_ready_once_it_was_fetched_and_the_keyring_is_asked_once(
    world: World, service: Service
) -> None:
    router = service._router
    assert router.ready(None) is None
    fetched = await asyncio.gather(*(router.fetch(None) for _ in range(50)))
    assert reads(world) == 1
    assert router.ready(None) in fetched
    assert router.ready("two") is None


async def test_unrelated_changes_keep_an_upstream_and_its_connections(service: Service) -> None:
    router = service._router
    upstream = await router.fetch("one")
    await service.add(credential("three"), key())
    await service.select("two")
    await service.rename("two", "zwei")
    assert router.ready("one") is upstream


async def test_a_changed_credential_or_program_proxy_gets_a_new_upstream(service: Service) -> None:
    router = service._router
    before = await router.fetch("one")
    await service.change("one", msgspec.structs.replace(before.credential, headers=(("X-Team", "a"),)))
    assert router.ready("one") is None
    changed = await router.fetch("one")
    assert changed.credential.headers == (("X-Team", "a"),)
    await service.change_settings(Settings(proxy="none"))
    assert sent_by(await router.fetch("one")).destination.proxy == "none"
    await service.rotate("one", key("sk-rotated"))
    assert await stored_key(service, "one") == "sk-rotated"


async def test_a_removed_credential_is_not_served_any_more(service: Service) -> None:
    await service._router.fetch("one")
    await service.remove("one")
    with pytest.raises(UnknownCredential):
        service._router.ready("one")
    assert (await service._router.fetch(None)).credential.name == "two"


async def test_a_fetch_that_is_overtaken_by_a_rotation_gives_the_new_key(world: World, service: Service) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(operation: str, user: str) -> None:
        if user.endswith("/1") and operation == "get" and not asked.is_set():
            asked.set()
            await go_on.wait()

    world.keyring.before = hold
    fetch = asyncio.create_task(service._router.fetch("one"))
    await asyncio.wait_for(asked.wait(), 5)
    await service.rotate("one", key("sk-rotated"))
    go_on.set()
    upstream = await fetch
    assert upstream.credential.revision == 2
    assert service._router.ready("one") is upstream
    assert await stored_key(service, "one") == "sk-rotated"


async def test_a_fetch_that_is_overtaken_by_a_removal_sends_nothing(world: World, service: Service) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(operation: str, user: str) -> None:
        if not asked.is_set():
            asked.set()
            await go_on.wait()

    world.keyring.before = hold
    fetch = asyncio.create_task(service._router.fetch("two"))
    await asyncio.wait_for(asked.wait(), 5)
    await service.remove("two")
    go_on.set()
    with pytest.raises(UnknownCredential):
        await fetch


async def test_a_disabled_credential_serves_neither_by_name_nor_selected(service: Service) -> None:
    await service._router.fetch("two")
    await service.select("two")
    await service.set_enabled("two", enabled=False)
    for name in (None, "two"):
        with pytest.raises(CredentialDisabled, match="two"):
            service._router.ready(name)
        with pytest.raises(CredentialDisabled, match="two"):
            await service._router.fetch(name)


async def test_an_empty_pool_and_an_unknown_name_are_told(world: World) -> None:
    service = await world.service()
    with pytest.raises(NothingSelected):
        await service._router.fetch(None)
    with pytest.raises(UnknownCredential, match="work"):
        await service._router.fetch("work")


async def test_a_key_never_goes_to_a_destination_that_the_file_was_changed_to(world: World, service: Service) -> None:
    await service._router.fetch("two")
    world.write(world.config.read_text().replace("https://relay.example.com", "https://evil.example.com"))
    await service.load()
    assert service._router.ready("two") is None
    with pytest.raises(DestinationChanged, match=r"https://relay\.example\.com.*https://evil\.example\.com"):
        await service._router.fetch("two")


async def test_a_secret_that_is_gone_is_told_and_found_again_when_it_is_back(world: World, service: Service) -> None:
    items, world.keyring.items = world.keyring.items, {}
    with pytest.raises(SecretMissing, match="rotate one"):
        await service._router.fetch("one")
    world.keyring.items = items
    assert await stored_key(service, "one") == KEY


async def test_a_locked_keyring_is_told_and_asked_again_at_the_next_request(world: World, service: Service) -> None:
    world.keyring.fail("get", problem=KeyringLocked(Text("The keyring is locked.")))
    with pytest.raises(KeyringLocked):
        await service._router.fetch("one")
    world.keyring.fail()
    assert await stored_key(service, "one") == KEY


@pytest.mark.parametrize(("variable", "found"), [("THE_KEY", "sk-of-the-environment"), ("NOT_SET", None)])
async def test_a_variable_is_looked_up_in_the_environment(service: Service, variable: str, found: str | None) -> None:
    await service.add(credential("three", secrets={"api_key": Environment(variable)}), {})
    missing = service.missing_secret(service.pool.by_name("three"))
    if found is not None:
        assert missing is None
        assert await stored_key(service, "three") == found
        return
    assert isinstance(missing, SecretMissing)
    with pytest.raises(SecretMissing, match="NOT_SET"):
        await service._router.fetch("three")


async def test_a_credential_without_a_key_is_told(service: Service) -> None:
    await service.add(credential("three"), {})
    with pytest.raises(SecretMissing, match="no API key"):
        await service._router.fetch("three")
    assert isinstance(service.missing_secret(service.pool.by_name("three")), SecretMissing)


async def test_a_bedrock_credential_goes_to_aws_with_the_keys_of_the_keyring(service: Service) -> None:
    secrets = {"aws_access_key": Keyring(), "aws_secret_key": Keyring()}
    aws = credential("aws", kind=Kind.BEDROCK, base_url="", aws=Aws(region="eu-west-1"), secrets=secrets)
    await service.add(aws, {"aws_access_key": Secret("AKIA"), "aws_secret_key": Secret("s")})
    upstream = await service._router.fetch("aws")
    assert b"Credential=AKIA/" in sent_by(upstream, b"/inference-profiles").head
    assert sent_by(upstream, b"/inference-profiles").destination.host == "bedrock.eu-west-1.amazonaws.com"


async def test_a_known_service_gets_its_key_in_the_header_that_it_takes(service: Service) -> None:
    for base_url, header in (
        ("https://openrouter.ai/api", b"authorization: Bearer sk-world"),
        ("https://aihubmix.com", b"x-api-key: sk-world"),
        ("https://unknown.example.com", b"x-api-key: sk-world"),
    ):
        name = base_url.removeprefix("https://").split("/")[0]
        await service.add(relay(name, base_url), key())
        upstream = await service._router.fetch(name)

        assert header in sent_by(upstream).head


def sent_by(upstream: Upstream, path: bytes = b"/v1/models") -> Outgoing:
    """What a client's question for models becomes."""
    outgoing = upstream.prepare(Request(b"GET", path, b"", [], b""))
    assert isinstance(outgoing, Outgoing)
    return outgoing
