"""The choice of system packages."""

from __future__ import annotations

import pytest

import system_packages

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
UBUNTU = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n'
MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = "ID=fedora\n"
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'
ARCH = "ID=arch\n"
ENDEAVOUR = "ID=endeavouros\nID_LIKE=arch\n"
ALPINE = "ID=alpine\n"

GLIB = ("libglib2.0-0t64", "libglib2.0-0")
XVFB = ("xvfb",)


@pytest.mark.parametrize(
    ("os_release", "family"),
    [
        (DEBIAN, "debian"),
        (UBUNTU, "debian"),
        (MINT, "debian"),
        (FEDORA, "fedora"),
        (ROCKY, "fedora"),
        (ARCH, "arch"),
        (ENDEAVOUR, "arch"),
        (ALPINE, None),
        ("", None),
    ],
)
def test_the_family_of_a_distribution_is_told(os_release: str, family: str | None) -> None:
    assert system_packages.family(os_release) == family


def test_a_list_has_sections_alternatives_and_comments() -> None:
    text = "# a list\n[run]\nlibegl1 # drawing\n\nlibglib2.0-0t64 | libglib2.0-0\n[test]\nxvfb\n"

    assert system_packages.parse(text) == {"run": [("libegl1",), GLIB], "test": [XVFB]}


@pytest.mark.parametrize("distribution", sorted(system_packages.MANAGERS))
def test_the_list_of_each_distribution_names_packages_once(distribution: str) -> None:
    requirements = system_packages.required(distribution, ("run", "test"))

    assert len(requirements) > 10
    assert len(set(requirements)) == len(requirements)
    for requirement in requirements:
        for name in requirement:
            assert name.replace("-", "").replace(".", "").replace("+", "").isalnum(), f"not a package's name: {name!r}"


def test_every_list_belongs_to_a_package_manager() -> None:
    assert {path.stem for path in system_packages.LISTS.iterdir()} == set(system_packages.MANAGERS)


@pytest.mark.parametrize(
    ("installed", "missing"),
    [
        (set(), [GLIB, XVFB]),
        ({"libglib2.0-0"}, [XVFB]),
        ({"libglib2.0-0t64", "xvfb"}, []),
        ({"libglib2.0-0-dev"}, [GLIB, XVFB]),
    ],
)
def test_any_alternative_meets_a_requirement(installed: set[str], missing: list[tuple[str, ...]]) -> None:
    assert system_packages.missing([GLIB, XVFB], installed) == missing


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        ({"libglib2.0-0"}, "libglib2.0-0"),
        ({"libglib2.0-0t64"}, "libglib2.0-0t64"),
        ({"libglib2.0-0t64", "libglib2.0-0"}, "libglib2.0-0t64"),
        (set(), "libglib2.0-0"),
    ],
)
def test_the_first_alternative_that_the_system_knows_is_installed(known: set[str], chosen: str) -> None:
    assert system_packages.choose(GLIB, known) == chosen


def test_only_packages_with_a_candidate_are_known_to_apt() -> None:
    policy = (
        "libglib2.0-0t64:\n  Installed: (none)\n  Candidate: 2.80.0-6ubuntu3\n  Version table:\n"
        "     2.80.0-6ubuntu3 500\n        500 noble/main amd64 Packages\n"
        "libglib2.0-0:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n"
    )

    assert system_packages.apt_candidates(policy) == {"libglib2.0-0t64"}
