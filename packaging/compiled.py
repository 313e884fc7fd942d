"""Builds ProxyCast with a compiled data path: `compiled.py unpack` into `.venv/compiled`, `compiled.py dist` a wheel.

`unpack` does nothing if what is there was built from the same sources; without a C compiler it fails. `dist` says then
that there is no such wheel, and is content.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from compile_hook import SWITCH, lacking

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv" / "compiled"
STAMP = FOLDER / "built-from"
"""Holds the digest of what it was built from."""
SOURCES = ("app/proxycast", "resources", "packaging/compile*.py", "packaging/lock/develop.txt", "pyproject.toml")


def main() -> int:
    """Build; returns the exit status."""
    (purpose,) = sys.argv[1:]
    missing = lacking()
    if purpose == "dist":
        if missing is None:
            build(ROOT / "dist")
        else:
            print(f"No compiled wheel was built: {missing}.")
        return 0
    if missing is not None:
        print(f"ProxyCast cannot be compiled here: {missing}.", file=sys.stderr)
        return 1
    wanted = digest()
    if not STAMP.is_file() or STAMP.read_text(encoding="ascii") != wanted:
        print("Compiling the data path into .venv/compiled …", flush=True)
        unpack()
        STAMP.write_text(wanted, encoding="ascii")
    return 0


def digest() -> str:
    """What the compiled program depends on, in one line."""
    found = hashlib.sha256(sys.version.encode())
    places = [place for pattern in SOURCES for place in sorted(ROOT.glob(pattern))]
    for file in [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.*")))]:
        if file.is_file() and "__pycache__" not in file.parts:
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            found.update(f"{file.relative_to(ROOT).as_posix()} {content}\n".encode())
    return found.hexdigest()


def unpack() -> None:
    """Lay the compiled program out as an installation has it."""
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as work:
        wheel = build(Path(work))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(Path(work) / "unpacked")
        shutil.rmtree(FOLDER, ignore_errors=True)
        (Path(work) / "unpacked").rename(FOLDER)


def build(folder: Path) -> Path:
    """The compiled wheel, built into `folder`. Raises CalledProcessError."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **SWITCH}, check=True)
    return max(folder.glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)


if __name__ == "__main__":
    sys.exit(main())
