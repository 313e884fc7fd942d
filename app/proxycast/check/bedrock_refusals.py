"""What AWS's refusals mean, by their words: AWS tells most of them apart by nothing else."""

from __future__ import annotations

import re

import msgspec

from proxycast.check.bedrock_policy import policy_for
from proxycast.check.outcome import Outcome, failed
from proxycast.model.credential import AwsEndpoint
from proxycast.model.text import Text
from proxycast.upstream.reply import Collected

_DENIED = re.compile(r"not authorized to perform: (?P<action>[a-z0-9-]+:\w+)(?: on resource: (?P<resource>\S+))?")
_MARKETPLACE = re.compile(r"aws-marketplace:\w+")


class AwsFacts(msgspec.Struct, kw_only=True):
    """What a check knows of the AWS side of a credential.

    `account` is the id of the AWS account, empty until AWS tells it; `workspace` is one of Claude Platform on AWS.
    `caller` is the answer of AWS STS, once it was asked.
    """

    endpoint: AwsEndpoint
    region: str
    workspace: str = ""
    account: str = ""
    caller: Collected | None = None
    caller_asked: bool = False

    def policy(self, action: str) -> str:
        """An IAM policy that allows what this credential needs, `action` among it."""
        return policy_for(self.endpoint, self.region, action=action, account=self.account, workspace=self.workspace)


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal: `key` names it, `what` and `remedy` are for the user.

    `action` is the IAM action that is not allowed, empty if that is not why; `grantable` tells whether a policy of the
    account's own can allow it. `of_keys`: it is about the keys and not about what was asked.
    """

    key: str
    what: Text
    remedy: Text
    action: str = ""
    grantable: bool = False
    of_keys: bool = False

    def outcome(self, said: str | None) -> Outcome:
        """This as what a stage found; `said` are the service's words as they may be shown."""
        return failed(self.key, self.what, self.remedy, said)


def refusal(said: str, *, model: str, region: str) -> Refusal | None:
    """What AWS means by these words; None if they are not known."""
    lower = said.lower()
    denied = _DENIED.search(said)
    if denied is not None:
        return _not_allowed(denied["action"], lower)
    for words, found in (*_keys(region), *_model(model, region)):
        if words in lower:
            marketplace = _MARKETPLACE.search(said) if found.key == "marketplace" else None
            return found if marketplace is None else msgspec.structs.replace(found, action=marketplace[0])
    return None


def _not_allowed(action: str, lower: str) -> Refusal:
    what = Text("AWS does not allow these keys the action {action}.", action=action)
    for words, place in (
        ("service control policy", Text("a service control policy of the organisation")),
        ("resource control policy", Text("a resource control policy of the organisation")),
        ("permissions boundary", Text("the permissions boundary of this user or role")),
        ("session policy", Text("the policy of this session")),
        ("vpc endpoint policy", Text("the policy of the VPC endpoint")),
        ("explicit deny", Text("a policy that denies it explicitly")),
    ):
        if words in lower:
            remedy = Text("It is refused by {place}; ask your AWS administrator to change that.", place=place)
            return Refusal(key="denied", what=what, remedy=remedy, action=action)
    remedy = Text("Attach the policy of this report to the user or role, or ask your AWS administrator to.")
    return Refusal(key="not_allowed", what=what, remedy=remedy, action=action, grantable=True)


def _keys(region: str) -> tuple[tuple[str, Refusal], ...]:
    return (
        ("included in the request is expired", EXPIRED),
        ("token has expired", EXPIRED),
        ("signature expired", _CLOCK),
        ("signature not yet current", _CLOCK),
        ("token included in the request is invalid", UNKNOWN_KEY),
        ("api key is valid", _UNKNOWN_BEARER),
        (
            "scoped to a valid region",
            Refusal(
                key="other_region",
                what=Text("What answers does not serve the region {region}.", region=region),
                remedy=Text("Enter the region that the base URL belongs to."),
                of_keys=True,
            ),
        ),
        ("signature we calculated does not match", WRONG_SECRET),
        ("needs a subscription for the service", _NOT_SUBSCRIBED),
        ("account is suspended", _NOT_SUBSCRIBED),
    )


