"""Keys of AWS's profiles: by whom they are asked for, when they are renewed, and who answers for an MFA device."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.test_aws import hostile
from tests.fakes.answers import Behaviour
from tests.fakes.aws_identity import MFA_CODE, MFA_DEVICE, FakeIdentity
from tests.fakes.bedrock_service import ACCOUNT, KEY, TEMPORARY_KEY
from tests.fakes.sigv4 import AwsKey

from proxycast.model.credential import Aws, Credential, Kind
from proxycast.model.errors import AwsRefused, CannotConnect, NoAnswerInTime, SignInNeeded
from proxycast.model.text import Text
from proxycast.proxy.asker import Asker
from proxycast.proxy.dialer import Dialer
from proxycast.upstream.bedrock.aws_session import load_keys, profile_region
from proxycast.upstream.bedrock.session_keys import AskCode, SessionKeys

Make = Callable[..., SessionKeys]


@pytest.fixture
async def identity() -> AsyncIterator[FakeIdentity]:
    async with FakeIdentity() as fake:
        yield fake


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The AWS files of a user: botocore reads the environment of this process."""
    (tmp_path / "credentials").write_text(
        f"[plain]\naws_access_key_id = {KEY.access_key}\naws_secret_access_key = {KEY.secret}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


def role(files: Path, *more: str) -> None:
    lines = ["[profile role]", f"role_arn = arn:aws:iam::{ACCOUNT}:role/Dev", "source_profile = plain", *more]
    (files / "config").write_text("\n".join([*lines, ""]))


def source(
    ask_code: AskCode | None = None, roles: dict[str, Any] | None = None, *, deadline: float = 30.0
) -> SessionKeys:
    credential = Credential(id="0" * 12, name="work", kind=Kind.BEDROCK, base_url="", aws=Aws(profile="role"))
    return SessionKeys(
        credential,
        "us-east-1",
        proxy="none",
        ask_code=ask_code,
        roles={} if roles is None else roles,
        deadline=deadline,
    )


@pytest.fixture
async def ask() -> AsyncIterator[Asker]:
    dialer = Dialer(asyncio.get_running_loop())
    yield Asker(dialer)
    dialer.close()


async def test_a_burst_of_requests_asks_once_and_off_the_loop(files: Path, identity: FakeIdentity, ask: Asker) -> None:
    role(files, f"endpoint_url = {identity.base_url}")
    keys = source()
    assert keys.ready() is None
    found = await asyncio.gather(*(keys.fetch(ask) for _ in range(8)))
    assert {one.access_key for one in found} == {TEMPORARY_KEY.access_key}
    assert identity.identity.asked == ["AssumeRole"]
    assert keys.ready() is found[0]
    assert threading.current_thread().name != "AWS credentials"


async def test_keys_are_renewed_ahead_of_their_end_while_the_old_ones_serve(
    files: Path, identity: FakeIdentity, ask: Asker
) -> None:
    role(files, f"endpoint_url = {identity.base_url}")
    identity.identity.seconds = 300
    keys = source()
    first = await keys.fetch(ask)
    assert first.expires is not None
    assert abs(first.expires - time.time() - 300) < 5
    keys._tried = -1e9  # as if the minute between attempts were over
    identity.identity.key = AwsKey(access_key="ASIANEXT", secret="s", token="t")
    identity.identity.seconds = 3600
    assert keys.ready() is first
    assert keys._flight is not None
    await keys._flight
    renewed = keys.ready()
    assert renewed is not None
    assert renewed.access_key == "ASIANEXT"


async def test_what_was_spoilt_is_fetched_anew(files: Path, identity: FakeIdentity, ask: Asker) -> None:
    role(files, f"endpoint_url = {identity.base_url}")
    keys = source()
    first = await keys.fetch(ask)
    keys.spoil(first)
    assert keys.ready() is None
    assert await keys.fetch(ask) is not first
    assert identity.identity.asked == ["AssumeRole"] * 2


async def test_a_command_that_hangs_holds_up_only_who_waits_for_it(files: Path, ask: Asker) -> None:
    (files / "config").write_text("[profile role]\ncredential_process = sleep 1\n")
    keys = source(deadline=0.3)
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    counting = asyncio.ensure_future(count_turns())
    began = time.monotonic()
    with pytest.raises(NoAnswerInTime, match=r"no keys for work within 0\.3 s"):
        await keys.fetch(ask)
    assert time.monotonic() - began < 0.9
    assert turns > 5, "the loop stood still"
    counting.cancel()
    (files / "config").write_text("[profile role]\n")
    (files / "credentials").write_text("[role]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    assert (await source().fetch(ask)).access_key == "AKIA"
    assert (await keys.fetch(ask)).access_key == "AKIA", "it waits for the command that hangs"


async def test_the_code_of_an_mfa_device_is_asked_of_the_user(files: Path, identity: FakeIdentity, ask: Asker) -> None:
    role(files, f"endpoint_url = {identity.base_url}", f"mfa_serial = {MFA_DEVICE}")
    asked: list[str] = []

    async def answer(name: str) -> str | None:
        asked.append(name)
        await asyncio.sleep(0)
        return f" {MFA_CODE} "

    assert (await source(answer).fetch(ask)).access_key == TEMPORARY_KEY.access_key
    assert asked == ["work"]


async def test_one_code_is_enough_for_a_test_of_a_credential_and_its_traffic(
    files: Path, identity: FakeIdentity, ask: Asker
) -> None:
    role(files, f"endpoint_url = {identity.base_url}", f"mfa_serial = {MFA_DEVICE}")
    asked: list[str] = []

    async def answer(name: str) -> str | None:
        asked.append(name)
        return MFA_CODE

    roles: dict[str, Any] = {}
    tested = await source(answer, roles).fetch(ask)
    traffic = source(answer, roles)
    assert (await traffic.fetch(ask)).access_key == tested.access_key
    assert asked == ["work"]
    traffic.spoil(await traffic.fetch(ask))
    await traffic.fetch(ask)
    assert asked == ["work", "work"]


async def test_a_refused_code_is_not_asked_for_again_at_once(files: Path, identity: FakeIdentity, ask: Asker) -> None:
    role(files, f"endpoint_url = {identity.base_url}", f"mfa_serial = {MFA_DEVICE}")
    asked: list[str] = []

    async def dismiss(name: str) -> str | None:
        asked.append(name)
        return None

    keys = source(dismiss)
    for _ in range(3):
        with pytest.raises(SignInNeeded, match="none was given"):
            await keys.fetch(ask)
    assert asked == ["work"]
    with pytest.raises(SignInNeeded, match="nobody can be asked"):
        await source(None).fetch(ask)


async def test_a_wrong_code_is_told_without_the_account(files: Path, identity: FakeIdentity, ask: Asker) -> None:
    role(files, f"endpoint_url = {identity.base_url}", f"mfa_serial = {MFA_DEVICE}")

    async def wrong(_: str) -> str | None:
        return "000000"

    with pytest.raises(AwsRefused) as caught:
        await source(wrong).fetch(ask)
    said = f"{caught.value.what} {caught.value.remedy}"
    assert "AccessDenied" in said
    assert ACCOUNT not in said


async def test_a_service_that_breaks_off_is_told(files: Path, identity: FakeIdentity, ask: Asker) -> None:
    role(files, f"endpoint_url = {identity.base_url}")
    identity.enqueue(*[Behaviour(cut_before_head=True)] * 4)
    with pytest.raises(Exception, match="closed the connection") as caught:
        await source().fetch(ask)
    assert caught.value.__class__.__name__ == "ConnectionLost"


def test_only_the_profile_says_where_aws_is_asked(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def send(
        method: str, url: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        asked.append(url)
        raise CannotConnect(Text("No."))

    for name, value in hostile("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    for lines, expected in (
        ((), "https://sts.us-east-1.amazonaws.com/"),
        (("endpoint_url = https://vpc.example",), "https://vpc.example/"),
    ):
        role(files, *lines)
        asked.clear()
        with pytest.raises(CannotConnect):
            load_keys("role", "us-east-1", send=send, ask_code=lambda _: "", cache={})
        assert set(asked) == {expected}


def test_a_profile_names_its_region(files: Path) -> None:
    role(files, "region = eu-central-1")
    assert profile_region("role") == "eu-central-1"
    with pytest.raises(AwsRefused, match="no AWS profile other"):
        profile_region("other")
