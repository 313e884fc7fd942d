"""The encrypted vault: a file for the secrets where there is no OS keyring."""

from proxycast.store.vault.vault import Vault

__all__ = ["Vault"]
