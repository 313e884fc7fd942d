"""The stages that are billed: a real message, a real stream, and what they say was used."""

from __future__ import annotations

import msgspec

from proxycast.check.judgement import explain
from proxycast.check.look import STREAMED_TOKENS, Look
from proxycast.check.outcome import Outcome, failed, passed, warned
from proxycast.check.said import Form, member, read
from proxycast.model.exchange import Usage
from proxycast.model.text import Text
from proxycast.proxy.hearing import Streamed
from proxycast.upstream.reply import Collected
from proxycast.upstream.usage import Tap, usage_tap

_LUMP_SECONDS = 0.02
_LUMP_AFTER = 0.25
_LUMP_EVENTS = 8
"""A model takes its time for every token. Many events within 20 ms, after a quarter of a second of nothing, were
collected on the way. Where the first byte comes at once nothing can be told."""


async def message(look: Look) -> Outcome:
    """A real message of one token is answered."""
    turn = {"role": "user", "content": "Hi"}
    answer = await look.say({"model": look.model, "max_tokens": 1, "messages": [turn]})
    if read(answer).form is not Form.MESSAGE:
        return explain(answer, look)
    look.message = answer
    return passed("answered", Text("{model} answered.", model=look.model))


async def stream(look: Look) -> Outcome:
    """A real stream comes event by event, and to its end."""
    turn = {"role": "user", "content": "Count from 1 to 15, as words."}
    body = {"model": look.model, "max_tokens": STREAMED_TOKENS, "stream": True, "messages": [turn]}
    streamed = await look.say_streamed(body)
    kind = next((value for name, value in streamed.headers if name.lower() == b"content-type"), b"").lower()
    whole = Collected(streamed.status, streamed.headers, streamed.body)
    if streamed.status != 200:
        return explain(whole, look)
    if not kind.startswith(b"text/event-stream"):
        if read(whole).form is Form.MESSAGE:
            return failed(
                "not_streamed",
                Text("The service answers in one piece although a stream was asked for."),
                Text("Clients such as Claude Code need streams: ask the service to support them."),
            )
        return explain(whole, look)
    look.streamed = streamed
    tap = _tap(streamed)
    if tap.error_type is not None:
        return failed(
            "error",
            Text("The stream ended with an error ({kind}).", kind=tap.error_type),
            Text("Try again in a few minutes."),
        )
    if not tap.stopped:
        return failed(
            "no_end",
            Text("The stream broke off before its end."),
            Text("Something between here and the service cuts long answers: a proxy, or the service itself."),
        )
    events = streamed.body.count(b"\ndata:") + streamed.body.startswith(b"data:")
    first, last = streamed.arrivals[0][0], streamed.arrivals[-1][0]
    if events >= _LUMP_EVENTS and first > _LUMP_AFTER and last - first < _LUMP_SECONDS:
        return warned(
            "lump",
            Text(
                "The stream came in one lump after {seconds} s: something on the way collects it.",
                seconds=f"{first:.1f}",
            ),
            Text("Switch off buffering in the reverse proxy or relay before the service (nginx: proxy_buffering off)."),
        )
    return passed(
        "streamed", Text("{count} events, the first after {seconds} s.", count=events, seconds=f"{first:.2f}")
    )


async def usage(look: Look) -> Outcome:
    """The answers say how many tokens they took, so that costs can be shown."""
    told = [one for one in (_of_message(look.message), _of_stream(look.streamed)) if one is not None]
    if told and all(one.input_tokens and one.output_tokens for one in told):
        one = told[0]
        return passed(
            "told", Text("{sent} tokens in, {received} out.", sent=one.input_tokens, received=one.output_tokens)
        )
    return warned(
        "missing",
        Text("The answers do not say how many tokens they took."),
        Text("Usage and costs of this credential will be incomplete; nothing else depends on it."),
    )


def _of_message(answer: Collected | None) -> Usage | None:
    if answer is None:
        return None
    try:
        return msgspec.convert(member(answer, "usage"), Usage)
    except msgspec.ValidationError:
        return Usage()


def _of_stream(streamed: Streamed | None) -> Usage | None:
    return None if streamed is None else _tap(streamed).usage or Usage()


def _tap(streamed: Streamed) -> Tap:
    tap = usage_tap(b"text/event-stream", None)
    tap.feed(streamed.body)
    tap.finish()
    return tap
