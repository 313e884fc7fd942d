"""Every change, on every way to write a file: the result says what was wanted, and no other line moves."""

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.store.config_texts import texts

from proxycast.model.credential import Auth, Credential, Environment, Keyring, Kind, Literal, Timeouts
from proxycast.model.secret import Secret
from proxycast.model.settings import Settings
from proxycast.store import config_edit
from proxycast.store.config import parse, read
from proxycast.store.yaml_document import compose, find, place

thorough = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def changed_lines(old: str, new: str) -> range:
    """The lines of `old` (from 1) between those at its start and its end that `new` has too.

    How lines end is left out: a last line without an end is not changed by lines that are added after it.
    """
    before, after = [text.replace("\r\n", "\n").split("\n") for text in (old, new)]
    shorter = min(len(before), len(after))
    start = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    rest = shorter - start
    tail = next((index for index in range(rest) if before[-1 - index] != after[-1 - index]), rest)
    return range(start + 1, len(before) - tail + 1)


def block_lines(text: str, path: tuple[str | int, ...]) -> range:
    """The lines of the block at `path`, with those of its key or dash, and of the comments after it."""
    node = find(compose(text, "f").root, path)
    assert node is not None
    top = next(entry for entry in compose(text, "f").root.entries if entry.key.text == path[0])  # type: ignore[union-attr]
    first = place(text, node.start)[0] if len(path) > 1 else place(text, top.key.start)[0]
    last = place(text, node.end)[0]
    lines = text.split("\n")
    while last < len(lines) and lines[last].lstrip().startswith("#"):
        last += 1
    return range(first, last + 1)


def assert_line_ends_stay(old: str, new: str) -> None:
    if "\r\n" in old:
        assert new.count("\n") == new.count("\r\n")
    else:
        assert "\r" not in new


def within(inner: range, outer: range) -> bool:
    return not inner or (inner.start >= outer.start and inner.stop <= outer.stop)


@st.composite
def changes(draw: st.DrawFn, credential: Credential) -> Credential:
    fields: dict[str, st.SearchStrategy[object]] = {
        "enabled": st.booleans(),
        "auth": st.sampled_from(Auth),
        "api_version": st.sampled_from(["2023-06-01", "2024"]),
        "timeouts": st.builds(
            Timeouts, connect=st.sampled_from([5.0, 10.0, 0.25]), idle=st.sampled_from([300.0, 90.0])
        ),
        "proxy": st.sampled_from([None, "none", "socks5://127.0.0.1:1080"]),
        "ca_file": st.sampled_from([None, "C:\\a 'b'.pem"]),
        "models": st.sampled_from([{}, {"a": "b"}, {"claude-3-opus": "x", "no": "yes"}]),
        "headers": st.sampled_from([credential.headers, (*credential.headers, ("X-New", "a: #b"))]),
        "id": st.sampled_from([credential.id, "0123456789ab"]),
    }
    if credential.kind is not Kind.BEDROCK:
        secret = st.sampled_from([Keyring(), Environment("OTHER"), Literal(Secret("sk-other"))])
        fields["secrets"] = st.one_of(st.just({}), st.builds(lambda one: {"api_key": one}, secret))
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True))
    return msgspec.structs.replace(credential, **{field: draw(fields[field]) for field in chosen})


@thorough
@given(texts(), st.data())
def test_a_changed_credential_changes_its_own_block_alone(text: str, data: st.DataObject) -> None:
    reading = read(text, "f")
    assume(reading.blocks)
    index = data.draw(st.integers(0, len(reading.blocks) - 1))
    old = reading.configuration.pool.credentials[index]
    new = data.draw(changes(old))
    result = config_edit.put(text, new, name=old.name)

    assert within(changed_lines(text, result), block_lines(text, reading.blocks[index].path))
    assert_line_ends_stay(text, result)
    after = parse(result, "f").pool.credentials
    others = reading.configuration.pool.credentials
    assert after[:index] + after[index + 1 :] == others[:index] + others[index + 1 :]
    assert after[index].enabled == new.enabled
    assert after[index].secrets == new.secrets
    assert dict(after[index].headers) == dict(new.headers)


@thorough
@given(texts())
def test_values_that_are_set_leave_every_comment_in_place(text: str) -> None:
    credentials = parse(text, "f").pool.credentials
    assume(credentials)
    limits = Timeouts(connect=1.0, request=2.0, idle=3.0)
    new = msgspec.structs.replace(credentials[0], auth=Auth.BOTH, api_version="2030-01-01", timeouts=limits)
    result = config_edit.put(text, new, name=new.name)

    assert result.count("#") == text.count("#")
    assert config_edit.put(result, new, name=new.name) == result


@thorough
@given(texts())
def test_an_added_credential_is_a_new_piece_of_text_and_nothing_else(text: str) -> None:
    new = Credential(id="abcdef012345", name="new one", secrets={"api_key": Keyring()}, enabled=False)
    result = config_edit.put(text, new)

    assert parse(result, "f").pool.by_name("new one").id == "abcdef012345"
    place_to_be = block_lines(text, ("providers",)) if find(compose(text, "f").root, ("providers",)) else range(0)
    assert within(changed_lines(text, result), place_to_be)
    assert result.count("#") == text.count("#")
    assert_line_ends_stay(text, result)


@thorough
@given(texts(), st.data())
def test_a_removed_credential_takes_its_own_lines_and_no_others(text: str, data: st.DataObject) -> None:
    reading = read(text, "f")
    assume(reading.blocks)
    index = data.draw(st.integers(0, len(reading.blocks) - 1))
    name = reading.configuration.pool.credentials[index].name
    assume(reading.configuration.pool.chosen != name)
    result = config_edit.remove(text, name)

    assert within(changed_lines(text, result), block_lines(text, reading.blocks[index].path))
    assert_line_ends_stay(text, result)
    names = [one.name for one in reading.configuration.pool.credentials]
    assert [one.name for one in parse(result, "f").pool.credentials] == [one for one in names if one != name]


@thorough
@given(texts(), st.data())
def test_a_renamed_credential_stays_the_same_and_stays_selected(text: str, data: st.DataObject) -> None:
    pool = parse(text, "f").pool
    assume(pool.credentials)
    old = data.draw(st.sampled_from(pool.credentials))
    result = config_edit.put(text, msgspec.structs.replace(old, name="新 name: {1}"), name=old.name)

    after = parse(result, "f").pool
    assert after.by_name("新 name: {1}").id == old.id
    assert (after.chosen == "新 name: {1}") == (pool.chosen == old.name)
    assert_line_ends_stay(text, result)


@thorough
@given(texts(), st.data())
def test_selecting_and_settings_change_their_own_lines(text: str, data: st.DataObject) -> None:
    pool = parse(text, "f").pool
    name = data.draw(st.sampled_from([None, *(one.name for one in pool.credentials)]))
    selected = config_edit.select(text, name)
    assert parse(selected, "f").pool.chosen == name
    own = block_lines(text, ("selected",)) if pool.chosen is not None else range(0)
    assert within(changed_lines(text, selected), own)

    wanted = Settings(
        port=data.draw(st.sampled_from([8999, 8000, 1])), proxy=data.draw(st.sampled_from(["system", "none"]))
    )
    result = config_edit.change_settings(text, wanted)
    assert parse(result, "f").settings == wanted
    assert parse(result, "f").pool == pool
    assert_line_ends_stay(text, result)
