"""Makes the process say all it can. Python imports this at its start if the folder is on PYTHONPATH.

Every logger is on, whatever level it is set to, and all records go to the file `LOUD_LOG` as they are. SIGUSR1 raises
an exception that nobody expects.
"""

from __future__ import annotations

import logging
import os
import signal
from types import FrameType
from typing import NoReturn


def _raise(_number: int, _frame: FrameType | None) -> NoReturn:
    raise RuntimeError("nobody expects this")


_handler = logging.FileHandler(os.environ["LOUD_LOG"], encoding="utf-8", errors="backslashreplace")
_handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s %(args)r"))
logging.getLogger().addHandler(_handler)
setattr(logging.Logger, "isEnabledFor", lambda _logger, level: level >= 0)  # noqa: B010 - mypy allows it only so
signal.signal(signal.SIGUSR1, _raise)
