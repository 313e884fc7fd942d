"""keyring's backends, by name, and what they raise."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TypeVar, cast

from keyring.backend import KeyringBackend

from proxycast.model.errors import KeyringError

T = TypeVar("T")


def load(module: str, name: str, **fixed: object) -> KeyringBackend:
    """A backend of keyring, taken by its name and with the attributes `fixed`.

    keyring's own choice would follow PYTHON_KEYRING_BACKEND, a keyringrc.cfg and any installed package, and could end
    at a plain file. Its KEYRING_PROPERTY_… variables, which could name another place, are of no effect here.
    """
    backend = getattr(importlib.import_module(module), name)
    steady = type(name, (backend,), {"set_properties_from_env": lambda _self: None, **fixed})
    return cast("KeyringBackend", steady())


def told_apart(explain: Callable[[Exception], KeyringError], call: Callable[[], T]) -> T:
    """The result of `call()`; what the libraries raise becomes the error that the user can do something about.

    TimeoutError passes: it is for the one who set the deadline.
    """
    try:
        return call()
    except (KeyringError, TimeoutError):
        raise
    except Exception as error:
        problem = explain(error)
    raise problem  # out here the foreign exception, which may hold a value, does not hang on it
