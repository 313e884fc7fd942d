"""`proxycast serve` with the ways that AWS hands out keys: profiles, roles, sign-ins, processes, machines."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.configurations import AWS_ACCESS_KEY, AWS_SECRET_KEY, both_forms
from tests.acceptance.program import APP, Program, Serving
from tests.acceptance.test_canary import Search
from tests.cli.test_terminal import Terminal
from tests.fakes.aws_identity import CONTAINER_TOKEN, MFA_CODE, MFA_DEVICE, ROLE, SSO_TOKEN, WEB_TOKEN, FakeIdentity
from tests.fakes.bedrock import FakeBedrock
from tests.fakes.bedrock_service import ACCOUNT, KEY, TEMPORARY_KEY, Model
from tests.fakes.sigv4 import AwsKey
from tests.keyring.conftest import need

ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"
FRESH_KEY = AwsKey(access_key="ASIAFRESHFRESHFRESHF", secret="a-fresh-secret", token="a-fresh-token")
MESSAGE = {
    "model": "us.anthropic.claude-opus-5-5",
    "max_tokens": 8,
    "messages": [{"role": "user", "content": "hi"}],
}
TRAP_KEY = AwsKey(access_key="AKIATRAPTRAPTRAPTRAP", secret="the-secret-of-another-account")


@pytest.fixture
async def bedrock() -> AsyncIterator[FakeBedrock]:
    async with FakeBedrock() as fake:
        fake.aws.keys.append(FRESH_KEY)
        yield fake


@pytest.fixture
async def identity() -> AsyncIterator[FakeIdentity]:
    async with FakeIdentity() as fake:
        yield fake


def profiles(home: Path, identity: FakeIdentity) -> None:
    """The AWS files of a developer who has a bit of everything; AWS's services are played by `identity`."""
    aws = home / ".aws"
    aws.mkdir()
    (aws / "credentials").write_text(
        f"[plain]\naws_access_key_id = {KEY.access_key}\naws_secret_access_key = {KEY.secret}\n"
    )
    (home / "web-token").write_text(WEB_TOKEN)
    write_process(home, TEMPORARY_KEY)
    (aws / "config").write_text(f"""\
[profile plain]
region = us-east-1
[profile role]
region = us-east-1
role_arn = {ROLE_ARN}
source_profile = plain
endpoint_url = {identity.base_url}
[profile mfa]
role_arn = {ROLE_ARN}
source_profile = plain
mfa_serial = {MFA_DEVICE}
endpoint_url = {identity.base_url}
[profile web]
role_arn = {ROLE_ARN}
web_identity_token_file = {home / "web-token"}
endpoint_url = {identity.base_url}
[profile process]
credential_process = cat {home / "process.json"}
[profile failing]
credential_process = false
[profile empty]
region = us-east-1
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.awsapps.example/start
sso_registration_scopes = sso:account:access
[profile sso]
sso_session = corp
sso_account_id = {ACCOUNT}
sso_role_name = {ROLE}
endpoint_url = {identity.base_url}
""")


def write_process(home: Path, key: AwsKey) -> None:
    """What the command of the profile `process` prints."""
    said = {"Version": 1, "AccessKeyId": key.access_key, "SecretAccessKey": key.secret, "SessionToken": key.token}
    (home / "process.json").write_text(json.dumps({**said, "Expiration": "2040-01-01T00:00:00Z"}))


def sign_in(home: Path, *, hours: float) -> None:
    """What `aws sso login` leaves behind; negative: some time ago."""
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
    expires = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"startUrl": "https://corp.awsapps.example/start", "region": "us-east-1", "accessToken": SSO_TOKEN}
    (cache / f"{name}.json").write_text(json.dumps({**said, "expiresAt": expires}))


