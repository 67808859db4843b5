"""A person's key on Nostr, and what is signed with it (NIP-01): https://github.com/nostr-protocol/nips

An event's id is the hash of what it says, so an event that is kept and sent again is the same event.
"""

import hashlib
import json
from functools import cached_property
from typing import Any

from coincurve import PrivateKey, PublicKeyXOnly

from tidings.core import clock
from tidings.networks import _nip19

Event = dict[str, Any]
Tags = list[list[str]]


class Key:
    """A secret key, from 64 hexadecimal digits."""

    def __init__(self, secret: str) -> None:
        self._secret = bytes.fromhex(secret)

    @classmethod
    def typed(cls, said: str) -> str:
        """The secret in what a person typed (nsec or hexadecimal digits); raises ValueError when there is none."""
        said = said.strip().lower()
        secret = _nip19.decode("nsec", said) if said.startswith("nsec1") else bytes.fromhex(said)
        if len(secret) != 32:
            raise ValueError("a key has 32 bytes")
        return PrivateKey(secret).secret.hex()

    @cached_property
    def public(self) -> str:
        """Who it is, as everybody knows them."""
        return PublicKeyXOnly.from_secret(self._secret).format().hex()

    @property
    def npub(self) -> str:
        """The same, as people pass it on."""
        return _nip19.encode("npub", bytes.fromhex(self.public))

    def sign(self, kind: int, content: str, tags: Tags, at: int | None = None) -> Event:
        """An event of now, or of another second."""
        second = int(clock.now().timestamp()) if at is None else at
        said = {"pubkey": self.public, "created_at": second, "kind": kind, "tags": tags}
        id = hashed({**said, "content": content})
        signature = PrivateKey(self._secret).sign_schnorr(bytes.fromhex(id))
        return {**said, "content": content, "id": id, "sig": signature.hex()}


def hashed(event: Event) -> str:
    """An event's id."""
    said = [0, *(event[name] for name in ("pubkey", "created_at", "kind", "tags", "content"))]
    return hashlib.sha256(line(said)).hexdigest()


def genuine(event: Any) -> bool:
    """Whether it is an event, and whoever it names has signed it."""
    try:
        id = bytes.fromhex(event["id"])
        who = PublicKeyXOnly(bytes.fromhex(event["pubkey"]))
        shaped = isinstance(event["kind"], int) and isinstance(event["created_at"], int)
        if not shaped or not all(isinstance(tag, list) for tag in event["tags"]):
            return False
        return hashed(event) == event["id"] and who.verify(bytes.fromhex(event["sig"]), id)
    except (ValueError, KeyError, TypeError):
        return False


def line(message: Any) -> bytes:
    """A message as it goes over the line, and as it is hashed."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
