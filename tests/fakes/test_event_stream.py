"""The frames of the fake against botocore's own reader."""

from __future__ import annotations

import json

from botocore.eventstream import EventStreamBuffer
from tests.fakes import event_stream


def test_botocore_reads_what_is_written() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(
        event_stream.chunk(b'{"type":"ping"}', padding="pp")
        + event_stream.exception("modelStreamErrorException", "no", originalStatusCode=424)
        + event_stream.failure("InternalError", "broken")
    )
    chunk, exception, failure = (event.to_response_dict() for event in buffer)
    assert json.loads(chunk["body"]) == {"bytes": "eyJ0eXBlIjoicGluZyJ9", "p": "pp"}
    assert chunk["headers"][":event-type"] == "chunk"
    assert exception["headers"][":exception-type"] == "modelStreamErrorException"
    assert json.loads(exception["body"]) == {"message": "no", "originalStatusCode": 424}
    assert failure["headers"] == {":message-type": "error", ":error-code": "InternalError", ":error-message": "broken"}
