"""The pool as the window changes it: order, deletion that can be undone, and a credential of the session."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from proxycast.model.credential import Credential, Kind, Literal
from proxycast.model.errors import UnknownCredential
from proxycast.model.exchange import Exchange
from proxycast.model.secret import Secret
from proxycast.service.assembly import assemble
from proxycast.service.service import Service
from proxycast.store.config import parse
from proxycast.store.paths import Places

FILE = """\
selected: two
providers:
  - {name: one, type: claude-custom, api_key: "${ONE}"}
  - {name: two, type: claude-custom, api_key: "${TWO}"}
  - {name: three, type: claude-custom, api_key: "${THREE}"}
"""
SESSION = Credential(id="0" * 12, name="demo", kind=Kind.COMPATIBLE, secrets={"api_key": Literal(Secret("k"))})

EXCHANGE = Exchange(
    started=1.0,
    credential="one",
    credential_id="0" * 12,
    path="/v1/messages",
    model=None,
    status=200,
    error=None,
    first_byte=0.1,
    duration=0.2,
    request_bytes=1,
    response_bytes=1,
    usage=None,
)


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "config.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
async def service(file: Path) -> AsyncIterator[Service]:
    made = assemble(
        Places.find({"PROXYCAST_HOME": str(file.parent)}),
        translate=str,
        environment={"PROXYCAST_PASSPHRASE": "correct horse"},
    )
    await made.load()
    yield made
    await made.close()


def names(service: Service) -> list[str]:
    return [one.name for one in service.pool.credentials]


def written(file: Path) -> list[str]:
    return [one.name for one in parse(file.read_text(encoding="utf-8"), "f").pool.credentials]


async def test_a_moved_credential_stands_there_in_the_pool_and_in_the_file(service: Service, file: Path) -> None:
    for name, position, order in (("three", 0, ["three", "one", "two"]), ("three", 2, ["one", "two", "three"])):
        await service.move(name, position)
        assert names(service) == written(file) == order
    assert service.pool.selected is service.pool.by_name("two")


async def test_what_is_set_aside_is_gone_from_the_pool_but_not_from_the_file(service: Service, file: Path) -> None:
    service.set_aside(["two"])
    assert names(service) == ["one", "three"]
    assert service.pool.selected is service.pool.by_name("one")
    assert file.read_text(encoding="utf-8") == FILE


async def test_what_is_brought_back_stands_where_it_stood_and_is_selected_again(service: Service) -> None:
    before = service.pool
    service.set_aside(["one", "two"])
    service.bring_back(["one", "two"])
    assert service.pool == before


async def test_closing_removes_what_is_set_aside(service: Service, file: Path) -> None:
    service.set_aside(["one"])
    await service.close()
    assert written(file) == ["two", "three"]


async def test_the_name_of_what_is_set_aside_can_be_given_again(service: Service, file: Path) -> None:
    service.set_aside(["one"])
    await service.add(Credential(id="1" * 12, name="one"), {"api_key": Secret("new")})
    service.bring_back(["one"])
    assert names(service) == written(file) == ["two", "three", "one"]


async def test_moving_counts_only_what_is_in_the_pool(service: Service, file: Path) -> None:
    service.set_aside(["one"])
    await service.move("three", 0)
    assert names(service) == ["three", "two"]
    service.bring_back(["one"])
    assert names(service) == ["one", "three", "two"]


async def test_setting_aside_what_is_not_there_is_told(service: Service) -> None:
    with pytest.raises(UnknownCredential):
        service.set_aside(["four"])


async def test_a_credential_of_the_session_is_used_until_another_one_is_selected(service: Service) -> None:
    service.attach(SESSION)
    assert service.pool.selected == SESSION
    assert service.is_attached(SESSION)
    await service.select("two")
    assert service.pool.require_selected().name == "two"
    await service.select("demo")
    assert service.pool.selected == SESSION
    service.detach()
    assert names(service) == ["one", "two", "three"]
    assert service.pool.require_selected().name == "two"


async def test_a_credential_of_the_session_does_not_get_in_the_way_of_an_order(service: Service) -> None:
    service.attach(SESSION)
    await service.move("one", 2)
    assert names(service) == ["two", "three", "one", "demo"]


async def test_every_ended_exchange_is_told_until_nobody_listens(service: Service) -> None:
    told: list[object] = []
    forget = service.history.watch(told.append)
    service.history.ended(EXCHANGE)
    forget()
    service.history.ended(EXCHANGE)
    assert told == [EXCHANGE]
