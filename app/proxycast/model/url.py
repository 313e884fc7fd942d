"""Base URLs: what people paste, made into one form, and where a key may be sent."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from proxycast.model.errors import InputError
from proxycast.model.text import Text

_ENDPOINT_TAIL = re.compile(r"(?:/v1)?(?:/messages(?:/count_tokens)?|/models)?/*$")
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$&'()*+,=:@-]+")
_HOST_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
"""A last label that resolvers read as part of an IPv4 address (WHATWG URL, "ends in a number")."""

_METADATA_HOSTS = frozenset({"metadata.google.internal", "metadata.goog", "instance-data", "metadata"})
_METADATA_ADDRESSES = frozenset(
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def normalise_base_url(pasted: str, *, allow_http: bool = False) -> str:
    """The base URL in its one form: scheme, lower-case host, port unless it is the default, path without a final slash.

    People paste base URLs with and without a trailing slash, with `/v1`, with `/v1/messages`: all mean the same, and a
    missing scheme means https. `http` is for loopback; for private addresses (or names) it needs `allow_http`; a public
    address never gets it. Raises InputError for what is no base URL, and for link-local and metadata addresses.
    """
    text = pasted.strip()
    if not text:
        raise InputError(
            Text("The base URL is empty."), Text("Leave it out to use {url}.", url="https://api.anthropic.com")
        )
    if not text.isascii() or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in text):
        raise InputError(
            Text("The base URL has a space or a character outside ASCII."),
            Text("Write names in other alphabets in their xn-- form."),
        )
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise InputError(
            Text("The base URL cannot be read as a URL."), Text("It looks like https://host or https://host/path.")
        ) from None
    _refuse_extras(parts)
    host = _check_host(host)
    scheme = parts.scheme.lower()
    _check_scheme(scheme, host, allow_http=allow_http)
    netloc = f"[{host}]" if ":" in host else host
    if port == 0:
        raise InputError(Text("The base URL names port 0."))
    if port is not None and port != {"https": 443, "http": 80}[scheme]:
        netloc = f"{netloc}:{port}"
    path = _ENDPOINT_TAIL.sub("", parts.path)
    for segment in path.split("/")[1:]:
        if segment in {".", ".."} or not _SEGMENT.fullmatch(segment):
            raise InputError(Text("The base URL's path has a part that cannot be used: {part}.", part=repr(segment)))
    return f"{scheme}://{netloc}{path}"


def origin(url: str) -> str:
    """Scheme, host and port of a normalised URL: what a stored secret is bound to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def as_address(host: str) -> Address | None:
    """The IP address that `host` spells, or None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether the host of a URL is this machine by its very name."""
    address = as_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def forbidden_address(address: Address) -> bool:
    """Whether no credential may ever be sent there: link-local, metadata, multicast, unspecified."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return forbidden_address(inner)
    return address in _METADATA_ADDRESSES or address.is_link_local or address.is_multicast or address.is_unspecified


def _refuse_extras(parts: SplitResult) -> None:
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise InputError(Text("The base URL holds a user name or password."), Text("Put the key into the key field."))
    if parts.query or parts.fragment:
        raise InputError(Text("The base URL has a query or a fragment (? or #)."), Text("Leave it out."))
    if parts.netloc.endswith(":"):
        raise InputError(Text("The base URL has a colon without a port."))


def _check_host(host: str) -> str:
    if not host:
        raise InputError(Text("The base URL has no host."), Text("It looks like https://host or https://host/path."))
    address = as_address(host)
    if address is not None:
        if forbidden_address(address):
            raise InputError(Text("{host} is a link-local or metadata address; keys are never sent there.", host=host))
        return str(address)
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in labels) or _NUMBER.fullmatch(labels[-1]):
        raise InputError(Text("{host} is not a host name.", host=repr(host)))
    if host in _METADATA_HOSTS:
        raise InputError(Text("{host} is a link-local or metadata address; keys are never sent there.", host=host))
    return host


def _check_scheme(scheme: str, host: str, *, allow_http: bool) -> None:
    if scheme == "https" or (scheme == "http" and is_loopback(host)):
        return
    if scheme != "http":
        raise InputError(Text("The base URL starts with {scheme}://.", scheme=scheme), Text("Use https://."))
    address = as_address(host)
    if address is not None and address.is_global:
        raise InputError(Text("http:// would send the key to {host} unencrypted.", host=host), Text("Use https://."))
    if not allow_http:
        raise InputError(
            Text("http:// would send the key to {host} unencrypted.", host=host),
            Text("Use https://, or set allow_http: true if this is a machine in your own network."),
        )
