"""What AWS Bedrock says in the answers to invocations: the members of their JSON that matter."""

from __future__ import annotations

import msgspec

from proxycast.model.exchange import Usage


class Chunk(msgspec.Struct):
    """The payload of a `chunk`, in which an event of the model's travels."""

    event: bytes = msgspec.field(name="bytes")


class Event(msgspec.Struct):
    """An event of the model's, or its whole message."""

    type: str


class Metrics(msgspec.Struct, rename="camel"):
    """What AWS counted; it stands in the last event."""

    input_token_count: int | None = None
    output_token_count: int | None = None
    cache_read_input_token_count: int | None = None
    cache_write_input_token_count: int | None = None

    @property
    def usage(self) -> Usage:
        """The same in the words of the Messages API."""
        return Usage(
            input_tokens=self.input_token_count,
            output_tokens=self.output_token_count,
            cache_creation_input_tokens=self.cache_write_input_token_count,
            cache_read_input_tokens=self.cache_read_input_token_count,
        )


class Count(msgspec.Struct):
    """The answer of CountTokens."""

    tokens: int = msgspec.field(name="inputTokens")
