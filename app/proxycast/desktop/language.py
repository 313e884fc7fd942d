"""The language of the interface, which can be changed while it is shown.

Texts are put into widgets once, when these are made: after a change the window makes its pages anew.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from proxycast.desktop.preferences import LanguageChoice
from proxycast.desktop.remedies import in_the_window
from proxycast.model.errors import ProxyCastError
from proxycast.model.text import Text, Translate, in_a_row
from proxycast.store.language import CHINESE, preferred_language, translator
from proxycast.store.paths import resources


class Language(QObject):
    """The language in force: `en` or `zh_CN`.

    Signals:
        changed: texts that are made from now on are in another language.
    """

    changed = Signal()

    def __init__(self, app: QCoreApplication, choice: LanguageChoice) -> None:
        super().__init__()
        self._app = app
        self._system = preferred_language()
        self._folder = resources() / "translations"
        self._installed: list[QTranslator] = []
        self._sentences: Translate = str
        self.name = ""
        self._use(self._meant(choice))

    def choose(self, choice: LanguageChoice) -> None:
        """Use this language from now on."""
        if self._meant(choice) != self.name:
            self._use(self._meant(choice))
            self.changed.emit()

    def translate(self, template: str) -> str:
        """Looks up a sentence of the parts without Qt: a `Translate` that follows the language."""
        return self._sentences(template)

    def say(self, message: Text | ProxyCastError) -> str:
        """A sentence or error of the parts without Qt, in this language, with the remedy that the window has."""
        remedy = in_the_window(message) if isinstance(message, ProxyCastError) else None
        if isinstance(message, Text) or remedy is None:
            return message.render(self._sentences)
        return in_a_row(message.what.render(self._sentences), remedy)

    def _meant(self, choice: LanguageChoice) -> str:
        return self._system if choice is LanguageChoice.SYSTEM else choice.value

    def _use(self, name: str) -> None:
        for old in self._installed:
            self._app.removeTranslator(old)
        self.name = name
        self._sentences = translator(name, self._folder)
        QLocale.setDefault(QLocale(name if name == CHINESE else "en_US"))
        shipped_with_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        files = [(f"qtbase_{name}", shipped_with_qt), (f"desktop_{name}", str(self._folder))]
        self._installed = [one for file, folder in files if (one := _load(file, folder)) is not None]
        for one in self._installed:
            self._app.installTranslator(one)


def _load(file: str, folder: str) -> QTranslator | None:
    one = QTranslator()
    return one if one.load(file, folder) else None
