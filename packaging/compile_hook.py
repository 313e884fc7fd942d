"""Puts the compiled data path into the wheel: a hook of hatchling's, off unless its variable is set."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig

SWITCH = {"HATCH_BUILD_HOOK_ENABLE_CUSTOM": "true"}
"""The variable that turns the hook on."""


class CompileHook(BuildHookInterface[WheelBuilderConfig]):
    """Compiles `modules`, which are named by their paths below `app/proxycast`; their sources stay beside them."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._folder = tempfile.TemporaryDirectory()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is written; an editable installation stays as its sources are."""
        if version == "editable":
            return
        missing = lacking()
        if missing is not None:
            self.app.abort(f"ProxyCast cannot be compiled here: {missing}.")
        built = Path(self._folder.name)
        modules = [f"proxycast/{module}" for module in self.config["modules"]]
        command = [sys.executable, f"{self.root}/packaging/compile.py", str(built), *modules]
        subprocess.run(command, cwd=f"{self.root}/app", check=True)
        for file in built.rglob("*.*"):
            build_data["force_include"][str(file)] = file.relative_to(built).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave nothing behind."""
        self._folder.cleanup()


def lacking() -> str | None:
    """What compiling needs and this machine does not have, as half a sentence; None: nothing."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "")  # on Windows, neither says
    if compiler and shutil.which(compiler[0]) is None:
        return f"there is no C compiler ({compiler[0]})"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "the headers of Python are missing (its package for development has them)"
    return None
