"""Certificates: what a trusted one says, and why one is not trusted."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl

from cryptography import x509
from cryptography.x509.oid import NameOID

from proxycast.check.look import Look
from proxycast.check.outcome import Outcome, failed, passed
from proxycast.model.errors import CannotConnect
from proxycast.model.text import Text
from proxycast.model.url import as_address
from proxycast.proxy.sockets import open_socket
from proxycast.upstream.destination import Destination

_INSPECTORS = (
    *("zscaler", "netskope", "fortinet", "fortigate", "palo alto", "blue coat", "bluecoat", "broadcom", "sophos"),
    *("check point", "checkpoint", "mcafee", "trellix", "forcepoint", "cisco umbrella", "barracuda", "watchguard"),
    *(
        "kaspersky",
        "eset ",
        "avast",
        "avg ",
        "bitdefender",
        "sangfor",
        "qianxin",
        "topsec",
        "hillstone",
        "deep security",
    ),
    *("mitmproxy", "charles proxy", "fiddler", "portswigger", "proxyman", "squid", "untangle", "lightspeed", "securly"),
)
"""Makers of proxies that read TLS, as they call their CAs."""

_EXPIRED, _NOT_YET_VALID = 10, 9
_SELF_SIGNED = 18
_UNKNOWN_ISSUER = frozenset({2, 19, 20, 21})
_WRONG_NAME = frozenset({62, 64})
"""Numbers of OpenSSL's verification errors (`X509_V_ERR_…` in x509_vfy.h)."""


def describe(der: bytes | None, destination: Destination) -> Outcome:
    """What the certificate of a connection that was made says."""
    if der is None:
        return passed("trusted", Text("The certificate is trusted."))
    shown = _Shown(der)
    values = {"issuer": shown.issuer, "date": f"{shown.until:%Y-%m-%d}", "names": shown.names}
    if shown.inspected:
        return passed("inspected", Text("{issuer} reads the traffic on the way: it issued the certificate.", **values))
    if destination.ca_file is not None:
        return passed(
            "trusted_by_file", Text("Issued by {issuer} for {names} until {date}; trusted with the CA file.", **values)
        )
    return passed("trusted", Text("Issued by {issuer} for {names} until {date}.", **values))


async def explain(look: Look, error: CannotConnect) -> Outcome:
    """Why no trusted connection could be made."""
    cause = error.__context__
    destination = look.destination
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _explain_distrust(cause.verify_code, await _shown(look), destination) or _other(error)
    reason = _reason(cause) if isinstance(cause, ssl.SSLError) else ""
    host = look.host
    match reason:
        case "wrong_version_number" | "http_request" | "record_layer_failure" | "packet_length_too_long":
            return failed(
                "plain",
                Text("{host} answers without TLS.", host=host),
                Text("If it is on this machine, begin the base URL with http://; else check the port."),
            )
        case "tlsv1_alert_no_application_protocol":
            return http2_only(look)
        case "unsupported_protocol" | "tlsv1_alert_protocol_version" | "no_protocols_available":
            return failed(
                "old",
                Text("{host} offers only versions of TLS that are no longer safe.", host=host),
                Text("Ask whoever runs it to allow TLS 1.2 or newer."),
            )
    if isinstance(cause, ConnectionError):
        return failed(
            "cut",
            Text("{host} closed the connection during the TLS handshake.", host=host),
            Text("A firewall may block the name, or the port is not one for https. Check the base URL and the proxy."),
        )
    return _other(error)


def _reason(error: ssl.SSLError) -> str:
    """OpenSSL's name of the reason; Python knows some only by the words."""
    said = error.reason or str(error.args[-1]).partition("] ")[2].partition(" (")[0]
    return said.lower().replace(" ", "_")


def _other(error: CannotConnect) -> Outcome:
    return failed("refused", error.what, error.remedy)


