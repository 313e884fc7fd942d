"""What clients are pointed at, as the window knows it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from proxycast.desktop.bridge import Bridge
from proxycast.model.credential import Credential
from proxycast.service.recipes import EXAMPLE_MODEL, Target


def target_for(bridge: Bridge, name: str | None) -> Target:
    """The address of the credential `name`, or the one for whichever is selected."""
    service = bridge.service
    credential = service.pool.selected if name is None else service.pool.by_name(name)
    return Target(
        address=service.client_address(name),
        model=EXAMPLE_MODEL if credential is None else model_for(bridge, credential),
        environment=os.environ,
    )


def model_for(bridge: Bridge, credential: Credential) -> str:
    """A model that a client can ask this credential for: one that it maps, the one of its check, or the usual one."""
    checked = bridge.pool.checks.last(credential)
    known = None if checked is None else checked.report.model
    return next(iter(credential.models), None) or known or EXAMPLE_MODEL


def program() -> str | None:
    """What a shell calls to start this ProxyCast: a bare name if the shell finds it, else a path; None: unknown."""
    if shutil.which("proxycast"):
        return "proxycast"
    beside = Path(sys.executable).with_name("proxycast.exe" if sys.platform == "win32" else "proxycast")
    return str(beside) if beside.exists() else None
