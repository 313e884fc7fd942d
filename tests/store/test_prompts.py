import asyncio

import pytest

from proxycast.model.errors import KeyringDismissed, KeyringSilent, ProxyCastError
from proxycast.model.text import Text
from proxycast.store.prompts import Prompts


class Prompt:
    """Counts how often it is shown; ends when `answer` is called, with the error if there is one."""

    def __init__(self) -> None:
        self.shown = 0
        self._answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def answer(self, error: ProxyCastError | None = None) -> None:
        if error is None:
            self._answer.set_result(None)
        else:
            self._answer.set_exception(error)

    async def show(self) -> None:
        self.shown += 1
        await self._answer


def dismissed() -> KeyringDismissed:
    return KeyringDismissed(Text("It was closed."), Text("Answer it."))


@pytest.fixture
def prompts() -> Prompts:
    return Prompts("test", refusals=(KeyringDismissed,))


async def test_all_who_wait_share_one_prompt(prompts: Prompts) -> None:
    prompt = Prompt()
    waiting = [asyncio.create_task(prompts.show(prompt.show)) for _ in range(50)]
    await asyncio.sleep(0)
    prompt.answer()
    await asyncio.gather(*waiting)
    assert prompt.shown == 1


async def test_one_who_stops_waiting_does_not_close_it_for_the_others(prompts: Prompts) -> None:
    prompt = Prompt()
    leaver = asyncio.create_task(prompts.show(prompt.show))
    stayer = asyncio.create_task(prompts.show(prompt.show))
    await asyncio.sleep(0)
    leaver.cancel()
    await asyncio.wait({leaver})
    prompt.answer()
    await stayer
    assert prompt.shown == 1


async def test_a_refusal_is_repeated_without_a_prompt_until_the_user_asks(prompts: Prompts) -> None:
    refused = Prompt()
    refused.answer(dismissed())
    for _ in range(3):
        with pytest.raises(KeyringDismissed) as raised:
            await prompts.show(refused.show)
        assert str(raised.value) == "It was closed. Answer it."
    assert refused.shown == 1

    prompts.allow()
    accepted = Prompt()
    accepted.answer()
    await prompts.show(accepted.show)
    assert accepted.shown == 1


async def test_any_other_failure_is_no_refusal(prompts: Prompts) -> None:
    for _ in range(2):
        hung = Prompt()
        hung.answer(KeyringSilent(Text("No answer.")))
        with pytest.raises(KeyringSilent):
            await prompts.show(hung.show)
        assert hung.shown == 1
