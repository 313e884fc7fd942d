"""AWS's errors in the Messages API's terms."""

from __future__ import annotations

import json

import pytest

from proxycast.upstream.bedrock.faults import http_fault, redact, stream_fault


def body(message: str, **fields: object) -> bytes:
    return json.dumps({"message": message, **fields}).encode()


@pytest.mark.parametrize(
    ("status", "name", "expected", "kind"),
    [
        (400, "ValidationException", 400, "invalid_request_error"),
        (403, "AccessDeniedException", 403, "permission_error"),
        (403, "UnrecognizedClientException", 403, "permission_error"),
        (403, "InvalidSignatureException", 403, "permission_error"),
        (403, "ExpiredTokenException", 403, "permission_error"),
        (404, "ResourceNotFoundException", 404, "not_found_error"),
        (429, "ThrottlingException", 429, "rate_limit_error"),
        (429, "ModelNotReadyException", 429, "rate_limit_error"),
        (400, "ServiceQuotaExceededException", 429, "rate_limit_error"),
        (408, "ModelTimeoutException", 504, "timeout_error"),
        (500, "InternalServerException", 500, "api_error"),
        (503, "ServiceUnavailableException", 529, "overloaded_error"),
        (413, "RequestEntityTooLargeException", 413, "request_too_large"),
        (424, "ModelErrorException", 500, "api_error"),
        (418, "SomethingNewException", 418, "invalid_request_error"),
        (502, "", 502, "api_error"),
        (503, "", 529, "overloaded_error"),
        (301, "", 500, "api_error"),
    ],
)
def test_every_error_gets_the_status_and_type_that_clients_understand(
    status: int, name: str, expected: int, kind: str
) -> None:
    fault = http_fault(status, name, body("Said so."))
    assert (fault.status, fault.type, fault.message) == (expected, kind, "Said so.")


@pytest.mark.parametrize(
    ("error_type", "said"),
    [
        ("ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/", {}),
        ("", {"__type": "com.amazon.coral.availability#ThrottlingException"}),
        ("", {"code": "ThrottlingException"}),
    ],
)
def test_the_name_is_found_in_every_spelling(error_type: str, said: dict[str, str]) -> None:
    assert http_fault(400, error_type, body("Slow down.", **said)).status == 429


def test_a_model_s_error_has_the_model_s_status() -> None:
    fault = http_fault(424, "ModelErrorException", body("Failed.", originalStatusCode=529))
    assert (fault.status, fault.type) == (529, "overloaded_error")
    streamed = stream_fault(
        "modelStreamErrorException", body("Failed.", originalStatusCode=400, originalMessage="Too odd.")
    )
    assert (streamed.type, streamed.message) == ("invalid_request_error", "Failed. (Too odd.)")
    assert stream_fault("modelStreamErrorException", body("Failed.", originalStatusCode="x")).type == "api_error"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("internalServerException", "api_error"),
        ("modelStreamErrorException", "api_error"),
        ("validationException", "invalid_request_error"),
        ("throttlingException", "rate_limit_error"),
        ("modelTimeoutException", "timeout_error"),
        ("serviceUnavailableException", "overloaded_error"),
        ("somethingNewException", "api_error"),
    ],
)
def test_exceptions_of_a_stream_are_understood(name: str, kind: str) -> None:
    assert stream_fault(name, body("Said so.")).type == kind


def test_an_error_of_a_stream_says_its_own_message() -> None:
    fault = stream_fault("ThrottlingException", b"", "Slow down.")
    assert (fault.type, fault.message) == ("rate_limit_error", "Slow down.")


def test_a_prompt_that_is_too_long_is_marked_for_clients() -> None:
    fault = http_fault(400, "ValidationException", body("Input is too long for requested model."))
    assert fault.message == "Input is too long for requested model. (capability_rejected: prompt_too_long)"


@pytest.mark.parametrize("said", [b"", b"<html>", b"[]", b'{"message":1}', b"[" * 100_000, b'{"message":" "}'])
def test_an_error_without_words_gets_some(said: bytes) -> None:
    assert http_fault(403, "AccessDeniedException", said).message == "AWS Bedrock answered 403 without saying why."


def test_another_spelling_of_the_message_is_read() -> None:
    assert http_fault(403, "", b'{"Message":"No."}').message == "No."


@pytest.mark.parametrize(
    ("name", "message", "stale"),
    [
        ("ExpiredTokenException", "x", True),
        ("UnrecognizedClientException", "The security token included in the request is expired", True),
        ("UnrecognizedClientException", "The security token included in the request is invalid.", False),
        ("InvalidSignatureException", "Signature expired: 20261125T000000Z is now earlier than …", False),
    ],
)
def test_only_expired_credentials_are_worth_a_renewal(name: str, message: str, *, stale: bool) -> None:
    assert http_fault(403, name, body(message)).stale is stale


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "User: arn:aws:sts::123456789012:assumed-role/Admin/me@example.com is not authorized to perform: "
                "bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5-5"
            ),
            "User: (ARN) is not authorized to perform: bedrock:InvokeModel on resource: anthropic.claude-opus-5-5",
        ),
        (
            "No access to arn:aws-cn:bedrock:cn-north-1:123456789012:inference-profile/us.anthropic.claude-opus-4-8.",
            "No access to us.anthropic.claude-opus-4-8.",
        ),
        ("because no policy allows it (arn:aws:iam::123456789012:role/R).", "because no policy allows it ((ARN))."),
        ("Account 123456789012 has no access.", "Account (account) has no access."),
        ("Key ASIAQWERTYUIOPASDFGH is unknown.", "Key (key) is unknown."),
        (
            "It took 1764047472123 ms, 0.123456789012 of it idle.",
            "It took 1764047472123 ms, 0.123456789012 of it idle.",
        ),
        (
            (
                "The request signature does not match.\n\nThe Canonical String for this request should have been\n"
                "'POST\n/model\nx-amz-security-token:secret'"
            ),
            "The request signature does not match.",
        ),
    ],
)
def test_accounts_arns_and_keys_are_taken_out(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_long_texts_are_cut() -> None:
    assert len(http_fault(400, "", body("x" * 100_000)).message) == 2000


def test_the_envelope_is_the_messages_api_s() -> None:
    fault = http_fault(429, "ThrottlingException", body("慢一点"))
    assert json.loads(fault.envelope("id-1")) == {
        "type": "error",
        "error": {"type": "rate_limit_error", "message": "慢一点"},
        "request_id": "id-1",
    }
    assert "request_id" not in json.loads(fault.envelope(""))
