"""The keys of a Bedrock credential: where they come from, whether the clock is right, and who AWS says they are."""

from __future__ import annotations

import base64
import binascii
import re
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs, unquote

from proxycast.check.bedrock_refusals import EXPIRED, UNKNOWN_KEY, WRONG_SECRET, AwsFacts
from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, passed, skipped, warned
from proxycast.check.report import Offer
from proxycast.check.said import header
from proxycast.model.credential import Aws
from proxycast.model.errors import ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.model.vendors import vendor_of
from proxycast.upstream.bedrock.account import Account
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.bedrock.signed import SignedFormat
from proxycast.upstream.bedrock.upstream import Bedrock
from proxycast.upstream.reply import Collected

_WAYS = {
    "env": Text("environment variables"),
    "assume-role": Text("an assumed role"),
    "assume-role-with-web-identity": Text("a web identity"),
    "sso": Text("a sign-in to IAM Identity Center"),
    "login": Text("a sign-in by `aws login`"),
    "shared-credentials-file": Text("the AWS credentials file"),
    "config-file": Text("the AWS config file"),
    "custom-process": Text("its credential_process"),
    "container-role": Text("the role of this container"),
    "iam-role": Text("the role of this machine"),
}
_SOON = 1800.0
_STS_SECONDS = 4.0
_SKEW_FATAL, _SKEW_NOTABLE = 240.0, 60.0
"""Seconds: AWS refuses signatures that are five minutes off."""

_CALLER = b"Action=GetCallerIdentity&Version=2011-06-15"
_ARN = re.compile(r"<Arn>(arn:[^<\s]{1,2000})</Arn>")
_ACCOUNT = re.compile(r"<Account>(\d{12})</Account>")
_CODE = re.compile(r"<Code>(\w{1,100})</Code>")
_SHORT_TERM = "bedrock-api-key-"


def account_of(look: Look) -> Account:
    """The AWS account of the credential that is looked at."""
    upstream = look.upstream
    assert isinstance(upstream, Bedrock | SignedFormat)  # noqa: S101 - these stages are Bedrock's
    return upstream.account


def facts_of(look: Look) -> AwsFacts:
    """What is known of it, after `source`."""
    assert look.aws is not None  # noqa: S101 - `source` comes first
    return look.aws


async def source(look: Look) -> Outcome:
    """Which source of keys won, and until when they are good. Leaves behind where the credential goes."""
    wrong = _of_another_kind(look)
    if wrong is not None:
        return wrong
    account = account_of(look)
    opened = await account.open()
    aws = look.credential.aws or Aws()
    look.destination = opened.endpoints.door(aws.endpoint).destination
    look.host = look.destination.host if not look.credential.base_url else look.host
    look.aws = AwsFacts(endpoint=aws.endpoint, region=opened.endpoints.region, workspace=aws.workspace_id or "")
    if aws.model_id:
        look.model = aws.model_id
    _, keys = await account.fetch_keys(look.ask)
    if isinstance(keys, BearerKey):
        return _bearer(keys.token, look)
    if keys.way:
        return _found(keys, aws.profile)
    if keys.session_token is not None:
        return passed("entered", Text("Temporary keys were entered; they do not tell until when they are good."))
    if keys.access_key.startswith("ASIA"):
        return failed(
            "no_session_token",
            Text("The access key is a temporary one, and its session token is missing."),
            Text("Enter the session token as well; temporary keys are not valid without it."),
        )
    return passed("entered", Text("An access key that was entered; such keys do not expire."))


async def clock(look: Look) -> Outcome | None:
    """This computer's clock is right enough: signatures are good for five minutes."""
    answer = await _caller(look)
    if answer is None:
        return None
    try:
        ahead = time.time() - parsedate_to_datetime(header(answer, b"date").decode("latin-1")).timestamp()
    except (ValueError, TypeError):
        return skipped("unknown", Text("The service does not tell the time."))
    if abs(ahead) < _SKEW_NOTABLE:
        return passed("right", Text("This computer's clock agrees with AWS's."))
    count = round(abs(ahead) / 60)
    what = (
        Text("This computer's clock is {minutes} minutes ahead of AWS's.", minutes=count)
        if ahead > 0
        else Text("This computer's clock is {minutes} minutes behind AWS's.", minutes=count)
    )
    remedy = Text(
        "Let the system set its clock by itself: {how}.", how=_SET_CLOCK.get(sys.platform, _SET_CLOCK["linux"])
    )
    return failed("off", what, remedy) if abs(ahead) >= _SKEW_FATAL else warned("off_a_little", what, remedy)


async def identity(look: Look) -> Outcome | None:
    """Who AWS STS says the keys are of."""
    answer = await _caller(look)
    if answer is None:
        return (
            None
            if await _is_bearer(look)
            else skipped(
                "unreachable",
                Text("AWS STS cannot be reached, so it is not known whose keys these are. Traffic does not need it."),
            )
        )
    said = answer.body.decode("utf-8", "replace")
    arn, account, code = _ARN.search(said), _ACCOUNT.search(said), _CODE.search(said)
    if answer.status == 200 and arn is not None and account is not None:
        facts_of(look).account = account[1]
        return _caller_is(arn[1], account[1])
    match code[1] if code is not None else "":
        case "InvalidClientTokenId" | "UnrecognizedClientException":
            return UNKNOWN_KEY.outcome(None)
        case "SignatureDoesNotMatch":
            return WRONG_SECRET.outcome(None)
        case "ExpiredToken" | "ExpiredTokenException":
            return EXPIRED.outcome(None)
        case "":
            return skipped(
                "not_asked",
                Text("{host} does not answer for AWS STS, so it is not known whose keys these are.", host=look.host),
            )
        case name:
            return skipped("refused", Text("AWS STS does not tell whose keys these are: {code}.", code=name))


