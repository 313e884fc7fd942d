"""Where ProxyCast keeps its files, and where the data it ships with lies."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

_HOME = "PROXYCAST_HOME"
_FOLDER = "proxycast" if sys.platform.startswith("linux") else "ProxyCast"


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """The folders of one installation, and the files in them. None of them need exist yet."""

    config_dir: Path
    data_dir: Path
    log_dir: Path

    @classmethod
    def find(cls, environment: Mapping[str, str]) -> Places:
        """The folders that the platform prescribes, or all under `PROXYCAST_HOME` if `environment` sets it."""
        home = environment.get(_HOME, "").strip()
        if home:
            folder = Path(home).expanduser().absolute()
            return cls(config_dir=folder, data_dir=folder, log_dir=folder / "logs")
        return cls(
            config_dir=platformdirs.user_config_path(_FOLDER, appauthor=False),
            data_dir=platformdirs.user_data_path(_FOLDER, appauthor=False),
            log_dir=platformdirs.user_log_path(_FOLDER, appauthor=False),
        )

    def make_folders(self) -> None:
        """Create the folders that are missing, for this user alone. Raises OSError."""
        for folder in (self.config_dir, self.data_dir, self.log_dir):
            make_folder(folder)

    @property
    def config_file(self) -> Path:
        """The configuration: everything but secrets."""
        return self.config_dir / "config.yaml"

    @property
    def vault(self) -> Path:
        """The encrypted secrets, where there is no OS keyring."""
        return self.data_dir / "vault"

    @property
    def ledger(self) -> Path:
        """The list of keyring items that are ours, by which orphans are found."""
        return self.data_dir / "ledger"

    @property
    def journal(self) -> Path:
        """The database of exchanges."""
        return self.data_dir / "journal.sqlite3"

    @property
    def log_file(self) -> Path:
        """The newest log; older ones lie beside it."""
        return self.log_dir / "proxycast.log"


def make_folder(folder: Path) -> None:
    """Create `folder` for its owner alone (0700) unless it exists, whose permissions stay. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def resources() -> Path:
    """The folder of icons, translations, presets and the model catalogue.

    It lies inside an installed package, and at the root of a checkout.
    """
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parents[1] / "resources"
