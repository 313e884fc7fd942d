import msgspec
import pytest

from proxycast.model.credential import Aws, AwsEndpoint, Credential, Environment, Keyring, Kind, Literal, Timeouts
from proxycast.model.errors import ConfigError, InputError, NameTaken, UnknownCredential
from proxycast.model.secret import Secret
from proxycast.model.settings import LogLevel, Settings
from proxycast.store.config import parse
from proxycast.store.config_edit import change_settings, put, remove, select

FILE = """\
# my credentials
providers:
  - name: official
    type: claude-custom
    api_key: "sk-ant-..."   # from the console
    # the default base URL is used

  - name: proxy
    type: claude-custom
    api_key: '${KEY}'
    base_url: "https://proxy.example.com"
    timeout: {connect: 5s}

claude-custom:
  headers:
    X-Team: "blue"

aws:   # a section
  type: claude-custom
  aws_region: "us-east-1"
"""
BARE = Credential(id="0123456789ab", name="new")


def credential(name: str, text: str = FILE) -> Credential:
    return parse(text, "f").pool.by_name(name)


def changed(old: str, **fields: object) -> str:
    return put(FILE, msgspec.structs.replace(credential(old), **fields), name=old)


def test_disabling_adds_one_line_and_enabling_takes_it_away() -> None:
    disabled = changed("official", enabled=False)
    line = "    # the default base URL is used\n"
    assert disabled == FILE.replace(line, line + "    enabled: false\n")
    assert put(disabled, credential("official"), name="official") == FILE


def test_a_credential_put_back_as_it_is_changes_nothing() -> None:
    for name in ("official", "proxy", "aws"):
        assert changed(name) == FILE


def test_only_the_value_that_differs_is_replaced_in_the_quotes_it_had() -> None:
    assert changed("proxy", base_url="https://other.example.com") == FILE.replace("proxy.example", "other.example")
    assert changed("proxy", timeouts=Timeouts(connect=0.5)) == FILE.replace("connect: 5s", "connect: 500ms")
    assert changed("proxy", timeouts=Timeouts(connect=5.0, idle=60.0)) == FILE.replace("5s}", "5s, idle: 1m}")
    assert changed("proxy", timeouts=Timeouts()) == FILE.replace("    timeout: {connect: 5s}\n", "")
    assert changed("proxy", secrets={"api_key": Environment("KEY2")}) == FILE.replace("${KEY}", "${KEY2}")


def test_moving_a_literal_into_the_keyring_pins_the_id_it_lies_under() -> None:
    moved = changed("official", secrets={"api_key": Keyring()}, revision=2)
    assert '    api_key: "keyring"   # from the console\n' in moved
    assert f'    id: "{credential("official").id}"\n    revision: 2\n' in moved
    assert "sk-ant" not in moved
    renamed = put(moved, msgspec.structs.replace(credential("official", moved), name="work"), name="official")
    assert credential("work", renamed).id == credential("official").id


def test_a_new_credential_is_appended_with_nothing_it_has_anyway() -> None:
    new = msgspec.structs.replace(BARE, secrets={"api_key": Keyring()})
    item = '  - name: new\n    type: claude-custom\n    id: "0123456789ab"\n    revision: 1\n    api_key: keyring\n'
    assert put(FILE, new) == FILE.replace("\nclaude-custom:", item + "\nclaude-custom:")


def test_a_literal_is_written_only_where_the_source_is_one() -> None:
    new = msgspec.structs.replace(BARE, secrets={"api_key": Literal(Secret("sk-1"))})
    assert "    api_key: sk-1\n" in put(FILE, new)


def test_a_new_credential_takes_the_defaults_of_the_file_but_keeps_where_its_key_goes() -> None:
    text = (
        "claude-custom: {auth: both, timeout: {idle: 9s}, headers: {X-A: '1'}, base_url: 'https://gateway.example'}\n"
    )
    added = credential("new", put(text, BARE))
    assert (added.auth, added.timeouts.idle, added.headers) == ("both", 9.0, (("X-A", "1"),))
    assert added.base_url == "https://api.anthropic.com"
    at_gateway = msgspec.structs.replace(BARE, base_url="https://gateway.example", kind=Kind.COMPATIBLE)
    assert credential("new", put(text, at_gateway)).base_url == "https://gateway.example"


def test_the_first_credential_makes_the_file() -> None:
    assert put("", BARE) == 'providers:\n  - name: new\n    type: claude-custom\n    id: "0123456789ab"\n'


def test_a_new_credential_stands_in_the_pool_where_it_stands_in_the_file() -> None:
    names = [one.name for one in parse(put(FILE, BARE), "f").pool.credentials]
    assert names == ["official", "proxy", "new", "aws"]


def test_a_bedrock_credential_without_other_aws_values_is_written_as_one() -> None:
    new = msgspec.structs.replace(BARE, kind=Kind.BEDROCK, base_url="", aws=Aws())
    assert "    aws_endpoint: bedrock\n" in put(FILE, new)
    new = msgspec.structs.replace(new, aws=Aws(region="us-east-1", endpoint=AwsEndpoint.BEDROCK))
    assert "aws_endpoint" not in put(FILE, new)


