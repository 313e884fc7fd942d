"""Checks of services that are well: no false alarm, nothing billed without consent, nothing told that is secret."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import msgspec
import pytest
from tests.check.checking import CHINESE, a_credential, ca_file, checked
from tests.fakes.answers import Answer, Behaviour, error, json_answer, page, with_done_tail, without_event_lines
from tests.fakes.certificates import Authority
from tests.fakes.forward_proxies import FakeConnectProxy, FakeSocksProxy
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService
from tests.fakes.wire import RecordedRequest

from proxycast.check.render import as_json, render
from proxycast.check.report import Finding, Report, Stage, State
from proxycast.model.credential import Auth, Kind
from proxycast.model.secret import Secret
from proxycast.upstream.demo import DemoUpstream

OFFICIAL = {"kind": Kind.ANTHROPIC}
QUIRKS: dict[str, MessagesService] = {
    "as Anthropic": MessagesService(),
    "Bearer only": MessagesService(takes="bearer"),
    "x-api-key only": MessagesService(takes="x-api-key"),
    "no list of models": MessagesService(lists_models=False),
    "no count of tokens": MessagesService(counts_tokens=False),
    "neither": MessagesService(lists_models=False, counts_tokens=False),
    "models of its own": MessagesService(models={"kimi-k3": "Kimi K3"}, refuses_unknown_models=True),
}


def all_green(report: Report) -> None:
    assert [one.key for one in report.findings if one.state in {State.FAILED, State.WARNING}] == []
    assert report.state is State.PASSED
    assert report.works


async def test_a_healthy_official_service_is_all_green(tmp_path: Path) -> None:
    async with FakeMessagesApi(tls=Authority(tmp_path).server()) as fake:
        report = await checked(a_credential(fake.base_url, ca_file=ca_file(tmp_path), **OFFICIAL))
    all_green(report)
    assert {one.state for one in report.findings} == {State.PASSED}
    assert [one.stage for one in report.findings] == [
        *(Stage.CONFIGURATION, Stage.SECRET, Stage.TCP, Stage.TLS, Stage.AUTHENTICATION, Stage.MODELS, Stage.MODEL),
        *(Stage.COUNT_TOKENS, Stage.MESSAGE, Stage.STREAM, Stage.USAGE),
    ]
    assert str(report.sentence) == "The key works: claude-haiku-5-5 answered."
    assert report.offers == ()


@pytest.mark.parametrize("service", QUIRKS.values(), ids=QUIRKS.keys())
async def test_a_compatible_service_with_its_quirks_is_no_false_alarm(service: MessagesService) -> None:
    auth = Auth.BEARER if service.takes == "bearer" else Auth.AUTO
    async with FakeMessagesApi(service) as fake:
        report = await checked(a_credential(fake.base_url, auth=auth))
    all_green(report)
    assert report.model in service.models
    assert fake.violations == []


@pytest.mark.parametrize("edit", [without_event_lines, with_done_tail])
async def test_a_stream_with_quirks_is_no_false_alarm(edit: object) -> None:
    async with FakeMessagesApi() as fake:
        fake.script = lambda one: Behaviour(edit=edit) if b'"stream":true' in one.body else None  # type: ignore[arg-type]
        all_green(await checked(a_credential(fake.base_url)))


async def test_a_service_that_lists_with_a_web_page_is_no_false_alarm(fake_api: FakeMessagesApi) -> None:
    def script(request: RecordedRequest) -> Answer | None:
        return page(200) if request.path == "/v1/models" else page(404) if "count" in request.path else None

    fake_api.script = script
    all_green(await checked(a_credential(fake_api.base_url)))


async def test_a_stream_at_the_pace_of_a_model_is_no_lump(fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda one: Behaviour(head_delay=0.3, rate=100) if b'"stream":true' in one.body else None
    all_green(await checked(a_credential(fake_api.base_url)))


async def test_an_error_in_a_shape_of_its_own_still_shows_that_the_key_is_taken(fake_api: FakeMessagesApi) -> None:
    def script(request: RecordedRequest) -> Answer | None:
        if b'"messages":[]' not in request.body:
            return None
        right = request.value("x-api-key") == KEY or request.value("authorization") == f"Bearer {KEY}"
        return json_answer({"code": 40001, "reason": "empty"}, status=400) if right else json_answer({}, status=401)

    fake_api.script = script
    all_green(await checked(a_credential(fake_api.base_url)))


@pytest.mark.parametrize("kind", [FakeConnectProxy, FakeSocksProxy])
async def test_a_service_behind_a_proxy_is_all_green(
    kind: type[FakeConnectProxy | FakeSocksProxy], tmp_path: Path
) -> None:
    tls = Authority(tmp_path).server("service.example")
    async with FakeMessagesApi(tls=tls, server_name="service.example") as fake:
        routes = {("service.example", fake.port): ("127.0.0.1", fake.port)}
        async with kind(routes=routes) as proxy:
            credential = a_credential(fake.base_url, proxy=proxy.url, ca_file=ca_file(tmp_path))
            report = await checked(credential)
    all_green(report)
    assert [one.stage for one in report.findings[2:4]] == [Stage.PROXY, Stage.TLS]


async def test_the_demo_is_all_green() -> None:
    async with DemoUpstream(Secret("k" * 20), words_per_second=1000) as demo:
        all_green(await checked(a_credential(demo.base_url), "k" * 20))


async def test_a_free_check_bills_nothing(fake_api: FakeMessagesApi) -> None:
    report = await checked(a_credential(fake_api.base_url), free=True)
    assert str(report.sentence) == "The key is accepted. No real message was sent."
    assert [one.key for one in report.findings if one.state is State.SKIPPED] == [
        "message.free",
        "stream.free",
        "usage.free",
    ]
    for request in fake_api.requests:
        asks = request.path == "/v1/messages"
        assert not asks or json.loads(request.body)["messages"] == []


async def test_the_real_message_has_one_token_and_the_users_model(fake_api: FakeMessagesApi) -> None:
    await checked(a_credential(fake_api.base_url), model="claude-opus-5-5")
    bodies = [json.loads(one.body) for one in fake_api.requests if one.path == "/v1/messages"]
    message, stream = [one for one in bodies if one["messages"]]
    assert (message["model"], message["max_tokens"], "stream" in message) == ("claude-opus-5-5", 1, False)
    assert (stream["model"], stream["stream"]) == ("claude-opus-5-5", True)


async def test_an_alias_is_asked_for_by_the_name_that_clients_use(fake_api: FakeMessagesApi) -> None:
    report = await checked(a_credential(fake_api.base_url, models={"claude-sonnet-5-5": "vendor/model"}))
    assert report.model == "claude-sonnet-5-5"
    assert json.loads(fake_api.requests[-1].body)["model"] == "vendor/model"


async def test_the_free_check_takes_no_time_of_its_own(fake_api: FakeMessagesApi) -> None:
    took = [(await checked(a_credential(fake_api.base_url), free=True)).seconds for _ in range(3)]
    assert min(took) < 0.3


class Watching:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Stage]] = []

    def began(self, stage: Stage) -> None:
        self.told.append(("began", stage))

    def found(self, finding: Finding) -> None:
        self.told.append(("found", finding.stage))


async def test_stages_are_told_as_they_run(fake_api: FakeMessagesApi) -> None:
    watching = Watching()
    report = await checked(a_credential(fake_api.base_url), watcher=watching)
    assert [stage for what, stage in watching.told if what == "found"] == [one.stage for one in report.findings]
    assert watching.told.index(("began", Stage.TCP)) < watching.told.index(("found", Stage.TCP))


async def test_a_cancelled_check_ends_at_once(fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: Behaviour(head_delay=30)
    running = asyncio.ensure_future(checked(a_credential(fake_api.base_url)))
    await fake_api.next_request()
    began = time.perf_counter()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert time.perf_counter() - began < 0.2
    await fake_api.next_disconnect()


CANARY = "sk-ant-api03-CANARYcanaryCANARYcanary0123456789"


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
async def test_no_part_of_the_key_is_in_a_report(status: int, fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda one: error(status, f"your key {CANARY} or {one.value('x-api-key')} is bad: {CANARY[:24]}…")
    report = await checked(a_credential(fake_api.base_url), CANARY)
    told = render(report, str) + render(report, CHINESE) + msgspec.json.encode(as_json(report, str)).decode()
    told += repr(report)
    for start in range(len(CANARY) - 8):
        assert CANARY[start : start + 8] not in told


async def test_the_words_of_a_service_are_shown_in_one_line(fake_api: FakeMessagesApi) -> None:
    fake_api.script = lambda _: error(400, "one\x1b[31m\ntwo\u202e " + "x" * 1000)
    report = await checked(a_credential(fake_api.base_url))
    (said,) = [one.said for one in report.findings if one.said]
    assert said.startswith("one [31m two x")
    assert len(said) <= 301
