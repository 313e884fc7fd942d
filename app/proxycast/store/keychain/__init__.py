"""The operating system's keyring. Nothing outside this package imports keyring, and nothing in it before first use."""

from proxycast.store.keychain.keychain import Keychain

__all__ = ["Keychain"]
