"""Takes one defence after another out of a copy of the program, and sees that the test named for it fails.

`python -m tests.security.mutations [ROW …]` tries those of `mutations.toml`, all or the named rows', and writes the
table in `MUTATIONS.md` if it tried all. A mutation whose code is not there any more, or that no test notices, is a
failure.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutations.toml")
TABLE = Path(__file__).with_name("MUTATIONS.md")
_COPIED = ("app", "tests", "resources", "packaging", "pyproject.toml", "README.md", "README.zh-CN.md", "SECURITY.md")
_FAILED = 1
"""pytest's exit status when tests ran and some failed."""
_LONGEST = 180.0


class Mutation(msgspec.Struct, frozen=True):
    """One defence: `code` in `file` (below app/proxycast) becomes `without`, and `test` (for pytest) must fail."""

    row: str
    defence: str
    file: str
    code: str
    without: str
    test: str


class _List(msgspec.Struct):
    mutation: list[Mutation]


def mutations() -> list[Mutation]:
    """All of them."""
    return msgspec.toml.decode(LIST.read_bytes(), type=_List).mutation


def source_of(mutation: Mutation, root: Path = ROOT) -> Path:
    """The file that it changes."""
    return (root / "app" / "proxycast" / mutation.file).resolve()


def caught(mutation: Mutation, copy: Path) -> bool:
    """Whether its test fails without the defence."""
    file = source_of(mutation, copy)
    whole = file.read_text(encoding="utf-8")
    if mutation.code not in whole:
        raise LookupError(f"{mutation.file} does not hold {mutation.code!r}")
    file.write_text(whole.replace(mutation.code, mutation.without, 1), encoding="utf-8")
    try:
        environment = {**os.environ, "PYTHONPATH": f"{copy / 'app'}{os.pathsep}{copy}", "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("DISPLAY", None)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *shlex.split(mutation.test)]
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(whole, encoding="utf-8")
    return done.returncode == _FAILED


def main() -> int:
    """Try them; the exit status is 1 if one was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.mutations")
    parser.add_argument("rows", nargs="*")
    rows = set(parser.parse_args().rows)
    chosen = [one for one in mutations() if not rows or rows & set(one.row.split())]
    lines, missed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            place = ROOT / name
            shutil.copytree(place, copy / name) if place.is_dir() else shutil.copy(place, copy / name)
        for one in chosen:
            began = time.monotonic()
            found = caught(one, copy)
            missed += not found
            sys.stdout.write(
                f"{one.row:8} {'caught' if found else 'MISSED'} {time.monotonic() - began:5.1f} s  {one.defence}\n"
            )
            sys.stdout.flush()
            lines.append(f"| {one.row} | {one.defence} | `{one.file}` | `{one.test}` |")
    if not rows and not missed:
        TABLE.write_text("\n".join([_HEAD, *lines, ""]), encoding="utf-8")
    return int(missed > 0)


_HEAD = """# Mutations

Every defence here was taken out of a copy of the program, and the test beside it failed. `make mutations` does it again
and writes this table; `mutations.toml` holds the code that was changed.

| row | defence | in | the test that failed without it |
|---|---|---|---|"""


if __name__ == "__main__":
    sys.exit(main())
