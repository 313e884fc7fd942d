"""Signatures are those that botocore makes for the same bytes."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from proxycast.model.secret import Secret
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.bedrock.signing import authorization, canonical_query

NOW = 1795585068.0
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)


@settings(max_examples=150, deadline=None)
@given(
    model=TEXT,
    pairs=st.lists(st.tuples(TEXT, TEXT), max_size=4),
    body=st.binary(max_size=200),
    token=st.none() | TOKENS,
    content_type=st.sampled_from(["", "application/json", "application/json;  charset=utf-8"]),
)
def test_a_signature_is_what_botocore_makes(
    model: str, pairs: list[tuple[str, str]], body: bytes, token: str | None, content_type: str
) -> None:
    path = f"/prefix/model/{quote(model or 'm', safe=':;')}/invoke"
    query = canonical_query("&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs))
    keys = AwsKeys(access_key="AKIA", secret_key=Secret("s/+="), session_token=Secret(token) if token else None)
    ours = authorization(
        keys,
        service="bedrock",
        region="us-east-1",
        method="POST",
        host="bedrock-runtime.us-east-1.amazonaws.com",
        path=path,
        query=query,
        content_type=content_type,
        body=body,
        now=NOW,
    )
    sent = {name.decode(): value.decode() for name, value in ours}
    url = f"https://bedrock-runtime.us-east-1.amazonaws.com{path}" + (f"?{query}" if query else "")
    request = AWSRequest("POST", url, data=body)
    if content_type:
        request.headers["content-type"] = content_type
    for name in ("x-amz-date", "x-amz-security-token"):
        if name in sent:
            request.headers[name] = sent[name]
    signer = SigV4Auth(Credentials("AKIA", "s/+=", token), "bedrock", "us-east-1")
    request.context["timestamp"] = sent["x-amz-date"]
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    assert sent["x-amz-date"] == time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(NOW))
    assert sent["authorization"].endswith(f"Signature={expected}")


def test_an_api_key_is_shown_and_not_signed_with() -> None:
    shown = authorization(
        BearerKey(Secret("key")),
        service="bedrock",
        region="r",
        method="GET",
        host="h",
        path="/",
        query="",
        content_type="",
        body=b"",
    )
    assert shown == [(b"authorization", b"Bearer key")]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("type=SYSTEM_DEFINED", "type=SYSTEM_DEFINED"),
        ("b=2&a=1&a=0", "a=0&a=1&b=2"),
        ("a=x+y%2fz&b", "a=x%20y%2Fz&b="),
    ],
)
def test_queries_have_one_form(query: str, canonical: str) -> None:
    assert canonical_query(query) == canonical
