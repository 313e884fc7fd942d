"""KeePassXC as the provider of the Secret Service."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator

import pytest
from tests.keyring.conftest import need
from tests.keyring.secret_service import SecretService

from proxycast.model.secret import Secret
from proxycast.store.keychain import Keychain

pytestmark = pytest.mark.keyring

PASSWORD = "test-pass"
EMPTY_DATABASE = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
  <Meta><CustomData><Item>
    <Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{00112233-4455-6677-8899-aabbccddeeff}</Value>
  </Item></CustomData></Meta>
  <Root><Group><UUID>ABEiM0RVZneImaq7zN3u/w==</UUID><Name>Secrets</Name></Group></Root>
</KeePassFile>
"""
SETTINGS = """\
[General]
ConfigVersion=2
UpdateCheckMessageShown=true
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
ConfirmAccessItem=false
ConfirmDeleteItem=false
ShowNotification=false
"""


@pytest.fixture
def keepassxc(session_bus: SecretService) -> Iterator[SecretService]:
    """The session of the test with KeePassXC in it, its database open."""
    need(("keepassxc", "keepassxc-cli"))
    home = session_bus.home
    (home / "empty.xml").write_text(EMPTY_DATABASE)
    (home / "keepassxc.ini").write_text(SETTINGS)
    environment = {**session_bus.environment, "QT_QPA_PLATFORM": "offscreen"}
    database = str(home / "secrets.kdbx")
    subprocess.run(
        ["keepassxc-cli", "import", "-p", str(home / "empty.xml"), database],
        input=f"{PASSWORD}\n{PASSWORD}\n",
        env=environment,
        text=True,
        capture_output=True,
        check=True,
        timeout=30,
    )
    options = ["--config", str(home / "keepassxc.ini"), "--localconfig", str(home / "local.ini"), "--pw-stdin"]
    with subprocess.Popen(
        ["keepassxc", *options, database],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(f"{PASSWORD}\n".encode())
        process.stdin.close()
        try:
            yield session_bus
        finally:
            process.kill()


async def test_r17_keepassxc_keeps_secrets_as_any_keyring_does(keepassxc: SecretService, keychain: Keychain) -> None:
    async with asyncio.timeout(20):
        while await keychain.state() is not None:  # noqa: ASYNC110 - it opens its database and tells nobody
            await asyncio.sleep(0.1)
    await keychain.set("abc/1", Secret("sk-kept"))
    assert keepassxc.lookup("abc/1") == "sk-kept"
    stored = await keychain.get("abc/1")
    assert stored is not None
    assert stored.reveal() == "sk-kept"
    await keychain.delete("abc/1")
    assert await keychain.get("abc/1") is None
    assert keepassxc.lookup("abc/1") is None