def _model(model: str, region: str) -> tuple[tuple[str, Refusal], ...]:
    console = f"https://{region}.console.aws.amazon.com/bedrock/home?region={region}#/model-catalog"
    named, place = {"model": model}, {"console": console}
    ended = Refusal(
        key="retired",
        what=Text("AWS has retired {model}, or gives it only to those who used it lately.", **named),
        remedy=Text("Use a newer model."),
    )
    return (
        (
            "have access to the model",
            Refusal(
                key="needs_request",
                what=Text("This AWS account has no access to {model} yet.", **named),
                remedy=Text("Request it in the Bedrock console, then wait some minutes: {console}", **place),
            ),
        ),
        (
            "use case details",
            Refusal(
                key="needs_use_case",
                what=Text("AWS wants to know, once per account, what Claude is used for."),
                remedy=Text("Fill in Anthropic's use case form in the Bedrock console: {console}", **place),
            ),
        ),
        (
            "marketplace",
            Refusal(
                key="marketplace",
                what=Text("{model} has to be subscribed to in AWS Marketplace, which these keys may not do.", **named),
                remedy=Text(
                    "Attach the policy of this report, or let an administrator use the model once. "
                    "Then wait five minutes."
                ),
                action="aws-marketplace:Subscribe",
                grantable=True,
            ),
        ),
        (
            "payment_instrument",
            Refusal(
                key="payment",
                what=Text("The AWS account has no means of payment that AWS Marketplace takes."),
                remedy=Text("Add one under Billing in the AWS console, then wait some minutes."),
            ),
        ),
        ("end of its life", ended),
        ("marked by provider as legacy", ended),
        (
            "on-demand throughput",
            Refusal(
                key="on_demand",
                what=Text("AWS serves {model} only by an inference profile, not by its own id.", **named),
                remedy=Text("Use an inference profile as the model."),
            ),
        ),
        (
            "unsupported countr",
            Refusal(
                key="country",
                what=Text("Anthropic does not let Claude be used from the country of this account or network."),
                remedy=Text("Use an account and a network of a supported country, or another service."),
            ),
        ),
        (
            "channel program",
            Refusal(
                key="reseller",
                what=Text("This AWS account belongs to a reseller's programme that excludes {model}.", **named),
                remedy=Text("Ask the reseller to enable it, or use another account."),
            ),
        ),
        (
            "operation not allowed",
            Refusal(
                key="account_closed",
                what=Text("AWS does not let this account invoke models yet, as often with new accounts."),
                remedy=Text("Open a case with AWS Support and ask for Amazon Bedrock to be enabled."),
            ),
        ),
        (
            "model identifier is invalid",
            Refusal(
                key="unknown",
                what=Text("AWS does not know the model {model} in {region}.", model=model, region=region),
                remedy=Text("Try another model or region."),
            ),
        ),
    )


UNKNOWN_KEY = Refusal(
    key="unknown_key",
    what=Text("AWS does not know this access key, or its session token does not belong to it."),
    remedy=Text("Check that it is whole, active and of this account. Temporary keys need their session token as well."),
    of_keys=True,
)
WRONG_SECRET = Refusal(
    key="wrong_secret",
    what=Text("The secret access key does not belong to the access key."),
    remedy=Text("Enter both again: copied whole, without spaces."),
    of_keys=True,
)
EXPIRED = Refusal(
    key="expired",
    what=Text("The keys have expired."),
    remedy=Text("Enter new ones, or renew the AWS sign-in they come from."),
    of_keys=True,
)
_CLOCK = Refusal(
    key="clock",
    what=Text("AWS refuses the signature because of its time."),
    remedy=Text("Set this computer's clock right."),
    of_keys=True,
)
_UNKNOWN_BEARER = Refusal(
    key="unknown_key",
    what=Text("AWS does not accept this Bedrock API key."),
    remedy=Text("Check that it is whole, not deleted, and of this region; or make a new one in the Bedrock console."),
    of_keys=True,
)
_NOT_SUBSCRIBED = Refusal(
    key="not_subscribed",
    what=Text("The AWS account is not active for this service."),
    remedy=Text("Finish its registration, or settle what is open, in the AWS console."),
    of_keys=True,
)
