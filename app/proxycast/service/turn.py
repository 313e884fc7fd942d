"""One change of secrets at a time, in this process and among all of the user's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from proxycast.model.errors import ProxyCastError
from proxycast.model.text import Text
from proxycast.store.file_lock import locked

_LOOK_AGAIN = 0.05


@asynccontextmanager
async def turn(lock: Path, *, patience: float = 5.0) -> AsyncIterator[None]:
    """Wait for the others who hold the file `lock`, then hold it.

    Two changes at once could write the same revision, and each take the other's key for its own. Raises ProxyCastError
    after `patience` seconds, or if the file cannot be opened.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    with contextlib.ExitStack() as held:
        while not _took(held, lock):
            if loop.time() >= deadline:
                raise ProxyCastError(
                    Text("Another change of keys is under way and does not come to its end."),
                    Text("See whether the keyring waits for an answer, then try again."),
                )
            await asyncio.sleep(_LOOK_AGAIN)
        yield


def _took(held: contextlib.ExitStack, lock: Path) -> bool:
    try:
        held.enter_context(locked(lock, wait=0))
    except TimeoutError:
        return False
    except OSError as error:
        raise ProxyCastError(
            Text("ProxyCast cannot write to its data folder: {reason}.", reason=error.strerror),
            Text("Make sure that the disk is not full and that the folder belongs to you."),
        ) from None
    return True
