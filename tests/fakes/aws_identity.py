"""A server on loopback that plays those services of AWS that hand out keys: STS, IAM Identity Center, metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.answers import Answer, json_answer
from tests.fakes.bedrock_service import ACCOUNT, TEMPORARY_KEY, aws_error
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.sigv4 import AwsKey
from tests.fakes.wire import RecordedRequest

ROLE = "Developer"
SSO_TOKEN = "sso-token-of-the-fake"
MFA_CODE = "123456"
MFA_DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/me"
IMDS_TOKEN = "imds-token-of-the-fake"
CONTAINER_TOKEN = "container-token-of-the-fake"
WEB_TOKEN = "web-identity-token-of-the-fake"


@dataclass(kw_only=True)
class Identity:
    """What is handed out: `key`, good for `seconds`. `asked` names the ways by which it was asked for."""

    key: AwsKey = TEMPORARY_KEY
    seconds: float = 3600.0
    asked: list[str] = field(default_factory=list)

    @property
    def expires(self) -> str:
        """When the key expires, as AWS writes it."""
        return (datetime.now(UTC) + timedelta(seconds=self.seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def document(self, token: str = "Token") -> dict[str, Any]:
        """The key as the metadata services give it; `token` is their name for its session token."""
        return {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": self.key.access_key,
            "SecretAccessKey": self.key.secret,
            token: self.key.token,
            "Expiration": self.expires,
        }


class FakeIdentity(FakeMessagesApi):
    """One port for all of them; what is asked tells which one it plays."""

    def __init__(self) -> None:
        super().__init__()
        self.identity = Identity()

    def _proper_answer(self, request: RecordedRequest) -> Answer:
        match request.method, request.path:
            case "POST", "/":
                return self._sts(request)
            case "GET", "/federation/credentials":
                return self._sso(request)
            case "PUT", "/latest/api/token":
                return Answer(parts=(IMDS_TOKEN.encode(),))
            case "GET", path if path.startswith("/latest/meta-data/iam/security-credentials/"):
                return self._instance(request, path.rpartition("/")[2])
            case "GET", "/container":
                return self._container(request)
            case _:
                return Answer(status=404)

    def _dressed(self, answer: Answer, request: RecordedRequest) -> Answer:
        return answer

    def _sts(self, request: RecordedRequest) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        action = form.get("Action", "")
        allowed = action == "AssumeRole" and "AWS4-HMAC-SHA256" in (request.value("authorization") or "")
        if action == "AssumeRoleWithWebIdentity":
            allowed = form.get("WebIdentityToken") == WEB_TOKEN
        if "SerialNumber" in form:
            allowed = allowed and form["SerialNumber"] == MFA_DEVICE and form.get("TokenCode") == MFA_CODE
        if not allowed:
            refusal = (
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>arn:aws:iam::{}:role/x"
            )
            body = f"{refusal.format(ACCOUNT)}</Message></Error></ErrorResponse>"
            return Answer(status=403, headers=(("Content-Type", "text/xml"),), parts=(body.encode(),))
        self.identity.asked.append(action)
        key = self.identity.key
        body = (
            f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>'
            f"<AccessKeyId>{key.access_key}</AccessKeyId><SecretAccessKey>{key.secret}</SecretAccessKey>"
            f"<SessionToken>{key.token}</SessionToken><Expiration>{self.identity.expires}</Expiration></Credentials>"
            f"<AssumedRoleUser><Arn>arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/x</Arn><AssumedRoleId>AROA:x"
            f"</AssumedRoleId></AssumedRoleUser></{action}Result></{action}Response>"
        )
        return Answer(headers=(("Content-Type", "text/xml"),), parts=(body.encode(),))

    def _sso(self, request: RecordedRequest) -> Answer:
        if request.value("x-amz-sso_bearer_token") != SSO_TOKEN:
            return aws_error(401, "UnauthorizedException", "Session token not found or invalid")
        self.identity.asked.append("SSO")
        key = self.identity.key
        expires = (datetime.now(UTC) + timedelta(seconds=self.identity.seconds)).timestamp() * 1000
        return json_answer(
            {
                "roleCredentials": {
                    "accessKeyId": key.access_key,
                    "secretAccessKey": key.secret,
                    "sessionToken": key.token,
                    "expiration": int(expires),
                }
            }
        )

    def _instance(self, request: RecordedRequest, role: str) -> Answer:
        if request.value("x-aws-ec2-metadata-token") != IMDS_TOKEN:
            return Answer(status=401)
        if not role:
            return Answer(parts=(ROLE.encode(),))
        self.identity.asked.append("instance")
        return json_answer(self.identity.document())

    def _container(self, request: RecordedRequest) -> Answer:
        if request.value("authorization") != CONTAINER_TOKEN:
            return Answer(status=401)
        self.identity.asked.append("container")
        return json_answer(self.identity.document())