def _explain_distrust(code: int, shown: _Shown | None, destination: Destination) -> Outcome | None:
    host = destination.host
    if shown is None:
        return None
    issuer = {"host": host, "issuer": shown.issuer}
    if code == _EXPIRED:
        return failed(
            "expired",
            Text("The certificate of {host} expired on {date}.", host=host, date=f"{shown.until:%Y-%m-%d}"),
            Text("Check this computer's clock; if it is right, whoever runs the service has to renew it."),
        )
    if code == _NOT_YET_VALID:
        return failed(
            "not_yet_valid",
            Text("The certificate of {host} is valid from {date} only.", host=host, date=f"{shown.since:%Y-%m-%d}"),
            Text("Set this computer's clock right."),
        )
    if code in _WRONG_NAME:
        return failed(
            "wrong_name",
            Text("The certificate is for {names}, not for {host}.", names=shown.names, host=host),
            Text("Use the name that it is for in the base URL. On a network with a sign-in page, sign in first."),
        )
    if code == _SELF_SIGNED:
        return failed(
            "self_signed",
            Text("The certificate of {host} is self-signed: nobody vouches for it.", host=host),
            Text("If the service is your own, name the certificate as CA file; else do not use it."),
        )
    if code in _UNKNOWN_ISSUER and (shown.inspected or _is_public(host)):
        return failed(
            "intercepted",
            Text(
                "The certificate of {host} comes from {issuer}: a company proxy or filter reads the traffic.", **issuer
            ),
            Text("Get the proxy's CA certificate from your IT department and name it as CA file."),
        )
    if code in _UNKNOWN_ISSUER:
        return failed(
            "unknown_issuer",
            Text("The certificate of {host} was issued by {issuer}, which this computer does not trust.", **issuer),
            Text("If you know this authority, name its certificate as CA file."),
        )
    return None


def _is_public(host: str) -> bool:
    """Whether it is a name of the public internet, whose certificates public authorities issue."""
    return (
        as_address(host) is None
        and "." in host
        and not host.endswith((".local", ".lan", ".internal", ".home", ".test"))
    )


def http2_only(look: Look) -> Outcome:
    """The fault that the service does not speak HTTP/1.1."""
    return failed(
        "http2_only",
        Text("{host} speaks HTTP/2 only.", host=look.host),
        Text("Use the address of the service that takes HTTP/1.1, or put a reverse proxy before it."),
    )


async def speaks_http2_only(look: Look) -> bool:
    """Whether the service knows HTTP/2, and not the version that it was asked in."""
    if not look.destination.tls:
        return False
    _, old = await _peek(look, "http/1.1")
    _, new = await _peek(look, "h2")
    return new == "h2" and old != "http/1.1"


async def _shown(look: Look) -> _Shown | None:
    """The certificate that the service shows whoever connects."""
    der, _ = await _peek(look, "http/1.1")
    return None if der is None else _Shown(der)


async def _peek(look: Look, protocol: str) -> tuple[bytes | None, str | None]:
    """Certificate and protocol of a connection that nothing is sent over, so it need not be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    destination = look.destination
    try:
        sock = await open_socket(destination, look.dialer.own_ports)
        _, writer = await asyncio.open_connection(sock=sock, ssl=context, server_hostname=destination.host)
    except (CannotConnect, OSError):
        return None, None
    try:
        session = writer.get_extra_info("ssl_object")
        return session.getpeercert(binary_form=True), session.selected_alpn_protocol()
    finally:
        writer.transport.abort()


class _Shown:
    """What a certificate says. `until` and `since` are in UTC."""

    def __init__(self, der: bytes) -> None:
        read = x509.load_der_x509_certificate(der)
        self.issuer = _name(read.issuer)
        self.since: dt.datetime = read.not_valid_before_utc
        self.until: dt.datetime = read.not_valid_after_utc
        self.names = _names(read)
        organisation = read.issuer.rfc4514_string().lower()
        self.inspected = any(one in organisation for one in _INSPECTORS)


def _name(name: x509.Name) -> str:
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        found = name.get_attributes_for_oid(kind)
        if found:
            return " ".join(str(found[0].value).split())
    return "?"


def _names(read: x509.Certificate) -> str:
    try:
        alternative = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return _name(read.subject)
    names = [str(one.value) for one in alternative if isinstance(one, x509.DNSName | x509.IPAddress)]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "") or "?"
