"""`config.yaml` on the disk: read, changed by one program at a time, and watched.

A literal secret that someone wrote into the file is in its backups too, as it was in the file. When it leaves the file,
into the keyring or with its credential, the backups that hold it are deleted first and none is made of the old text.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from proxycast.model.credential import Literal
from proxycast.model.duration import format_duration
from proxycast.model.errors import ConfigError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.atomic import remove_leftovers, write_atomically
from proxycast.store.config import Configuration, parse
from proxycast.store.file_lock import locked
from proxycast.store.paths import make_folder
from proxycast.store.yaml_document import SIZE_LIMIT

Edit = Callable[[str], str]
"""A change of the file's text, such as `proxycast.store.config_edit` makes."""

Signature = tuple[int, int, int]
"""Time of the last change, size and inode: differs if the file does."""

_BACKUPS = 3
_LOOKS = 10


class ConfigFile:
    """A configuration file. Its methods block, and may be called from any thread.

    A symbolic link is followed: the file it leads to is the one that is changed, and its neighbours are the lock and
    the backups. A change waits at most `patience` seconds for the change of another program.
    """

    def __init__(self, path: Path, *, patience: float = 5.0) -> None:
        self.path = path
        self._patience = patience
        self._seen: Signature | None = None
        self._one_by_one = threading.Lock()

    def load(self) -> Configuration:
        """The configuration; an empty one if there is no file. Raises ConfigError."""
        with self._one_by_one:
            self._seen = self.signature()
            return parse(self._text(self.path), str(self.path))

    def edit(self, edit: Edit) -> Configuration:
        """Change the newest text of the file by `edit`, which may raise to leave it alone.

        A file that is no good configuration is never overwritten. Raises ConfigError and what `edit` raises.
        """
        target = self._target()
        with self._one_by_one, self._writing(target):
            text = self._text(target)
            old = parse(text, str(self.path))
            changed = edit(text)
            new = parse(changed, str(self.path))
            if changed != text:
                self._back_up(target, text, _literals(old), _literals(new))
                write_atomically(target, changed.encode())
            self._seen = self.signature()
            return new

    def last_good(self) -> Configuration | None:
        """The configuration of the newest backup that is one: what there was before the last change."""
        for backup in self._backups(self._target()):
            try:
                if backup.exists():
                    return parse(self._text(backup), str(backup))
            except ConfigError:
                continue
        return None

    def signature(self) -> Signature | None:
        """What tells one state of the file from another; None if there is no file or it cannot be seen."""
        try:
            state = self.path.stat()
        except OSError:
            return None
        return state.st_mtime_ns, state.st_size, state.st_ino

    def changed(self) -> bool:
        """Whether the file is not as this object last loaded or wrote it."""
        with self._one_by_one:
            return self.signature() != self._seen

    def _target(self) -> Path:
        return Path(os.path.realpath(self.path))

    @contextmanager
    def _writing(self, target: Path) -> Iterator[None]:
        try:
            make_folder(target.parent)
            with locked(target.with_name(f"{target.name}.lock"), wait=self._patience):
                remove_leftovers(target)
                yield
        except TimeoutError:
            raise ConfigError(
                Text("Another program has been changing the file for {time}.", time=format_duration(self._patience)),
                Text("End other ProxyCast programs that hang, and try again."),
                file=str(self.path),
            ) from None
        except OSError as error:
            raise ConfigError(
                Text(
                    "The file cannot be written and was left as it is ({reason}).", reason=error.strerror or error.errno
                ),
                Text("Look at the free space and at who may write there."),
                file=str(self.path),
            ) from error

    def _back_up(self, target: Path, text: str, old: list[Secret], new: list[Secret]) -> None:
        """Keep the last texts as `config.yaml.1` (the newest) to `.3`, but none with a literal that leaves the file."""
        gone = [secret for secret in old if secret not in new]
        backups = self._backups(target)
        if gone:
            for backup in backups:
                if backup.exists() and self._holds(backup, gone):
                    backup.unlink()
            return
        if not target.exists():
            return
        for older, newer in pairwise(reversed(backups)):
            if newer.exists():
                newer.replace(older)
        write_atomically(backups[0], text.encode())

    def _holds(self, backup: Path, secrets: list[Secret]) -> bool:
        """Whether a backup holds one of the secrets; one that cannot be read counts as holding it."""
        try:
            text = self._text(backup)
            found = _literals(parse(text, str(backup)))
        except ConfigError:
            return True
        return any(secret in found or secret.reveal() in text for secret in secrets)

    def _backups(self, target: Path) -> list[Path]:
        return [target.with_name(f"{target.name}.{number}") for number in range(1, _BACKUPS + 1)]

    def _text(self, path: Path) -> str:
        """The file's text, empty if there is no file. Raises ConfigError."""
        try:
            with path.open("rb") as stream:
                data = stream.read(SIZE_LIMIT + 1)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise ConfigError(
                Text("The file cannot be read ({reason}).", reason=error.strerror or error.errno), file=str(self.path)
            ) from error
        return decode(data, str(path))


def decode(data: bytes, file: str) -> str:
    """The text of a file's bytes, without a byte order mark. Raises ConfigError."""
    if len(data) > SIZE_LIMIT:
        raise ConfigError(Text("The file is longer than {limit} KiB.", limit=SIZE_LIMIT // 1024), file=file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise ConfigError(
            Text("The file is not in UTF-8."),
            Text("Save it as UTF-8 in your editor."),
            file=file,
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        ) from None


def _literals(configuration: Configuration) -> list[Secret]:
    return [
        source.secret
        for credential in configuration.pool.credentials
        for source in credential.secrets.values()
        if isinstance(source, Literal)
    ]


async def watch(
    file: ConfigFile,
    on_change: Callable[[Configuration], None],
    on_error: Callable[[ConfigError], None],
    *,
    interval: float = 1.0,
    settle: float = 0.2,
    on_poll: Callable[[], None] | None = None,
) -> None:
    """Look at the file every `interval` seconds, until cancelled, and tell of changes that `file` did not make itself.

    A change is read when the file has stayed the same for `settle` seconds, or ten times as long if it is empty.
    `on_change` gets a new configuration, `on_error` what is wrong with a bad one: then the last good one stays in
    force, since nothing replaces it. `on_poll` is called at each look.
    """
    while True:
        await asyncio.sleep(interval)
        if on_poll is not None:
            on_poll()
        if not await asyncio.to_thread(file.changed):
            continue
        await _settled(file, settle)
        try:
            configuration = await asyncio.to_thread(file.load)
        except ConfigError as error:
            on_error(error)
        else:
            on_change(configuration)


async def _settled(file: ConfigFile, settle: float) -> None:
    """Wait, but not for ever, until a program that is writing the file has ended. Many empty or delete it first."""
    before = await asyncio.to_thread(file.signature)
    for _ in range(_LOOKS):
        await asyncio.sleep(settle)
        after = await asyncio.to_thread(file.signature)
        if after == before and after is not None and after[1] > 0:
            return
        before = after
