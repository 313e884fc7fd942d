"""The models that a service has: its list, the one that is asked for, and its count of tokens. All of it is free."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from proxycast.check.judgement import explain, is_no_api
from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, passed, skipped, warned
from proxycast.check.report import State
from proxycast.check.said import member
from proxycast.model.credential import Kind
from proxycast.model.text import Text
from proxycast.upstream.reply import Collected


async def models(look: Look) -> Outcome:
    """The service lists its models. Without a wish of the user's, a cheap one of them is asked for later."""
    answer = await look.question(b"GET", b"/v1/models", query=b"limit=1000")
    look.models = _listed(answer)
    if look.models:
        look.model = _chosen(look, look.models)
        return passed(
            "listed",
            Text("Models in the list: {count}, {model} among them.", count=len(look.models), model=look.models[0]),
        )
    if look.credential.kind is Kind.ANTHROPIC:
        return explain(answer, look)
    return skipped("none", Text("The service has no list of models; clients do without."))


async def model(look: Look) -> Outcome:
    """The model that is asked for exists, is not retired, and may be used."""
    asked = look.credential.models.get(look.model, look.model)
    known, successor = look.catalogue.find(asked), look.catalogue.successor(asked)
    if look.credential.kind is Kind.ANTHROPIC and known is not None and known.is_retired(datetime.now(UTC).date()):
        return failed(
            "model_retired",
            Text("{model} is retired.", model=asked),
            None if successor is None else Text("Use {successor} in its place.", successor=successor.id),
        )
    body = {"model": look.model, "messages": [{"role": "user", "content": "Hi"}]}
    look.counted = await look.question(b"POST", b"/v1/messages/count_tokens", body)
    if _tokens(look.counted) is not None:
        return passed("usable", Text("{model} can be used.", model=asked))
    if look.counted.status in {400, 403, 404, 429} and not is_no_api(look.counted):
        return explain(look.counted, look)
    if look.models is None or asked in look.models:
        return (
            passed("listed", Text("{model} is in the service's list.", model=asked)) if look.models else _unseen(asked)
        )
    return _unseen(asked)


async def count_tokens(look: Look) -> Outcome:
    """The service counts the tokens of a request before it is sent."""
    answer = look.counted
    if answer is None:
        return skipped("unasked", Text("Not asked for."))
    count = _tokens(answer)
    if count:
        return passed("counted", Text("It counted {count} tokens.", count=count))
    if count == 0:
        return warned(
            "zero",
            Text("The service counts every request as 0 tokens."),
            Text("Clients that plan by it, such as Claude Code, notice too late that a conversation is too long."),
        )
    if is_no_api(answer):
        return skipped(
            "none",
            Text("The service does not count tokens."),
            Text("Claude Code then estimates, or counts by messages that are paid for."),
        )
    found = explain(answer, look)
    return msgspec.structs.replace(found, state=State.WARNING)


def _unseen(asked: str) -> Outcome:
    return skipped("unseen", Text("Only a real message can tell whether {model} can be used.", model=asked))


def _chosen(look: Look, listed: list[str]) -> str:
    """The model to ask: the user's wish, what the credential's clients use, the usual one, or a cheap one."""
    aws = look.credential.aws
    set_for_all = aws is not None and aws.model_id is not None
    if look.wanted is not None or look.credential.models or set_for_all or look.model in listed:
        return look.model
    cheap = (one for word in ("haiku", "mini", "flash", "lite", "air") for one in listed if word in one.lower())
    return next(cheap, listed[0])


def _listed(answer: Collected) -> list[str] | None:
    found = member(answer, "data") if answer.status == 200 else None
    if not isinstance(found, list):
        return None
    return [one["id"] for one in found if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _tokens(answer: Collected) -> int | None:
    found = member(answer, "input_tokens") if answer.status == 200 else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
