"""Collects the window's texts to translate and compiles their translations: a part of `make messages`.

The texts stand in `tr` calls. The Chinese file holds all of them; the English one only those that count something,
because English needs two forms where Chinese has one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "app" / "proxycast" / "desktop"
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES: dict[str, list[str]] = {"zh_CN": [], "en": ["-pluralonly"]}
"""The languages and what `lupdate` is told about each."""


def collect(folder: Path) -> None:
    """Bring the `.ts` files in `folder` up to date with the sources; translations there are kept."""
    sources = sorted(str(file.relative_to(ROOT)) for file in SOURCES.rglob("*.py"))
    options = ["-locations", "none", "-no-obsolete"]
    for language, more in LANGUAGES.items():
        target = ["-target-language", language, "-ts", str(folder / f"desktop_{language}.ts")]
        _run("pyside6-lupdate", *more, *options, *sources, *target)


def compile_all(folder: Path, into: Path) -> None:
    """Make the `.qm` files that Qt reads of the `.ts` files in `folder`."""
    for language in LANGUAGES:
        name = f"desktop_{language}"
        _run("pyside6-lrelease", "-silent", str(folder / f"{name}.ts"), "-qm", str(into / f"{name}.qm"))


def _run(tool: str, *arguments: str) -> None:
    """Run one of PySide6's tools, which lie beside the Python that runs this."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    collect(TRANSLATIONS)
    compile_all(TRANSLATIONS, TRANSLATIONS)
