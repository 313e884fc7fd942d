"""A server on loopback that plays AWS Bedrock: its runtime, its lists, Mantle and the Claude Platform."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable
from dataclasses import replace

from tests.fakes import event_stream
from tests.fakes.answers import Answer
from tests.fakes.bedrock_service import BedrockService, aws_error
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.wire import RecordedRequest

THROTTLED = aws_error(429, "ThrottlingException", "Too many requests, please wait before trying again.")
TOO_LONG = aws_error(400, "ValidationException", "Input is too long for requested model.")
EXPIRED = aws_error(403, "ExpiredTokenException", "The security token included in the request is expired")
UNAVAILABLE = aws_error(503, "ServiceUnavailableException", "Bedrock is unable to process your request.")


class FakeBedrock(FakeMessagesApi):
    """Plays AWS Bedrock as an async context manager, see `FakeMessagesApi` for how to script it.

    `aws` answers without orders. One port stands for all of AWS's hosts; what is asked tells which one it plays.
    """

    def __init__(self, aws: BedrockService | None = None, *, prefix: str = "") -> None:
        super().__init__(prefix=prefix)
        self.aws = aws or BedrockService()

    def _proper_answer(self, request: RecordedRequest) -> Answer:
        if not request.path.startswith(f"{self.prefix}/"):
            return aws_error(404, "UnknownOperationException", "")
        return self.aws.answer(request, request.path.removeprefix(self.prefix))

    def _dressed(self, answer: Answer, request: RecordedRequest) -> Answer:
        date = email.utils.formatdate(time.time() + self.aws.clock_ahead, usegmt=True)
        return answer.with_headers(
            ("x-amzn-RequestId", request_id(request.number)), ("Date", date), *self.extra_headers
        )


def request_id(number: int) -> str:
    """The id that the answer to the request of this number bears."""
    return f"6f1c2d3e-0000-4000-8000-{number:012d}"


def exception_after(count: int, kind: str, message: str, **fields: object) -> Callable[[Answer], Answer]:
    """An edit that ends an event stream with a modelled exception after `count` events, properly framed."""
    return lambda answer: replace(
        answer, parts=(*tuple(answer.parts)[:count], event_stream.exception(kind, message, **fields))
    )


def failure_after(count: int, code: str, message: str) -> Callable[[Answer], Answer]:
    """The same with an error that is not modelled."""
    return lambda answer: replace(answer, parts=(*tuple(answer.parts)[:count], event_stream.failure(code, message)))


def error_chunk_after(count: int, event: bytes) -> Callable[[Answer], Answer]:
    """An edit that ends an event stream with a chunk that holds an `error` event of the model's."""
    return lambda answer: replace(answer, parts=(*tuple(answer.parts)[:count], event_stream.chunk(event)))


def damaged(part: int, byte: int = -9) -> Callable[[Answer], Answer]:
    """An edit that changes one byte of one frame, as a broken middlebox might."""

    def edit(answer: Answer) -> Answer:
        parts = [bytearray(one) for one in answer.parts]
        parts[part][byte] ^= 1
        return replace(answer, parts=tuple(bytes(one) for one in parts))

    return edit
