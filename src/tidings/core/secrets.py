"""Encryption at rest: envelope encryption with AES-256-GCM.

A key ring (file or environment, never the database) wraps data keys; a data key seals values. Every sealed
text names its key, and is bound to the place it is kept in (table, row, column), so it cannot be moved.
"""

import base64
import hashlib
import json
import os
import secrets as entropy
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidings.core.replace import replace

NONCE = 12  # bytes, as SP 800-38D recommends for GCM
KEY = 32
LOOK = 1.0  # seconds; a process notices a new key ring in its file after that at the latest


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
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(cls({}).grown().text())
        return cls.parse(path.read_text())

    @property
    def last(self) -> str:
        """The id of the key that wraps new data keys."""
        return list(self.keys)[-1]

    def text(self) -> str:
        """The ring as `parse` reads it."""
        return json.dumps({name: _encode(key) for name, key in self.keys.items()})

    def grown(self) -> "Ring":
        """With a fresh key, which wraps from now on."""
        return Ring({**self.keys, entropy.token_hex(4): entropy.token_bytes(KEY)})

    def only_last(self) -> "Ring":
        """Without the keys that were used before."""
        return Ring({self.last: self.keys[self.last]})

    def new_data_key(self, place: str) -> str:
        """A fresh data key, wrapped for this place."""
        return self._wrap(entropy.token_bytes(KEY), place)

    def rewrap(self, wrapped: str, place: str) -> str:
        """The same data keys, wrapped by the last key of the ring."""
        return " ".join(mark + self._wrap(key, place) for mark, key in self._unwrap(wrapped, place))

    def unwrap(self, wrapped: str, place: str) -> "DataKey":
        """The data key in `wrapped`; raises CannotOpen when the ring lacks its key.

        While values are sealed anew there are two, parted by a space: the first seals, both open.
        """
        first, *others = (key for _, key in self._unwrap(wrapped, place))
        return DataKey(first, tuple(others))

    def named(self, wrapped: str, place: str) -> dict[str, str]:
        """Each of the wrapped data keys by its id, which has the same mark before it."""
        return {
            mark + _id(key): one.removeprefix("+")
            for one, (mark, key) in zip(wrapped.split(" "), self._unwrap(wrapped, place), strict=True)
        }

    def _wrap(self, key: bytes, place: str) -> str:
        return f"{self.last}.{_encrypt(self.keys[self.last], key, place)}"

    def _unwrap(self, wrapped: str, place: str) -> list[tuple[str, bytes]]:
        """Each data key, and the mark before it: a plus says that it has sealed nothing yet."""
        found = []
        for each in wrapped.split(" "):
            name, _, text = each.removeprefix("+").partition(".")
            key = self.keys.get(name) or _held.put_there_meanwhile(name)
            if key is None:
                raise CannotOpen(f"key {name!r}, which wraps {place}, is not in the key ring")
            found.append(("+" * each.startswith("+"), _decrypt(key, text, place)))
        return found


@dataclass(frozen=True)
class DataKey:
    """Seals and opens the values of one owner. `others` open, too, what they sealed."""

    key: bytes = field(repr=False)
    others: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """What every text that it sealed is marked with; tells nothing about the key."""
        return _id(self.key)

    def seal(self, plain: str, place: str) -> str:
        """`plain` sealed for the place `table:row:column`."""
        return f"2.{self.id}.{_encrypt(self.key, plain.encode(), place)}"

    def open(self, sealed: str, place: str) -> str:
        """What `seal` was given; raises CannotOpen for another place or a damaged text."""
        version, _, rest = sealed.partition(".")
        if version == "1":  # named no key
            return self._try_all(rest, place)
        name, _, text = rest.partition(".")
        if version != "2":
            raise CannotOpen(f"what is kept at {place} was sealed by another version")
        key = next((key for key in (self.key, *self.others) if _id(key) == name), None)
        if key is None:
            raise CannotOpen(f"what is kept at {place} was sealed with data key {name!r}, which is not there")
        return _decrypt(key, text, place).decode()

    def _try_all(self, text: str, place: str) -> str:
        for key in self.others:
            with suppress(CannotOpen):
                return _decrypt(key, text, place).decode()
        return _decrypt(self.key, text, place).decode()


def _id(key: bytes) -> str:
    return hashlib.blake2b(key, digest_size=4, person=b"tidings data key").hexdigest()


class _Held:
    """The process's key ring, and the file it came from: another process may put a new one there at any time."""

    def __init__(self) -> None:
        self.ring: Ring | None = None
        self._path: Path | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._again = 0.0
        self._lock = threading.Lock()

    def take(self, ring: Ring, path: Path | None) -> None:
        """Use this ring from now on."""
        with self._lock:
            self.ring, self._path = ring, path
            self._seen = self._look() if path else (0, 0)

    def now(self) -> Ring | None:
        """The ring as it is now, as far as a look a moment ago told."""
        if self._path and time.monotonic() >= self._again:
            self._again = time.monotonic() + LOOK
            with self._lock:
                self._read_again(self._path)
        return self.ring

    def put_there_meanwhile(self, name: str) -> bytes | None:
        """A key that this process has not seen yet and another one may have used already."""
        self._again = 0.0
        found = self.now()
        return found.keys.get(name) if found else None

    def _read_again(self, path: Path) -> None:
        try:
            seen = self._look()
            if seen != self._seen:
                fresh, before = Ring.parse(path.read_text()), self.ring.keys if self.ring else {}
                # what was read from a row before a rotation is still opened: keys are only forgotten with the process
                self.ring = Ring({name: key for name, key in before.items() if name not in fresh.keys} | fresh.keys)
                self._seen = seen
        except (OSError, CannotOpen):  # gone, or spoiled: what is in memory goes on
            return

    def _look(self) -> tuple[int, int]:
        found = self._path.stat() if self._path else None
        return (found.st_mtime_ns, found.st_ino) if found else (0, 0)


_held = _Held()


def use(ring: Ring, path: Path | None = None) -> None:
    """Make this the process's key ring; what is put into the file at `path` later replaces it within a second."""
    _held.take(ring, path)


def ring() -> Ring:
    """The process's key ring; raises CannotOpen before `use`."""
    found = _held.now()
    if found is None:
        raise CannotOpen("no key ring has been loaded")
    return found


def keep(ring: Ring, path: Path) -> None:
    """Put this ring into the file, for all processes that use it."""
    replace(path, ring.text())
    use(ring, path)
