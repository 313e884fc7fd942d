"""What AWS lets a credential do: its keys are taken, the region offers Claude, a profile serves the model.

All of it is free. AWS asks who may do what before it looks at a message, so one without content shows what is allowed.
"""

from __future__ import annotations

import asyncio

import msgspec

from proxycast.check import models as lists
from proxycast.check import reach
from proxycast.check.bedrock_keys import account_of, facts_of
from proxycast.check.bedrock_refusals import UNKNOWN_KEY, WRONG_SECRET, Refusal, refusal
from proxycast.check.judgement import explain, is_no_api
from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, passed, skipped
from proxycast.check.report import Offer
from proxycast.check.said import Form, header, member, read
from proxycast.model.credential import AwsEndpoint
from proxycast.model.errors import AwsRefused, CannotConnect, NotServed, ProxyCastError
from proxycast.model.text import Text
from proxycast.upstream.bedrock.faults import Fault, http_fault
from proxycast.upstream.bedrock.offers import Offer as Way
from proxycast.upstream.bedrock.offers import base_of, is_exact
from proxycast.upstream.bedrock.upstream import Bedrock
from proxycast.upstream.reply import Collected

_LISTED = "byProvider=anthropic"
_REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-northeast-1", "ap-southeast-2", "ap-south-1")
"""Regions that have offered Claude for long, to ask when another does not."""

_BY_NAME = {
    "unrecognizedclient": UNKNOWN_KEY,
    "invalidclienttokenid": UNKNOWN_KEY,
    "signaturedoesnotmatch": WRONG_SECRET,
}


async def dns(look: Look) -> Outcome | None:
    """The region's host has an address; most often that fails because the region has no such service."""
    try:
        return await reach.dns(look)
    except CannotConnect as error:
        if look.credential.base_url:
            raise
        region = facts_of(look).region
        await _offer_region(look)
        raise CannotConnect(
            error.what, Text("Check the region: {region} may not have this service of AWS.", region=region)
        ) from None


async def authentication(look: Look) -> Outcome:
    """AWS takes the keys, whatever they may do."""
    answer, fault = await _list(look)
    found = refusal(fault.message, model=look.model, region=facts_of(look).region) or _BY_NAME.get(fault.name)
    said = look.presentable(fault.message)
    if answer.status == 200:
        if member(answer, "modelSummaries") is None and member(answer, "data") is None:
            return _not_aws(look, answer)
        return passed("accepted", Text("{host} accepts the keys.", host=look.host))
    if found is not None and found.of_keys:
        return found.outcome(said)
    if found is not None and found.action:
        return passed("known", Text("{host} accepts the keys, which may not list models.", host=look.host))
    if answer.status in {404, 405}:
        return (
            skipped("no_list", Text("{host} lists no models; its answer to a message will tell.", host=look.host))
            if read(answer).form is Form.ERROR
            else _not_aws(look, answer)
        )
    translated = Collected(fault.status, answer.headers, fault.envelope(""))
    return found.outcome(said) if found is not None else explain(translated, look)


async def region(look: Look) -> Outcome | None:
    """The region offers Claude; which models."""
    if not isinstance(look.upstream, Bedrock):
        return None
    here = facts_of(look).region
    try:
        listed = await lists.models(look)
    except AwsRefused as error:
        found = refusal(str(error.what), model=look.model, region=here)
        if found is None or not found.action:
            raise
        _give_policy(look, found)
        return skipped(
            "not_allowed",
            Text("The keys may not list what {region} offers: {action} is missing.", region=here, action=found.action),
            found.remedy,
        )
    except ProxyCastError as error:
        return skipped("unlisted", error.what, error.remedy)
    if not look.models or not look.upstream.listing.known.all:
        await _offer_region(look)
        return failed(
            "no_claude",
            Text("{region} offers this account no model of Claude.", region=here),
            Text("Choose a region that does, us-east-1 say."),
        )
    return passed("offers", Text("{region} offers: {what}", region=here, what=listed.evidence))


async def models(look: Look) -> Outcome | None:
    """The list of models, of the doors that have one of their own."""
    return None if isinstance(look.upstream, Bedrock) else await lists.models(look)


async def profile(look: Look) -> Outcome | None:
    """What the model's name leads to: an inference profile, or the model itself where it takes requests."""
    upstream = look.upstream
    if not isinstance(upstream, Bedrock):
        return None
    try:
        choice = await upstream.chooser.fetch(look.model, look.ask)
    except NotServed as error:
        _offer_model(look, _successor(look))
        return failed("none", error.what, error.remedy)
    except AwsRefused as error:
        return failed(
            "unlisted",
            Text("{model} has to be looked up in AWS's lists, which these keys may not read.", model=look.model),
            error.remedy,
        )
    offers, here = upstream.listing.known, facts_of(look).region
    if choice.identity.startswith("arn:"):
        return (
            passed("arn", Text("The profile that is set serves {model}.", model=choice.base))
            if choice.base
            else skipped("arn_unknown", Text("AWS does not tell which model the profile that is set serves."))
        )
    if not offers.all:
        return skipped("unlisted", Text("{model} goes to AWS as it stands.", model=choice.identity))
    if any(one.id == choice.identity for one in offers.all):
        if choice.identity == look.model:
            return passed("found", Text("{region} has {model}.", region=here, model=choice.identity))
        return passed("found", Text("{model} is invoked as {id}.", model=look.model, id=choice.identity))
    if not is_exact(choice.identity):
        way = offers.profile_for(choice.identity)
        if way is not None:
            _offer_model(look, way)
            return failed(
                "on_demand",
                Text("AWS serves {model} only by an inference profile, not by its own id.", model=choice.identity),
                Text("Use {profile} in its place.", profile=way.id),
            )
    other = offers.find(base_of(choice.identity)) or _successor(look)
    _offer_model(look, other)
    return failed(
        "not_here",
        Text("{region} does not have {model}.", region=here, model=choice.identity),
        Text("Use {profile} in its place.", profile=other.id)
        if other is not None
        else Text("Choose another model or region."),
    )


