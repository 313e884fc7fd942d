import os
from collections.abc import Callable
from typing import NoReturn

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

from proxycast.model import errors
from proxycast.store.keychain.backends import load
from proxycast.store.keychain.native import WINDOWS_LIMIT, Native

CANARY = "sk-canary-0451"
USER = "0123456789ab/1"


class CredentialLocker(KeyringBackend):
    """Behaves as Windows' does towards its caller: a limit per item, an error for the removal of what is not there."""

    priority = 0.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's constructor has no types
        self.values: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password.encode("utf-16-le")) <= 2560
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.values:
            raise PasswordDeleteError(service)
        del self.values[service, username]


class Broken(KeyringBackend):
    """Fails in one way, whatever is asked."""

    priority = 0.0

    def __init__(self, error: Exception) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's constructor has no types
        self.error = error

    def get_password(self, service: str, username: str) -> NoReturn:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> NoReturn:
        raise self.error

    delete_password = get_password


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_values_longer_than_an_item_are_stored_and_removed_whole() -> None:
    locker = CredentialLocker()
    native = Native(locker, "ProxyCast", WINDOWS_LIMIT)
    value = CANARY * 400
    native.set(USER, value)
    assert native.get(USER) == value
    assert {service for service, _ in locker.values} == {"ProxyCast"}
    native.delete(USER)
    assert native.get(USER) is None
    assert locker.values == {}


def test_removing_what_is_not_there_is_no_error() -> None:
    Native(CredentialLocker(), "ProxyCast").delete(USER)


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (KeyringLocked(f"Can't get password from keychain: {CANARY}"), errors.KeyringDismissed),
        (caused(KeyringError("…"), OSError(-25308, "Unknown Error")), errors.KeyringLocked),
        (caused(KeyringError("…"), OSError(-25293, "Unknown Error")), errors.KeyringFailed),
        (InitError("Failed to open keyring"), errors.KeyringFailed),
        (UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, "invalid"), errors.KeyringFailed),
        (RuntimeError(CANARY), errors.KeyringFailed),
    ],
)
def test_failures_are_told_apart_and_repeat_nothing_of_what_a_library_says(
    raised: Exception, told: type[errors.KeyringError]
) -> None:
    native = Native(Broken(raised), "ProxyCast")
    uses: list[Callable[[], object]] = [
        lambda: native.get(USER),
        lambda: native.set(USER, CANARY),
        lambda: native.delete(USER),
    ]
    for use in uses:
        with pytest.raises(told) as caught:
            use()
        assert CANARY not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_a_backend_is_what_its_name_says_whatever_the_environment_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "KEYRING_PROPERTY_KEYCHAIN": "/tmp/another.keychain",
        "KEYRING_PROPERTY_APPID": "another",
        "KEYRING_PROPERTY_BUS_NAME": "org.example.another",
        "KEYCHAIN_PATH": "/tmp/another.keychain",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    wallet = load("keyring.backends.kwallet", "DBusKeyring", appid="ProxyCast")
    assert type(wallet).__mro__[1].__module__ == "keyring.backends.kwallet"
    assert (wallet.appid, wallet.bus_name) == ("ProxyCast", "org.kde.kwalletd5")  # type: ignore[attr-defined]
    assert load("keyring.backends.macOS", "Keyring", keychain=None).keychain is None  # type: ignore[attr-defined]
