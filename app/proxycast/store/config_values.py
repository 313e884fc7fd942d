"""The single values of a configuration: each read from the text that stands in the file or was typed.

Every function raises InputError for what cannot be used, and none shows a secret or the value of a header.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec

from proxycast.model.credential import Environment, Keyring, Literal, SecretSource
from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text

CREDENTIAL_TYPE = "claude-custom"
"""The type of every credential, and the key of the defaults for all of them."""

_Choice = TypeVar("_Choice", bound=StrEnum)
_Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
_Count = Annotated[int, msgspec.Meta(ge=1)]

_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERSION = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^`|~-]+")
_PROXY_SCHEMES = frozenset({"http", "socks5", "socks5h"})

_SET_BY_PROXY = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_CREDENTIAL_HEADERS = frozenset({"api-key", "authorization", "cookie", "x-api-key"})
_CREDENTIAL_PREFIXES = ("proxy-", "x-amz-", "x-goog-")


def read_type(text: str) -> str:
    """The type of a credential; there is one."""
    if text != CREDENTIAL_TYPE:
        raise InputError(
            Text("ProxyCast knows no credentials of type {found}.", found=_shown(text)),
            Text("Allowed: {names}.", names=CREDENTIAL_TYPE),
        )
    return text


def read_choice(kind: type[_Choice]) -> Callable[[str], _Choice]:
    """Reads one of the words of `kind`."""

    def read(text: str) -> _Choice:
        try:
            return kind(text)
        except ValueError:
            remedy = Text("Allowed: {names}.", names=", ".join(kind))
            raise InputError(Text("{found} cannot be used here.", found=_shown(text)), remedy) from None

    return read


def read_flag(text: str) -> bool:
    """A truth value."""
    try:
        return msgspec.convert(text, bool, strict=False)
    except msgspec.ValidationError:
        raise InputError(
            Text("{found} is neither true nor false.", found=_shown(text)),
            Text("Allowed: {names}.", names="true, false"),
        ) from None


def read_port(text: str) -> int:
    """A port to listen on; 0 picks a free one."""
    try:
        return msgspec.convert(text, _Port, strict=False)
    except msgspec.ValidationError:
        raise InputError(
            Text("{found} is not a port.", found=_shown(text)),
            Text("Write a number from 0 to 65535; 0 picks a free one."),
        ) from None


def read_revision(text: str) -> int:
    """How often the secrets of a credential were entered, from 1."""
    try:
        return msgspec.convert(text, _Count, strict=False)
    except msgspec.ValidationError:
        raise InputError(
            Text("{found} is not a revision.", found=_shown(text)), Text("Write a whole number from 1 on.")
        ) from None


def read_host(text: str) -> str:
    """An address to listen on."""
    try:
        return "localhost" if text.lower() == "localhost" else str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        raise InputError(
            Text("{found} is not an address of this machine.", found=_shown(text)),
            Text("Write 127.0.0.1, another IP address, or localhost."),
        ) from None


def read_proxy(text: str) -> str:
    """`system`, `none`, or the URL of a proxy. It may hold a password, so messages do not show it."""
    if text.lower() in {"system", "none"}:
        return text.lower()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in _PROXY_SCHEMES and bool(parts.hostname) and bool(parts.port)
        bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    except ValueError:
        usable = bare = False
    if not (usable and bare and text.isascii() and text.isprintable() and " " not in text):
        raise InputError(
            Text("This is not a proxy that ProxyCast can use."),
            Text("Write system, none, http://host:port, socks5://host:port or socks5h://host:port."),
        )
    return f"{parts.scheme}://{parts.netloc}"


def read_identity(text: str) -> str:
    """The id of a credential, under which the keyring holds its secrets."""
    if not _IDENTITY.fullmatch(text):
        raise InputError(
            Text("{found} is not an id.", found=_shown(text)), Text("Write up to 64 letters, digits, - and _.")
        )
    return text


def read_version(text: str) -> str:
    """A value of the header `anthropic-version`."""
    if not _VERSION.fullmatch(text):
        raise InputError(Text("{found} is not an API version.", found=_shown(text)), Text("It looks like 2023-06-01."))
    return text


def read_text(text: str) -> str:
    """Text in one line, without control characters."""
    if not text.isprintable() or not text.strip():
        raise InputError(Text("This is empty or has a control character."))
    return text


def read_header_name(text: str) -> str:
    """The name of a header that is sent to the service beside ProxyCast's own (RFC 9110, section 5.1)."""
    lower = text.lower()
    if "_" in text or not _TOKEN.fullmatch(text):
        raise InputError(
            Text("{found} is not the name of a header.", found=_shown(text)),
            Text("Write letters, digits and -; services do not tell _ from -."),
        )
    if lower in _SET_BY_PROXY:
        raise InputError(Text("ProxyCast sets the header {name} itself.", name=text), Text("Leave it out."))
    if lower in _CREDENTIAL_HEADERS or lower.startswith(_CREDENTIAL_PREFIXES):
        raise InputError(
            Text("The header {name} would carry a credential that is not in the keyring.", name=text),
            Text("Put the key into api_key, and choose its header with auth."),
        )
    return text


def read_header_value(text: str) -> str:
    """The value of a header, trimmed; it may be empty."""
    value = text.strip()
    if not (value.isascii() and value.replace("\t", " ").isprintable()):
        raise InputError(Text("The header's value has a line break, a control character or one outside ASCII."))
    return value


def read_secret(text: str) -> Secret:
    """A key or token, trimmed. Messages do not show it."""
    value = text.strip()
    if not value:
        raise InputError(
            Text("The key is empty."), Text("Leave the line out if there is no key, or enter it in ProxyCast.")
        )
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise InputError(
            Text("The key has a space, a line break, a control character or one outside ASCII."),
            Text("Copy it again, without quotes around it or text beside it."),
        )
    return Secret(value)


def read_secret_source(text: str) -> SecretSource:
    """Where a secret is: `keyring`, `${VARIABLE}`, or the text itself."""
    value = text.strip()
    if value == "keyring":
        return Keyring()
    if value.startswith("${"):
        variable = _ENVIRONMENT.fullmatch(value)
        if variable is None:
            raise InputError(
                Text("This names no environment variable."),
                Text("Write ${{NAME}} with letters, digits and _, and nothing around it."),
            )
        return Environment(variable[1])
    return Literal(read_secret(value))


def unknown(found: str, known: Iterable[str]) -> InputError:
    """The error for a key that is not known here: it names the nearest known one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(found.lower(), names, n=1)
    remedy = Text("Did you mean {name}?", name=near[0]) if near else Text("Allowed: {names}.", names=", ".join(names))
    return InputError(Text("There is no setting {found} here.", found=_shown(found)), remedy)


def _shown(text: str) -> str:
    """A found text as messages show it: quoted and not too long."""
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
