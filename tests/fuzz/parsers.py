"""Our parsers under atheris, which looks for inputs that take new ways through the code.

`python -m tests.fuzz.parsers NAME [options of libFuzzer]` looks until it is told to stop, or finds an input that breaks
a rule. Without atheris it cannot run; `python -m tests.fuzz` then leaves it out, and says so.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["proxycast"]):
    from proxycast.model.errors import ConfigError, InputError
    from proxycast.proxy.target import BadTarget, parse_target
    from proxycast.service.paste import understand
    from proxycast.store.config import parse
    from proxycast.store.config_file import decode
    from proxycast.store.paths import resources
    from proxycast.upstream.bedrock.answer import InvocationAnswer
    from proxycast.upstream.bedrock.frames import FrameDecoder
    from proxycast.upstream.bedrock.invocation import invocation
    from proxycast.upstream.bedrock.tables import Tables
    from proxycast.upstream.body import replace_model
    from proxycast.upstream.usage import usage_tap

TABLES = Tables.read(resources() / "bedrock.yaml")


def configuration(data: bytes) -> None:
    """config.yaml: a configuration or a ConfigError."""
    try:
        parse(decode(data, "f"), "f")
    except ConfigError as error:
        str(error)


def target(data: bytes) -> None:
    """Request targets: refused, not served, or made of plain segments."""
    try:
        found = parse_target(data)
    except BadTarget:
        return
    if found is not None:
        segments = found.path.split(b"/")
        assert segments[0] == b""
        assert not {b"", b".", b".."} & set(segments[1:])
        assert not any(byte <= 0x20 or byte >= 0x7F for byte in found.path + found.query)


def model(data: bytes) -> None:
    """Another model in a body: nothing else changes."""
    try:
        changed = replace_model(data, "other")
        old = json.loads(data)
    except (ValueError, RecursionError):
        return
    assert json.loads(changed) == {**old, "model": "other"}


def invoked(data: bytes) -> None:
    """A body for InvokeModel: an InputError, or JSON without what AWS refuses."""
    try:
        made = invocation(data, [b"context-1m-2025-08-07"], "anthropic.claude-opus-5-5", TABLES)
        data.decode()
    except (InputError, UnicodeDecodeError):
        return
    try:
        sent = json.loads(made.body)
    except RecursionError:
        return
    assert not {"model", "stream"} & sent.keys()


def frames(data: bytes) -> None:
    """Event streams: the same frames however they are cut."""
    data = _framed(data)
    whole, pieces = FrameDecoder(), FrameDecoder()
    found = whole.feed(data)
    cut = len(data) // 3
    assert [*pieces.feed(data[:cut]), *pieces.feed(data[cut:])] == found
    assert whole.broken == pieces.broken


def answer(data: bytes) -> None:
    """Answers of InvokeModel: whole events, and never a proper end with an error."""
    made = InvocationAnswer()
    made.begin(200, [(b"content-type", b"application/vnd.amazon.eventstream")])
    out = made.feed(_framed(data))
    assert not out or out.endswith(b"\n\n")
    assert not (made.complete and made.failed)


def taps(data: bytes) -> None:
    """What answers say of themselves, in each of their forms."""
    for kind, encoding in ((b"text/event-stream", None), (b"application/json", None), (b"text/event-stream", b"gzip")):
        said = []
        for pieces in ([data], [data[: len(data) // 2], data[len(data) // 2 :]]):
            tap = usage_tap(kind, encoding)
            for piece in pieces:
                tap.feed(piece)
            tap.finish()
            said.append((tap.usage, tap.model, tap.error_type, tap.stopped))
        assert said[0] == said[1]


def paste(data: bytes) -> None:
    """What people paste into the dialog."""
    understand(data.decode("utf-8", "replace"))


def _framed(data: bytes) -> bytes:
    """The data itself, or every other time a frame with it inside: no fuzzer guesses a checksum."""
    if len(data) < 2 or data[0] % 2 == 0:
        return data
    length = data[1] % 128
    headers, payload = data[2 : 2 + length], data[2 + length :]
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    checked = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return checked + struct.pack(">I", zlib.crc32(checked))


PARSERS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (configuration, target, model, invoked, frames, answer, taps, paste)
}

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], PARSERS[name])
    atheris.Fuzz()
