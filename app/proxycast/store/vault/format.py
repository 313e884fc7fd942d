"""The form of the vault file: pure functions from a passphrase and bytes to secrets, and back.

The file is a line that names the form, a line of JSON with the parameters, and then AES-256-GCM's ciphertext of a JSON
object {user: value}. Both lines are authenticated with it. The key is scrypt's (RFC 7914) of the passphrase; what is
derived with it beyond the key is stored, so that a wrong passphrase can be told from a damaged file. Imported at first
use only, because `cryptography` takes its time and memory.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from proxycast.model.errors import InputError
from proxycast.model.secret import Secret
from proxycast.model.text import Text
from proxycast.store.vault import problems

_MAGIC = b"ProxyCast vault 1\n"
_KEY_BYTES = 32
_CHECK_BYTES = 16
_SALT_BYTES = 16
_NONCE_BYTES = 12


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the key comes from the passphrase: scrypt's n, r, p and salt, and the bytes that a right passphrase gives."""

    n: int
    r: int
    p: int
    salt: bytes
    check: bytes

    def __post_init__(self) -> None:
        # Less makes guessing cheap, more lets a tampered file use up the memory: 128 · n · r bytes.
        sound = self.n in {2**17, 2**18, 2**19, 2**20} and self.r == 8 and 1 <= self.p <= 4
        if not sound or len(self.salt) != _SALT_BYTES or len(self.check) != _CHECK_BYTES:
            raise ValueError


class Key:
    """A key derived from a passphrase, and how."""

    __slots__ = ("cipher", "parameters")

    def __init__(self, parameters: Parameters, cipher: AESGCM) -> None:
        self.parameters = parameters
        self.cipher = cipher


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    scrypt: Parameters
    nonce: bytes


def new_key(passphrase: Secret) -> Key:
    """A key for a new vault; takes half a second and 128 MiB. Raises InputError for an empty passphrase."""
    if not passphrase:
        raise InputError(Text("The passphrase of the vault is empty."))
    n, r, p, salt = 2**17, 8, 1, secrets.token_bytes(_SALT_BYTES)
    key, check = _derive(passphrase, n=n, r=r, p=p, salt=salt)
    return Key(Parameters(n=n, r=r, p=p, salt=salt, check=check), AESGCM(key))


def same_key(passphrase: Secret, data: bytes) -> Key:
    """The key of the vault `data`; takes as long as `new_key`. Raises WrongPassphrase, VaultDamaged."""
    of = parameters(data)
    key, check = _derive(passphrase, n=of.n, r=of.r, p=of.p, salt=of.salt)
    if not bytes_eq(check, of.check):
        raise problems.wrong_passphrase()
    return Key(of, AESGCM(key))


def parameters(data: bytes) -> Parameters:
    """How the key of the vault `data` is derived. Raises VaultDamaged."""
    return _split(data)[0].scrypt


def decrypt(data: bytes, key: Key) -> dict[str, str]:
    """The values in the vault `data`, by user. Raises VaultDamaged."""
    head, associated, ciphertext = _split(data)
    try:
        plain = key.cipher.decrypt(head.nonce, ciphertext, associated)
        return msgspec.json.decode(plain, type=dict[str, str])
    except (InvalidTag, msgspec.DecodeError, ValueError):
        pass
    raise problems.damaged()  # out here no exception hangs on it that may hold a value


def encrypt(values: Mapping[str, str], key: Key) -> bytes:
    """A vault with these values. Every call takes a fresh random nonce."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    head = msgspec.json.encode(_Head(scrypt=key.parameters, nonce=nonce))
    associated = _MAGIC + head + b"\n"
    return associated + key.cipher.encrypt(nonce, msgspec.json.encode(values), associated)


def _split(data: bytes) -> tuple[_Head, bytes, bytes]:
    """The head, the bytes that are authenticated and the ciphertext."""
    if not data.startswith(_MAGIC):
        raise problems.damaged()
    line, newline, ciphertext = data[len(_MAGIC) :].partition(b"\n")
    try:
        head = msgspec.json.decode(line, type=_Head)
    except (msgspec.DecodeError, ValueError):
        raise problems.damaged() from None
    return head, _MAGIC + line + newline, ciphertext


def _derive(passphrase: Secret, *, n: int, r: int, p: int, salt: bytes) -> tuple[bytes, bytes]:
    # One spelling of what can be typed in two: "é" is one character on one keyboard, two on another.
    typed = unicodedata.normalize("NFC", passphrase.reveal()).encode()
    derived = Scrypt(salt=salt, length=_KEY_BYTES + _CHECK_BYTES, n=n, r=r, p=p).derive(typed)
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]
