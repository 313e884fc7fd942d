"""Settings of the window: language, theme and motion."""

from __future__ import annotations

from proxycast.desktop.bridge import Bridge
from proxycast.desktop.pages.settings.group import Group
from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.theme import ThemeChoice
from proxycast.desktop.widgets.fields import Select
from proxycast.desktop.widgets.frames import FormRow


class LookGroup(Group):
    """How the window looks and what language it speaks."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(self.tr("Appearance"))
        self._bridge = bridge
        self.language: Select[LanguageChoice] = Select(
            (
                (self.tr("Follow the system"), LanguageChoice.SYSTEM),
                ("简体中文", LanguageChoice.CHINESE),
                ("English", LanguageChoice.ENGLISH),
            ),
            bridge.preferences.language,
        )
        self.language.chosen.connect(self._choose_language)
        self.theme: Select[ThemeChoice] = Select(
            (
                (self.tr("Follow the system"), ThemeChoice.SYSTEM),
                (self.tr("Light"), ThemeChoice.LIGHT),
                (self.tr("Dark"), ThemeChoice.DARK),
            ),
            bridge.preferences.theme,
        )
        self.theme.chosen.connect(self._choose_theme)
        self.add(FormRow(self.tr("Language"), self.language), "language english chinese 语言 中文")
        self.add(FormRow(self.tr("Theme"), self.theme), "theme light dark 主题 浅色 深色")
        self.still = self.add_switch(
            bridge,
            self.tr("Reduce motion"),
            "still",
            self.tr("Turns off animations. Always on if the system asks for less motion."),
            "animation accessibility 动画 动态 无障碍",
        )
        self.still.toggled.connect(lambda on: bridge.theme.motion.choose(still=on))

    def _choose_language(self, choice: LanguageChoice) -> None:
        self._bridge.prefer(language=choice)
        self._bridge.language.choose(choice)

    def _choose_theme(self, choice: ThemeChoice) -> None:
        self._bridge.prefer(theme=choice)
        self._bridge.theme.choose(choice)
