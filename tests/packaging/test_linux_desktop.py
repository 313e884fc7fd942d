"""What tells a Linux desktop about ProxyCast."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

LINUX = Path(__file__).resolve().parents[2] / "packaging" / "linux"
ENTRY = LINUX / "proxycast.desktop"
METAINFO = LINUX / "io.github.proxycast.ProxyCast.metainfo.xml"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class DesktopEntryParser(configparser.ConfigParser):
    """Reads a desktop entry, whose keys differ by case."""

    def __init__(self) -> None:
        super().__init__(interpolation=None, delimiters=("=",))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = DesktopEntryParser()
    parser.read(ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.fixture
def component() -> ET.Element:
    return ET.parse(METAINFO).getroot()


def test_the_menu_entry_starts_the_command(entry: configparser.SectionProxy) -> None:
    assert (entry["Type"], entry["Name"], entry["Exec"]) == ("Application", "ProxyCast", "proxycast")


@pytest.mark.parametrize("key", ["GenericName", "Comment", "Keywords"])
def test_the_menu_entry_speaks_both_languages(entry: configparser.SectionProxy, key: str) -> None:
    assert entry[key].isascii()
    assert not entry[f"{key}[zh_CN]"].isascii()


def test_the_metadata_is_of_the_menu_entry(component: ET.Element) -> None:
    assert component.findtext("launchable") == ENTRY.name
    assert f"{component.findtext('id')}.metainfo.xml" == METAINFO.name
    assert component.findtext("provides/binary") == "proxycast"


@pytest.mark.parametrize("path", ["summary", "description/p", "description/ul/li"])
def test_the_metadata_speaks_both_languages(component: ET.Element, path: str) -> None:
    texts = component.findall(path)
    english = [text for text in texts if text.get(LANGUAGE) is None]
    chinese = [text for text in texts if text.get(LANGUAGE) == "zh_CN"]

    assert len(english) == len(chinese) > 0
    assert [text.text for text in chinese if (text.text or "").isascii()] == []


@pytest.mark.parametrize(
    "command",
    [("desktop-file-validate", str(ENTRY)), ("appstreamcli", "validate", "--no-net", str(METAINFO))],
    ids=lambda command: command[0],
)
def test_the_validators_agree(command: tuple[str, ...]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")

    outcome = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=20)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