def configuration(program: Program, bedrock: FakeBedrock, **credentials: str) -> Path:
    """A file with these credentials, each with its own lines; all lead to `bedrock`."""
    file = program.folder / "aws.yaml"
    sections = [
        f"{name}:\n  type: claude-custom\n  base_url: {bedrock.base_url}\n  {lines}\n"
        for name, lines in credentials.items()
    ]
    file.write_text("".join(sections))
    return file


def by_profile(*names: str) -> dict[str, str]:
    return {name: f"aws_profile: {name}\n  aws_region: us-east-1" for name in names}


async def ask(serving: Serving, name: str) -> tuple[int, str]:
    """The status for one message with this credential, and what the error says."""
    async with serving.client() as client:
        answer = await client.post(f"/c/{name}/v1/messages", json=MESSAGE)
    return answer.status_code, answer.json().get("error", {}).get("message", "")


def used(bedrock: FakeBedrock) -> str:
    """The access key of the last request."""
    return (bedrock.requests[-1].value("authorization") or "").partition("Credential=")[2].partition("/")[0]


async def test_the_section_that_people_have_is_served_as_it_stands(program: Program, bedrock: FakeBedrock) -> None:
    old = "anthropic.claude-3-sonnet-20240229-v1:0"
    bedrock.aws.keys.append(AwsKey(access_key=AWS_ACCESS_KEY, secret=AWS_SECRET_KEY))
    bedrock.aws.models = (*bedrock.aws.models, Model(id=old, name="Claude 3 Sonnet", alone=True))
    file = program.folder / "both.yaml"
    file.write_text(f"{both_forms('https://unused.example.com')}  base_url: {bedrock.base_url}\n")
    async with program.serve("--config", file) as serving:
        assert await ask(serving, "bedrock-claude") == (200, "")
    assert bedrock.requests[-1].path == f"/model/{old}/invoke"
    assert used(bedrock) == AWS_ACCESS_KEY


async def test_keys_of_aws_are_nowhere_but_in_the_vault(
    program: Program, bedrock: FakeBedrock, identity: FakeIdentity
) -> None:
    loud = Path(__file__).parent / "loud"
    program.environment |= {
        "PROXYCAST_PASSPHRASE": "pass",
        "PYTHONPATH": os.pathsep.join([str(loud), str(APP)]),
        "LOUD_LOG": str(program.folder / "everything.log"),
        "PROXYCAST_LOG_LEVEL": "DEBUG",
    }
    identity.identity.key = AwsKey(access_key="ASIACANARY", secret="kanarienvogel-two", token="kanarienvogel-three")
    bedrock.aws.keys += [AwsKey(access_key="AKIACANARY", secret="kanarienvogel-one"), identity.identity.key]
    profiles(program.folder, identity)
    search = Search(program)
    at = ("--bedrock", "--region", "us-east-1", "--base-url", bedrock.base_url)
    await search.run("add", "keys", *at, "--access-key", "AKIACANARY", stdin="kanarienvogel-one")
    await search.run("add", "role", *at, "--profile", "role")
    async with program.serve() as serving:
        for name in ("keys", "role"):
            assert (await ask(serving, name))[0] == 200
            bedrock.aws.clock_ahead = 3600
            assert "60 minutes behind" in (await ask(serving, name))[1]
            bedrock.aws.clock_ahead = 0
        search.look_at(serving)
    search.keep("serve", serving)
    await search.run("list", "--json")
    assert (program.folder / "everything.log").stat().st_size > 0
    assert search.places({"kanarienvogel-one", "kanarienvogel-two", "kanarienvogel-three"}, program.folder) == set()


