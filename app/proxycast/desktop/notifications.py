"""Notifications: troubles in words, gathered into one message, for those who do not look at the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.troubles import Reason, Trouble, TroubleKind, Troubles
from proxycast.model.exchange import Exchange

GATHER = 1500
"""Milliseconds. What begins together is told together: one network that is gone is one message."""
_LINES = 3


class Notifications(QObject):
    """Tells of troubles, of the kinds that the user has not muted.

    While the window is in front, it tells there; the proxy's trouble is then a banner already.

    Signals:
        told: a message to show beside the tray icon.
    """

    told = Signal(str)

    def __init__(self, bridge: Bridge, is_in_front: Callable[[], bool]) -> None:
        super().__init__()
        self._bridge = bridge
        self._is_in_front = is_in_front
        self._troubles = Troubles()
        self._waiting: list[Trouble] = []
        self._timer = QTimer(self, singleShot=True, interval=GATHER)
        self._timer.timeout.connect(self._tell)
        bridge.changed.connect(self._look)
        self._forget = bridge.service.history.watch(self._ended)

    def close(self) -> None:
        """Tell nothing any more."""
        self._forget()
        self._bridge.changed.disconnect(self._look)
        self._timer.stop()

    def _look(self) -> None:
        for trouble in self._troubles.proxy_is(self._bridge.proxy.failure):
            self._gather(trouble)

    def _ended(self, exchange: Exchange) -> None:
        for trouble in self._troubles.ended(exchange):
            self._gather(trouble)

    def _gather(self, trouble: Trouble) -> None:
        if trouble.kind not in self._bridge.preferences.muted:
            self._waiting.append(trouble)
            if not self._timer.isActive():
                self._timer.start()

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        in_front = self._is_in_front()
        if in_front:
            waiting = [one for one in waiting if one.kind is not TroubleKind.PROXY]
        lines = list(dict.fromkeys(self._words(one) for one in waiting))
        if len(lines) > _LINES:
            more = self.tr("and %n more", "", len(lines) - _LINES + 1)
            lines = [*lines[: _LINES - 1], more]
        if lines and in_front:
            self._bridge.tell("\n".join(lines), Tone.WARNING)
        elif lines:
            self.told.emit("\n".join(lines))

    def _words(self, trouble: Trouble) -> str:
        if trouble.error is not None:
            return self._bridge.say(trouble.error)
        if trouble.kind is TroubleKind.KEYRING:
            return self.tr("Requests are refused: the keys cannot be read. Open ProxyCast to unlock them.")
        words = {
            Reason.KEY: self.tr("{name}: the service rejects the key"),
            Reason.FORBIDDEN: self.tr("{name}: the service forbids this request"),
            Reason.BILLING: self.tr("{name}: the account has no credit left"),
            Reason.LIMIT: self.tr("{name}: the service's rate limit keeps being reached"),
            Reason.UNREACHABLE: self.tr("{name}: the service cannot be reached"),
            Reason.SERVICE: self.tr("{name}: the service keeps returning errors"),
            Reason.USER: self.tr("{name} needs your attention before it can be used"),
        }
        return words[trouble.reason or Reason.SERVICE].format(name=trouble.name)
