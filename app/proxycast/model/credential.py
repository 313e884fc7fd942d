"""A credential: one named way to reach Claude."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.model.url import origin

ANTHROPIC_BASE_URL = "https://api.anthropic.com"
ANTHROPIC_API_VERSION = "2023-06-01"

SECRET_FIELDS = ("api_key", "aws_access_key", "aws_secret_key", "aws_session_token", "aws_bearer_token")
"""The fields of a credential in YAML whose values are secrets."""


class Kind(StrEnum):
    """How a credential reaches Claude."""

    ANTHROPIC = "anthropic"
    COMPATIBLE = "compatible"
    BEDROCK = "bedrock"


class Auth(StrEnum):
    """The header that carries the API key; `AUTO` picks the one that the service is known to take."""

    AUTO = "auto"
    X_API_KEY = "x-api-key"
    BEARER = "bearer"
    BOTH = "both"


class AwsEndpoint(StrEnum):
    """The AWS service that a Bedrock credential talks to."""

    BEDROCK = "bedrock"
    MANTLE = "mantle"
    CLAUDE_PLATFORM = "claude-platform"


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one exchange, in seconds.

    `connect` spans TCP and TLS, `request` lasts until the answer's first byte, `idle` is the longest silence inside an
    answer. A whole stream has no limit.
    """

    connect: float = 10.0
    request: float = 180.0
    idle: float = 300.0


class Keyring(msgspec.Struct, frozen=True, tag="keyring"):
    """The secret lies in the OS keyring (or the vault) under the credential's id and revision."""


class Environment(msgspec.Struct, frozen=True, tag="environment"):
    """The secret is the value of an environment variable, `${variable}` in YAML."""

    variable: str


class Literal(msgspec.Struct, frozen=True, tag="literal"):
    """The secret stands in the file itself."""

    secret: Secret


SecretSource = Keyring | Environment | Literal


class Aws(msgspec.Struct, frozen=True, kw_only=True):
    """The AWS half of a Bedrock credential.

    `region` None: the profile's, else the environment's. `profile` None: access keys if the credential has them, else
    the default chain. `model_id`: the model for every request; None: the request's own model decides. `workspace_id` is
    the workspace of Claude Platform on AWS, which only that endpoint needs.
    """

    region: str | None = None
    profile: str | None = None
    endpoint: AwsEndpoint = AwsEndpoint.BEDROCK
    model_id: str | None = None
    workspace_id: str | None = None


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """One named way to reach Claude, without the values of its secrets.

    `base_url` is normalised (see `proxycast.model.url`); for kind `bedrock` an empty one means AWS's own endpoint.
    `revision` counts the times its secrets were entered: it names the keyring item. `headers` keep the order and
    spelling they were given. `proxy` None: the program's setting. `models` maps a client's model id to the upstream's.
    `secrets` says for each secret field where its value is.
    """

    id: str
    name: str
    kind: Kind = Kind.ANTHROPIC
    enabled: bool = True
    base_url: str = ANTHROPIC_BASE_URL
    auth: Auth = Auth.AUTO
    api_version: str = ANTHROPIC_API_VERSION
    headers: tuple[tuple[str, str], ...] = ()
    timeouts: Timeouts = Timeouts()
    proxy: str | None = None
    ca_file: str | None = None
    allow_http: bool = False
    models: Mapping[str, str] = {}
    aws: Aws | None = None
    secrets: Mapping[str, SecretSource] = {}
    revision: int = 1

    @property
    def origin(self) -> str:
        """Where its secrets may go, as stored ones are bound to it: the base URL's origin, or the AWS service."""
        if self.base_url:
            return origin(self.base_url)
        return f"aws:{self.aws.endpoint}" if self.aws is not None else ""

    @property
    def uses_keyring(self) -> bool:
        """Whether any of its secrets lies in the OS keyring."""
        return any(isinstance(source, Keyring) for source in self.secrets.values())


_NAME = re.compile(r"[^\s/\\%?#;\x00-\x1f\x7f](?:[^/\\%?#;\x00-\x1f\x7f]*[^\s/\\%?#;\x00-\x1f\x7f])?")
_NAME_LIMIT = 80


def validate_name(name: str) -> str:
    r"""The name, trimmed.

    A name is a segment of `/c/<name>/v1/…`, so it has none of `/ \ % ? #` and no control characters; it is no longer
    than 80 characters. Raises InputError.
    """
    name = name.strip()
    if not name:
        raise InputError(Text("The credential needs a name."))
    if len(name) > _NAME_LIMIT:
        raise InputError(Text("The name is longer than {limit} characters.", limit=_NAME_LIMIT))
    if name in {".", ".."} or not _NAME.fullmatch(name):
        raise InputError(
            Text("The name {name} has a character that cannot be used.", name=repr(name)),
            Text("Leave out / \\ % ? # ; and control characters."),
        )
    return name


def new_id() -> str:
    """A fresh credential id: 12 hexadecimal characters, without meaning."""
    return secrets.token_hex(6)
