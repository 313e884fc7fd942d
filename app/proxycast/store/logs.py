"""The program's log: what goes into it, where it lies, and that no key ever does.

Secrets are kept out of log calls to begin with. What is removed here, by its looks, is what other people's exceptions
and libraries let slip.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from proxycast.model.settings import LogLevel

_PROGRAM = "proxycast"
_FILE_BYTES = 1024 * 1024
_OLD_FILES = 4
_REMOVED = "[removed]"

_KEY = r"[\w+/=.~-]"
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"  # not inside a word, but right after an escape
_NAMED = (  # name: value, or ("name", "value")
    r"(?i)((?:api[_-]?key|(?:access|secret)[_-]?key|authorization|token|secret|password|passphrase)"
    r"""(?:\\?["']\s*,\s*(?=b?\\?["'])|\\?["']?\s*[:=]\s*))"""
    r"""(?:b?(?P<quote>\\?["']).*?(?P=quote)|(?:(?:bearer|basic)\s+)?[^\s"',;)}\]]+)"""
)
_LONG_AND_MIXED = (  # AWS secret keys among others; but no path, which starts with a slash or a dot
    r"((?<![\w+/.-])|(?<=\\[nrt]))(?!/)(?=[\w+/=-]{40})"
    r"(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*[0-9])[\w+/=-]+"
)
_RULES = tuple(
    (hints, re.compile(pattern, re.ASCII))
    for hints, pattern in (
        (["sk-ant-"], rf"()sk-ant-{_KEY}+"),
        (["sk-"], rf"({_START})sk-{_KEY}{{8,}}"),  # most services
        (["pc_"], rf"({_START})pc_{_KEY}{{8,}}"),  # client tokens
        (["akia", "asia"], r"()(?:AKIA|ASIA)[A-Z0-9]{12,}"),  # AWS access keys
        (["eyj"], rf"({_START})eyJ[\w-]{{8,}}\.{_KEY}+"),  # JSON web tokens
        (["."], rf"({_START})[0-9a-f]{{32}}\.[A-Za-z0-9]{{16}}"),  # Zhipu
        (["://"], r"""(://)[^/\s@"']+(?=@)"""),  # user and password in a URL
        (["bearer"], rf"(?i:(bearer(?:\s|\\[nrt]|%20)+)){_KEY}{{6,}}"),
        (["key", "token", "secret", "pass", "auth"], _NAMED),
        ([""], _LONG_AND_MIXED),
    )
)
"""What a key looks like; the first group is what stands before it and stays. To save time a pattern is tried only on
texts with one of its hints, in either case."""

_log = logging.getLogger(__name__)


def scrub(text: str) -> str:
    """The text without what looks like a key, a token or a password."""
    lowered = text.lower()
    for hints, pattern in _RULES:
        if any(hint in lowered for hint in hints):
            text = pattern.sub(rf"\g<1>{_REMOVED}", text)
    return text


def set_up(log_file: Path, level: int = logging.INFO, *, stderr: TextIO | None = None) -> Callable[[], None]:
    """Send records of the program from `level` up, and warnings of everything else, to a file of its owner alone.

    The file is kept under 1 MiB and four older ones beside it. `stderr` gets the warnings too. Unhandled exceptions and
    Python's warnings become records. A file that cannot be written costs one warning. Returns what undoes all of this.
    """
    undo = contextlib.ExitStack()
    undo.callback(setattr, logging, "raiseExceptions", logging.raiseExceptions)
    logging.raiseExceptions = False  # it would print a record that cannot be written, keys and all
    for name, threshold in ((None, logging.WARNING), (_PROGRAM, level)):
        logger = logging.getLogger(name)
        undo.callback(logger.setLevel, logger.level)
        logger.setLevel(threshold)
    if stderr is not None:
        console = logging.StreamHandler(stderr)
        console.setLevel(logging.WARNING)
        _attach(console, "%(levelname)s: %(message)s", undo)
    try:
        _attach(_open(log_file), "%(asctime)s %(levelname)s %(name)s: %(message)s", undo)
    except OSError as error:
        _log.warning("The log file cannot be written: %s", error)
    _catch_the_unhandled(undo)
    return undo.close


def set_level(level: LogLevel) -> None:
    """Write the program's own records from this weight on."""
    logger, number = logging.getLogger(_PROGRAM), logging.getLevelNamesMapping()[level.upper()]
    if logger.level != number:
        logger.setLevel(number)


class _ScrubbingFormatter(logging.Formatter):
    """Scrubs the whole record: message, arguments, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def _attach(handler: logging.Handler, form: str, undo: contextlib.ExitStack) -> None:
    handler.setFormatter(_ScrubbingFormatter(form))
    handler.addFilter(_concerns_us)
    root = logging.getLogger()
    root.addHandler(handler)
    undo.callback(handler.close)
    undo.callback(root.removeHandler, handler)


def _concerns_us(record: logging.LogRecord) -> bool:
    """A library that is told to debug itself prints headers and prompts; that is not for our log."""
    return record.levelno >= logging.WARNING or f"{record.name}.".startswith(f"{_PROGRAM}.")


def _open(log_file: Path) -> logging.Handler:
    log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_private(log_file)
    handler = RotatingFileHandler(
        log_file, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8", errors="backslashreplace"
    )
    handler.rotator = _rotate
    return handler


def _rotate(source: str, target: str) -> None:
    Path(source).replace(target)
    _make_private(Path(source))


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _catch_the_unhandled(undo: contextlib.ExitStack) -> None:
    """The loop reports its own through the logger `asyncio`."""
    logging.captureWarnings(True)
    undo.callback(logging.captureWarnings, False)
    undo.callback(setattr, sys, "excepthook", sys.excepthook)
    undo.callback(setattr, sys, "unraisablehook", sys.unraisablehook)
    undo.callback(setattr, threading, "excepthook", threading.excepthook)
    sys.excepthook = _log_unhandled
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_unhandled_in_thread


def _log_unhandled(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        _log.critical("Unhandled exception", exc_info=(kind, error, traceback))


def _log_unhandled_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        name = args.thread.name if args.thread else "?"
        exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
        _log.critical("Unhandled exception in the thread %s", name, exc_info=exc_info)


def _log_unraisable(args: sys.UnraisableHookArgs) -> None:
    exc_info = (args.exc_type, args.exc_value, args.exc_traceback) if args.exc_value else None
    _log.error("%s %r", args.err_msg or "Exception ignored in", args.object, exc_info=exc_info)
