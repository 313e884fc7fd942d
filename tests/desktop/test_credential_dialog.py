"""The dialog "Claude Custom" on the real loop, over a real service and a vault."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from tests.desktop.opened import open_window, until
from tests.fakes.answers import Behaviour
from tests.fakes.bedrock import FakeBedrock
from tests.fakes.bedrock_service import KEY as AWS_KEY
from tests.fakes.messages_api import FakeMessagesApi
from tests.fakes.service import KEY, MessagesService

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.dialogs.credential.entry import AwsSource
from proxycast.desktop.dialogs.vault import VaultDialog
from proxycast.desktop.widgets.dialogs import Question
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Auth, AwsEndpoint, Credential, Environment, Keyring, Kind

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")  # lists of suggestions on no screen

Open = Callable[..., CredentialDialog]


@pytest.fixture
async def window(home: Path) -> AsyncIterator[MainWindow]:
    async with open_window(home, passphrase="pass") as opened:
        yield opened


@pytest.fixture
async def bridge(window: MainWindow) -> Bridge:
    return window._bridge


@pytest.fixture
async def opening(window: MainWindow, bridge: Bridge) -> AsyncIterator[Open]:
    """Opens dialogs, and closes at the end of the test those that are still open."""
    dialogs: list[CredentialDialog] = []

    def open_it(credential: Credential | None = None, *, duplicate: bool = False) -> CredentialDialog:
        dialog = CredentialDialog(bridge, window, credential, duplicate=duplicate)
        dialogs.append(dialog)
        dialog.open()
        return dialog

    yield open_it
    for dialog in dialogs:
        if shiboken6.isValid(dialog):
            dialog.done(0)


def enter(field: QLineEdit, text: str) -> None:
    """Type a text in place of what is there."""
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        field.insert(text)


def question() -> Question | None:
    return next((one for one in QApplication.topLevelWidgets() if isinstance(one, Question) and one.isVisible()), None)


async def save(dialog: CredentialDialog) -> str:
    """Press the button that saves, and wait for the name."""
    names: list[str] = []
    dialog.saved.connect(names.append)
    assert dialog.save.isEnabled(), dialog.reason.text()
    dialog.save.click()
    await until(lambda: names)
    await until(lambda: not shiboken6.isValid(dialog) or not dialog.isVisible())
    return names[0]


async def saved(bridge: Bridge, dialog: CredentialDialog) -> Credential:
    """Save, and give what was saved."""
    name = await save(dialog)
    return bridge.service.pool.by_name(name)


async def stored(bridge: Bridge, credential: Credential) -> dict[str, str]:
    """The secrets in the vault."""
    found = await bridge.service.secrets.read(credential.id, credential.revision)
    return {} if found is None else {field: secret.reveal() for field, secret in found.secrets.items()}


async def added(bridge: Bridge, opening: Open, key: str = "sk-ant-first", url: str = "") -> Credential:
    """A credential that was added through the dialog."""
    dialog = opening()
    if url:
        dialog.form.kinds.cards[Kind.COMPATIBLE].click()
        dialog.form.services.other.click()
        enter(dialog.form.basics.url, url)
    enter(dialog.form.basics.key, key)
    return await saved(bridge, dialog)


async def test_an_official_key_is_all_that_has_to_be_entered(bridge: Bridge, opening: Open, home: Path) -> None:
    dialog = opening()
    await until(dialog.form.basics.key.hasFocus)
    assert (dialog.save.isEnabled(), dialog.reason.text()) == (False, "Enter the API key")
    QTest.keyClicks(dialog.form.basics.key, "sk-ant-typed")
    assert dialog.form.advanced.auth.itemText(0) == "Automatic: x-api-key"
    name = await save(dialog)
    credential = bridge.service.pool.by_name(name)
    assert (name, credential.kind, credential.secrets) == ("Anthropic", Kind.ANTHROPIC, {"api_key": Keyring()})
    assert await stored(bridge, credential) == {"api_key": "sk-ant-typed"}
    assert "sk-ant-typed" not in (home / "config.yaml").read_text()


async def test_a_known_service_is_chosen_with_its_region_and_header(bridge: Bridge, opening: Open) -> None:
    dialog = opening()
    form = dialog.form
    form.kinds.cards[Kind.COMPATIBLE].click()
    assert dialog.reason.text() == "Choose a service or enter the base URL"
    QTest.keyClicks(form.services.search, "moonshot")
    assert [chip.text() for chip in form.services.chips.values() if chip.isVisible()] == ["Kimi"]
    form.services.chips["kimi"].click()
    assert (form.basics.name.text(), form.basics.url.text()) == ("Kimi", "https://api.moonshot.cn/anthropic")
    enter(form.basics.key, "sk-kimi-key")
    assert form.advanced.auth.itemText(0) == "Automatic: Authorization: Bearer"
    form.services.region_chips[1].click()
    assert form.basics.url.text() == "https://api.moonshot.ai/anthropic"
    credential = await saved(bridge, dialog)
    assert (credential.name, credential.kind) == ("Kimi", Kind.COMPATIBLE)
    assert credential.base_url == "https://api.moonshot.ai/anthropic"
    again = opening()
    again.form.kinds.cards[Kind.COMPATIBLE].click()
    again.form.services.chips["kimi"].click()
    assert again.form.basics.name.text() == "Kimi 2"


async def test_everything_advanced_is_saved_and_shown_again(bridge: Bridge, opening: Open) -> None:
    dialog = opening()
    form, advanced = dialog.form, dialog.form.advanced
    form.kinds.cards[Kind.COMPATIBLE].click()
    form.services.other.click()
    enter(form.basics.url, "HTTP://192.168.1.5:8080/v1/")
    assert "unencrypted" in form.basics.url_field.note.text()
    form.fold.head.click()
    advanced.allow_http.click()
    assert form.basics.url_field.note.text() == "Saved as http://192.168.1.5:8080"
    assert form.basics.name.text() == "192.168.1.5"
    enter(form.basics.name, "内网")
    enter(form.basics.key, "key-of-mine")
    advanced.choose_auth(Auth.BOTH)
    enter(advanced.version, "2026-10-21")
    advanced.headers.add.click()
    header = advanced.headers.findChildren(QLineEdit)
    enter(header[0], "X-Team")
    enter(header[1], "research")
    enter(advanced.limits["request"], "5m")
    advanced.models.add.click()
    alias = advanced.models.findChildren(QLineEdit)
    enter(alias[0], "claude-3-opus-20240229")
    assert dialog.reason.text() == "A model alias is incomplete"
    enter(alias[1], "big-model")
    advanced.proxy_choice.show_value("none")
    advanced.edited.emit()
    credential = await saved(bridge, dialog)
    assert (credential.name, credential.base_url) == ("内网", "http://192.168.1.5:8080")
    assert (credential.auth, credential.api_version, credential.proxy) == (Auth.BOTH, "2026-10-21", "none")
    assert credential.headers == (("X-Team", "research"),)
    assert (credential.timeouts.request, credential.timeouts.connect) == (300.0, 10.0)
    assert credential.models == {"claude-3-opus-20240229": "big-model"}
    shown = opening(credential)
    assert not shown.changed
    assert shown.form.advanced.headers.pairs == (("X-Team", "research"),)
    assert shown.form.advanced.limits["request"].text() == "5m"


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        (AwsSource.CHAIN, {}),
        (AwsSource.ACCESS_KEY, {"aws_access_key": "AKIA1", "aws_secret_key": "s/e+c"}),
        (AwsSource.API_KEY, {"aws_bearer_token": "bedrock-key"}),
    ],
)
async def test_bedrock_credentials_are_kept_by_their_identity(
    bridge: Bridge, opening: Open, source: AwsSource, keys: dict[str, str]
) -> None:
    dialog = opening()
    dialog.form.kinds.cards[Kind.BEDROCK].click()
    bedrock = dialog.form.bedrock
    bedrock.source.show_value(source)
    bedrock.source.chosen.emit(source)
    enter(bedrock.region, "us-east-1")
    enter(bedrock.model, "global.anthropic.claude-sonnet-5-5")
    for field, value in keys.items():
        assert bedrock.keys[field].isVisibleTo(dialog)
        enter(bedrock.keys[field], value)
    credential = await saved(bridge, dialog)
    assert (credential.kind, credential.name) == (Kind.BEDROCK, "Bedrock")
    assert credential.aws is not None
    assert (credential.aws.region, credential.aws.model_id) == ("us-east-1", "global.anthropic.claude-sonnet-5-5")
    assert credential.aws.endpoint is AwsEndpoint.BEDROCK
    assert set(credential.secrets) == set(keys)
    assert (await stored(bridge, credential) if keys else {}) == keys


async def test_profiles_are_offered_from_the_aws_files(
    home: Path, opening: Open, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "aws").write_text("[profile work]\n[profile home]\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "aws"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "none"))
    dialog = opening()
    dialog.form.kinds.cards[Kind.BEDROCK].click()
    dialog.form.bedrock.source.show_value(AwsSource.PROFILE)
    dialog.form.bedrock.source.chosen.emit(AwsSource.PROFILE)
    dialog.form.bedrock.edited.emit()
    assert dialog.reason.text() == "Enter the profile"
    await until(lambda: dialog.form.bedrock.profile.completer().model().rowCount() == 2)
    enter(dialog.form.bedrock.profile, "work")
    credential = await saved(bridge, dialog)
    assert credential.aws is not None
    assert credential.aws.profile == "work"


async def test_a_bedrock_credential_is_tested_with_what_its_account_has(opening: Open) -> None:
    async with FakeBedrock() as fake:
        dialog = opening()
        dialog.form.kinds.cards[Kind.BEDROCK].click()
        bedrock = dialog.form.bedrock
        bedrock.source.show_value(AwsSource.ACCESS_KEY)
        bedrock.source.chosen.emit(AwsSource.ACCESS_KEY)
        for field, value in (("aws_access_key", AWS_KEY.access_key), ("aws_secret_key", AWS_KEY.secret)):
            enter(bedrock.keys[field], value)
        enter(bedrock.region, "us-east-1")
        enter(dialog.form.basics.url, fake.base_url)
        dialog.test.click()
        await answered_with(dialog, agree=True)
        assert "The key works: global.anthropic.claude-haiku-5-5" in dialog.trial.sentence.text()


async def test_claude_platform_needs_its_workspace(bridge: Bridge, opening: Open) -> None:
    dialog = opening()
    dialog.form.kinds.cards[Kind.BEDROCK].click()
    bedrock = dialog.form.bedrock
    assert not bedrock.workspace.isVisibleTo(dialog)
    bedrock.endpoint.show_value(AwsEndpoint.CLAUDE_PLATFORM)
    bedrock.endpoint.chosen.emit(AwsEndpoint.CLAUDE_PLATFORM)
    bedrock.edited.emit()
    assert bedrock.workspace.isVisibleTo(dialog)
    assert dialog.reason.text() == "Enter the workspace ID"
    enter(bedrock.workspace, "wrkspc_1")
    credential = await saved(bridge, dialog)
    assert credential.aws is not None
    assert (credential.aws.endpoint, credential.aws.workspace_id) == (AwsEndpoint.CLAUDE_PLATFORM, "wrkspc_1")


@pytest.mark.parametrize(
    ("entered", "reason", "note"),
    [
        (("a/b", "sk-ant-1", ""), "Check: Name", "has a character that cannot be used"),
        (("", "sk-ant-1", ""), "Enter a name", ""),
        (("a", "two words", ""), "Check: API Key", "The key has a space"),
        (("a", "sk-ant-1", "http://api.example.com"), "Check: Base URL", "unencrypted"),
        (("a", "sk-ant-1", "https://user:pw@example.com"), "Check: Base URL", "user name or password"),
    ],
)
async def test_what_is_wrong_is_said_while_typing_and_cannot_be_saved(
    opening: Open, entered: tuple[str, str, str], reason: str, note: str
) -> None:
    dialog = opening()
    basics = dialog.form.basics
    for field, text in zip((basics.name, basics.key, basics.url), entered, strict=True):
        enter(field, text)
    assert (dialog.save.isEnabled(), dialog.test.isEnabled(), dialog.reason.text()) == (False, False, reason)
    notes = [basics.name_field, basics.key_field, basics.url_field]
    marked = [field.note.text() for field in notes if field._input is not None and field._input.property("wrong")]
    assert [note in text for text in marked] == ([True] if note else [])


async def test_a_wrong_advanced_field_unfolds_its_section(opening: Open) -> None:
    dialog = opening()
    enter(dialog.form.basics.key, "sk-ant-1")
    enter(dialog.form.advanced.limits["idle"], "soon")
    assert dialog.form.fold.is_open
    assert dialog.reason.text() == "Check: Time limits"
    assert dialog.form.advanced.limits["idle"].property("wrong")
    enter(dialog.form.advanced.limits["idle"], "1m")
    assert dialog.save.isEnabled()
    assert not dialog.form.advanced.limits["idle"].property("wrong")


async def test_a_name_that_is_taken_is_marked(bridge: Bridge, opening: Open) -> None:
    await added(bridge, opening)
    dialog = opening()
    assert dialog.form.basics.name.text() == "Anthropic 2"
    enter(dialog.form.basics.name, "Anthropic")
    assert dialog.form.basics.name.property("wrong")
    assert dialog.reason.text() == "Another credential has this name"


async def test_a_pasted_block_fills_the_form_wherever_the_cursor_is(bridge: Bridge, opening: Open) -> None:
    dialog = opening()
    text = "export ANTHROPIC_BASE_URL=https://relay.example.com/v1\nexport ANTHROPIC_AUTH_TOKEN=0123456789abcdefgh"
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(dialog.form.basics.name, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.message is not None
    assert "Base URL" in dialog.message.accessibleName()
    assert "0123456789" not in dialog.message.accessibleName()
    assert dialog.form.advanced.auth.value is Auth.BEARER, "Claude Code sends such a token as Bearer"
    credential = await saved(bridge, dialog)
    assert (credential.name, credential.base_url) == ("relay.example.com", "https://relay.example.com")
    assert await stored(bridge, credential) == {"api_key": "0123456789abcdefgh"}


async def test_a_bare_key_is_pasted_into_the_field_that_has_the_cursor(opening: Open) -> None:
    dialog = opening()
    QGuiApplication.clipboard().setText("sk-ant-api03-0123456789")
    QTest.keyClick(dialog.form.basics.key, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.form.basics.key.text() == "sk-ant-api03-0123456789"
    assert dialog.message is None
    dialog.form.basics.key.clear()
    dialog.paste.click()
    assert dialog.form.basics.key.text() == "sk-ant-api03-0123456789"


async def test_pasted_text_without_a_credential_is_said_to_be_that(opening: Open) -> None:
    dialog = opening()
    QGuiApplication.clipboard().setText("hello")
    dialog.paste.click()
    assert dialog.message is not None
    assert "no credential in the clipboard" in dialog.message.accessibleName()
    assert not dialog.changed


async def test_a_pasted_anthropic_key_never_goes_to_the_service_chosen_before(opening: Open) -> None:
    dialog = opening()
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.chips["deepseek"].click()
    QGuiApplication.clipboard().setText("sk-ant-api03-0123456789")
    dialog.paste.click()
    assert (dialog.form.kinds.kind, dialog.form.basics.url.text()) == (Kind.ANTHROPIC, "")
    enter(dialog.form.basics.url, "https://relay.example.com/")
    assert "counts as a compatible service" in dialog.form.basics.url_field.note.text()
    assert "another service" in dialog.form.basics.key_remark.words.text()


async def test_a_key_of_another_vendor_is_warned_about(opening: Open) -> None:
    dialog = opening()
    enter(dialog.form.basics.key, "sk-or-v1-0123456789")
    assert "OpenRouter" in dialog.form.basics.key_remark.words.text()
    assert dialog.save.isEnabled(), "it is a doubt and no error"


async def test_an_edit_shows_that_a_key_is_stored_and_keeps_it(bridge: Bridge, opening: Open) -> None:
    credential = await added(bridge, opening)
    dialog = opening(credential)
    assert dialog.form.basics.key.text() == ""
    assert dialog.form.basics.key.placeholderText() == "A key is stored · enter a new one to replace it"
    enter(dialog.form.basics.name, "renamed")
    changed = await saved(bridge, dialog)
    assert (changed.id, changed.revision) == (credential.id, credential.revision)
    assert await stored(bridge, changed) == {"api_key": "sk-ant-first"}


async def test_entering_a_new_key_replaces_the_stored_one(bridge: Bridge, opening: Open) -> None:
    credential = await added(bridge, opening)
    dialog = opening(credential)
    enter(dialog.form.basics.key, "sk-ant-second")
    changed = await saved(bridge, dialog)
    assert (changed.id, changed.revision) == (credential.id, credential.revision + 1)
    assert await stored(bridge, changed) == {"api_key": "sk-ant-second"}
    assert await stored(bridge, credential) == {}


async def test_a_key_from_the_environment_is_shown_as_that(home: Path, opening: Open, bridge: Bridge) -> None:
    dialog = opening()
    enter(dialog.form.basics.key, "${MY_KEY}")
    credential = await saved(bridge, dialog)
    assert credential.secrets == {"api_key": Environment("MY_KEY")}
    assert "${MY_KEY}" in (home / "config.yaml").read_text()
    assert "MY_KEY" in opening(credential).form.basics.key.placeholderText()


async def test_a_duplicate_is_a_new_credential_without_the_key(bridge: Bridge, opening: Open) -> None:
    credential = await added(bridge, opening, url="https://relay.example.com")
    dialog = opening(credential, duplicate=True)
    assert dialog.form.basics.name.text() == "relay.example.com 2"
    assert (dialog.save.isEnabled(), dialog.reason.text()) == (False, "Enter the API key")
    enter(dialog.form.basics.key, "sk-other")
    copy = await saved(bridge, dialog)
    assert copy.id != credential.id
    assert copy.base_url == credential.base_url
    assert await stored(bridge, copy) == {"api_key": "sk-other"}
    assert await stored(bridge, credential) == {"api_key": "sk-ant-first"}


async def answered_with(dialog: CredentialDialog, *, agree: bool) -> None:
    """The test has ended, after the question for the price was answered."""
    await until(dialog.trial.send.isVisible)
    (dialog.trial.send if agree else dialog.trial.skip).click()
    await until(lambda: not dialog.trial.running)


async def test_the_test_asks_the_service_with_what_is_entered(opening: Open, fake_api: FakeMessagesApi) -> None:
    dialog = opening()
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.other.click()
    enter(dialog.form.basics.url, fake_api.base_url)
    enter(dialog.form.basics.key, KEY)
    dialog.test.click()
    assert dialog.trial.running
    assert dialog.trial.progress.isVisible()
    assert dialog.test.text() == "Stop checking"
    await until(dialog.trial.send.isVisible)
    assert "one real message" in dialog.trial.price.text()
    assert not any(b'"content":"Hi"' in one.body and one.path == "/v1/messages" for one in fake_api.requests)
    dialog.trial.send.click()
    await until(lambda: not dialog.trial.running)
    assert "The key works" in dialog.trial.sentence.text()
    assert [row.partition(":")[0] for row in dialog.trial.stages.rows][-3:] == ["Message", "Stream", "Usage"]
    assert dialog.test.text() == "Check connection"
    enter(dialog.form.basics.key, "another")
    assert not dialog.trial.isVisible(), "the result was about another key"


async def test_a_refused_key_is_said_in_our_words_and_in_the_service_s(
    opening: Open, fake_api: FakeMessagesApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dialog = opening()
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.other.click()
    enter(dialog.form.basics.url, fake_api.base_url)
    enter(dialog.form.basics.key, "wrong-key-entered")
    dialog.test.click()
    await until(lambda: not dialog.trial.running)
    assert "does not accept the key" in dialog.trial.sentence.text()
    assert "The service said: " in dialog.trial.stages.rows[-1]
    assert dialog.save.isEnabled(), "a service that is down is no reason not to keep its key"
    said = [widget.accessibleName() + widget.accessibleDescription() for widget in dialog.findChildren(QWidget)]
    assert "wrong-key-entered" not in " ".join([*said, dialog.windowTitle(), caplog.text])


async def test_another_model_can_be_tried_where_the_service_does_not_have_the_one(
    opening: Open, fake_api: FakeMessagesApi
) -> None:
    fake_api.service = MessagesService(
        models={"glm-5": "GLM 5"}, refuses_unknown_models=True, lists_models=False, counts_tokens=False
    )
    dialog = opening()
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.other.click()
    enter(dialog.form.basics.url, fake_api.base_url)
    enter(dialog.form.basics.key, KEY)
    dialog.test.click()
    await until(dialog.trial.send.isVisible)
    dialog.trial.send.click()
    await until(lambda: not dialog.trial.running)
    assert dialog.trial.model.isVisible()
    dialog.trial.model.setFocus()
    enter(dialog.trial.model, "glm-5")
    QTest.keyClick(dialog.trial.model, Qt.Key.Key_Return)
    assert dialog.trial.running, "Enter tries the model and does not save"
    await until(dialog.trial.send.isVisible)
    dialog.trial.send.click()
    await until(lambda: not dialog.trial.running)
    assert dialog.trial.sentence.text() == "The key works: glm-5 answered."


async def test_a_test_can_be_stopped_at_once(opening: Open, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=60.0))
    dialog = opening()
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.other.click()
    enter(dialog.form.basics.url, fake_api.base_url)
    enter(dialog.form.basics.key, KEY)
    dialog.test.click()
    await fake_api.next_request()
    dialog.test.click()
    await until(lambda: not dialog.trial.running)
    assert dialog.trial.sentence.text() == "The check was canceled."
    await fake_api.next_disconnect()


async def test_closing_ends_the_test(opening: Open, fake_api: FakeMessagesApi) -> None:
    fake_api.enqueue(Behaviour(head_delay=60.0))
    dialog = opening()
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.other.click()
    enter(dialog.form.basics.url, fake_api.base_url)
    enter(dialog.form.basics.key, KEY)
    dialog.test.click()
    await fake_api.next_request()
    dialog.done(0)
    await fake_api.next_disconnect()
    await until(lambda: not shiboken6.isValid(dialog))


async def test_a_stored_key_is_tested_but_never_at_another_address(
    bridge: Bridge, opening: Open, fake_api: FakeMessagesApi
) -> None:
    credential = await added(bridge, opening, key=KEY, url=fake_api.base_url)
    dialog = opening(credential)
    dialog.test.click()
    await answered_with(dialog, agree=False)
    assert "The key is accepted" in dialog.trial.sentence.text()
    async with FakeMessagesApi() as other:
        enter(dialog.form.basics.url, other.base_url)
        assert other.base_url in dialog.form.basics.key_remark.words.text()
        dialog.test.click()
        assert not dialog.trial.running
        assert "not sent to a different address" in dialog.trial.sentence.text()
        enter(dialog.form.basics.key, KEY)
        dialog.test.click()
        await answered_with(dialog, agree=True)
        assert "The key works" in dialog.trial.sentence.text()
        assert other.requests


async def test_what_was_entered_is_not_lost_without_a_question(opening: Open) -> None:
    dialog = opening()
    enter(dialog.form.basics.key, "sk-ant-1")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(question)
    asked = question()
    assert asked is not None
    asked.no.click()
    await until(lambda: question() is None)
    assert dialog.isVisible()
    dialog.close()
    await until(question)
    asked = question()
    assert asked is not None
    asked.yes.click()
    await until(lambda: not shiboken6.isValid(dialog))


async def test_escape_closes_at_once_where_nothing_was_entered(opening: Open) -> None:
    dialog = opening()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(lambda: not shiboken6.isValid(dialog))


async def test_enter_saves(bridge: Bridge, opening: Open) -> None:
    dialog = opening()
    enter(dialog.form.basics.key, "sk-ant-1")
    QTest.keyClick(dialog.form.basics.key, Qt.Key.Key_Return)
    await until(lambda: bridge.service.pool.credentials)


async def test_an_error_while_saving_is_shown_and_nothing_is_lost(bridge: Bridge, opening: Open, home: Path) -> None:
    dialog = opening()
    enter(dialog.form.basics.key, "sk-ant-1")
    (home / "config.yaml").write_text("providers: [", encoding="utf-8")
    dialog.save.click()
    await until(lambda: dialog.message is not None)
    assert dialog.isVisible()
    assert dialog.form.isEnabled()
    assert dialog.form.basics.key.text() == "sk-ant-1"


async def test_enter_and_escape_belong_to_the_search_while_it_has_the_cursor(opening: Open) -> None:
    dialog = opening()
    services = dialog.form.services
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    services.search.setFocus()
    await until(services.search.hasFocus)
    QTest.keyClicks(services.search, "nobody")
    assert services.nothing.isVisible()
    QTest.keyClick(services.search, Qt.Key.Key_Escape)
    assert (services.search.text(), dialog.isVisible()) == ("", True)
    QTest.keyClicks(services.search, "openrouter")
    QTest.keyClick(services.search, Qt.Key.Key_Return)
    assert dialog.form.basics.url.text() == "https://openrouter.ai/api"


async def test_the_keyboard_goes_from_kind_to_buttons_and_arrows_choose(opening: Open) -> None:
    dialog = opening()
    form = dialog.form
    await until(form.basics.key.hasFocus)
    card = form.kinds.cards[Kind.ANTHROPIC]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Right)
    assert form.kinds.cards[Kind.COMPATIBLE].isChecked()
    assert form.services.isVisible()
    QTest.keyClick(form.kinds.cards[Kind.COMPATIBLE], Qt.Key.Key_Left)
    assert card.isChecked()
    assert not form.services.isVisible()
    order = []
    for _ in range(6):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
    assert order == [form.basics.name, form.basics.key, form.basics.url, form.fold.head, dialog.cancel, dialog.paste]


async def test_it_says_where_the_key_is_kept(opening: Open) -> None:
    dialog = opening()
    await until(lambda: "encrypted with your passphrase" in dialog.form.place.words.text())
    assert not dialog.form.place.unlock.isVisible()
    assert not dialog.form.place.vault.isVisible()


async def test_without_a_keyring_a_vault_can_be_made(home: Path) -> None:
    async with open_window(home) as window:
        dialog = CredentialDialog(window._bridge, window)
        dialog.open()
        place = dialog.form.place
        await until(place.vault.isVisible)
        assert "not saved" in place.words.text()
        place.vault.click()
        await until(lambda: dialog.findChild(VaultDialog))
        asked = dialog.findChild(VaultDialog)
        assert isinstance(asked, VaultDialog)
        enter(asked.passphrase.first, "correct horse")
        assert not asked.save.isEnabled()
        enter(asked.passphrase.second, "correct horse")
        asked.save.click()
        await until(lambda: "encrypted" in place.words.text())
        assert (home / "vault").exists() or list(home.rglob("vault*"))
        dialog.done(0)
        await asyncio.sleep(0)
