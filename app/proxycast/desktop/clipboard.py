"""The clipboard, for addresses and, with care, for secrets."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from proxycast.model.secret import Secret


class Clipboard(QObject):
    """Copies texts. `seconds` is how long a secret stays in the clipboard, 0 for ever."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self._secret: Secret | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.forget)

    def copy(self, text: str) -> None:
        """Put a text into the clipboard."""
        QGuiApplication.clipboard().setText(text)

    def copy_secret(self, secret: Secret) -> None:
        """Put a secret into the clipboard, kept out of clipboard histories, and take it out again in time."""
        QGuiApplication.clipboard().setMimeData(_concealed(secret))
        self._timer.stop()
        self._secret = secret if self.seconds else None
        if self.seconds:
            self._timer.start(round(self.seconds * 1000))

    def promise(self) -> str:
        """What becomes of a secret that is copied now, for the user; empty if nothing does."""
        return self.tr("The clipboard is cleared after %n second(s).", "", round(self.seconds)) if self.seconds else ""

    def forget(self) -> None:
        """Take a copied secret out of the clipboard now, unless something else was copied since."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._secret is not None and clipboard.text() == self._secret.reveal():
            clipboard.clear()
        self._secret = None


def _concealed(secret: Secret) -> QMimeData:
    """The secret with the hints by which clipboard managers leave it alone (KDE, macOS, Windows)."""
    data = QMimeData()
    data.setText(secret.reveal())
    data.setData("x-kde-passwordManagerHint", b"secret")
    data.setData("org.nspasteboard.ConcealedType", b"")
    data.setData('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"', b"\x00")
    return data