_SET_CLOCK: dict[str, Text | str] = {
    "linux": "`timedatectl set-ntp true`",
    "darwin": Text("System Settings, General, Date & Time, Set time and date automatically"),
    "win32": Text("Settings, Time & language, Date & time, Set time automatically"),
}


async def _is_bearer(look: Look) -> bool:
    return isinstance((await account_of(look).fetch_keys(look.ask))[1], BearerKey)


async def _caller(look: Look) -> Collected | None:
    """The answer of AWS STS, asked once; None for API keys, which it does not know, and where it cannot be reached."""
    facts, account = facts_of(look), account_of(look)
    if facts.caller_asked or await _is_bearer(look):
        return facts.caller
    facts.caller_asked = True
    endpoint = (await account.open()).endpoints.identity
    form = [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")]
    within = min(look.timeouts.connect, _STS_SECONDS)
    with suppress(ProxyCastError):  # not every network that reaches Bedrock reaches STS, and traffic does not need it
        facts.caller = await account.ask(look.ask, endpoint, "POST", "/", headers=form, body=_CALLER, within=within)
    return facts.caller


def _caller_is(arn: str, account: str) -> Outcome:
    who = arn.rpartition(":")[2]
    if who == "root":
        return warned(
            "root",
            Text("These are keys of the root user of the AWS account {account}.", account=account),
            Text("Make a user or role of its own for this: who has a root key can do anything in the account."),
        )
    return passed("known", Text("AWS knows them as {who} of the account {account}.", who=who, account=account))


def _of_another_kind(look: Look) -> Outcome | None:
    """The fault that what was entered is a key of another service, or stands in the wrong field."""
    access, bearer = look.values.get("aws_access_key"), look.values.get("aws_bearer_token")
    entered = bearer if bearer is not None else access
    vendor = None if entered is None else vendor_of(entered)
    if vendor is None or vendor == ("AWS Bedrock" if bearer is not None else "AWS"):
        return None
    if vendor in {"AWS", "AWS Bedrock"}:
        what = (
            Text("What was entered as a Bedrock API key is an AWS access key.")
            if bearer is not None
            else Text("What was entered as an AWS access key is a Bedrock API key.")
        )
        return failed("wrong_field", what, Text("Enter it in the field for that kind of key."))
    return failed(
        "of_other",
        Text("What was entered is a key of {vendor}, not of AWS.", vendor=vendor),
        Text("Enter a key of AWS, or choose the service of {vendor}.", vendor=vendor),
    )


def _found(keys: AwsKeys, profile: str | None) -> Outcome:
    way = _WAYS.get(keys.way, Text("AWS's own ways"))
    until = _moment(keys.expires) if keys.expires is not None else None
    if profile and until:
        what = Text(
            "The profile {profile} gives keys by {way}, good until {time}.", profile=profile, way=way, time=until
        )
    elif profile:
        what = Text("The profile {profile} gives keys by {way}; they do not expire.", profile=profile, way=way)
    elif until:
        what = Text("The default chain gives keys by {way}, good until {time}.", way=way, time=until)
    else:
        what = Text("The default chain gives keys by {way}; they do not expire.", way=way)
    return passed("found", what)


def _bearer(token: Secret, look: Look) -> Outcome:
    """A Bedrock API key. Short-term ones hold a signed URL, which tells their region and their end."""
    region, ends = _read_short_term(token.reveal())
    here = facts_of(look).region
    if region and region != here:
        look.offers.append(Offer(field="region", value=region, sentence=Text("Use the region {region}", region=region)))
        return failed(
            "other_region",
            Text("This Bedrock API key is for {region}, and the credential for {here}.", region=region, here=here),
            Text("Set the region to {region}, or make a key in {here}.", region=region, here=here),
        )
    if ends is None:
        return passed("api_key", Text("A Bedrock API key that was entered."))
    if ends <= time.time():
        return failed(
            "expired",
            Text("This short-term Bedrock API key expired at {time}.", time=_moment(ends)),
            Text("Make a new one in the Bedrock console, or use a profile, which renews itself."),
        )
    what = Text("A short-term Bedrock API key, good until {time} at most.", time=_moment(ends))
    if ends - time.time() < _SOON:
        return warned("ends_soon", what, Text("Make a new one in time, or use a profile, which renews itself."))
    return passed("api_key", what)


def _read_short_term(token: str) -> tuple[str, float | None]:
    """The region of a short-term key and its end in seconds since the epoch; empty and None if it does not tell."""
    if not token.startswith(_SHORT_TERM):
        return "", None
    try:
        url = base64.b64decode(token.removeprefix(_SHORT_TERM) + "==", validate=False).decode("ascii")
        query = {name.lower(): values[0] for name, values in parse_qs(url.partition("?")[2]).items()}
        scope = unquote(query["x-amz-credential"]).split("/")
        began = datetime.strptime(query["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        return scope[2], began + float(query["x-amz-expires"])
    except (binascii.Error, ValueError, KeyError, IndexError):
        return "", None


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
