"""What an exchange that failed means, and what to do about it.

The journal keeps no text of an error, for it may quote a prompt: the meaning is told from its code and its status.
"""

from __future__ import annotations

import msgspec

from proxycast.model.errors import KeyringError, VaultError, codes_of
from proxycast.model.exchange import Exchange
from proxycast.model.text import Text
from proxycast.proxy import answers


class Meaning(msgspec.Struct, frozen=True):
    """What happened and what it means, and what to do; no remedy if there is nothing to do."""

    what: Text
    remedy: Text | None = None


_OURS = (
    answers.BAD_REQUEST,
    answers.BAD_TARGET,
    answers.BAD_METHOD,
    answers.BAD_HEADER,
    answers.BAD_LENGTH,
    answers.HEAD_TOO_LARGE,
    answers.BODY_TOO_LARGE,
    answers.TOO_SLOW,
    answers.TOO_MANY,
    answers.NO_TOKEN,
    answers.WRONG_TOKEN,
    answers.NOT_JSON,
    answers.FAILED,
    answers.STOPPING,
)

_KEY_REFUSED = Meaning(
    Text("The service did not accept the key."),
    Text("Check the credential. If the key was revoked or replaced, enter the new one."),
)
_MAY_NOT = Meaning(
    Text("The key is good, but its account may not do this: use this model, this region or this function."),
    Text("Ask whoever manages the account, or choose another model or credential."),
)
_PAY = Meaning(
    Text("The service wants money: no credit is left, or the account cannot be billed."),
    Text("Top up the account in the service's console, or use another credential until then."),
)
_TOO_MUCH = Meaning(
    Text("The account has used up its limit of requests or tokens for now."),
    Text("Wait a moment; clients usually try again by themselves. Use another credential if it stays so."),
)
_OVERLOADED = Meaning(
    Text("The service is overloaded and takes no further requests at the moment."),
    Text("Try again in a moment, or use another credential."),
)
_WRONG_REQUEST = Meaning(
    Text("The service does not understand the request: a parameter, the model or the length of the prompt is wrong."),
    Text("The client shows the service's own message. Often its version and the model do not fit each other."),
)
_NOT_FOUND = Meaning(
    Text("The service does not know this path or this model."),
    Text("Check the name of the model and the credential's base URL."),
)
_TOO_LARGE = Meaning(
    Text("The request is larger than the service takes."), Text("Shorten the conversation, or attach smaller files.")
)
_BROKEN = Meaning(
    Text("The service failed by itself."), Text("Try again. If it stays so, look at the status page of the service.")
)
_LATE = Meaning(Text("The service did not answer in time."), Text("Try again, or raise the timeout of the credential."))
_KEYRING = Meaning(
    Text("The keyring did not give out the key, so nothing was sent."),
    Text("Unlock the keyring of your system, and send the request again."),
)
_VAULT = Meaning(
    Text("The vault did not give out the key, so nothing was sent."),
    Text("Unlock the vault with its passphrase, and send the request again."),
)

_BY_CODE: dict[str, Meaning] = {
    **{one.code: Meaning(one.what) for one in _OURS},
    **dict.fromkeys(codes_of(KeyringError), _KEYRING),
    **dict.fromkeys(codes_of(VaultError), _VAULT),
    "client_gone": Meaning(
        Text("The client hung up before the answer was complete, as when somebody cancels it."),
        Text("There is nothing to do, unless a client gives up too soon: then raise its own timeout."),
    ),
    "foreign": Meaning(
        Text("The request came from a web page or under another host name, so it was refused."),
        Text("If it was yours, use the address at the top of this window."),
    ),
    "not_served": Meaning(
        Text("The service of this credential has no such path or model."),
        Text("Check the name of the model, and that the client's base URL is the address at the top of this window."),
    ),
    "unknown_credential": Meaning(
        Text("The address names a credential that does not exist."),
        Text("Copy the address anew from the menu of the credential."),
    ),
    "nothing_selected": Meaning(
        Text("No credential was selected, so nothing was sent."), Text("Select one in the credential pool.")
    ),
    "credential_disabled": Meaning(
        Text("The credential was disabled, so nothing was sent."), Text("Enable it, or select another one.")
    ),
    "secret_missing": Meaning(
        Text("The credential has no key, so nothing was sent."), Text("Edit the credential to enter the key.")
    ),
    "destination_changed": Meaning(
        Text("The credential now names another destination than the one its key was stored for. Nothing was sent."),
        Text("If you changed it, confirm it in the menu of the credential."),
    ),
    "sign_in_needed": Meaning(
        Text("The sign-in that this credential builds on has expired."),
        Text("Check the credential: the result names the command to sign in again."),
    ),
    "aws_refused": Meaning(
        Text("The AWS configuration that this credential names gives no keys or no region."),
        Text("Check the credential: the result says what is missing."),
    ),
    "cannot_connect": Meaning(
        Text("No connection to the service could be made."),
        Text("Check the network, the base URL and the upstream proxy; a check of the credential tells which it is."),
    ),
    "connection_lost": Meaning(
        Text("The service closed the connection before its answer was complete."),
        Text("Try again; a check of the credential tells whether it keeps doing so."),
    ),
    "no_answer_in_time": _LATE,
    "redirected": Meaning(
        Text("The service redirects to another address, and a key is never sent there."),
        Text("If that is where the service is now, change the credential's base URL."),
    ),
    "authentication_error": _KEY_REFUSED,
    "permission_error": _MAY_NOT,
    "billing_error": _PAY,
    "rate_limit_error": _TOO_MUCH,
    "overloaded_error": _OVERLOADED,
    "invalid_request_error": _WRONG_REQUEST,
    "not_found_error": _NOT_FOUND,
    "request_too_large": _TOO_LARGE,
    "too_large": _TOO_LARGE,
    "timeout_error": _LATE,
    "api_error": _BROKEN,
}
_BY_STATUS = {
    400: _WRONG_REQUEST,
    401: _KEY_REFUSED,
    402: _PAY,
    403: _MAY_NOT,
    404: _NOT_FOUND,
    408: _LATE,
    413: _TOO_LARGE,
    422: _WRONG_REQUEST,
    429: _TOO_MUCH,
    503: _OVERLOADED,
    504: _LATE,
    529: _OVERLOADED,
}


def meaning_of(exchange: Exchange) -> Meaning | None:
    """What its failure means; None if it did not fail."""
    error, status = exchange.error, exchange.status
    if error is None and status < 400:
        return None
    if error in _BY_CODE:
        return _BY_CODE[error]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:
        return Meaning(Text("The service refused the request (HTTP {status}).", status=status), _WRONG_REQUEST.remedy)
    return _BROKEN
