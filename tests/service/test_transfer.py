"""What comes in from a file, and what an exported file holds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.world import KEY, OTHER, World, credential, key, relay, stored_key

from proxycast.model.credential import Auth, Aws, Credential, Environment, Keyring, Kind, Literal, Timeouts
from proxycast.model.errors import ConfigError, DestinationChanged, KeyringError, SecretMissing
from proxycast.model.secret import Secret
from proxycast.service.transfer import exported, without_secrets
from proxycast.store.config import parse

CANARY = "sk-ant-api03-canary-0123456789"
FOREIGN = f"""\
claude-custom:
  timeout: {{connect: 5s}}
providers:
  - name: literal
    type: claude-custom
    api_key: {CANARY}
    base_url: https://relay.example.com
  - name: variable
    type: claude-custom
    api_key: ${{THE_KEY}}
  - name: elsewhere
    type: claude-custom
    id: 0123456789ab
    revision: 4
    api_key: keyring
bedrock:
  type: claude-custom
  aws_region: us-east-1
  aws_access_key: AKIA0123456789ABCDEF
  aws_secret_key: a-secret-key
"""


@pytest.fixture
def foreign(world: World) -> Path:
    file = world.config.parent / "foreign.yaml"
    file.write_text(FOREIGN, encoding="utf-8")
    return file


async def test_literals_go_into_the_keyring_and_the_rest_comes_as_it_is(world: World, foreign: Path) -> None:
    service = await world.service({"THE_KEY": OTHER})
    added, skipped = await service.import_file(foreign)
    assert [one.name for one in added] == ["literal", "variable", "elsewhere", "bedrock"]
    assert skipped == []
    assert world.in_file() == list(service.pool.credentials)
    assert {one.timeouts.connect for one in added} == {5.0}
    assert await stored_key(service, "literal") == CANARY
    assert await stored_key(service, "variable") == OTHER
    literal, _, elsewhere, bedrock = added
    assert world.keyring.keys() == {
        f"{literal.id}/1": {"api_key": CANARY},
        f"{bedrock.id}/1": {"aws_access_key": "AKIA0123456789ABCDEF", "aws_secret_key": "a-secret-key"},
    }
    assert (elsewhere.id, elsewhere.revision, elsewhere.secrets) == ("0123456789ab", 4, {"api_key": Keyring()})
    assert CANARY not in world.config.read_text()
    assert foreign.read_text() == FOREIGN


async def test_importing_again_adds_nothing(world: World, foreign: Path) -> None:
    service = await world.service()
    await service.import_file(foreign)
    before = world.config.read_bytes()
    assert await service.import_file(foreign) == ([], ["literal", "variable", "elsewhere", "bedrock"])
    assert world.config.read_bytes() == before


async def test_a_stored_key_that_is_not_here_is_told(world: World, foreign: Path) -> None:
    service = await world.service({"THE_KEY": OTHER})
    added, _ = await service.import_file(foreign)
    lacking = [one.name for one in added if await service.lacks_secret(one)]
    assert lacking == ["elsewhere"]
    with pytest.raises(SecretMissing, match="rotate elsewhere"):
        await stored_key(service, "elsewhere")


async def test_a_stored_key_that_is_here_is_found_again(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    lost = world.config.parent / "lost.yaml"
    lost.write_bytes(world.config.read_bytes())
    world.config.unlink()
    later = await world.service()
    assert (await later.import_file(lost))[0] == [added]
    assert await stored_key(later, "relay") == KEY


async def test_a_file_cannot_lay_hands_on_a_key_by_naming_its_id(world: World) -> None:
    service = await world.service()
    added = await service.add(relay(), key())
    evil = world.config.parent / "evil.yaml"
    evil.write_text(
        f"providers: [{{name: evil, type: claude-custom, id: {added.id}, api_key: keyring, "
        "base_url: https://evil.example.com}]"
    )
    (taken,), _ = await service.import_file(evil)
    assert taken.id != added.id
    with pytest.raises(SecretMissing):
        await stored_key(service, "evil")
    await service.remove("evil")
    assert await stored_key(service, "relay") == KEY
    world.write(evil.read_text())
    later = await world.service()
    with pytest.raises(DestinationChanged):
        await stored_key(later, "evil")


async def test_what_was_added_before_a_failure_stays_and_is_named(world: World) -> None:
    service = await world.service()
    file = world.config.parent / "three.yaml"
    items = "".join(f"  - {{name: {name}, type: claude-custom, api_key: sk-{name}}}\n" for name in ("a", "b", "c"))
    file.write_text(f"providers:\n{items}")
    left = 2

    async def fail(operation: str, user: str) -> None:
        nonlocal left
        if operation == "set":
            left -= 1
            if left < 0:
                world.keyring.fail("set")

    world.keyring.before = fail
    with pytest.raises(KeyringError, match="Added before that: a, b"):
        await service.import_file(file)
    assert [one.name for one in world.in_file()] == ["a", "b"]
    assert sorted(one["api_key"] for one in world.keyring.keys().values()) == ["sk-a", "sk-b"]
    world.keyring.before = None
    world.keyring.fail()
    added, skipped = await service.import_file(file)
    assert ([one.name for one in added], skipped) == (["c"], ["a", "b"])


@pytest.mark.parametrize("make", [None, Path.mkdir, lambda path: path.write_text("providers: 1")])
async def test_a_file_that_is_none_adds_nothing(world: World, make: object) -> None:
    service = await world.service()
    file = world.config.parent / "odd.yaml"
    if callable(make):
        make(file)
    with pytest.raises(ConfigError, match=r"odd\.yaml"):
        await service.import_file(file)
    assert not world.config.exists()


TELLING = (
    ("X-Api-Token", "t"),
    ("X-Session", "s"),
    ("My-Auth", "a"),
    ("X-Harmless", CANARY),
    ("X-Jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"),
)


def test_nothing_secret_is_exported() -> None:
    telling = credential(
        headers=(*TELLING, ("X-Team", "blue")),
        proxy="http://user:hunter2@proxy.example.com:3128",
        secrets={"api_key": Literal(Secret(CANARY))},
    )
    text = exported([telling, relay("stored"), credential("variable", secrets={"api_key": Environment("THE_KEY")})])
    for word in (CANARY, "hunter2", "user", *(name for name, _ in TELLING), telling.id, "revision", "keyring"):
        assert word not in text
    first, _, variable = parse(text, "exported").pool.credentials
    assert first.headers == (("X-Team", "blue"),)
    assert first.proxy == "http://proxy.example.com:3128"
    assert variable.secrets == {"api_key": Environment("THE_KEY")}


def test_an_empty_pool_is_exported_as_an_empty_file() -> None:
    assert exported([]) == ""


_WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
_CREDENTIALS = st.builds(
    Credential,
    id=st.just("0" * 12),
    name=_WORDS,
    kind=st.just(Kind.COMPATIBLE),
    enabled=st.booleans(),
    base_url=st.sampled_from(["https://relay.example.com", "https://relay.example.com/api", "http://127.0.0.1:4000"]),
    auth=st.sampled_from(Auth),
    headers=st.sampled_from([(), (("X-Team", "blue"), ("x-other", ""))]),
    timeouts=st.builds(Timeouts, connect=st.sampled_from([0.5, 10.0, 60.0])),
    proxy=st.sampled_from([None, "none", "socks5://127.0.0.1:1080"]),
    models=st.dictionaries(_WORDS, _WORDS, max_size=2),
    secrets=st.sampled_from([{}, {"api_key": Environment("THE_KEY")}, {"api_key": Literal(Secret(CANARY))}]),
)


@given(st.lists(_CREDENTIALS, max_size=4, unique_by=lambda one: one.name))
def test_what_is_exported_comes_in_again(credentials: list[Credential]) -> None:
    wanted = [without_secrets(one) for one in credentials]
    assert list(parse(exported(credentials), "exported").pool.credentials) == wanted


async def test_a_bedrock_credential_is_still_one_without_its_keys(world: World) -> None:
    service = await world.service()
    aws = credential("aws", kind=Kind.BEDROCK, base_url="", aws=Aws())
    await service.add(aws, {"aws_bearer_token": Secret("bearer")})
    (back,) = parse(service.export(), "exported").pool.credentials
    assert (back.kind, back.secrets) == (Kind.BEDROCK, {})


async def test_a_large_pool_is_exported_at_once(world: World) -> None:
    many = [credential(f"c{number}") for number in range(300)]
    async with asyncio.timeout(10):
        text = await asyncio.to_thread(exported, many)
    back = parse(text, "exported").pool.credentials
    assert list(back) == [without_secrets(one) for one in many]
    assert msgspec.structs.replace(back[0], id=many[0].id) == many[0]
