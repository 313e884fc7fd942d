"""Scenes of the dialog "Claude Custom" for `screenshots.py`."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.dialogs.credential import CredentialDialog
from proxycast.desktop.mfa import MfaDialog
from proxycast.desktop.window import MainWindow
from proxycast.model.credential import Credential, Kind
from proxycast.service.paste import understand


def add_anthropic(bridge: Bridge, window: MainWindow) -> QWidget:
    return _opened(bridge, window)


def add_service(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    _choose(dialog, Kind.COMPATIBLE)
    return dialog


def add_vault(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    dialog.form.place.vault.click()
    return dialog


def add_compatible(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    _choose(dialog, Kind.COMPATIBLE)
    dialog.form.services.chips["kimi"].click()
    dialog.form.basics.key.setText("sk-0123456789abcdef")
    return dialog


def add_bedrock(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    _choose(dialog, Kind.BEDROCK)
    _fill(dialog, "AWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=AKIAEXAMPLE")
    return dialog


def add_bedrock_platform(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    _choose(dialog, Kind.BEDROCK)
    _fill(
        dialog, "providers:\n  - aws_profile: work\n    aws_endpoint: claude-platform\n    aws_region: eu-central-1\n"
    )
    return dialog


def sign_in_to_aws(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = MfaDialog(window, "公司 AWS")
    dialog.open()
    dialog.field.setText("492 039")
    return dialog


def add_advanced(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    dialog.form.basics.key.setText("sk-ant-api03-0123456789")
    dialog.form.fold.turn()
    dialog.form.advanced.headers.show_pairs((("X-Team", "research"),))
    dialog.form.advanced.models.show_pairs((("claude-sonnet-4-20250514", "claude-sonnet-5-5"),))
    QTest.qWait(50)
    bar = dialog.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    return dialog


def add_wrong(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    _choose(dialog, Kind.COMPATIBLE)
    dialog.form.services.search.setText("硅")
    dialog.form.basics.name.selectAll()
    QTest.keyClicks(dialog.form.basics.name, "a/b")
    dialog.form.basics.key.setText("sk-ant-api03-0123456789")
    dialog.form.basics.url.setText("http://relay.example.com")
    return dialog


def add_tested(bridge: Bridge, window: MainWindow) -> QWidget:
    dialog = _opened(bridge, window)
    _fill(dialog, "export ANTHROPIC_BASE_URL=http://127.0.0.1:9/v1\nexport ANTHROPIC_API_KEY=0123456789abcdef")
    dialog.test.click()
    return dialog


def add_discard(bridge: Bridge, window: MainWindow) -> QWidget:
    """The question before what was entered is lost."""
    dialog = _opened(bridge, window)
    dialog.form.basics.key.setText("sk-ant-api03-0123456789")
    dialog.reject()
    return dialog


def edit(bridge: Bridge, window: MainWindow) -> QWidget:
    return _opened(bridge, window, bridge.service.pool.by_name("DeepSeek"))


def _opened(bridge: Bridge, window: MainWindow, credential: Credential | None = None) -> CredentialDialog:
    window.show_page(0)
    dialog = CredentialDialog(bridge, window, credential)
    dialog.open()
    return dialog


def _fill(dialog: CredentialDialog, text: str) -> None:
    pasted = understand(text)
    assert pasted is not None
    dialog.form.fill(pasted)


def _choose(dialog: CredentialDialog, kind: Kind) -> None:
    dialog.form.kinds.cards[kind].click()


SCENES = (
    add_anthropic,
    add_service,
    add_vault,
    add_compatible,
    add_bedrock,
    add_bedrock_platform,
    sign_in_to_aws,
    add_advanced,
    add_wrong,
    add_tested,
    add_discard,
    edit,
)
