"""Who sent a request to AWS: signatures are computed anew by botocore from what arrived, and compared."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.fakes.wire import RecordedRequest

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
_MAX_SKEW = 300.0


class NotSigned(Exception):
    """The request is not let in; `name` is AWS's name for the reason."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


@dataclass(frozen=True, kw_only=True)
class AwsKey:
    """A key pair as AWS knows it; `token` goes with temporary ones."""

    access_key: str
    secret: str
    token: str | None = None


def check_signature(
    request: RecordedRequest, keys: Mapping[str, AwsKey], *, service: str, region: str, clock_ahead: float = 0.0
) -> AwsKey:
    """The key that signed the request. Raises NotSigned.

    `clock_ahead` is by how many seconds the service's clock is ahead of this machine's.
    """
    authorization = request.value("authorization")
    if authorization is None:
        raise NotSigned("MissingAuthenticationTokenException", "Missing Authentication Token")
    found = _AUTHORIZATION.fullmatch(authorization)
    if found is None:
        raise NotSigned("IncompleteSignatureException", "Authorization header requires existence of all its parts.")
    access_key, day, scope_region, scope_service, signed, signature = found.groups()
    key = keys.get(access_key)
    if key is None or request.value("x-amz-security-token") != key.token:
        raise NotSigned("UnrecognizedClientException", "The security token included in the request is invalid.")
    if scope_region != region:
        raise NotSigned("InvalidSignatureException", "Credential should be scoped to a valid region.")
    if scope_service != service:
        raise NotSigned("InvalidSignatureException", f"Credential should be scoped to correct service: '{service}'.")
    stamp = request.value("x-amz-date") or ""
    _check_time(stamp, day, clock_ahead)
    names = signed.split(";")
    required = {"host", "x-amz-date"} | {name for name in request.header_names if name.startswith("x-amz-")}
    if not required <= set(names) or names != sorted(names):
        raise NotSigned("InvalidSignatureException", "All of host and x-amz-* must be signed, in order.")
    digest = request.value("x-amz-content-sha256")
    if digest not in {None, hashlib.sha256(request.body).hexdigest()}:
        raise NotSigned("InvalidSignatureException", "The provided 'x-amz-content-sha256' header does not match.")
    expected, canonical = _signature(request, key, names, stamp, service=service, region=region)
    if signature != expected:
        raise NotSigned(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.\n\n"
            f"The Canonical String for this request should have been\n'{canonical}'",
        )
    return key


def _check_time(stamp: str, day: str, clock_ahead: float) -> None:
    if not re.fullmatch(r"\d{8}T\d{6}Z", stamp) or not stamp.startswith(day):
        raise NotSigned("IncompleteSignatureException", f"Date must be in ISO-8601 'basic format'. Got '{stamp}'.")
    signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    now = time.time() + clock_ahead
    words = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    if signed_at < now - _MAX_SKEW:
        raise NotSigned("InvalidSignatureException", f"Signature expired: {stamp} is now earlier than {words}")
    if signed_at > now + _MAX_SKEW:
        raise NotSigned("InvalidSignatureException", f"Signature not yet current: {stamp} is still later than {words}")


def _signature(
    request: RecordedRequest, key: AwsKey, names: list[str], stamp: str, *, service: str, region: str
) -> tuple[str, str]:
    """The signature that the request should have, and the canonical form that it is made from."""
    signer = SigV4Auth(Credentials(key.access_key, key.secret, key.token), service, region)
    copy = AWSRequest(method=request.method, url=f"http://{request.value('host')}{request.target}", data=request.body)
    for name in names:
        for value in request.values(name):
            copy.headers.add_header(name, value)
    copy.context["timestamp"] = stamp
    canonical = signer.canonical_request(copy)
    return signer.signature(signer.string_to_sign(copy, canonical), copy), canonical
