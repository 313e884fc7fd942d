"""The audit of what is installed."""

from __future__ import annotations

import runpy
from pathlib import Path

AUDIT = runpy.run_path(str(Path(__file__).resolve().parents[2] / "packaging" / "audit.py"))
LOCK = AUDIT["LOCK"]


def test_what_is_installed_is_what_is_locked() -> None:
    assert AUDIT["drift"](AUDIT["pins"](LOCK / "develop.txt")) == []


def test_another_version_than_the_locked_one_is_told() -> None:
    assert AUDIT["drift"]({"pytest": {"0.0.1"}})[0].startswith("pytest is installed as ")
    assert AUDIT["drift"]({"no-such-package": {"1"}}) == []


def test_every_licence_of_what_is_shipped_goes_with_ours() -> None:
    assert AUDIT["unfitting"](AUDIT["pins"](LOCK / "runtime.txt")) == []


def test_a_lock_may_pin_a_package_for_each_range_of_pythons(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("A_b==1 ; python_version < '3.12' \\\n    --hash=sha256:0\na.b==2\n")
    assert AUDIT["pins"](lock) == {"a-b": {"1", "2"}}