def faketime_library() -> str:
    """What LD_PRELOAD has to be. The command itself would stay as a parent that passes no signals on."""
    command = ["faketime", "-f", "+0", "printenv", "LD_PRELOAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


async def test_a_clock_that_is_20_minutes_off_is_named(program: Program, bedrock: FakeBedrock) -> None:
    need(("faketime",))
    keys = f"aws_access_key: {KEY.access_key}\n  aws_secret_key: {KEY.secret}\n  aws_region: us-east-1"
    file = configuration(program, bedrock, keys=keys)
    library = faketime_library()
    for offset, words in (("+20m", "20 minutes ahead"), ("-20m", "20 minutes behind")):
        # The wall clock alone is wrong: with another monotonic one, timed waits of threads would last 20 minutes more.
        clock: dict[str, Any] = {"LD_PRELOAD": library, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        async with program.serve("--config", file, **clock) as serving:
            status, said = await ask(serving, "keys")
        assert (status, words in said) == (403, True), said


async def test_every_kind_of_profile_gives_keys(program: Program, bedrock: FakeBedrock, identity: FakeIdentity) -> None:
    profiles(program.folder, identity)
    sign_in(program.folder, hours=1)
    names = ("plain", "role", "web", "process", "sso")
    file = configuration(program, bedrock, **by_profile(*names, "failing", "empty", "missing", "mfa"))
    async with program.serve("--config", file) as serving:
        for name in names:
            assert await ask(serving, name) == (200, ""), name
            assert used(bedrock) == (KEY if name == "plain" else TEMPORARY_KEY).access_key
        assert identity.identity.asked == ["AssumeRole", "AssumeRoleWithWebIdentity", "SSO"]
        for name, words in {
            "failing": "command that gives the keys of the AWS profile failing failed",
            "empty": "profile empty has no keys",
            "missing": "no AWS profile missing",
            "mfa": "needs the code of an MFA device",
        }.items():
            status, said = await ask(serving, name)
            assert (status, words in said) == (403, True), said
            assert ACCOUNT not in said


async def test_keys_that_expire_in_the_middle_are_renewed(
    program: Program, bedrock: FakeBedrock, identity: FakeIdentity
) -> None:
    profiles(program.folder, identity)
    file = configuration(program, bedrock, **by_profile("process", "role"))
    async with program.serve("--config", file) as serving:
        for name in ("process", "role"):
            assert (await ask(serving, name))[0] == 200
        bedrock.aws.expired.add(TEMPORARY_KEY.access_key)
        write_process(program.folder, FRESH_KEY)
        identity.identity.key = FRESH_KEY
        for name in ("process", "role"):
            assert await ask(serving, name) == (200, "")
            assert used(bedrock) == FRESH_KEY.access_key
        bedrock.aws.expired.add(FRESH_KEY.access_key)
        status, said = await ask(serving, "process")
        assert (status, "Renew the keys of the AWS profile process" in said) == (403, True)


async def test_an_expired_sign_in_names_its_command_and_recovers_without_a_restart(
    program: Program, bedrock: FakeBedrock, identity: FakeIdentity
) -> None:
    profiles(program.folder, identity)
    sign_in(program.folder, hours=-1)
    file = configuration(program, bedrock, **by_profile("sso"))
    async with program.serve("--config", file) as serving:
        status, said = await ask(serving, "sso")
        assert status == 403
        assert "`aws sso login --profile sso`" in said
        sign_in(program.folder, hours=1)
        assert await ask(serving, "sso") == (200, "")


@pytest.mark.parametrize(
    ("way", "environment"),
    [
        ("instance", {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/"}),
        (
            "container",
            {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": CONTAINER_TOKEN,
            },
        ),
        ("environment", {"AWS_ACCESS_KEY_ID": KEY.access_key, "AWS_SECRET_ACCESS_KEY": KEY.secret}),
        ("AWS_PROFILE", {"AWS_PROFILE": "process"}),
    ],
)
async def test_the_default_chain_finds_the_keys_of_the_machine(
    program: Program, bedrock: FakeBedrock, identity: FakeIdentity, way: str, environment: dict[str, str]
) -> None:
    if way == "AWS_PROFILE":
        profiles(program.folder, identity)
    file = configuration(program, bedrock, chain="aws_endpoint: bedrock")
    variables: dict[str, Any] = {name: value.format(url=identity.base_url) for name, value in environment.items()}
    # Nobody answers at this proxy: what is on the machine's own link is never reached through one.
    traps: dict[str, Any] = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    async with program.serve("--config", file, AWS_DEFAULT_REGION="us-east-1", **variables, **traps) as serving:
        assert await ask(serving, "chain") == (200, "")
    assert used(bedrock) == (KEY if way == "environment" else TEMPORARY_KEY).access_key


async def test_the_terminal_asks_for_the_code_of_an_mfa_device(
    program: Program, bedrock: FakeBedrock, identity: FakeIdentity
) -> None:
    profiles(program.folder, identity)
    program.home.mkdir()
    configuration(program, bedrock, **by_profile("mfa")).rename(program.config)
    terminal = Terminal(program.home, "test", "mfa", HOME=str(program.folder))
    try:
        await asyncio.to_thread(terminal.until, "Code of the MFA device for mfa: ")
        terminal.type(f"{MFA_CODE}\n")
        assert await asyncio.to_thread(terminal.end) == 0
        await asyncio.to_thread(terminal.until, "The key works: global.anthropic.claude-haiku-5-5 answered.")
    finally:
        terminal.close()
    assert used(bedrock) == TEMPORARY_KEY.access_key


async def test_without_a_region_nothing_is_guessed(program: Program, bedrock: FakeBedrock) -> None:
    file = configuration(program, bedrock, chain="aws_endpoint: bedrock")
    async with program.serve("--config", file, AWS_EC2_METADATA_DISABLED="true") as serving:
        status, said = await ask(serving, "chain")
    assert (status, "names no AWS region" in said) == (403, True)


async def test_a_hostile_environment_changes_neither_host_nor_account(
    program: Program, bedrock: FakeBedrock, identity: FakeIdentity
) -> None:
    profiles(program.folder, identity)
    keys = f"aws_access_key: {KEY.access_key}\n  aws_secret_key: {KEY.secret}\n  aws_region: us-east-1"
    file = configuration(program, bedrock, keys=keys, **by_profile("role", "plain", "empty"))
    async with FakeBedrock() as trap, program.serve("--config", file, **hostile(trap.base_url)) as serving:
        for name, key in (("keys", KEY), ("plain", KEY), ("role", TEMPORARY_KEY)):
            assert await ask(serving, name) == (200, "")
            assert used(bedrock) == key.access_key
        status, said = await ask(serving, "empty")
        assert (status, "has no keys" in said) == (403, True)
        assert trap.opened == 0
    assert identity.identity.asked == ["AssumeRole"]


def hostile(trap: str) -> dict[str, Any]:
    """Every variable that could lead requests, or the questions for keys, to another place or account."""
    endpoints = ("", "_BEDROCK", "_BEDROCK_RUNTIME", "_STS", "_SSO", "_SSO_OIDC", "_SIGNIN")
    return {
        **{f"AWS_ENDPOINT_URL{service}": trap for service in endpoints},
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), trap),
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_BEARER_TOKEN_BEDROCK": "the-api-key-of-another-account",
        "AWS_ACCESS_KEY_ID": TRAP_KEY.access_key,
        "AWS_SECRET_ACCESS_KEY": TRAP_KEY.secret,
        "AWS_SESSION_TOKEN": "the-token-of-another-account",
        "AWS_PROFILE": "failing",
        "AWS_DEFAULT_PROFILE": "failing",
        "AWS_REGION": "eu-west-3",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_CA_BUNDLE": "/nonexistent/ca.pem",
        "REQUESTS_CA_BUNDLE": "/nonexistent/ca.pem",
        "AWS_DATA_PATH": "/nonexistent/models",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
        "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/Other",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{trap}/container",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"{trap}/",
        "ANTHROPIC_BEDROCK_BASE_URL": trap,
        "ANTHROPIC_BASE_URL": trap,
    }
