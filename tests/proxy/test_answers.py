"""The answers that are ours: their status, type and words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from proxycast.model import errors
from proxycast.model.text import Text
from proxycast.proxy import answers
from proxycast.proxy.answers import Answer, Speaker, for_error

ADDRESS = "http://127.0.0.1:8999"
OWN = [value for value in vars(answers).values() if isinstance(value, Answer)]
ALLOWED = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    415: "invalid_request_error",
    431: "request_too_large",
    500: "api_error",
    502: "api_error",
    503: "api_error",
    504: "timeout_error",
}
WHAT, REMEDY = Text("It broke."), Text("Mend {thing}.", thing="it")


def speaker() -> Speaker:
    return Speaker(lambda template: template, ADDRESS)


def spoken(answer: Answer, *, keep_alive: bool = True) -> tuple[str, dict[str, str], Any]:
    """Status line, headers and parsed body of an answer, whose length and framing are checked."""
    head, _, body = speaker().response(answer, keep_alive=keep_alive).partition(b"\r\n\r\n")
    status, *lines = head.decode("ascii").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert len(headers) == len(lines)
    assert headers["content-length"] == str(len(body))
    return status, headers, json.loads(body)


@pytest.mark.parametrize("answer", OWN, ids=lambda answer: answer.code)
def test_every_answer_is_an_error_envelope_that_clients_know(answer: Answer) -> None:
    status, headers, body = spoken(answer)
    assert re.fullmatch(rf"HTTP/1\.1 {answer.status} [A-Z][A-Za-z -]+", status)
    assert headers["content-type"] == "application/json"
    assert body == {
        "type": "error",
        "error": {"type": ALLOWED[answer.status], "message": body["error"]["message"]},
        "request_id": headers["request-id"],
    }
    assert re.fullmatch(r"req_pc_[0-9a-f]{24}", headers["request-id"])
    assert re.fullmatch(r"[A-Z].*[.`]", body["error"]["message"]), "whole sentences"
    assert not re.search(r"[{}!]", body["error"]["message"]), "no place is left open"


def test_answers_are_told_apart_by_their_codes() -> None:
    assert len({answer.code for answer in OWN}) == len(OWN) > 10


@pytest.mark.parametrize("answer", OWN, ids=lambda answer: answer.code)
def test_a_retry_is_left_to_the_client_only_where_it_can_help(answer: Answer) -> None:
    _, headers, _ = spoken(answer)
    expected = None if answer.code in {"too_slow", "too_many", "stopping"} else "false"
    assert headers.get("x-should-retry") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (errors.NothingSelected, (403, "permission_error", False)),
        (errors.CredentialDisabled, (403, "permission_error", False)),
        (errors.SecretMissing, (403, "permission_error", False)),
        (errors.DestinationChanged, (403, "permission_error", False)),
        (errors.SignInNeeded, (403, "permission_error", False)),
        (errors.AwsRefused, (403, "permission_error", False)),
        (errors.NotServed, (404, "not_found_error", False)),
        (errors.TooLarge, (413, "request_too_large", False)),
        (errors.UnknownCredential, (404, "not_found_error", False)),
        (errors.InputError, (400, "invalid_request_error", False)),
        (errors.KeyringMissing, (503, "api_error", True)),
        (errors.KeyringLocked, (503, "api_error", True)),
        (errors.KeyringSilent, (503, "api_error", True)),
        (errors.VaultLocked, (503, "api_error", True)),
        (errors.CannotConnect, (502, "api_error", True)),
        (errors.ConnectionLost, (502, "api_error", True)),
        (errors.Redirected, (502, "api_error", True)),
        (errors.NoAnswerInTime, (504, "timeout_error", True)),
    ],
)
def test_every_error_has_its_answer(kind: type[errors.ProxyCastError], expected: tuple[int, str, bool]) -> None:
    answer = for_error(kind(WHAT, REMEDY))
    assert (answer.status, answer.type, answer.retry) == expected
    assert answer.code == kind.code
    assert spoken(answer)[2]["error"]["message"] == "It broke. Mend it."


def test_an_error_without_a_remedy_says_what_happened() -> None:
    assert spoken(for_error(errors.CannotConnect(WHAT)))[2]["error"]["message"] == "It broke."


def test_an_error_that_nobody_foresaw_shows_nothing_of_itself() -> None:
    response = speaker().response(for_error(ValueError("sk-ant-secret")), keep_alive=True)
    assert response.startswith(b"HTTP/1.1 500 ")
    assert b"sk-ant" not in response


def test_the_address_that_clients_should_use_is_named() -> None:
    assert ADDRESS in spoken(answers.NOT_SERVED)[2]["error"]["message"]


def test_answers_are_in_the_users_language_down_to_their_values() -> None:
    words = {"{what} {remedy}": "{what}{remedy}", "It broke.": "坏了。", "Mend {thing}.": "修{thing}。"}
    response = Speaker(lambda template: words[template], ADDRESS).response(
        for_error(errors.CannotConnect(WHAT, Text("Mend {thing}.", thing="{x}"))), keep_alive=True
    )
    head, _, body = response.partition(b"\r\n\r\n")
    assert json.loads(body)["error"]["message"] == "坏了。修{x}。"
    assert f"content-length: {len(body)}".encode() in head


def test_a_connection_that_will_be_closed_is_announced_as_such() -> None:
    assert spoken(answers.BAD_REQUEST, keep_alive=False)[1]["connection"] == "close"
    assert "connection" not in spoken(answers.BAD_REQUEST, keep_alive=True)[1]


def test_an_answer_to_head_has_the_length_but_not_the_body() -> None:
    head, _, body = speaker().response(answers.NO_TOKEN, keep_alive=True, to_head=True).partition(b"\r\n\r\n")
    assert body == b""
    assert int(re.findall(rb"content-length: (\d+)", head)[0]) > 100


def test_an_error_event_is_one_whole_event() -> None:
    event = speaker().event(for_error(errors.ConnectionLost(Text("Line\nfeed."))))
    name, data, *rest = event.split(b"\n")
    assert (name, rest) == (b"event: error", [b"", b""])
    assert json.loads(data.removeprefix(b"data: "))["error"] == {"type": "api_error", "message": "Line\nfeed."}
