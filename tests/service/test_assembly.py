"""The composition root: what it takes from the environment."""

from __future__ import annotations

from proxycast.service.assembly import take_environment


def test_secrets_in_the_environment_are_not_there_for_children() -> None:
    environment = {"PROXYCAST_TOKEN": "pc_token", "PROXYCAST_PASSPHRASE": "words", "PATH": "/bin"}
    taken = take_environment(environment)
    assert taken == {"PROXYCAST_TOKEN": "pc_token", "PROXYCAST_PASSPHRASE": "words", "PATH": "/bin"}
    assert environment == {"PATH": "/bin"}
