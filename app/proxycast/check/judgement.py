"""What it means that an answer is not the one that was asked for, and what to do: the troubleshooting table."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from proxycast.check.bedrock_refusals import Refusal, refusal
from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed
from proxycast.check.said import Form, Said, header, read
from proxycast.model.credential import Kind
from proxycast.model.text import Text
from proxycast.model.vendors import vendor_of
from proxycast.proxy.wire import REDIRECTS
from proxycast.upstream.reply import Collected

_MONEY = re.compile(
    r"credit|billing|balance|insufficient|quota|payment|arrears|spend|余额|欠费|充值|额度|资源包", re.IGNORECASE
)
_MODEL = re.compile(r"\bmodels?\b|模型|no such deployment", re.IGNORECASE)
_PLACE = re.compile(r"\bcountry\b|\bregion\b|location|territory|request not allowed|地区|区域", re.IGNORECASE)
_EXPIRED = re.compile(r"expire|过期", re.IGNORECASE)
_OFF = re.compile(r"disabled|revoked|deactivated|suspended|banned|blocked|禁用|封禁|停用|失效", re.IGNORECASE)
_VERSION = re.compile(r"anthropic-version", re.IGNORECASE)
_LIMITS = ("requests", "input-tokens", "output-tokens", "tokens")
_MINUTE = 60


def explain(answer: Collected, look: Look) -> Outcome:
    """What an answer means that is no success, or does not look like one of the Messages API."""
    said = read(answer)
    words = look.presentable(said.message)
    if said.status in REDIRECTS:
        return _redirect(answer, look)
    refused = _by_aws(said, look)
    if refused is not None:
        return refused.outcome(words)
    if said.form is not Form.ERROR and said.status < 500:
        found = _no_api(said, look)
    else:
        found = _BY_STATUS.get(said.status, _odd)(said, look, answer)
    return Outcome(state=found.state, key=found.key, evidence=found.evidence, remedy=found.remedy, said=words)


def _by_aws(said: Said, look: Look) -> Refusal | None:
    """What AWS means, where it is AWS; leaves a policy behind that would help."""
    facts = look.aws
    found = None if facts is None else refusal(said.message, model=look.model, region=facts.region)
    if facts is not None and found is not None and found.grantable:
        look.policy = facts.policy(found.action)
    return found


def is_no_api(answer: Collected) -> bool:
    """Whether this is what a place answers where there is no Messages API."""
    said = read(answer)
    if said.status in {404, 405, 501}:
        return said.form is not Form.ERROR or not _MODEL.search(said.message)
    if said.status in {200, 400, 422}:
        return said.form in {Form.PAGE, Form.EMPTY, Form.OTHER} or (said.status == 200 and said.form is Form.JSON)
    return False


def refuses_key(answer: Collected) -> bool:
    """Whether it is about the key, or about who may do what."""
    return answer.status in {401, 403}


def accepts_key(answer: Collected) -> bool:
    """Whether only the message itself was refused, an empty one, or its model: the key was not."""
    said = read(answer)
    if said.status in {400, 404, 405, 422}:
        return not is_no_api(answer) and not _MONEY.search(said.words) and not _VERSION.search(said.message)
    return said.status == 200 and said.form is Form.MESSAGE


def _no_api(said: Said, look: Look) -> Outcome:
    host = look.host
    if said.status == 401:
        return _wrong_key(said, look, None)
    if said.status == 402:
        return _no_money(said, look, None)
    if said.status == 403:
        return failed(
            "firewall",
            Text("Something before {host}, such as a firewall or bot protection, refuses this.", host=host),
            Text("Check the base URL; try another network or proxy."),
        )
    if said.status == 429:
        return failed("limit", Text("{host} limits how often it is asked.", host=host), Text("Wait, then try again."))
    if said.form is Form.PAGE and said.status == 200:
        return failed(
            "page",
            Text(
                "A web page answers instead of {host}: a network's sign-in page, or the service's website.", host=host
            ),
            Text("Open a browser and sign in to the network; if that is not it, correct the base URL."),
        )
    return failed(
        "no_api",
        Text(
            "What answers at {url} is not the Messages API (HTTP {status}).",
            url=look.credential.base_url or host,
            status=said.status,
        ),
        Text("Correct the base URL: the service's documentation on Claude Code or the Anthropic SDK names it."),
    )


def _redirect(answer: Collected, look: Look) -> Outcome:
    location = header(answer, b"location").decode("latin-1")
    target = urlsplit(location)
    here = urlsplit(look.credential.base_url)
    host = target.hostname or look.host
    if target.scheme == "https" and here.scheme == "http" and target.hostname == here.hostname:
        return failed(
            "redirect_https",
            Text("{host} wants to be asked over https.", host=host),
            Text("Begin the base URL with https://."),
        )
    if re.search(r"log-?in|sign-?in|auth|sso|portal|captive", location, re.IGNORECASE):
        return failed(
            "redirect_login",
            Text("{host} asks for a sign-in in a browser instead of answering.", host=host),
            Text("Sign in to the network or VPN; if that is not it, correct the base URL."),
        )
    return failed(
        "redirect",
        Text("{here} sends requests on to {host}; a key is never sent after a redirect.", here=look.host, host=host),
        Text("If that is where the service is now, make it the base URL."),
    )


def _refused(said: Said, look: Look, answer: Collected) -> Outcome:
    if _MONEY.search(said.words):
        return _no_money(said, look, answer)
    if _VERSION.search(said.message):
        return failed(
            "version",
            Text("The service does not take the API version {version}.", version=look.credential.api_version),
            Text("Set another API version in the credential's advanced settings, 2023-06-01 say."),
        )
    if _MODEL.search(said.message):
        return _no_model(said, look, answer)
    return failed(
        "refused",
        Text("The service refuses the request itself (HTTP {status}).", status=said.status),
        Text("Try another model; custom headers of the credential may be the reason too."),
    )


def _wrong_key(said: Said, look: Look, _: Collected | None) -> Outcome:
    host = look.host
    if _MONEY.search(said.message):
        return _no_money(said, look, None)
    if _EXPIRED.search(said.message):
        return failed(
            "key_expired",
            Text("{host} says that the key has expired.", host=host),
            Text("Make a new key and enter it."),
        )
    if _OFF.search(said.message):
        return failed(
            "key_disabled",
            Text("{host} says that the key or its account is disabled.", host=host),
            Text("Look at the account in the service's console, or make a new key."),
        )
    vendor = next((found for one in look.values.values() if (found := vendor_of(one)) is not None), None)
    expected = "Anthropic" if look.credential.kind is Kind.ANTHROPIC else None
    if vendor is not None and vendor != expected and vendor.lower() not in host:
        return failed(
            "key_of_other",
            Text("{host} does not accept the key, which looks like one of {vendor}.", host=host, vendor=vendor),
            Text("Enter a key of this service, or choose the service that the key is of."),
        )
    return failed(
        "key",
        Text("{host} does not accept the key.", host=host),
        Text("Check that it is copied whole, is of this service and account, and was not deleted; or make a new one."),
    )


def _no_money(_: Said, look: Look, __: Collected | None) -> Outcome:
    return failed(
        "billing",
        Text("The account of this key has no credit left, or cannot be billed."),
        Text("Look at the billing page of {host}'s console, and top it up.", host=look.host),
    )


def _forbidden(said: Said, look: Look, answer: Collected) -> Outcome:
    if _MONEY.search(said.words):
        return _no_money(said, look, answer)
    if _EXPIRED.search(said.message) or _OFF.search(said.message):
        return _wrong_key(said, look, answer)
    if _MODEL.search(said.message):
        return failed(
            "model_access",
            Text("The account of this key may not use {model}.", model=look.model),
            Text("Request access to it in the service's console, or choose another model."),
        )
    if _PLACE.search(said.message):
        return failed(
            "place",
            Text("{host} does not serve the place that the request comes from.", host=look.host),
            Text("Use a network or a proxy in a supported country, or another service."),
        )
    return failed(
        "forbidden",
        Text("{host} knows the key, but does not permit this.", host=look.host),
        Text("Check the key's permissions and its workspace in the service's console."),
    )


def _no_model(_: Said, look: Look, __: Collected | None) -> Outcome:
    model = look.model
    successor = look.catalogue.successor(model)
    known = look.catalogue.find(model)
    if known is not None and known.is_retired(datetime.now(UTC).date()) and successor is not None:
        return failed(
            "model_retired",
            Text("{model} is retired.", model=model),
            Text("Use {successor} in its place.", successor=successor.id),
        )
    return failed(
        "model",
        Text("The service does not have the model {model}, or not for this key.", model=model),
        Text("Choose another model; the service's documentation lists them."),
    )


def _not_found(said: Said, look: Look, answer: Collected) -> Outcome:
    return _no_model(said, look, answer) if _MODEL.search(said.message) else _no_api(said, look)


def _limit(said: Said, look: Look, answer: Collected) -> Outcome:
    if _MONEY.search(said.message) and not header(answer, b"retry-after"):
        return failed(
            "spend_limit",
            Text("A limit on spending or on the plan's quota is reached."),
            Text("Raise it in the console of {host}, or wait for the next period.", host=look.host),
        )
    name, seconds = _which_limit(answer)
    if seconds is not None:
        look.retry_at = time.time() + seconds
    which = _LIMIT_NAMES.get(name)
    if which is not None and seconds is not None:
        what = Text("{limit} is reached; it resets in {time}.", limit=which, time=duration(seconds))
    elif seconds is not None:
        what = Text("A rate limit is reached; it resets in {time}.", time=duration(seconds))
    elif which is not None:
        what = Text("{limit} is reached.", limit=which)
    else:
        what = Text("A rate limit is reached.")
    return failed("limit", what, Text("Wait until then and try again; ask for a higher limit if it comes often."))


_LIMIT_NAMES = {
    "requests": Text("The limit on requests per minute"),
    "input-tokens": Text("The limit on input tokens per minute"),
    "output-tokens": Text("The limit on output tokens per minute"),
    "tokens": Text("The limit on tokens per minute"),
}


def _which_limit(answer: Collected) -> tuple[str, float | None]:
    """The limit that is used up, by the headers, and the seconds until it resets."""
    name = next((one for one in _LIMITS if header(answer, f"anthropic-ratelimit-{one}-remaining".encode()) == b"0"), "")
    after = header(answer, b"retry-after").decode("latin-1")
    if re.fullmatch(r"\d{1,7}(\.\d+)?", after):
        return name, float(after)
    reset = header(answer, f"anthropic-ratelimit-{name}-reset".encode()).decode("latin-1") if name else ""
    try:
        at = datetime.fromisoformat(reset)
    except ValueError:
        return name, None
    return name, max(0.0, at.timestamp() - time.time()) if at.tzinfo is not None else None


def duration(seconds: float) -> Text:
    """About how long that is."""
    if seconds < 2 * _MINUTE:
        return Text("{count} s", count=max(1, round(seconds)))
    if seconds < 120 * _MINUTE:
        return Text("{count} min", count=round(seconds / _MINUTE))
    return Text("{count} h", count=round(seconds / 3600))


def _overloaded(_: Said, look: Look, __: Collected) -> Outcome:
    return failed(
        "overloaded", Text("{host} is overloaded at the moment.", host=look.host), Text("Try again in a few minutes.")
    )


def _fault(said: Said, look: Look, _: Collected) -> Outcome:
    return failed(
        "fault",
        Text("{host} has a problem of its own (HTTP {status}).", host=look.host, status=said.status),
        Text("Try again later; the service's status page may know more."),
    )


def _success(said: Said, look: Look, answer: Collected) -> Outcome:
    """A status of success around something else."""
    if said.form is Form.ERROR:
        if _MONEY.search(said.words):
            return _no_money(said, look, answer)
        return failed(
            "error_in_success",
            Text("The service reports an error, although with the status of a success."),
            Text("What it says is below; clients will not notice such errors."),
        )
    return _no_api(said, look)


def _too_long(_: Said, look: Look, __: Collected) -> Outcome:
    return failed(
        "timeout",
        Text("{host} gave up waiting for its own model.", host=look.host),
        Text("Try again later, or another model."),
    )


def _odd(said: Said, look: Look, answer: Collected) -> Outcome:
    if said.status >= 500:
        return _fault(said, look, answer)
    if said.status < 400:
        return _success(said, look, answer)
    return failed(
        "refused",
        Text("The service refuses the request itself (HTTP {status}).", status=said.status),
        Text("Try another model; custom headers of the credential may be the reason too."),
    )


_BY_STATUS = {
    200: _success,
    400: _refused,
    401: _wrong_key,
    402: _no_money,
    403: _forbidden,
    404: _not_found,
    405: _not_found,
    408: _too_long,
    422: _refused,
    429: _limit,
    503: _overloaded,
    504: _too_long,
    529: _overloaded,
}
