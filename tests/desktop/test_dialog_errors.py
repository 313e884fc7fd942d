"""A walk through the errors of every dialog, in English and in Chinese."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit
from tests.desktop.opened import TWO, open_window, until

from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.dialogs.credential.entry import AwsSource
from proxycast.desktop.dialogs.vault import ChangePassphraseDialog, NewPassphrase, VaultDialog
from proxycast.desktop.mfa import MfaDialog
from proxycast.desktop.passphrase import PassphraseDialog
from proxycast.desktop.preferences import LanguageChoice, Preferences, PreferencesFile
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import AwsEndpoint, Kind

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")

ENGLISH, CHINESE = LanguageChoice.ENGLISH, LanguageChoice.CHINESE
PASSPHRASE = "correct horse"


@pytest.fixture(params=[ENGLISH, CHINESE])
def spoken(request: pytest.FixtureRequest) -> LanguageChoice:
    choice: LanguageChoice = request.param
    return choice


@pytest.fixture
async def window(home: Path, spoken: LanguageChoice) -> AsyncIterator[MainWindow]:
    PreferencesFile(home).save(Preferences(language=spoken))
    async with open_window(home, TWO, passphrase=PASSPHRASE) as opened:
        yield opened


@pytest.fixture
async def dialog(window: MainWindow) -> AsyncIterator[CredentialDialog]:
    opened = CredentialDialog(window._bridge, window, None)
    opened.open()
    opened.form.basics.name.setText("new")
    opened.form.basics.name.textEdited.emit("new")
    yield opened
    if shiboken6.isValid(opened):
        opened.done(0)


def enter(field: QLineEdit, text: str) -> None:
    """Type a text in place of what is there."""
    field.setText(text)
    field.textEdited.emit(text)


def key(dialog: CredentialDialog, text: str = "sk-ant-api03-a") -> None:
    enter(dialog.form.basics.key, text)


def compatible(dialog: CredentialDialog, url: str = "") -> None:
    dialog.form.kinds.cards[Kind.COMPATIBLE].click()
    dialog.form.services.other.click()
    enter(dialog.form.basics.url, url)
    key(dialog)


def name(dialog: CredentialDialog, text: str) -> None:
    key(dialog)
    enter(dialog.form.basics.name, text)


def pairs(dialog: CredentialDialog, table: str, *shown: tuple[str, str]) -> None:
    key(dialog)
    found = getattr(dialog.form.advanced, table)
    found.show_pairs(shown)
    found.edited.emit()


def limit(dialog: CredentialDialog) -> None:
    key(dialog)
    enter(dialog.form.advanced.limits["idle"], "soon")


def amazon(dialog: CredentialDialog, source: AwsSource, *, region: str = "", platform: bool = False) -> None:
    dialog.form.kinds.cards[Kind.BEDROCK].click()
    bedrock = dialog.form.bedrock
    bedrock.source.show_value(source)
    bedrock.source.chosen.emit(source)
    if platform:
        bedrock.endpoint.show_value(AwsEndpoint.CLAUDE_PLATFORM)
        bedrock.endpoint.chosen.emit(AwsEndpoint.CLAUDE_PLATFORM)
    enter(bedrock.region, region)
    bedrock.edited.emit()


Act = Callable[[CredentialDialog], None]
LACKING: dict[str, tuple[Act, str, str]] = {
    "no key": (lambda _: None, "Enter the API key", "请填写 API Key"),
    "no name": (lambda one: name(one, ""), "Enter a name", "请填写名称"),
    "a name that is taken": (
        lambda one: name(one, "work"),
        "Another credential has this name",
        "已有同名凭证",
    ),
    "a name with a slash": (lambda one: name(one, "a/b"), "Check: Name", "请检查：名称"),
    "no base URL": (compatible, "Choose a service or enter the base URL", "请选择服务或填写 Base URL"),
    "http to elsewhere": (
        lambda one: compatible(one, "http://relay.example.com"),
        "Check: Base URL",
        "请检查：Base URL",
    ),
    "a password in the URL": (
        lambda one: compatible(one, "https://me:pw@relay.example.com"),
        "Check: Base URL",
        "请检查：Base URL",
    ),
    "two words as a key": (lambda one: key(one, "two words"), "Check: API Key", "请检查：API Key"),
    "a header without a name": (
        lambda one: pairs(one, "headers", ("", "v")),
        "A header has no name",
        "有请求头缺少名称",
    ),
    "a header twice": (
        lambda one: pairs(one, "headers", ("X-A", "1"), ("x-a", "2")),
        "A header appears twice",
        "有请求头重复",
    ),
    "half an alias": (
        lambda one: pairs(one, "models", ("alias", "")),
        "A model alias is incomplete",
        "有模型别名不完整",
    ),
    "an alias twice": (
        lambda one: pairs(one, "models", ("m", "x"), ("m", "y")),
        "A model alias appears twice",
        "有模型别名重复",
    ),
    "no duration": (limit, "Check: Time limits", "请检查：时间限制"),
    "no profile": (lambda one: amazon(one, AwsSource.PROFILE), "Enter the profile", "请填写 profile"),
    "no access key": (
        lambda one: amazon(one, AwsSource.ACCESS_KEY, region="us-east-1"),
        "Enter the access key ID and the secret access key",
        "请填写访问密钥 ID 和私有访问密钥",
    ),
    "no Bedrock key": (
        lambda one: amazon(one, AwsSource.API_KEY, region="us-east-1"),
        "Enter the Bedrock API key",
        "请填写 Bedrock API 密钥",
    ),
    "no workspace": (
        lambda one: amazon(one, AwsSource.CHAIN, region="us-east-1", platform=True),
        "Enter the workspace ID",
        "请填写工作区 ID",
    ),
}
"""What is done, and what then stands beside the button that cannot be pressed."""

NOTES: dict[str, tuple[Act, str, str]] = {
    "a name with a slash": (
        lambda one: name(one, "a/b"),
        "has a character that cannot be used",
        "含有不能使用的字符",
    ),
    "http to elsewhere": (
        lambda one: compatible(one, "http://relay.example.com"),
        "unencrypted",
        "明文",
    ),
    "a password in the URL": (
        lambda one: compatible(one, "https://me:pw@relay.example.com"),
        "user name or password",
        "用户名或密码",
    ),
    "two words as a key": (lambda one: key(one, "two words"), "The key has a space", "密钥"),
    "a key of another vendor": (lambda one: key(one, "sk-or-v1-0123456789"), "OpenRouter", "OpenRouter"),
}
"""What is done, and what then stands below a field."""


@pytest.mark.parametrize("case", LACKING)
async def test_what_a_credential_lacks_is_said(dialog: CredentialDialog, spoken: LanguageChoice, case: str) -> None:
    act, english, chinese = LACKING[case]
    act(dialog)
    assert dialog.reason.text() == (english if spoken is ENGLISH else chinese)
    assert not dialog.save.isEnabled()


@pytest.mark.parametrize("case", NOTES)
async def test_what_is_wrong_with_a_field_is_said_below_it(
    dialog: CredentialDialog, spoken: LanguageChoice, case: str
) -> None:
    act, english, chinese = NOTES[case]
    act(dialog)
    basics = dialog.form.basics
    notes = [field.note.text() for field in (basics.name_field, basics.key_field, basics.url_field)]
    notes.append(basics.key_remark.words.text())
    assert any((english if spoken is ENGLISH else chinese) in note for note in notes), notes


async def test_what_is_pasted_and_holds_nothing_is_said(dialog: CredentialDialog, spoken: LanguageChoice) -> None:
    QGuiApplication.clipboard().setText("hello")
    dialog.paste.click()
    assert dialog.message is not None
    said = "no credential in the clipboard" if spoken is ENGLISH else "没有"
    assert said in dialog.message.accessibleName()


async def test_a_new_passphrase_is_long_enough_and_the_same_twice(window: MainWindow, spoken: LanguageChoice) -> None:
    dialog = VaultDialog(window._bridge, window)
    dialog.open()
    fields = dialog.passphrase
    first, again = _notes(fields)
    fields.first.setText("short")
    least = "At least 8 characters; several words are best."
    assert first.text() == (least if spoken is ENGLISH else "至少 8 个字符，最好由多个词组成。")
    assert not dialog.save.isEnabled()
    fields.first.setText("long enough")
    fields.second.setText("another one")
    assert again.text() == ("The passphrases do not match." if spoken is ENGLISH else "两次输入不一致。")
    assert not dialog.save.isEnabled()
    dialog.done(0)


async def test_a_wrong_passphrase_does_not_change_it(window: MainWindow, spoken: LanguageChoice) -> None:
    await window._bridge.service.token.fetch()
    dialog = ChangePassphraseDialog(window._bridge, window)
    dialog.open()
    dialog.old.setText("wrong one")
    dialog.passphrase.first.setText("battery staple")
    dialog.passphrase.second.setText("battery staple")
    dialog.save.click()
    said = "The passphrase does not open the vault." if spoken is ENGLISH else "口令无法打开保险库。"
    await until(lambda: said in dialog._old.note.text())
    dialog.done(0)


async def test_what_asks_for_a_passphrase_or_a_code_takes_no_empty_one(
    window: MainWindow, spoken: LanguageChoice
) -> None:
    passphrase = PassphraseDialog(window._bridge.theme, window)
    code = MfaDialog(window, "work")
    titles = (passphrase.windowTitle(), code.windowTitle())
    assert titles == (("Unlock the vault", "Sign in to AWS") if spoken is ENGLISH else ("解锁加密保险库", "登录 AWS"))
    assert not passphrase.unlock.isEnabled()
    assert not code.sign_in.isEnabled()
    for one in (passphrase, code):
        one.deleteLater()


def _notes(fields: NewPassphrase) -> tuple[QLabel, QLabel]:
    return fields._once.note, fields._again.note
