"""The lines that point a client at the proxy: each shell reads back exactly what was meant."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxycast.service.shells import Shell, assignments, client_environment, shell_in_use

HOSTILE = [
    "plain",
    "with space",
    'quote\'s "both" `tick`',
    "$HOME ${HOME} $(id) %PATH% !x!",
    "back\\slash \\' end\\",
    "semi;colon & amp | pipe > out # hash",
    "line\nbreak",
    "中文 ‘’ “”",
    "",
]


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize("value", HOSTILE)
def test_posix_shells_read_back_what_was_meant(shell: str, value: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    script = f'{assignments({"VALUE": value, "NEXT": "next"}, Shell.BASH)}\nprintf "%s|%s" "$VALUE" "$NEXT"'
    done = subprocess.run([program, "-c", script], capture_output=True, check=True, timeout=10)
    assert done.stdout.decode() == f"{value}|next"


@given(st.text())
def test_fish_gets_one_quoted_word(value: str) -> None:
    """In its single quotes only a backslash and a quote are special, and a backslash escapes just these two."""
    line = assignments({"VALUE": value}, Shell.FISH)
    quoted = line.removeprefix("set -gx VALUE ")
    match = re.fullmatch(r"'((?:[^'\\]|\\['\\])*)'", quoted, re.DOTALL)
    assert match is not None
    assert re.sub(r"\\(['\\])", r"\1", match[1]) == value


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'‘’‚‛`$")))
def test_powershell_gets_one_quoted_word(value: str) -> None:
    """In its single quotes only single quotes are special, of which it knows five; each is written twice."""
    line = assignments({"VALUE": value}, Shell.POWERSHELL)
    match = re.fullmatch(r"\$Env:VALUE = '((?:[^'‘’‚‛]|(['‘’‚‛])\2)*)'", line, re.DOTALL)
    assert match is not None
    assert re.sub(r"(['‘’‚‛])\1", r"\1", match[1]) == value


def test_cmd_gets_its_value_inside_the_quotes() -> None:
    """So no blank at the end becomes part of it, and & and | are no operators."""
    assert assignments({"A": "x & y", "B": "z"}, Shell.CMD) == 'set "A=x & y"\nset "B=z"'


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, {"NO_PROXY": "127.0.0.1,localhost"}),
        ({"NO_PROXY": ""}, {"NO_PROXY": "127.0.0.1,localhost"}),
        ({"NO_PROXY": "corp.example, .lan,"}, {"NO_PROXY": "corp.example,.lan,127.0.0.1,localhost"}),
        ({"NO_PROXY": "localhost,corp"}, {"NO_PROXY": "localhost,corp,127.0.0.1"}),
        ({"no_proxy": "corp"}, {"NO_PROXY": "corp,127.0.0.1,localhost", "no_proxy": "corp,127.0.0.1,localhost"}),
        ({"no_proxy": ""}, {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}),
    ],
)
def test_loopback_is_added_to_what_goes_past_the_proxy_of_the_network(
    environment: dict[str, str], expected: dict[str, str]
) -> None:
    variables = client_environment("http://127.0.0.1:8999", "pc_token", environment)
    assert variables == {
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:8999",
        "ANTHROPIC_AUTH_TOKEN": "pc_token",
        **expected,
    }
    again = client_environment("http://127.0.0.1:8999", "pc_token", {**environment, **variables})
    assert again["NO_PROXY"] == variables["NO_PROXY"]


def test_the_address_in_use_goes_past_it_too() -> None:
    assert client_environment("http://[::1]:8999", "t", {})["NO_PROXY"] == "::1,127.0.0.1,localhost"


@pytest.mark.parametrize(
    ("environment", "windows", "shell"),
    [
        ({}, False, Shell.BASH),
        ({"SHELL": "/bin/zsh"}, False, Shell.BASH),
        ({"SHELL": "/usr/bin/fish"}, False, Shell.FISH),
        ({"SHELL": "/bin/bash", "PSModulePath": "/home/me/.local/share/powershell/Modules"}, False, Shell.POWERSHELL),
        ({}, True, Shell.CMD),
        (
            {"USERPROFILE": r"C:\Users\me", "PSModulePath": r"C:\Program Files\WindowsPowerShell\Modules"},
            True,
            Shell.CMD,
        ),
        (
            {"USERPROFILE": r"C:\Users\me", "PSModulePath": r"c:\users\ME\Documents\Modules;C:\x"},
            True,
            Shell.POWERSHELL,
        ),
    ],
)
def test_the_shell_in_use_is_guessed(environment: dict[str, str], windows: bool, shell: Shell) -> None:
    assert shell_in_use(environment, windows=windows) is shell
