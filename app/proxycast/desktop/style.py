"""The look of widgets: one palette and one style sheet, made from the tokens.

A widget says what it is with a dynamic property, and the sheet gives it its look: `kind` of a button or a frame, `tone`
of a badge or banner, `type` of a label. `style.sheet` is the list of what there is.
"""

from __future__ import annotations

from string import Template

import msgspec
from PySide6.QtGui import QColor, QPalette

from proxycast.desktop import fonts
from proxycast.desktop.tokens import CONTROL_HEIGHT, Colours, Radius, Type
from proxycast.store.paths import resources


def palette(colours: Colours) -> QPalette:
    """Qt's palette in these colours, for what the style sheet does not reach."""
    result = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: colours.page,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.card,
        QPalette.ColorRole.AlternateBase: colours.sunken,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.quiet,
        QPalette.ColorRole.Button: colours.card,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.card,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent_text,
        QPalette.ColorRole.LinkVisited: colours.accent_text,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Light: colours.card,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Dark: colours.outline,
        QPalette.ColorRole.Shadow: colours.pressed,
    }.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    return result


def sheet(colours: Colours) -> str:
    """The style sheet in these colours."""
    marks, letters = resources() / "style", fonts.fixed()
    return Template(_SHEET).substitute(
        msgspec.structs.asdict(colours),
        caption=Type.CAPTION,
        title=Type.TITLE,
        heading=Type.HEADING,
        control=Radius.CONTROL,
        round=Radius.CARD,
        badge=Radius.BADGE,
        tile=Radius.TILE,
        height=CONTROL_HEIGHT - 2,
        ringed=CONTROL_HEIGHT - 4,
        low=CONTROL_HEIGHT - 10,
        fixed=", ".join(f'"{family}"' for family in letters.families()),
        fixed_size=letters.pixelSize(),
        tick=(marks / ("tick-dark.svg" if colours.dark else "tick.svg")).as_posix(),
        chosen=(marks / "tick-menu.svg").as_posix(),
        down=(marks / "chevron-down.svg").as_posix(),
        right=(marks / "chevron-right.svg").as_posix(),
    )


