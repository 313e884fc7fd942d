"""Frames of AWS's event stream, written from the specification; shares no code with what reads them in the product."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping

CONTENT_TYPE = "application/vnd.amazon.eventstream"


def frame(payload: bytes, headers: Mapping[str, str]) -> bytes:
    """One frame: total length, length of the headers, CRC of both, headers, payload, CRC of it all."""
    encoded = b"".join(_header(name, value) for name, value in headers.items())
    total = 4 + 4 + 4 + len(encoded) + len(payload) + 4
    prelude = total.to_bytes(4, "big") + len(encoded).to_bytes(4, "big")
    checked = prelude + _crc(prelude) + encoded + payload
    return checked + _crc(checked)


def chunk(event: bytes, padding: str = "abcdefghijk") -> bytes:
    """A frame that carries one event of the Messages API, as InvokeModelWithResponseStream writes it."""
    payload = json.dumps({"bytes": base64.b64encode(event).decode(), "p": padding}, separators=(",", ":")).encode()
    return frame(payload, {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"})


def exception(kind: str, message: str, **fields: object) -> bytes:
    """A frame that ends a stream with a modelled exception, such as `throttlingException`."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return frame(json.dumps({"message": message, **fields}).encode(), headers)


def failure(code: str, message: str) -> bytes:
    """A frame that ends a stream with an error that is not modelled."""
    return frame(b"", {":message-type": "error", ":error-code": code, ":error-message": message})


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    return bytes([len(key)]) + key + b"\x07" + len(text).to_bytes(2, "big") + text


def _crc(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big")
