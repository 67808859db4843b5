"""Encryption at rest: envelope encryption with AES-256-GCM.

A key ring (file or environment, never the database) wraps data keys; a data key seals values. Every sealed
text names its key, and is bound to the place it is kept in (table, row, column), so it cannot be moved.
"""

import base64
import json
import os
import secrets as entropy
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as SP 800-38D recommends for GCM
KEY = 32


class CannotOpen(Exception):
    """The sealed text is damaged, was moved from its place, or its key is not in the ring."""


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encrypt(key: bytes, plain: bytes, place: str) -> str:
    nonce = entropy.token_bytes(NONCE)
    return _encode(nonce + AESGCM(key).encrypt(nonce, plain, place.encode()))


def _decrypt(key: bytes, text: str, place: str) -> bytes:
    try:
        raw = _decode(text)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"what is kept at {place} cannot be opened with its key") from error


@dataclass(frozen=True)
class Ring:
    """Key-encryption keys by id; the last one wraps new data keys."""

    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Ring":
        """From JSON `{"id": "base64url key of 32 bytes", …}`; raises CannotOpen when it is not one."""
        try:
            keys = {name: _decode(value) for name, value in json.loads(text).items()}
        except (ValueError, AttributeError, TypeError) as error:
            raise CannotOpen("the key ring is not JSON of the form {id: base64 key}") from error
        if not keys or any(len(key) != KEY for key in keys.values()):
            raise CannotOpen(f"the key ring needs at least one key, each of {KEY} bytes")
        return cls(keys)

    @classmethod
    def at(cls, path: Path) -> "Ring":
        """The ring in this file (mode 0600), made with one fresh key when there is none."""
        if not path.exists():
            fresh = json.dumps({entropy.token_hex(4): _encode(entropy.token_bytes(KEY))})
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(fresh)
        return cls.parse(path.read_text())

    def new_data_key(self, place: str) -> str:
        """A fresh data key, wrapped for this place."""
        name = list(self.keys)[-1]
        return f"{name}.{_encrypt(self.keys[name], entropy.token_bytes(KEY), place)}"

    def unwrap(self, wrapped: str, place: str) -> "DataKey":
        """The data key in `wrapped`; raises CannotOpen when the ring lacks its key."""
        name, _, text = wrapped.partition(".")
        if name not in self.keys:
            raise CannotOpen(f"key {name!r}, which wraps {place}, is not in the key ring")
        return DataKey(_decrypt(self.keys[name], text, place))


@dataclass(frozen=True)
class DataKey:
    """Seals and opens the values of one owner."""

    key: bytes = field(repr=False)

    def seal(self, plain: str, place: str) -> str:
        """`plain` sealed for the place `table:row:column`."""
        return "1." + _encrypt(self.key, plain.encode(), place)

    def open(self, sealed: str, place: str) -> str:
        """What `seal` was given; raises CannotOpen for another place or a damaged text."""
        version, _, text = sealed.partition(".")
        if version != "1":
            raise CannotOpen(f"what is kept at {place} was sealed by another version")
        return _decrypt(self.key, text, place).decode()


_ring: Ring | None = None
_lock = threading.Lock()


def use(ring: Ring) -> None:
    """Make this the process's key ring."""
    global _ring
    with _lock:
        _ring = ring


def ring() -> Ring:
    """The process's key ring; raises CannotOpen before `use`."""
    if _ring is None:
        raise CannotOpen("no key ring has been loaded")
    return _ring
