"""Keys that AWS's tools give, fetched on a thread of their own and renewed before they expire."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from proxycast.model.credential import Credential, Timeouts
from proxycast.model.errors import AwsRefused, NoAnswerInTime, ProxyCastError, SignInNeeded
from proxycast.model.text import Text
from proxycast.upstream.bedrock.endpoints import destination_of
from proxycast.upstream.bedrock.keys import AwsKeys, BearerKey
from proxycast.upstream.request import Ask, Outgoing

T = TypeVar("T")

AskCode = Callable[[str], Awaitable[str | None]]
"""Asks the user for the code of the MFA device for the credential of this name; None: the user gives none."""

_DEADLINE = 30.0
_CODE_SECONDS = 120.0
_AHEAD = 600.0
_LAST_MOMENT = 60.0
_PEACE = 60.0


class SessionKeys:
    """The keys of a credential's profile, or of the default chain. A `KeySource`.

    Ten minutes before they expire they are renewed beside the traffic, in the last minute the traffic waits for it. All
    that can be looked up is looked up anew each time, so a sign-in that was renewed counts at once. `proxy` is the
    program's setting; `roles` are those that were assumed, see `Surroundings`. Whoever waits is told
    after `deadline` seconds; what the user is asked meanwhile does not count.
    """

    renewable = True

    def __init__(
        self,
        credential: Credential,
        region: str,
        *,
        proxy: str,
        ask_code: AskCode | None,
        roles: dict[str, Any],
        deadline: float = _DEADLINE,
    ) -> None:
        self._deadline = deadline
        self._credential = credential
        self._region = region
        self._proxy = proxy
        self._ask_code = ask_code
        self._keys: AwsKeys | None = None
        self._flight: asyncio.Future[AwsKeys] | None = None
        self._ask: Ask | None = None
        self._roles = roles
        self._prompting = False
        self._refusal: ProxyCastError | None = None
        self._tried = -_PEACE
        self._quiet_until = 0.0

    def ready(self) -> AwsKeys | None:
        """See `KeySource`."""
        keys = self._keys
        if keys is None or keys.expires is None:
            return keys
        left = keys.expires - time.time()
        if left < _LAST_MOMENT:
            return None
        if left < _AHEAD and self._ask is not None and time.monotonic() > self._tried + _PEACE:
            self._start(self._ask)
        return keys

    async def fetch(self, ask: Ask) -> AwsKeys:
        """See `KeySource`."""
        return self.ready() or await self._wait(self._start(ask))

    def spoil(self, keys: AwsKeys | BearerKey) -> None:
        """See `KeySource`."""
        if keys is self._keys and isinstance(keys, AwsKeys):
            self._keys = None
            for name, role in list(self._roles.items()):
                if role["Credentials"]["AccessKeyId"] == keys.access_key:
                    self._roles.pop(name, None)

    async def _wait(self, flight: asyncio.Future[AwsKeys]) -> AwsKeys:
        while True:
            try:
                async with asyncio.timeout(self._deadline):
                    return await asyncio.shield(flight)
            except TimeoutError:
                if self._prompting:
                    continue  # it is the user who takes their time
                if self._flight is flight:
                    self._flight = None  # the next one starts anew, and need not hang as well
                raise NoAnswerInTime(
                    Text(
                        "AWS gave no keys for {name} within {seconds} s.",
                        name=self._name,
                        seconds=f"{self._deadline:g}",
                    ),
                    Text("Check the network and the proxy setting, and try again."),
                ) from None

    @property
    def _name(self) -> str:
        return self._credential.name

    def _start(self, ask: Ask) -> asyncio.Future[AwsKeys]:
        """Fetch keys, unless that is under way."""
        if self._flight is None or self._flight.done():
            self._ask = ask
            self._tried = time.monotonic()
            loop = asyncio.get_running_loop()
            self._flight = loop.create_future()
            self._flight.add_done_callback(_retrieve)
            thread = threading.Thread(
                target=self._run, args=(loop, self._flight, ask), name="AWS credentials", daemon=True
            )
            thread.start()
        return self._flight

    def _run(self, loop: asyncio.AbstractEventLoop, flight: asyncio.Future[AwsKeys], ask: Ask) -> None:
        """Load the keys; on the thread."""
        # botocore is only loaded where it is needed: it takes 0.1 s and several megabytes.
        from proxycast.upstream.bedrock.aws_session import load_keys  # noqa: PLC0415

        aws = self._credential.aws
        try:
            keys = load_keys(
                aws.profile if aws is not None else None,
                self._region,
                send=_Sender(loop, ask, self._credential, self._proxy),
                ask_code=lambda _: self._prompt(loop),
                cache=self._roles,
            )
        except Exception as error:  # whoever waits for the keys must be told
            _tell(loop, partial(flight.set_exception, error))
        else:
            _tell(loop, lambda: self._take(flight, keys))

    def _take(self, flight: asyncio.Future[AwsKeys], keys: AwsKeys) -> None:
        self._keys = keys
        flight.set_result(keys)

    def _prompt(self, loop: asyncio.AbstractEventLoop) -> str:
        """The code of the MFA device; on the thread. After a refusal nobody is asked for a minute."""
        ask_code = self._ask_code
        if ask_code is None:
            raise SignInNeeded(
                Text("{name} needs the code of an MFA device, and nobody can be asked for it here.", name=self._name),
                Text("Use the ProxyCast window, or run `proxycast serve` in a terminal."),
            )
        if self._refusal is not None and time.monotonic() < self._quiet_until:
            raise type(self._refusal)(self._refusal.what, self._refusal.remedy)
        self._prompting = True
        try:
            asking = _on_loop(loop, lambda: ask_code(self._name))
            code = asking.result(_CODE_SECONDS)
        except TimeoutError:
            asking.cancel()
            code = None
        finally:
            self._prompting = False
        if code and code.strip():
            return code.strip()
        self._quiet_until = time.monotonic() + _PEACE
        self._refusal = SignInNeeded(
            Text("{name} needs the code of an MFA device, and none was given.", name=self._name),
            Text("Try again in a minute, and enter the code."),
        )
        raise self._refusal


class _Sender:
    """Sends botocore's questions by the connections of traffic, from its thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ask: Ask, credential: Credential, proxy: str) -> None:
        self._loop = loop
        self._ask = ask
        self._credential = credential
        self._proxy = proxy

    def __call__(
        self, method: str, url: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """See `Send`."""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {name.lower(): value for name, value in headers} | {"host": parts.netloc, "accept-encoding": "identity"}
        if body or method in {"POST", "PUT"}:
            sent["content-length"] = str(len(body))
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        outgoing = Outgoing(
            "\r\n".join(lines).encode("latin-1"), body, None, destination_of(url, self._credential, self._proxy)
        )
        timeouts = Timeouts(connect=self._credential.timeouts.connect, request=_DEADLINE / 2)
        asking = _on_loop(self._loop, lambda: self._ask(outgoing, timeouts))
        try:
            answer = asking.result(_DEADLINE)
        except TimeoutError:
            asking.cancel()
            raise AwsRefused(
                Text("{host} did not answer in time.", host=parts.hostname or ""),
                Text("Check the network, and try again."),
            ) from None
        shown = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
        return answer.status, shown, answer.body


def _on_loop(loop: asyncio.AbstractEventLoop, make: Callable[[], Awaitable[T]]) -> Future[T]:
    """Run what `make` gives on the loop, from another thread. Raises RuntimeError if the loop has ended."""

    async def run() -> T:
        return await make()

    coroutine = run()
    try:
        return asyncio.run_coroutine_threadsafe(coroutine, loop)
    except RuntimeError:
        coroutine.close()
        raise


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
        loop.call_soon_threadsafe(what)


def _retrieve(flight: asyncio.Future[AwsKeys]) -> None:
    """Let a failure be known: nobody waits for keys that were to be renewed early, or gave up waiting."""
    if not flight.cancelled():
        flight.exception()
