"""Every failure that can be in the journal has a meaning, and nearly all something to do."""

from __future__ import annotations

import pytest
from tests.store.test_journal import exchange

from proxycast.model import errors
from proxycast.model.errors import ProxyCastError
from proxycast.proxy import answers
from proxycast.proxy.answers import Answer
from proxycast.service.meaning import meaning_of

UNKNOWN = "a_word_that_nobody_knows"
WITHOUT_TEXT = {"refused", "upstream_failed"}
"""Codes of classes that only hold others together."""


def kinds(tree: type[ProxyCastError]) -> set[str]:
    return {tree.code} | {code for one in tree.__subclasses__() for code in kinds(one)}


OURS = {
    *kinds(errors.Refusal),
    *kinds(errors.KeyringError),
    *kinds(errors.VaultError),
    *kinds(errors.UpstreamError),
    errors.NotServed.code,
    errors.TooLarge.code,
    errors.UnknownCredential.code,
    *(one.code for one in vars(answers).values() if isinstance(one, Answer)),
} - WITHOUT_TEXT
SERVICES = (
    "authentication_error",
    "permission_error",
    "billing_error",
    "rate_limit_error",
    "overloaded_error",
    "invalid_request_error",
    "not_found_error",
    "request_too_large",
    "timeout_error",
    "api_error",
)


@pytest.mark.parametrize("code", sorted({*OURS, *SERVICES, "client_gone"}))
def test_a_code_has_a_meaning_of_its_own(code: str) -> None:
    fallback = meaning_of(exchange(status=418, error=UNKNOWN))
    found = meaning_of(exchange(status=418, error=code))
    assert found is not None
    assert found != fallback


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 413, 418, 422, 429, 500, 502, 503, 504, 529])
def test_a_status_without_a_code_that_is_known_has_a_meaning_and_a_remedy(status: int) -> None:
    found = meaning_of(exchange(status=status, error=UNKNOWN))
    assert found is not None
    assert str(found.what)
    assert found.remedy is not None


def test_an_answer_that_came_whole_means_nothing() -> None:
    assert meaning_of(exchange(status=200, error=None)) is None


def test_an_answer_that_broke_off_is_explained_by_its_code() -> None:
    found = meaning_of(exchange(status=200, error="connection_lost"))
    assert found is not None
    assert "before its answer was complete" in str(found.what)