async def model(look: Look) -> Outcome:
    """The keys may invoke the model, at once and as a stream."""
    for streamed in (False, True):
        body = {"model": look.model, "max_tokens": 1, "messages": [], **({"stream": True} if streamed else {})}
        answer = await look.question(b"POST", b"/v1/messages", body)
        found = explained(answer, look)
        if found is not None:
            return found
    if not isinstance(look.upstream, Bedrock):  # what speaks the Messages API itself may judge the model after the rest
        counted = await _count(look)
        if counted.status == 404 and not is_no_api(counted):
            return explain(counted, look)
    return passed("allowed", Text("The keys may invoke {model}, also as a stream.", model=look.model))


async def count_tokens(look: Look) -> Outcome:
    """AWS counts the tokens of a request before it is sent."""
    try:
        await _count(look)
    except NotServed as error:
        return skipped("none", error.what, error.remedy)
    return await lists.count_tokens(look)


def explained(answer: Collected, look: Look) -> Outcome | None:
    """What is wrong by the answer to a message without content; None if only that was refused."""
    said = read(answer)
    found = refusal(said.message, model=look.model, region=facts_of(look).region)
    if found is None:
        fine = said.status in {400, 422} and said.form is Form.ERROR
        return None if fine or said.form is Form.MESSAGE else explain(answer, look)
    return explain(answer, look)


async def _count(look: Look) -> Collected:
    if look.counted is None:
        body = {"model": look.model, "messages": [{"role": "user", "content": "Hi"}]}
        look.counted = await look.question(b"POST", b"/v1/messages/count_tokens", body)
    return look.counted


async def _list(look: Look) -> tuple[Collected, Fault]:
    """The door's list of models, and what it says if it is an error."""
    facts = facts_of(look)
    if facts.endpoint is AwsEndpoint.BEDROCK:
        account = account_of(look)
        control = (await account.open()).endpoints.control
        answer = await account.ask(
            look.ask, control, "GET", "/foundation-models", query=_LISTED, within=look.timeouts.request
        )
    else:
        answer = await look.question(b"GET", b"/v1/models", query=b"limit=1000")
    kind = header(answer, b"x-amzn-errortype").decode("latin-1")
    return answer, http_fault(answer.status, kind, answer.body)


def _not_aws(look: Look, answer: Collected) -> Outcome:
    if is_no_api(answer) and read(answer).form is Form.PAGE:
        return explain(answer, look)
    return failed(
        "not_aws",
        Text("What answers at {host} is not this service of AWS.", host=look.host),
        Text("Check the base URL and the kind of AWS service; leave the base URL empty for AWS's own address."),
    )


def _give_policy(look: Look, found: Refusal) -> None:
    if found.grantable:
        look.policy = facts_of(look).policy(found.action)


def _offer_model(look: Look, way: Way | None) -> None:
    if way is not None:
        look.offers.append(Offer(field="model", value=way.id, sentence=Text("Use {profile}", profile=way.id)))


def _successor(look: Look) -> Way | None:
    """The way to the successor of the model that is asked for, if it is retired and AWS has that one."""
    upstream = look.upstream
    successor = look.catalogue.successor(look.model)
    if not isinstance(upstream, Bedrock) or successor is None or successor.bedrock is None:
        return None
    return upstream.listing.known.find(f"anthropic.{successor.bedrock.removeprefix('anthropic.')}")


async def _offer_region(look: Look) -> None:
    """Offer a region that lists Claude for these keys, one nearby if there is one."""
    here = facts_of(look).region
    near = sorted((one for one in _REGIONS if one != here), key=lambda one: one[:2] != here[:2])
    found = await asyncio.gather(*(_has_claude(look, one) for one in near[:3]))
    for one, has in zip(near, found, strict=False):
        if has:
            look.offers.append(Offer(field="region", value=one, sentence=Text("Use the region {region}", region=one)))
            return


async def _has_claude(look: Look, region: str) -> bool:
    try:
        account = account_of(look).elsewhere(region)
        control = (await account.open()).endpoints.control
        answer = await account.ask(
            look.ask, control, "GET", "/foundation-models", query=_LISTED, within=look.timeouts.request
        )
        return answer.status == 200 and bool(msgspec.json.decode(answer.body)["modelSummaries"])
    except (ProxyCastError, ValueError, KeyError, TypeError):
        return False
