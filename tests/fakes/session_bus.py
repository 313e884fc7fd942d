"""On the D-Bus session: the settings portal of a desktop. And a session that never answers."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

from proxycast.store.portal import NAME

Settings = dict[str, dict[str, tuple[str, Any]]]


@contextmanager
def portal(settings: Settings | None) -> Iterator[None]:
    """A portal on the session of this process that knows these settings; None: it is too old to know of any."""
    bus = open_dbus_connection(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    assert bus.bus_proxy.RequestName(NAME) == (1,)
    serving = threading.Thread(target=_serve, args=(bus, settings), daemon=True)
    serving.start()
    try:
        yield
    finally:
        bus.sock.shutdown(2)
        serving.join(5)
        bus.close()


@contextmanager
def silent_bus() -> Iterator[str]:
    """A D-Bus session that takes connections and never answers. Gives its socket."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as bus:
        path = f"{folder}/bus"
        bus.bind(path)
        bus.listen()
        yield path


def _serve(bus: Any, settings: Settings | None) -> None:
    while True:
        try:
            call: Message = bus.receive()
        except OSError:
            return
        if call.header.message_type is not MessageType.method_call:
            continue
        assert call.header.fields[HeaderFields.member] == "ReadAll"
        if settings is None:
            bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
        else:
            asked = {name: values for name, values in settings.items() if name in call.body[0]}
            bus.send(new_method_return(call, "a{sa{sv}}", (asked,)))
