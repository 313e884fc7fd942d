"""The banners over every page: what is wrong and stays so until somebody does something about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from proxycast.desktop.bridge import Bridge, Tone
from proxycast.desktop.tokens import Space
from proxycast.desktop.widgets.messages import Banner
from proxycast.model.errors import PortTaken

_Action = tuple[str, Callable[[], object]]


class Banners(QWidget):
    """Shows what is wrong with the configuration file and the proxy.

    Signals:
        port_wanted: the user wants to choose another port.
    """

    port_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._shown: list[tuple[str, Tone]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.L, Space.XL, 0)
        self._column.setSpacing(Space.S)
        self.hide()
        bridge.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show what is the case now."""
        wanted = self._wanted()
        keys = [(text, tone) for text, tone, _ in wanted]
        if keys == self._shown:
            return
        self._shown = keys
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for text, tone, actions in wanted:
            self._column.addWidget(Banner(self._bridge.theme, text, tone, actions))
        self.setVisible(bool(wanted))

    def _wanted(self) -> list[tuple[str, Tone, tuple[_Action, ...]]]:
        bridge = self._bridge
        wanted: list[tuple[str, Tone, tuple[_Action, ...]]] = []
        problem, failure = bridge.service.problem, bridge.proxy.failure
        if problem is not None:
            wanted.append((bridge.say(problem), Tone.ERROR, ((self.tr("Open file"), self._open_file),)))
        if failure is not None:
            actions: tuple[_Action, ...] = ((self.tr("Try again"), self._start),)
            if isinstance(failure, PortTaken):
                actions = ((self.tr("Choose another port"), self.port_wanted.emit), *actions)
            wanted.append((bridge.say(failure), Tone.ERROR, actions))
        if bridge.service.proxy.exposed:
            text = self.tr(
                "Other machines can reach the proxy. Anyone who has the client token can use your credentials."
            )
            wanted.append((text, Tone.WARNING, ()))
        return wanted

    def _start(self) -> None:
        self._bridge.start(self._bridge.proxy.turn(on=True), name="start the proxy")

    def _open_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._bridge.places.config_file)))
