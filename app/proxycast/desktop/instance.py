"""One window per configuration: a second start raises the window of the first.

The first process holds a lock file for as long as it lives; the system frees the lock of a process that dies. It
listens on a local socket for one line of JSON, `{"v":1,"do":"raise"}`, and answers `{"v":1,"done":true}`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from proxycast.store.file_lock import locked
from proxycast.store.paths import make_folder

Message = TypeVar("Message", bound=msgspec.Struct)

VERSION = 1
PATIENCE = 800
"""Milliseconds that either side waits for the other."""
_LONGEST_LINE = 1024

_log = logging.getLogger(__name__)


class _Wish(msgspec.Struct, kw_only=True):
    v: int
    do: str


class _Answer(msgspec.Struct, kw_only=True):
    v: int
    done: bool


class Instance(QObject):
    """The claim to be the one window of a configuration folder.

    Signals:
        raised: another start wants the window to be shown.
    """

    raised = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._address = _address(folder)
        self._claim = ExitStack()
        self._server: QLocalServer | None = None

    def claim(self) -> bool:
        """Whether this process is the first, which it then stays until `release`. Raises OSError."""
        make_folder(self._folder)
        try:
            self._claim.enter_context(locked(self._folder / "window.lock", wait=0))
        except TimeoutError:
            return False
        return True

    def listen(self) -> None:
        """Hear of other starts. For the first process, once Qt's application object is there."""
        server = self._server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._welcome)
        QLocalServer.removeServer(self._address)  # of a process that was killed: the lock says that none lives
        if not server.listen(self._address):
            _log.warning("a second start cannot raise this window: %s", server.errorString())

    def raise_first(self) -> bool:
        """Ask the first process to show its window. Gives whether it answered in time."""
        socket = QLocalSocket()
        deadline = time.monotonic() + PATIENCE / 1000
        socket.connectToServer(self._address)
        while not socket.waitForConnected(PATIENCE):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)  # it may be about to listen
            socket.connectToServer(self._address)
        socket.write(msgspec.json.encode(_Wish(v=VERSION, do="raise")) + b"\n")
        while not socket.canReadLine():
            if not socket.waitForReadyRead(PATIENCE):
                return False
        return _decoded(bytes(socket.readLine().data()), _Answer) == _Answer(v=VERSION, done=True)

    def release(self) -> None:
        """Let another process be the first."""
        if self._server is not None:
            self._server.close()
        self._claim.close()

    def _welcome(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._reader(socket))
            socket.disconnected.connect(socket.deleteLater)
            QTimer.singleShot(PATIENCE, socket, socket.abort)

    def _reader(self, socket: QLocalSocket) -> Callable[[], None]:
        def read() -> None:
            if not socket.canReadLine():
                if socket.bytesAvailable() > _LONGEST_LINE:
                    socket.abort()
                return
            wish = _decoded(bytes(socket.readLine(_LONGEST_LINE).data()), _Wish)
            understood = wish is not None and wish.do == "raise"
            socket.write(msgspec.json.encode(_Answer(v=VERSION, done=understood)) + b"\n")
            socket.disconnectFromServer()
            if understood:
                self.raised.emit()

        return read


def _decoded(line: bytes, kind: type[Message]) -> Message | None:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError:
        return None


def _address(folder: Path) -> str:
    """Where the first process of this configuration listens: a path in the user's own folder where there is one."""
    name = f"proxycast-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") if sys.platform != "win32" else ""
    return str(Path(runtime) / name) if runtime and Path(runtime).is_dir() else name
