"""What the desktop of a Linux system is set to, asked of the XDG settings portal. Imported at first use only."""

from __future__ import annotations

import logging
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, new_method_call
from jeepney.wrappers import unwrap_msg

from proxycast.store.bus import Bus, ServiceEnded

_log = logging.getLogger(__name__)

NAME = "org.freedesktop.portal.Desktop"
_SETTINGS = DBusAddress("/org/freedesktop/portal/desktop", NAME, "org.freedesktop.portal.Settings")
_APPEARANCE, _GNOME = "org.freedesktop.appearance", "org.gnome.desktop.interface"
_PATIENCE = 1.0
"""Seconds for all of it."""


def asks_for_less_motion() -> bool:
    """Whether the desktop asks programs to move less; False if it does not say. Blocks for a second at most.

    The portal's specification names `reduced-motion`; before, there was GNOME's own `enable-animations`.
    """
    settings = _read(_APPEARANCE, _GNOME)
    reduced = settings.get(_APPEARANCE, {}).get("reduced-motion")
    animated = settings.get(_GNOME, {}).get("enable-animations")
    return reduced == ("u", 1) or animated == ("b", False)


def _read(*namespaces: str) -> dict[str, dict[str, tuple[str, Any]]]:
    """All settings of these namespaces, each with its D-Bus type; none if nobody tells them."""
    call = new_method_call(_SETTINGS, "ReadAll", "as", (list(namespaces),))
    try:
        bus = Bus(NAME, _PATIENCE)
        try:
            found: dict[str, dict[str, tuple[str, Any]]] = unwrap_msg(bus.send_and_get_reply(call))[0]
        finally:
            bus.close()
    except (OSError, ServiceEnded, DBusErrorResponse) as error:
        _log.debug("no settings portal: %s", type(error).__name__)
        return {}
    return found
