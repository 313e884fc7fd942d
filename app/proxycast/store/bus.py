"""A connection to the session's D-Bus that never waits past its deadline. Imported at first use only."""

from __future__ import annotations

import os
import time
from pathlib import Path

from jeepney import MatchRule, Message
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket

_BUS = "org.freedesktop.DBus"


class ServiceEnded(Exception):
    """The service that this connection talks to has left the bus."""


class Bus(DBusConnection):  # type: ignore[misc]  # jeepney has no types
    """A connection on which `service` is the only one talked to.

    `deadline` is on the clock of time.monotonic(): every wait on the connection ends there with TimeoutError. Opening
    raises OSError if there is no bus, TimeoutError if it does not answer.
    """

    def __init__(self, service: str, patience: float) -> None:
        self.service = service
        self.deadline = time.monotonic() + patience
        self._owner_change = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        self._owner_change.add_arg_condition(0, service)
        socket = prep_socket(_address(), timeout=patience)
        try:
            super().__init__(socket)
            self.bus_proxy.AddMatch(self._owner_change)
        except BaseException:
            socket.close()
            raise

    def receive(self, *, timeout: float | None = None) -> Message:
        """The next message. Raises TimeoutError, ServiceEnded, ConnectionError."""
        left = max(self.deadline - time.monotonic(), 0.0)
        message = super().receive(timeout=left if timeout is None else min(left, timeout))
        if self._owner_change.matches(message) and message.body[1]:
            raise ServiceEnded  # a name that had an owner has lost it
        return message

    def service_runs(self) -> bool:
        """Whether some program has the service's name."""
        return bool(self.bus_proxy.NameHasOwner(self.service)[0])

    def service_can_start(self) -> bool:
        """Whether the bus knows a program to start for the service's name."""
        return self.service in self.bus_proxy.ListActivatableNames()[0]

    def start_service(self) -> None:
        """Let the bus start the service. Raises jeepney's DBusErrorResponse."""
        self.bus_proxy.StartServiceByName(self.service)


def _address() -> str:
    """Where the session's bus listens: the environment says it; without that it is systemd's place for it.

    Raises ConnectionError.
    """
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if not runtime or not (Path(runtime) / "bus").is_socket():
            raise ConnectionError
        return str(Path(runtime) / "bus")
    try:
        return str(get_bus(address))
    except (ValueError, RuntimeError):  # not an address, or not of a Unix socket
        raise ConnectionError from None
