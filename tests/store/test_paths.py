import stat
from pathlib import Path

import proxycast
from proxycast.store.paths import Places, resources


def test_everything_lies_under_proxycast_home_if_it_is_set(tmp_path: Path) -> None:
    places = Places.find({"PROXYCAST_HOME": str(tmp_path / "home")})

    assert places.config_file == tmp_path / "home" / "config.yaml"
    assert places.vault == tmp_path / "home" / "vault"
    assert places.ledger == tmp_path / "home" / "ledger"
    assert places.journal == tmp_path / "home" / "journal.sqlite3"
    assert places.log_file == tmp_path / "home" / "logs" / "proxycast.log"


def test_a_relative_home_does_not_follow_a_later_change_of_folder() -> None:
    assert Places.find({"PROXYCAST_HOME": "here"}).config_dir == Path.cwd() / "here"


def test_an_empty_home_counts_as_unset() -> None:
    assert Places.find({"PROXYCAST_HOME": " "}) == Places.find({})


def test_the_platform_names_the_folders_otherwise() -> None:
    places = Places.find({})

    assert {places.config_dir.name.lower(), places.data_dir.name.lower()} == {"proxycast"}
    assert places.config_dir.is_absolute()
    assert "proxycast" in str(places.log_dir).lower()


def test_folders_are_made_for_their_owner_alone_and_left_as_they_are_if_they_exist(tmp_path: Path) -> None:
    places = Places.find({"PROXYCAST_HOME": str(tmp_path / "home")})
    places.make_folders()
    assert stat.S_IMODE(places.config_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(places.log_dir.stat().st_mode) == 0o700

    places.config_dir.chmod(0o755)
    places.make_folders()
    assert stat.S_IMODE(places.config_dir.stat().st_mode) == 0o755


def test_resources_of_a_checkout_lie_at_its_root() -> None:
    package = Path(proxycast.__file__).parent
    assert resources() == package.parent.parent / "resources"