def test_a_section_is_renamed_by_its_key_and_stays_selected() -> None:
    text = FILE + "selected: aws\n"
    renamed = put(text, msgspec.structs.replace(credential("aws"), name="云: 1", enabled=False), name="aws")
    identity = credential("aws").id
    assert renamed == (
        text.replace("aws:   #", '"云: 1":   #')
        .replace("selected: aws", 'selected: "云: 1"')
        .replace('  aws_region: "us-east-1"\n', f'  aws_region: "us-east-1"\n  id: "{identity}"\n  enabled: false\n')
    )


def test_a_section_cannot_take_the_name_of_a_setting_but_a_list_item_can() -> None:
    with pytest.raises(InputError, match="server is the name of a setting"):
        changed("aws", name="server")
    assert credential("server", changed("proxy", name="server"))


def test_a_header_of_the_defaults_can_be_respelled_but_not_taken_from_one_credential() -> None:
    assert credential("proxy", changed("proxy", headers=(("x-team", "red"),))).headers == (("x-team", "red"),)
    with pytest.raises(InputError, match="X-Team comes from the defaults"):
        changed("proxy", headers=())


def test_removing_takes_the_block_and_its_comments() -> None:
    start, end = FILE.index("  - name: official"), FILE.index("\n  - name: proxy")
    assert remove(FILE, "official") == FILE[:start] + FILE[end:]
    assert remove(FILE, "aws") == FILE[: FILE.index("aws:")]


def test_removing_the_selected_credential_selects_none_by_name() -> None:
    text = FILE + "selected: proxy # now\n"
    assert parse(remove(text, "proxy"), "f").pool.chosen is None
    assert parse(remove(text, "official"), "f").pool.chosen == "proxy"


def test_the_last_credential_leaves_an_empty_list_that_can_be_filled_again() -> None:
    empty = remove("providers:\n  - name: a\n# end\n", "a")
    assert empty == "providers:\n# end\n"
    assert parse(put(empty, BARE), "f").pool.by_name("new")


def test_selecting() -> None:
    selected = select(FILE, "proxy")
    assert selected == FILE + "selected: proxy\n"
    assert select(selected, "aws") == FILE + "selected: aws\n"
    assert select(selected, None) == FILE
    assert select(FILE, None) == FILE


def test_settings_are_written_where_they_are_not_built_in() -> None:
    other = change_settings(FILE, Settings(port=9000, proxy="none"))
    assert other == FILE + "server:\n  port: 9000\nproxy: none\n"
    assert change_settings(other, Settings()) == FILE


def test_the_log_level_is_a_setting_like_the_others() -> None:
    loud = change_settings(FILE, Settings(log_level=LogLevel.DEBUG))
    assert loud == FILE + "log_level: debug\n"
    assert change_settings(loud, Settings()) == FILE


def test_names_are_held_apart() -> None:
    with pytest.raises(NameTaken):
        put(FILE, msgspec.structs.replace(BARE, name="aws"))
    with pytest.raises(NameTaken):
        changed("official", name="proxy")
    with pytest.raises(UnknownCredential):
        put(FILE, BARE, name="wrong")
    with pytest.raises(UnknownCredential):
        remove(FILE, "wrong")
    with pytest.raises(UnknownCredential):
        select(FILE, "wrong")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"headers": (("X-A", "1\r\nX-B: 2"),)}, "line break"),
        ({"base_url": "http://8.8.8.8"}, "unencrypted"),
        ({"name": "a/b"}, "cannot be used"),
        ({"secrets": {"api_key": Literal(Secret("sk-canary é"))}}, "The key has a space"),
        ({"secrets": {"api_key": Literal(Secret("keyring"))}}, "cannot change safely"),
        ({"base_url": "https://x.example/v1/"}, "cannot change safely"),
    ],
)
def test_what_would_not_read_back_is_not_written(fields: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        put(FILE, msgspec.structs.replace(BARE, **fields))
    assert not isinstance(refused.value, ConfigError)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "--- {providers: [{name: a}]}\n...\n",
        "providers:\n  - ? name\n    : a\n",
        "providers: [name: a]\n",
        "providers:\n  - {name: a, enabled}\n",
        "providers:\n  -\n\n\n      name: a\n",
        "%YAML 1.1\n---\nproviders: # x\n  - name: |-\n      a\n    headers:\n",
        "providers:\n  - name: >\n      a\n\n  # end\n",
        "providers: [\n  { # one\n    name: a # two\n    , type: claude-custom # three\n  } # four\n]",
        "providers:\r  - name: a\r",
        "? providers\n: - name: a\n    type: claude-custom\n",
    ],
)
@pytest.mark.parametrize(
    "edit",
    [
        lambda text: put(text, msgspec.structs.replace(credential("a", text), enabled=False, auth="both"), name="a"),
        lambda text: put(
            text, msgspec.structs.replace(credential("a", text), name="b", headers=(("X", "1"),)), name="a"
        ),
        lambda text: put(text, BARE),
        lambda text: remove(text, "a"),
        lambda text: select(text, "a"),
        lambda text: change_settings(text, Settings(port=1)),
    ],
)
def test_a_strange_file_is_changed_rightly_or_not_at_all(text: str, edit: object) -> None:
    before = parse(text, "f")
    try:
        changed = edit(text)  # type: ignore[operator]
    except InputError as error:
        said = str(error)
        changed = None
    if changed is None:
        assert "cannot change safely" in said
    else:
        assert parse(changed, "f") != before


def test_a_bad_file_is_not_changed() -> None:
    with pytest.raises(ConfigError) as refused:
        select("providers:\n  - nme: a\n", None)
    assert (refused.value.line, refused.value.column) == (2, 5)
