"""Secrets in the OS keyring, for coroutines."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from proxycast.model.errors import KeyringDismissed, KeyringError, KeyringLocked
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.keychain import problems
from proxycast.store.keychain.worker import Worker
from proxycast.store.prompts import Prompts

if TYPE_CHECKING:
    from proxycast.store.keychain.choice import Keyring

SERVICE = "ProxyCast"
"""The service name of every item in the keyring."""

T = TypeVar("T")

_MARGIN = 0.2
"""Seconds that a call gets beyond its own deadline to say what happened, before its thread is given up."""

_IMPORTING = 5.0
"""Seconds that the first call may take longer, for a cold disk that `keyring` is imported from."""


class Keychain:
    """The OS keyring behind a thread of its own: a SecretBackend. No call blocks the loop or outlasts its deadline.

    A call ends within `patience` seconds. If the keyring is locked, and `allow_prompt` is set, and there is a screen,
    the user gets `prompt_patience` seconds more to answer one prompt, which all waiting calls share. A keyring that
    comes back is used again at the next call.
    """

    def __init__(self, *, allow_prompt: bool, patience: float = 1.5, prompt_patience: float = 120.0) -> None:
        self._may_prompt = allow_prompt and _has_screen()
        self._patience = patience
        self._prompt_patience = prompt_patience
        self._worker = Worker("keyring")
        self._prompter = Worker("keyring prompt")  # of its own, so that an open prompt holds up nothing else
        self._prompts = Prompts("keyring", refusals=(KeyringDismissed, KeyringLocked))
        self._keyring: Keyring | None = None

    @property
    def label(self) -> Text:
        """How the user knows this keyring."""
        match platform.system():
            case "Darwin":
                return Text("macOS Keychain")
            case "Windows":
                return Text("Windows Credential Manager")
            case _:
                return Text("Secret Service (GNOME Keyring, KWallet or KeePassXC)")

    async def get(self, user: str) -> Secret | None:
        """The value stored under `user`, or None. Raises KeyringError."""
        value = await self._use(lambda keyring: keyring.get(user))
        return None if value is None else Secret(value)

    async def set(self, user: str, value: Secret) -> None:
        """Store a value, in place of an older one. Raises KeyringError."""
        await self._use(lambda keyring: keyring.set(user, value.reveal()))

    async def delete(self, user: str) -> None:
        """Remove an item; one that is not there is no error. Raises KeyringError."""
        await self._use(lambda keyring: keyring.delete(user))

    async def unlock(self) -> None:
        """Show the prompt if the keyring is locked, even after one was dismissed. Raises KeyringError."""
        self._prompts.allow()
        await self._use(lambda keyring: keyring.probe())

    async def state(self) -> KeyringError | None:
        """What a use would raise now, found out without prompting."""
        try:
            keyring = await self._chosen()
            if keyring.asks_by_itself:
                return None
            try:
                await self._run(self._worker, keyring.probe, self._patience)
            except KeyringLocked:
                await self._run(self._worker, lambda: keyring.unlock(None), self._patience)
        except KeyringError as problem:
            return problem
        return None

    def close(self) -> None:
        """End the threads."""
        self._worker.close()
        self._prompter.close()

    async def _use(self, call: Callable[[Keyring], T]) -> T:
        keyring = await self._chosen()
        waits_for_user = keyring.asks_by_itself and self._may_prompt
        patience = self._prompt_patience if waits_for_user else self._patience
        try:
            return await self._run(self._worker, lambda: call(keyring), patience)
        except KeyringLocked:
            if keyring.asks_by_itself:
                raise
        if self._may_prompt:
            await self._prompts.show(lambda: self._prompt(keyring))
        else:
            await self._run(self._worker, lambda: keyring.unlock(None), self._patience)
        return await self._run(self._worker, lambda: call(keyring), patience)

    async def _prompt(self, keyring: Keyring) -> None:
        seconds = self._prompt_patience
        await self._run(self._prompter, lambda: keyring.unlock(seconds), self._patience + seconds)

    async def _chosen(self) -> Keyring:
        if self._keyring is not None:
            return self._keyring
        return await self._run(self._worker, self._choose, self._patience + _IMPORTING)

    def _choose(self) -> Keyring:
        from proxycast.store.keychain.choice import choose  # noqa: PLC0415  # imports keyring, which takes its time

        if self._keyring is None:
            self._keyring = choose(SERVICE, interactive=self._may_prompt, patience=self._patience)
        return self._keyring

    async def _run(self, worker: Worker, call: Callable[[], T], seconds: float) -> T:
        try:
            return await worker.run(call, seconds + _MARGIN)
        except TimeoutError:
            raise problems.silent() from None


def _has_screen() -> bool:
    """Whether a prompt could be seen: on Linux and kin that takes a display."""
    if platform.system() in {"Darwin", "Windows"}:
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"))
