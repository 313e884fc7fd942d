"""The keyring of Linux desktops: any program that offers org.freedesktop.secrets on the session's D-Bus.

The `keyring` package stores and finds the items. It asks this module for the collection they are in, because by itself
it would wait without limit for a hung service and could not say why a keyring is of no use. Imported at first use only.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing, suppress

import secretstorage
from jeepney import DBusAddress, DBusErrorResponse, MatchRule, new_method_call
from jeepney.wrappers import unwrap_msg
from keyring.errors import PasswordDeleteError
from secretstorage.exceptions import (
    ItemNotFoundException,
    LockedException,
    PromptDismissedException,
    SecretServiceNotAvailableException,
)

from proxycast.model.errors import KeyringError
from proxycast.store.bus import Bus, ServiceEnded
from proxycast.store.keychain import problems
from proxycast.store.keychain.backends import load, told_apart

_NAME = "org.freedesktop.secrets"
_SERVICE = DBusAddress("/org/freedesktop/secrets", _NAME, "org.freedesktop.Secret.Service")
_PROMPT = "org.freedesktop.Secret.Prompt"

_log = logging.getLogger(__name__)


class SecretService:
    """Blocking access to the default collection.

    Every call ends within `patience` seconds, with TimeoutError if need be; every other failure is a KeyringError.
    `interactive` says whether somebody is there to answer a prompt; only `unlock` ever shows one.
    """

    asks_by_itself = False

    def __init__(self, service: str, *, interactive: bool, patience: float) -> None:
        self._service = service
        self._interactive = interactive
        self._patience = patience
        self._items = load(
            "keyring.backends.SecretService",
            "Keyring",
            appid="ProxyCast",
            get_preferred_collection=lambda _backend: self._open(),
        )
        self._seen = False
        self._just_started = False

    def get(self, user: str) -> str | None:
        """The value of an item, or None."""
        return told_apart(self._explain, lambda: self._items.get_password(self._service, user))

    def set(self, user: str, value: str) -> None:
        """Store an item, in place of an older one."""
        told_apart(self._explain, lambda: self._items.set_password(self._service, user, value))

    def delete(self, user: str) -> None:
        """Remove an item, if there is one."""
        told_apart(self._explain, lambda: self._delete(user))

    def probe(self) -> None:
        """Raises what a use would raise."""
        told_apart(self._explain, self._open).connection.close()

    def unlock(self, seconds: float | None) -> None:
        """Unlock the collection: let the service ask for its password, and wait at most `seconds` for the user.

        With None nobody is asked, which is enough for a keyring without a password.
        """
        told_apart(self._explain, lambda: self._unlock(seconds))

    def _delete(self, user: str) -> None:
        with suppress(PasswordDeleteError):  # which says that there is none
            self._items.delete_password(self._service, user)

    def _unlock(self, seconds: float | None) -> None:
        with closing(self._connect()) as bus:
            if seconds is None:
                self._unlock_silently(bus)
            else:
                self._prompt(bus, seconds)

    def _open(self) -> secretstorage.Collection:
        """The default collection, unlocked, on a connection of its own that the caller closes."""
        bus = self._connect()
        try:
            collection = self._unlocked_collection(bus)
        except BaseException:
            bus.close()
            raise
        self._just_started = False
        return collection

    def _unlocked_collection(self, bus: Bus) -> secretstorage.Collection:
        collection = self._collection(bus)
        if collection.is_locked():
            raise self._locked()
        return collection

    def _collection(self, bus: Bus) -> secretstorage.Collection:
        try:
            return secretstorage.Collection(bus)
        except ItemNotFoundException:
            raise (problems.not_created_yet() if self._interactive else problems.no_keyring_yet()) from None

    def _locked(self) -> KeyringError:
        return problems.locked_since_start() if self._just_started else problems.locked()

    def _prompt(self, bus: Bus, seconds: float) -> None:
        bus.deadline = time.monotonic() + seconds
        try:
            dismissed = secretstorage.get_default_collection(bus).unlock()
        except TimeoutError:
            raise problems.not_answered(seconds) from None
        if dismissed:
            raise problems.dismissed()

    def _unlock_silently(self, bus: Bus) -> None:
        collection = self._collection(bus).collection_path
        unlock = new_method_call(_SERVICE, "Unlock", "ao", ([collection],))
        _, prompt = unwrap_msg(bus.send_and_get_reply(unlock))
        if prompt != "/":
            # The prompt goes with this connection. It must not be told Dismiss: GNOME Keyring 42 aborts on that
            # while it shows another one ("perform_next_unlock: assertion failed").
            raise self._locked()

    def _connect(self) -> Bus:
        """A connection to the session's bus on which the service is there."""
        bus = Bus(_NAME, self._patience)
        try:
            bus.bus_proxy.AddMatch(MatchRule(type="signal", sender=_NAME, interface=_PROMPT))
            if not bus.service_runs():
                self._start(bus)
        except BaseException:
            bus.close()
            raise
        self._seen = True
        return bus

    def _start(self, bus: Bus) -> None:
        if not bus.service_can_start():
            raise problems.ended() if self._seen else problems.no_service()
        try:
            bus.start_service()
        except DBusErrorResponse:
            raise problems.does_not_start() from None
        self._just_started = True

    def _explain(self, error: Exception) -> KeyringError:
        _log.debug("the keyring fails with %s", type(error).__name__)
        match error:
            case ServiceEnded() | SecretServiceNotAvailableException():
                return problems.ended()
            case OSError():
                return problems.ended() if self._seen else problems.no_bus()
            case LockedException():
                return problems.locked()
            case PromptDismissedException():
                return problems.dismissed()
            case DBusErrorResponse(name="org.freedesktop.Secret.Error.IsLocked"):
                return problems.locked()
            case _:
                return problems.failed()
