"""Requests by the letter, and what became of them."""

from __future__ import annotations

import json

from tests.fakes.messages_api import FakeMessagesApi
from tests.proxy.conftest import TOKEN, Setup
from tests.proxy.raw import Reply, reply

BODY = json.dumps({"model": "claude-sonnet-5-5", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]})
JSON = "Content-Type: application/json"
VERSION = "anthropic-version: 2023-06-01"


def post(setup: Setup, *headers: str, body: str = BODY, path: str = "/v1/messages", **parts: bool) -> bytes:
    """A POST with these headers, and with a Content-Length; `host=False`, `token=False` leave those out."""
    head = setup.head(f"POST {path} HTTP/1.1", *headers, f"Content-Length: {len(body)}", "Connection: close", **parts)
    return head + body.encode()


async def answered(setup: Setup, *headers: str, body: str = BODY, path: str = "/v1/messages", **parts: bool) -> Reply:
    """The answer to such a POST."""
    return reply(await setup.talk(post(setup, *headers, body=body, path=path, **parts)))


async def forwarded(
    setup: Setup, fake_api: FakeMessagesApi, *headers: str, path: str = "/v1/messages"
) -> dict[str, list[str]]:
    """What the service got of a POST: its headers by lower-case name, each with all of its values."""
    before = len(fake_api.requests)
    assert (await answered(setup, JSON, VERSION, *headers, path=path)).status == 200
    (request,) = fake_api.requests[before:]
    found: dict[str, list[str]] = {}
    for name, value in request.headers:
        found.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    return found


__all__ = ["BODY", "JSON", "TOKEN", "VERSION", "answered", "forwarded", "post"]
