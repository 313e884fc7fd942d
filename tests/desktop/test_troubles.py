"""Which exchanges and failures are worth a notification."""

from __future__ import annotations

import msgspec
import pytest
from tests.store.test_journal import PLAIN

from proxycast.desktop.troubles import Reason, TroubleKind, Troubles
from proxycast.model.errors import PortTaken
from proxycast.model.exchange import Exchange
from proxycast.model.text import Text

GOOD = msgspec.structs.replace(PLAIN, credential="work", credential_id="1")


def failed(status: int, error: str | None = "api_error", credential: str = "work") -> Exchange:
    return msgspec.structs.replace(GOOD, status=status, error=error, credential=credential, credential_id=credential)


def told(*exchanges: Exchange) -> list[tuple[TroubleKind, str, Reason | None]]:
    troubles = Troubles()
    return [(one.kind, one.name, one.reason) for exchange in exchanges for one in troubles.ended(exchange)]


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (failed(401, "authentication_error"), Reason.KEY),
        (failed(402, "billing_error"), Reason.BILLING),
        (failed(403, "permission_error"), Reason.FORBIDDEN),
        (failed(403, "secret_missing"), Reason.USER),
        (failed(403, "sign_in_needed"), Reason.USER),
    ],
)
def test_what_lasts_is_told_the_first_time_and_once(exchange: Exchange, reason: Reason) -> None:
    assert told(exchange, exchange, exchange) == [(TroubleKind.CREDENTIAL, "work", reason)]


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (failed(429, "rate_limit_error"), Reason.LIMIT),
        (failed(529, "overloaded_error"), Reason.SERVICE),
        (failed(502, "cannot_connect"), Reason.UNREACHABLE),
        (failed(504, "no_answer_in_time"), Reason.UNREACHABLE),
        (failed(200, "connection_lost"), Reason.UNREACHABLE),
    ],
)
def test_a_service_may_fail_twice_in_a_row(exchange: Exchange, reason: Reason) -> None:
    again = msgspec.structs.replace(GOOD, credential_id="work")
    assert told(exchange, exchange, again, exchange, exchange) == []
    assert told(*[exchange] * 5) == [(TroubleKind.CREDENTIAL, "work", reason)]


def test_what_works_again_is_told_when_it_fails_again() -> None:
    bad, good = failed(401), msgspec.structs.replace(GOOD, credential_id="work")
    assert len(told(bad, good, bad)) == 2


def test_credentials_are_told_apart() -> None:
    assert [name for _, name, _ in told(failed(401), failed(401, credential="spare"))] == ["work", "spare"]


@pytest.mark.parametrize(
    "exchange",
    [
        failed(400, "invalid_request_error"),
        failed(404, "not_found_error"),
        failed(0, "client_gone"),
        failed(503, "stopping"),
        failed(403, "credential_disabled"),
        msgspec.structs.replace(failed(401), credential_id=None),
    ],
)
def test_what_a_client_does_wrong_is_no_trouble(exchange: Exchange) -> None:
    assert told(*[exchange] * 5) == []


def test_keys_that_cannot_be_read_are_one_trouble_for_all_credentials() -> None:
    locked = [failed(503, "keyring_locked"), failed(503, "keyring_silent", "spare"), failed(503, "vault_locked")]
    assert told(*locked) == [(TroubleKind.KEYRING, "", None)]
    assert len(told(*locked, GOOD, *locked)) == 2


def test_a_proxy_that_does_not_start_is_told_at_each_attempt() -> None:
    troubles, first, second = Troubles(), PortTaken(Text("Taken.")), PortTaken(Text("Taken."))
    assert [one.error for one in troubles.proxy_is(first)] == [first]
    assert list(troubles.proxy_is(first)) == []
    assert list(troubles.proxy_is(None)) == []
    assert [one.error for one in troubles.proxy_is(second)] == [second]