_SHEET = """
QMainWindow, QDialog { background: $page; }
QDialog { background: $card; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 0 2px; font-size: ${caption}px; }

QLabel { background: transparent; }
QLabel[type="caption"] { font-size: ${caption}px; color: $quiet; }
QLabel[type="quiet"] { color: $quiet; }
QLabel[type="label"] { font-weight: 500; }
QLabel[type="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[type="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[type="error"] { font-size: ${caption}px; color: $error; }

QFrame[kind="navigation"] { background: $window; border: none; border-right: 1px solid $line; }
QFrame[kind="header"] { background: $page; border: none; border-bottom: 1px solid $line; }
QFrame[kind="card"] { background: $card; border: 1px solid $line; border-radius: ${round}px; }
QFrame[kind="card"][selected="true"] { border: 2px solid $accent; background: $card; }
QFrame[kind="sunken"] { background: $sunken; border: 1px solid $line; border-radius: ${control}px; }
QLabel[kind="step"] { background: $hover; color: $quiet; border-radius: 12px;
    font-size: ${caption}px; font-weight: 600; }
QLabel[kind="step"][at="now"] { background: $accent; color: $on_accent; }
QLabel[kind="step"][at="done"] { background: $accent_soft; color: $accent_text; }
QFrame[kind="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[below="rule"] { margin-top: 12px; }
QFrame[kind="tile"] { background: $accent_soft; border-radius: ${tile}px; }
QFrame[kind="toast"] { background: $text; border-radius: ${control}px; }
QFrame[kind="toast"] QLabel { color: $page; }

QFrame[kind="banner"] { border-radius: ${control}px; border: 1px solid $line; background: $accent_soft; }
QFrame[kind="banner"][tone="warning"] { background: $warning_soft; border-color: $warning_soft; }
QFrame[kind="banner"][tone="error"] { background: $error_soft; border-color: $error_soft; }
QFrame[kind="banner"][tone="ok"] { background: $ok_soft; border-color: $ok_soft; }

QLabel[kind="badge"] { font-size: ${caption}px; font-weight: 500; padding: 2px 8px; border-radius: ${badge}px;
    background: $hover; color: $quiet; }
QLabel[kind="badge"][tone="accent"] { background: $accent_soft; color: $accent_text; }
QLabel[kind="badge"][tone="ok"] { background: $ok_soft; color: $ok; }
QLabel[kind="badge"][tone="warning"] { background: $warning_soft; color: $warning; }
QLabel[kind="badge"][tone="error"] { background: $error_soft; color: $error; }

QPushButton { background: $card; border: 1px solid $line; border-radius: ${control}px; padding: 0 14px;
    min-height: ${height}px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $disabled; background: $sunken; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $accent_hover;
    border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $pressed; border-color: $pressed; color: $disabled; }
QPushButton[kind="danger"] { background: $error; color: $on_error; border-color: $error; }
QPushButton[kind="danger"]:focus { border: 2px solid $text; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 0 10px; color: $quiet; }
QPushButton[kind="quiet"]:hover { background: $hover; color: $text; }
QPushButton[kind="quiet"]:pressed { background: $pressed; }
QPushButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="quiet"]:disabled { background: transparent; color: $disabled; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; padding: 0 6px; color: $accent_text;
    min-height: ${low}px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="segment"] { background: transparent; border: 1px solid transparent; border-radius: ${badge}px;
    padding: 0 12px; min-height: ${low}px; color: $quiet; }
QPushButton[kind="segment"]:hover { color: $text; background: $hover; }
QPushButton[kind="segment"]:checked { background: $card; border-color: $line; color: $text; }
QPushButton[kind="segment"]:focus { border-color: $accent; }
QPushButton[edge="left"] { padding-left: 0; }
QPushButton[edge="right"] { padding-right: 0; }
QFrame[kind="toast"] QPushButton[kind="link"] { color: $page; font-weight: 600; }
QFrame[kind="toast"] QPushButton[kind="link"]:focus { border-color: $page; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${control}px; padding: 0;
    min-width: ${low}px; min-height: ${low}px; }
QLineEdit > QToolButton { min-width: 0; min-height: 0; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QFrame[kind="navigation"] QToolButton { min-width: 72px; max-width: 72px; min-height: 46px; padding: 6px 0;
    color: $quiet; font-size: ${caption}px; font-weight: 500; }
QFrame[kind="navigation"] QToolButton:hover { background: $hover; color: $text; }
QFrame[kind="navigation"] QToolButton:checked { background: $accent_soft; color: $accent_text; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox { background: $card; border: 1px solid $outline;
    border-radius: ${control}px; padding: 0 10px; min-height: ${height}px; }
QComboBox:!editable { padding-left: 12px; }
QLineEdit[typed="true"] { font-family: $fixed; font-size: ${fixed_size}px; }
QPlainTextEdit, QTextEdit { padding: 6px 8px; }
QPlainTextEdit[kind="code"] { background: transparent; border: 1px solid transparent; border-radius: ${badge}px;
    padding: 0; min-height: 0; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus { border: 2px solid $accent;
    padding-left: 9px; min-height: ${ringed}px; }
QComboBox:!editable:focus { padding-left: 11px; }
QPlainTextEdit[kind="code"]:focus { border: 1px solid $accent; padding: 0; min-height: 0; }
QLineEdit[wrong="true"] { border: 2px solid $error; padding-left: 9px; min-height: ${ringed}px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: $disabled; background: $sunken;
    border-color: $line; }
QLineEdit:read-only { background: $sunken; border-color: $line; }
QLineEdit[kind="search"] { border-color: $line; padding-left: 2px; }
QLineEdit[kind="search"]:focus { border-color: $accent; padding-left: 1px; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$down"); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line; border-radius: ${control}px; padding: 4px;
    outline: 0; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 8px; border-radius: ${badge}px; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $accent_text; }

QCheckBox, QRadioButton { background: transparent; spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $outline;
    background: $card; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox:focus, QRadioButton:focus { color: $accent_text; }

QMenu { background: $card; border: 1px solid $line; border-radius: ${control}px; padding: 4px; }
QMenu::item { padding: 7px 28px 7px 12px; border-radius: ${badge}px; background: transparent; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 16px; height: 16px; left: 8px; }
QMenu::indicator:checked { image: url("$chosen"); }
QMenu::right-arrow { image: url("$right"); width: 14px; height: 14px; }

QAbstractScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QTableView, QListView, QTreeView { background: $card; border: 1px solid $line; border-radius: ${control}px; outline: 0;
    gridline-color: $line; }
QTableView[kind="list"] QHeaderView, QTableView[kind="list"] QHeaderView::section { background: transparent; }
QTableView[kind="list"] { padding-bottom: ${badge}px; }
QListView[kind="bare"] { background: transparent; border: none; }
QTableView::item, QListView::item { padding: 4px 8px; }
QTableView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QTableView[kind="list"] QHeaderView::section:first { padding-left: 16px; }
QTableView[kind="list"] QHeaderView::section:last { padding-right: 16px; }
QHeaderView::section { background: $card; color: $quiet; border: none; border-bottom: 1px solid $line; padding: 6px 8px;
    font-size: ${caption}px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $pressed; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $outline; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $hover; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""
