"""What stands in the dialog, as a value: what it lacks, and the credential it makes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from proxycast.desktop.dialogs.credential.entry import AwsSource, Entry, Lack, entry_of, lacks, make, would_move
from proxycast.model.credential import Auth, Aws, Credential, Environment, Keyring, Kind, Timeouts
from proxycast.model.secret import Secret
from proxycast.service.draft import DraftError

KEY = {"api_key": Secret("sk-ant-1")}
ACCESS = {"aws_access_key": Secret("AKIA1"), "aws_secret_key": Secret("s")}
BEDROCK = {"kind": Kind.BEDROCK, "name": "b"}
OLD = Credential(
    id="0123456789ab",
    name="relay",
    kind=Kind.COMPATIBLE,
    base_url="https://relay.example.com",
    secrets={"api_key": Keyring()},
    revision=3,
    enabled=False,
)


@pytest.mark.parametrize(
    ("fields", "typed", "lack"),
    [
        ({"name": " "}, KEY, Lack.NAME),
        ({"name": "taken "}, KEY, Lack.NAME_TAKEN),
        ({"name": "a"}, {}, Lack.API_KEY),
        ({"name": "a"}, KEY, None),
        ({"name": "a", "kind": Kind.COMPATIBLE}, KEY, Lack.BASE_URL),
        ({"name": "a", "kind": Kind.COMPATIBLE, "base_url": "https://x.example"}, KEY, None),
        ({"name": "a", "headers": (("", "v"),)}, KEY, Lack.HEADER_NAME),
        ({"name": "a", "headers": (("X-A", "1"), ("x-a", "2"))}, KEY, Lack.HEADER_TWICE),
        ({"name": "a", "models": (("alias", ""),)}, KEY, Lack.MODEL_NAMES),
        ({"name": "a", "models": (("m", "x"), ("m", "y"))}, KEY, Lack.MODEL_TWICE),
        (BEDROCK, {}, None),
        ({**BEDROCK, "source": AwsSource.PROFILE}, {}, Lack.PROFILE),
        ({**BEDROCK, "source": AwsSource.PROFILE, "profile": "p"}, {}, None),
        ({**BEDROCK, "source": AwsSource.ACCESS_KEY, "region": "r"}, {"aws_access_key": Secret("A")}, Lack.ACCESS_KEYS),
        ({**BEDROCK, "source": AwsSource.ACCESS_KEY}, ACCESS, Lack.REGION),
        ({**BEDROCK, "source": AwsSource.ACCESS_KEY, "region": "r"}, ACCESS, None),
        ({**BEDROCK, "source": AwsSource.API_KEY, "region": "r"}, {}, Lack.BEDROCK_KEY),
    ],
)
def test_the_first_thing_that_is_missing_is_named(
    fields: dict[str, Any], typed: dict[str, Secret], lack: Lack | None
) -> None:
    assert lacks(Entry(**fields), typed, None, {"taken"}) is lack


def test_a_stored_key_need_not_be_entered_again() -> None:
    assert lacks(entry_of(OLD), {}, OLD, ()) is None


@pytest.mark.parametrize(
    "credential",
    [
        Credential(id="0123456789ab", name="plain"),
        msgspec.structs.replace(
            OLD,
            auth=Auth.BEARER,
            api_version="2026-10-21",
            headers=(("X-Team", "a: b"),),
            timeouts=Timeouts(connect=0.5, request=90.0, idle=300.0),
            proxy="socks5://127.0.0.1:1080",
            ca_file="/etc/ca.pem",
            allow_http=True,
            models={"claude-3-opus-20240229": "claude-opus-5-5"},
        ),
        Credential(
            id="0123456789ab",
            name="bedrock",
            kind=Kind.BEDROCK,
            base_url="",
            aws=Aws(region="us-east-1", profile="work", model_id="anthropic.claude-3-sonnet-20240229-v1:0"),
        ),
        Credential(
            id="0123456789ab",
            name="keys",
            kind=Kind.BEDROCK,
            base_url="https://vpce.example.com",
            aws=Aws(region="eu-west-1"),
            secrets={"aws_access_key": Keyring(), "aws_secret_key": Environment("AWS_SECRET")},
        ),
    ],
)
def test_showing_a_credential_and_saving_it_unchanged_keeps_everything(credential: Credential) -> None:
    assert make(entry_of(credential), {}, credential).credential == credential


def test_a_new_key_goes_to_the_keyring_and_a_variable_stays_a_reference() -> None:
    drafted = make(Entry(name="a"), KEY, None)
    assert drafted.credential.secrets == {"api_key": Keyring()}
    assert drafted.values == KEY
    drafted = make(Entry(name="a"), {"api_key": Secret("${MY_KEY}")}, None)
    assert drafted.credential.secrets == {"api_key": Environment("MY_KEY")}
    assert drafted.values == {}


@pytest.mark.parametrize("key", ["two words", "keyring", "ключ", "${not a name}"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(DraftError) as caught:
        make(Entry(name="a"), {"api_key": Secret(key)}, None)
    assert caught.value.field == "api_key"
    assert "two words" not in str(caught.value)


def test_new_access_keys_replace_all_of_the_old_ones() -> None:
    names = ("aws_access_key", "aws_secret_key", "aws_session_token")
    old = Credential(
        id="0123456789ab", name="b", kind=Kind.BEDROCK, base_url="", aws=Aws(region="r"),
        secrets=dict.fromkeys(names, Keyring()),
    )  # fmt: skip
    assert set(make(entry_of(old), ACCESS, old).credential.secrets) == set(ACCESS), "the token was that of the old key"
    by_profile = msgspec.structs.replace(entry_of(old), source=AwsSource.PROFILE, profile="p")
    assert make(by_profile, {}, old).credential.secrets == {}


@pytest.mark.parametrize(
    ("base_url", "typed", "moves"),
    [
        ("https://relay.example.com/v2", {}, False),
        ("https://other.example.com", {}, True),
        ("https://other.example.com", KEY, False),
    ],
)
def test_a_stored_key_that_would_go_elsewhere_is_noticed(base_url: str, typed: dict[str, Secret], moves: bool) -> None:
    entry = msgspec.structs.replace(entry_of(OLD), base_url=base_url)
    assert would_move(make(entry, typed, OLD), OLD) is moves
