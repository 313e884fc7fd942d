"""Secrets that do not show themselves, texts in two languages, durations, the pool and its names."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.model.credential import Aws, AwsEndpoint, Credential, Kind, Literal, new_id, validate_name
from proxycast.model.duration import format_duration, parse_duration
from proxycast.model.errors import ConfigError, InputError, NothingSelected, UnknownCredential
from proxycast.model.pool import Pool
from proxycast.model.secret import Secret
from proxycast.model.text import Text

CANARY = "sk-ant-canary-0123456789"


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{:>10}".format, lambda secret: f"{secret!r}{secret}"])
def test_a_secret_never_shows_itself(show: Callable[[Secret], str]) -> None:
    assert CANARY not in show(Secret(CANARY))


def test_a_credential_that_holds_a_secret_does_not_show_it_either() -> None:
    credential = Credential(id=new_id(), name="a", secrets={"api_key": Literal(Secret(CANARY))})
    assert CANARY not in repr(credential)


@pytest.mark.parametrize("leak", [pickle.dumps, copy.deepcopy, json.dumps, msgspec.json.encode])
def test_a_secret_cannot_be_serialised_or_copied(leak: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError) as caught:
        leak(Secret(CANARY))
    assert CANARY not in str(caught.value)


def test_secrets_are_compared_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("ä")
    assert Secret("a") != "a"
    assert not Secret("")


def test_a_text_is_rendered_in_the_language_asked_for_with_texts_inside_it() -> None:
    chinese = {"{what} Try again.": "{what}请重试。", "Port {port} is taken.": "端口 {port} 已被占用。"}
    text = Text("{what} Try again.", what=Text("Port {port} is taken.", port=8999))
    assert str(text) == "Port 8999 is taken. Try again."
    assert text.render(lambda template: chinese.get(template, template)) == "端口 8999 已被占用。请重试。"


def test_a_config_error_names_its_place() -> None:
    error = ConfigError(Text("Odd."), Text("Change it."), file="config.yaml", line=3, column=5)
    assert str(error) == "config.yaml:3:5: Odd. Change it."
    assert str(ConfigError(Text("Odd."), file="config.yaml")) == "config.yaml: Odd."


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("500ms", 0.5), ("3m", 180), ("1h", 3600), ("2.5", 2.5), ("90", 90), (" 10 s ", 10)],
)
def test_durations_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-1s", "10x", "ten", "1e3", "25h", "inf", "nan", "1s 2s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=24 * 3600 * 1000))
def test_a_duration_survives_being_written(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds / 1000)) == pytest.approx(milliseconds / 1000)


@pytest.mark.parametrize("name", ["work", "工作 账号", "a.b-c_d", "é", "x" * 80])
def test_ordinary_names_are_names(name: str) -> None:
    assert validate_name(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", ".", "..", "a/b", "a\\b", "a%2fb", "a?b", "a#b", "a;b", "a\nb", "x" * 81])
def test_names_that_could_not_be_a_segment_of_a_path_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        validate_name(name)


def pool(*names: str, disabled: str = "", chosen: str | None = None) -> Pool:
    credentials = tuple(Credential(id=name, name=name, enabled=name != disabled) for name in names)
    return Pool(credentials=credentials, chosen=chosen)


def test_without_a_choice_the_first_enabled_credential_is_selected() -> None:
    assert pool("a", "b", disabled="a").require_selected().name == "b"
    assert pool("a", "b", chosen="b").require_selected().name == "b"


def test_a_chosen_credential_stays_selected_when_it_is_disabled() -> None:
    assert pool("a", "b", disabled="b", chosen="b").require_selected().name == "b"


def test_an_empty_pool_says_what_to_do() -> None:
    with pytest.raises(NothingSelected, match="proxycast use"):
        pool().require_selected()


def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownCredential, match="Did you mean anthropic-official"):
        pool("anthropic-official", "relay").by_name("anthropic-oficial")


def test_the_origin_that_a_secret_is_bound_to() -> None:
    assert Credential(id="1", name="a").origin == "https://api.anthropic.com"
    bedrock = Credential(id="1", name="a", kind=Kind.BEDROCK, base_url="", aws=Aws(endpoint=AwsEndpoint.MANTLE))
    assert bedrock.origin == "aws:mantle"
