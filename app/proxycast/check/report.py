"""What a check says: the stages it went through, what each found, and what to do about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

import msgspec

from proxycast.model.credential import Auth, Aws, Credential
from proxycast.model.text import Text


class Stage(StrEnum):
    """The stages, in the order in which they run; a kind of credential has only those that mean something for it."""

    CONFIGURATION = "configuration"
    SECRET = "secret"  # noqa: S105 - the name of a stage
    SOURCE = "source"
    """Bedrock: which source of AWS credentials won, and when they expire."""
    PROXY = "proxy"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    CLOCK = "clock"
    """Bedrock: whether this computer's clock is right enough for signatures."""
    IDENTITY = "identity"
    """Bedrock: who AWS says the caller is."""
    AUTHENTICATION = "authentication"
    AUTH_HEADER = "auth_header"
    MODELS = "models"
    """The list of models."""
    REGION = "region"
    """Bedrock: whether the region offers Claude."""
    PROFILE = "profile"
    """Bedrock: the inference profile that serves the model."""
    MODEL = "model"
    """The model is known, not retired, and the key may use it."""
    COUNT_TOKENS = "count_tokens"
    MESSAGE = "message"
    """The first one that is billed: one real message of one token."""
    STREAM = "stream"
    USAGE = "usage"


class State(StrEnum):
    """How a stage ended. `SKIPPED`: it was not asked for, or a failed one before it made it pointless."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How one stage ended.

    `key` names the finding for programs and tests: `tls.self_signed`, say. `evidence` is what was seen, `remedy` the
    one thing to do, `said` the service's own words in one line without secrets. `seconds` is how long the stage took.
    """

    stage: Stage
    state: State
    key: str
    evidence: Text
    remedy: Text | None = None
    said: str | None = None
    seconds: float = 0.0


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the credential that would help, ready to be made.

    `field` is the credential's: `auth`, `base_url`, `region` or `model`; `value` is as config.yaml writes it.
    """

    field: str
    value: str
    sentence: Text

    def applied_to(self, credential: Credential) -> Credential:
        """The credential with this change."""
        replace = msgspec.structs.replace
        match self.field:
            case "auth":
                return replace(credential, auth=Auth(self.value))
            case "base_url":
                return replace(credential, base_url=self.value)
            case "region":
                return replace(credential, aws=replace(credential.aws or Aws(), region=self.value))
            case _:
                return replace(credential, aws=replace(credential.aws or Aws(), model_id=self.value))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A whole check.

    `sentence` sums it up for the user. `model` is the one that was asked for, `at` the end in seconds since the epoch,
    `seconds` the whole duration. `policy` is an IAM policy as JSON that allows what was refused; `retry_at` when it is
    worth trying again, in seconds since the epoch, None if only the user can change something.
    """

    findings: tuple[Finding, ...]
    sentence: Text
    model: str | None
    at: float
    seconds: float
    offers: tuple[Offer, ...] = ()
    policy: str | None = None
    retry_at: float | None = None

    @property
    def state(self) -> State:
        """The worst of all stages; `SKIPPED` ones do not count."""
        states = {one.state for one in self.findings}
        return next((one for one in (State.FAILED, State.WARNING) if one in states), State.PASSED)

    @property
    def works(self) -> bool:
        """Whether nothing failed, and a service really accepted the credential."""
        return self.state is not State.FAILED


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What the billed stages will cost: messages of one token to `model`; `dollars` None where no price is known."""

    model: str
    dollars: Decimal | None


Consent = Callable[[Cost], Awaitable[bool]]
"""Asked before the first stage that is billed, shows its cost; False leaves the billed stages out."""


class Watcher(Protocol):
    """Is told how a check goes on, on the loop's thread."""

    def began(self, stage: Stage) -> None:
        """This stage runs now."""
        ...

    def found(self, finding: Finding) -> None:
        """A stage ended."""
        ...
