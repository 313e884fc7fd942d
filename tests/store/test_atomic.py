import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from proxycast.store.atomic import write_atomically

unix_only = pytest.mark.skipif(os.name == "nt", reason="modes and symbolic links of Unix")


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_created_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert names_in(tmp_path) == ["config.yaml"]


@unix_only
def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"one")
    path.chmod(0o644)
    write_atomically(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@unix_only
def test_a_symbolic_link_stays_and_its_target_changes(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles" / "config.yaml"
    target.write_bytes(b"one")
    link = tmp_path / "config.yaml"
    link.symlink_to(target)
    write_atomically(link, b"two")
    assert link.is_symlink()
    assert target.read_bytes() == b"two"


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_FSIZE stands in for a full disk")
def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"old")
    script = (
        "import pathlib, resource, signal, sys\n"
        "from proxycast.store.atomic import write_atomically\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))\n"
        "try:\n"
        "    write_atomically(pathlib.Path(sys.argv[1]), b'x' * 4096)\n"
        "except OSError:\n"
        "    sys.exit(7)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script, str(path)], env=environment, check=False, timeout=30)
    assert done.returncode == 7
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["config.yaml"]
