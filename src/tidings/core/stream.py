"""Seal a stream of any length in pieces, so that it never has to be in memory as a whole.

A stream has a key of its own, which its owner's data key seals; its pieces are AES-256-GCM with their number as the
nonce and a mark in the last one. So no piece can be changed, left out, repeated or moved, here or to another stream,
and the end cannot be cut off.
"""

import base64
import secrets as entropy
from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidings.core.secrets import KEY, CannotOpen, DataKey

CHUNK = 64 * 1024  # bytes of a piece, before it is sealed
TAG = 16
LONGEST_HEAD = 1000


def seal(plain: Iterable[bytes], key: DataKey, place: str) -> Iterator[bytes]:
    """What is written: the sealed key as a line, then the pieces. `place`: what the stream is, and of whom."""
    own = entropy.token_bytes(KEY)
    yield key.seal(base64.b64encode(own).decode(), place).encode() + b"\n"
    cipher = AESGCM(own)
    for number, (piece, last) in enumerate(_cut(plain, CHUNK)):
        yield cipher.encrypt(_nonce(number, last), piece, place.encode())


def opened(file: IO[bytes], key: DataKey, place: str) -> Iterator[bytes]:
    """What `seal` was given; raises CannotOpen when it is not that, at the first piece that is not."""
    cipher = AESGCM(_own_key(file.readline(LONGEST_HEAD), key, place))
    sealed = iter(lambda: file.read(CHUNK + TAG), b"")
    for number, (piece, last) in enumerate(_cut(sealed, CHUNK + TAG)):
        try:
            yield cipher.decrypt(_nonce(number, last), piece, place.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"{place} is damaged or cut off") from error


def _own_key(head: bytes, key: DataKey, place: str) -> bytes:
    try:
        return base64.b64decode(key.open(head.rstrip(b"\n").decode(), place))
    except UnicodeDecodeError as error:
        raise CannotOpen(f"{place} is damaged") from error


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cut(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of this size, and whether each is the last, which may be shorter; of nothing, one empty one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
