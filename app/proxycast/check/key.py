"""What is stored, and whether the service takes the key: and by which header, and at which path."""

from __future__ import annotations

import secrets

import msgspec

from proxycast.check.certificate import http2_only, speaks_http2_only
from proxycast.check.judgement import accepts_key, explain, is_no_api, refuses_key
from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, passed, warned
from proxycast.check.report import Offer
from proxycast.model.credential import Auth, Kind
from proxycast.model.errors import ConnectionLost, ProxyCastError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.model.url import is_loopback
from proxycast.model.vendors import foreign_vendor
from proxycast.upstream.anthropic import AnthropicFormat
from proxycast.upstream.reply import Collected
from proxycast.upstream.request import Upstream

_PATHS = ("", "/anthropic", "/api/anthropic", "/apps/anthropic", "/api", "/claude", "/api/claude", "/anthropic/api")
"""Where compatible services have the Messages API on their host, in the order to look."""

_HEADER_NAMES = {Auth.X_API_KEY: "x-api-key", Auth.BEARER: "Authorization: Bearer"}


async def configuration(look: Look) -> Outcome:
    """The credential says where to go; whether traffic may use it."""
    credential = look.credential
    if not credential.enabled:
        return passed("disabled", Text("{name} is disabled: no traffic uses it.", name=credential.name))
    if credential.kind is Kind.BEDROCK:
        return passed("valid", Text("AWS Bedrock is set up."))
    return passed("valid", Text("Requests go to {url}.", url=credential.base_url))


async def secret(look: Look) -> Outcome:
    """The secrets are there, can be read, and can be sent."""
    look.values = await look.fetch_secrets()
    look.upstream = look.make(look.credential, look.values)
    if isinstance(look.upstream, AnthropicFormat):
        look.destination = look.upstream.destination
    key = look.values.get("api_key")
    vendor = None if key is None else foreign_vendor(key)
    if vendor is not None and look.credential.kind is Kind.ANTHROPIC:
        return failed(
            "of_other",
            Text("The key is one of {vendor}, not of Anthropic.", vendor=vendor),
            Text(
                "Enter a key of Anthropic's, which starts with sk-ant-; or choose the service of {vendor}.",
                vendor=vendor,
            ),
        )
    return passed("readable", Text("The key is there and can be sent."))


async def authentication(look: Look) -> Outcome:
    """The service takes the key.

    It is asked with a message that has no content, which costs nothing: who refuses only that has taken the key.
    """
    try:
        answer = await _ask_nothing(look)
    except ConnectionLost:
        if await speaks_http2_only(look):
            return http2_only(look)
        raise
    if is_no_api(answer):
        return await _elsewhere(look) or explain(answer, look)
    if refuses_key(answer):
        return await _other_header(look) or explain(answer, look)
    if not accepts_key(answer):
        return explain(answer, look)
    if look.credential.kind is Kind.COMPATIBLE and not await _tells_keys_apart(look):
        if is_loopback(look.destination.host):
            return passed("open", Text("{host} answers, and asks for no key.", host=look.host))
        return warned(
            "any_key",
            Text(
                "{host} also answers a key that is certainly wrong, so this does not show that yours is right.",
                host=look.host,
            ),
            Text("Only a real message can tell: let the test send one."),
        )
    return passed("accepted", Text("{host} accepts the key.", host=look.host))


async def auth_header(look: Look) -> Outcome | None:
    """Which header carries the key."""
    credential = look.credential
    if credential.kind is not Kind.COMPATIBLE or not look.values:
        return None
    works = [auth for auth in _HEADER_NAMES if accepts_key(await _ask_nothing(look, _with_header(look, auth)))]
    if len(works) == len(_HEADER_NAMES):
        return passed("either", Text("The key is taken as x-api-key and as Authorization: Bearer."))
    if not works:  # the credential's own header may be one that the user added
        return None
    (only,) = works
    if credential.auth is Auth.AUTO:
        look.offers.append(_offer(only))
    return passed(
        f"only_{only.replace('-', '_')}", Text("The key is taken as {header} only.", header=_HEADER_NAMES[only])
    )


async def _ask_nothing(look: Look, upstream: Upstream | None = None) -> Collected:
    body = {"model": look.model, "max_tokens": 1, "messages": []}
    return await look.question(b"POST", b"/v1/messages", body, upstream=upstream)


def _with_header(look: Look, auth: Auth) -> Upstream:
    return look.other(msgspec.structs.replace(look.credential, auth=auth))


async def _other_header(look: Look) -> Outcome | None:
    """The fault that the key goes by the wrong header, if it is that."""
    upstream = look.upstream
    if look.credential.kind is not Kind.COMPATIBLE or not isinstance(upstream, AnthropicFormat):
        return None
    other = Auth.X_API_KEY if upstream.auth is Auth.BEARER else Auth.BEARER
    try:
        answer = await _ask_nothing(look, _with_header(look, other))
    except ProxyCastError:
        return None
    if not accepts_key(answer):
        return None
    look.offers.append(_offer(other))
    return failed(
        "other_header",
        Text("The service takes the key as {header}, and it is sent in another way.", header=_HEADER_NAMES[other]),
        Text("Set how the key is sent to {header}.", header=_HEADER_NAMES[other]),
    )


def _offer(auth: Auth) -> Offer:
    return Offer(field="auth", value=str(auth), sentence=Text("Send the key as {header}", header=_HEADER_NAMES[auth]))


async def _elsewhere(look: Look) -> Outcome | None:
    """The fault that the base URL has the wrong path, if the Messages API answers at another one."""
    credential = look.credential
    if credential.kind is Kind.BEDROCK:
        return None
    scheme, _, rest = credential.base_url.partition("://")
    host, slash, path = rest.partition("/")
    shorter = ["/" + "/".join(path.split("/")[:count]) for count in range(path.count("/"), 0, -1)]
    for candidate in dict.fromkeys([*shorter, *_PATHS, f"{slash}{path}/anthropic"]):
        url = f"{scheme}://{host}{candidate}"
        if url == credential.base_url:
            continue
        try:
            answer = await _ask_nothing(look, look.other(msgspec.structs.replace(credential, base_url=url)))
        except ProxyCastError:
            return None
        if accepts_key(answer) or (answer.status == 401 and not is_no_api(answer)):
            look.offers.append(Offer(field="base_url", value=url, sentence=Text("Use {url}", url=url)))
            return failed(
                "wrong_path",
                Text("The Messages API is not at {url}, but at {right}.", url=credential.base_url, right=url),
                Text("Change the base URL to {right}.", right=url),
            )
    return None


async def _tells_keys_apart(look: Look) -> bool:
    """Whether a key that is certainly wrong is refused somewhere; some services judge a message before the key."""
    upstream = look.other(look.credential, {"api_key": Secret(f"sk-proxycast-check-{secrets.token_hex(16)}")})
    body = {"model": look.model, "messages": [{"role": "user", "content": "Hi"}]}
    try:
        return (
            refuses_key(await _ask_nothing(look, upstream))
            or refuses_key(await look.question(b"GET", b"/v1/models", query=b"limit=1000", upstream=upstream))
            or refuses_key(await look.question(b"POST", b"/v1/messages/count_tokens", body, upstream=upstream))
        )
    except ProxyCastError:
        return True  # who hangs up on a wrong key tells it from a right one
