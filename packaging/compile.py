"""Compiles modules of ProxyCast with mypyc: `compile.py FOLDER proxycast/proxy/wire.py …`, run in the folder `app`.

They land in FOLDER as they lie in a wheel. A process of its own does this, because tracebacks name a file as it was
named here: below `app`, where an installed package has it, too.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import setuptools
from mypyc.build import mypycify  # after setuptools, which it looks for

CONFIG = Path(__file__).resolve().parents[1] / "pyproject.toml"
# What the modules import is checked where it is developed; here it only lends its types.
TYPES = ["--config-file", str(CONFIG), "--follow-imports", "silent", "--cache-dir", os.devnull]


def main() -> None:
    """Compile. The process ends with a status if the modules do not suit mypyc, or the C compiler fails."""
    folder, *modules = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        extensions = mypycify([*TYPES, *modules], debug_level="0", target_dir=f"{work}/c", group_name="proxycast")
        build = ["--quiet", "build_ext", "--build-lib", folder, "--build-temp", work]
        setuptools.setup(name="proxycast", ext_modules=extensions, script_args=build)


if __name__ == "__main__":
    main()
