"""What can go wrong, as values for the user.

The tree is sorted by what the user can do about it:

    ProxyCastError
    ├── InputError               change what was entered
    │   ├── ConfigError          … at this line and column of this file
    │   ├── UnknownCredential    … no credential has this name
    │   ├── NameTaken            … another credential has this name
    │   ├── NotServed            … this service has no such path or model
    │   └── TooLarge             … the service takes no request of this size
    ├── Refusal                  a request is not forwarded until the user acts in ProxyCast
    │   ├── NothingSelected      select a credential
    │   ├── CredentialDisabled   enable it
    │   ├── SecretMissing        enter the key again
    │   ├── DestinationChanged   confirm where the key may go
    │   ├── SignInNeeded         sign in to the service again
    │   └── AwsRefused           repair the AWS configuration that the credential uses
    ├── KeyringError             make the keyring work
    │   ├── KeyringMissing       no keyring service runs
    │   ├── KeyringLocked        it is locked
    │   ├── KeyringDismissed     its prompt was closed
    │   ├── KeyringSilent        it does not answer in time
    │   └── KeyringFailed        it answers with an error
    ├── VaultError               unlock or repair the vault
    │   ├── VaultLocked          a passphrase is needed
    │   ├── WrongPassphrase
    │   └── VaultDamaged
    ├── UpstreamError            the service cannot be reached or breaks off
    │   ├── CannotConnect
    │   ├── NoAnswerInTime
    │   ├── ConnectionLost
    │   └── Redirected
    ├── JournalUnreadable        nothing; past requests cannot be shown
    └── PortTaken                choose another port or stop its owner
"""

from __future__ import annotations

from typing import ClassVar

from proxycast.model.text import Text, Translate, in_a_row


class ProxyCastError(Exception):
    """An error the user can do something about.

    `what` says what happened and what it means; `remedy` what to do. `code` is a stable word for `--json` output and
    the journal. Neither text ever holds a secret.
    """

    code: ClassVar[str] = "error"

    def __init__(self, what: Text, remedy: Text | None = None) -> None:
        super().__init__()
        self.what = what
        self.remedy = remedy

    def render(self, translate: Translate) -> str:
        """What happened and what to do, in the language of `translate`."""
        return in_a_row(self.what.render(translate), self.remedy.render(translate) if self.remedy else "")

    def __str__(self) -> str:
        return self.render(lambda template: template)


class InputError(ProxyCastError):
    """What the user entered cannot be used."""

    code = "invalid_input"


class ConfigError(InputError):
    """A configuration file is refused.

    `file` is its path as text, `line` and `column` count from 1; both are 0 when the fault has no place (a file that
    cannot be read).
    """

    code = "invalid_config"

    def __init__(self, what: Text, remedy: Text | None = None, *, file: str, line: int = 0, column: int = 0) -> None:
        super().__init__(what, remedy)
        self.file = file
        self.line = line
        self.column = column

    def render(self, translate: Translate) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {super().render(translate)}"


class UnknownCredential(InputError):
    """No credential has this name."""

    code = "unknown_credential"


class NameTaken(InputError):
    """Another credential already has this name."""

    code = "name_taken"


class NotServed(InputError):
    """The service of the credential has no such path or model."""

    code = "not_served"


class TooLarge(InputError):
    """The service takes no request of this size."""

    code = "too_large"


class Refusal(ProxyCastError):
    """A request is not forwarded until the user acts in ProxyCast."""

    code = "refused"


class NothingSelected(Refusal):
    """No credential is selected."""

    code = "nothing_selected"


class CredentialDisabled(Refusal):
    """The credential is switched off."""

    code = "credential_disabled"


class SecretMissing(Refusal):
    """The credential names a secret that is not there."""

    code = "secret_missing"


class DestinationChanged(Refusal):
    """The secret was stored for another origin than the one the credential now names."""

    code = "destination_changed"


class SignInNeeded(Refusal):
    """A sign-in that the credential builds on has expired, or was not completed; the remedy names its command."""

    code = "sign_in_needed"


class AwsRefused(Refusal):
    """The AWS configuration that a credential names gives no keys or no region."""

    code = "aws_refused"


class KeyringError(ProxyCastError):
    """The OS keyring does not give or take a secret."""

    code = "keyring_failed"


class KeyringMissing(KeyringError):
    """No keyring service runs."""

    code = "keyring_missing"


class KeyringLocked(KeyringError):
    """The keyring is locked and nobody can be asked to unlock it."""

    code = "keyring_locked"


class KeyringDismissed(KeyringError):
    """The user closed the keyring's prompt."""

    code = "keyring_dismissed"


class KeyringSilent(KeyringError):
    """The keyring does not answer in time."""

    code = "keyring_silent"


class KeyringFailed(KeyringError):
    """The keyring answers with an error, or not with what was stored."""


class VaultError(ProxyCastError):
    """The encrypted vault does not give or take a secret."""

    code = "vault_failed"


class VaultLocked(VaultError):
    """The vault needs its passphrase."""

    code = "vault_locked"


class WrongPassphrase(VaultError):
    """The passphrase does not open the vault."""

    code = "wrong_passphrase"


class VaultDamaged(VaultError):
    """The vault file cannot be read as one."""

    code = "vault_damaged"


class UpstreamError(ProxyCastError):
    """The service cannot be reached or breaks off."""

    code = "upstream_failed"


class CannotConnect(UpstreamError):
    """No connection to the service (or the proxy on the way) could be made."""

    code = "cannot_connect"


class NoAnswerInTime(UpstreamError):
    """The service was silent for longer than the credential's timeout."""

    code = "no_answer_in_time"


class ConnectionLost(UpstreamError):
    """The service closed the connection before or inside its answer."""

    code = "connection_lost"


class Redirected(UpstreamError):
    """The service answered with a redirect, which is never followed."""

    code = "redirected"


class JournalUnreadable(ProxyCastError):
    """The journal cannot be read."""

    code = "journal_unreadable"


class PortTaken(ProxyCastError):
    """The port of the proxy is in use."""

    code = "port_taken"


def codes_of(kind: type[ProxyCastError]) -> frozenset[str]:
    """The codes of a kind of errors and of every kind below it."""
    return frozenset({kind.code}).union(*(codes_of(one) for one in kind.__subclasses__()))
