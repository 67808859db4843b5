"""Keys and notes as people pass them on (NIP-19): Bech32 (BIP-173) without its limit of length.

https://github.com/nostr-protocol/nips/blob/master/19.md
"""

from collections.abc import Iterable, Iterator

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
ID, RELAY, AUTHOR, KIND = range(4)  # what a part of a longer address is
NOTE = bytes((0, 0, 0, 1))  # the kind of a note


def encode(prefix: str, data: bytes) -> str:
    """These bytes as an address that begins with `prefix`."""
    words = list(_regrouped(data, 8, 5))
    check = _checksum([*_expanded(prefix), *words, 0, 0, 0, 0, 0, 0]) ^ 1
    words += [check >> 5 * (5 - n) & 31 for n in range(6)]
    return f"{prefix}1{''.join(ALPHABET[word] for word in words)}"


def decode(prefix: str, address: str) -> bytes:
    """The bytes in an address that begins with `prefix`; raises ValueError for any other."""
    found, _, rest = address.rpartition("1")
    words = [ALPHABET.index(letter) for letter in rest]
    if found != prefix or _checksum([*_expanded(prefix), *words]) != 1:
        raise ValueError(f"this is no {prefix}")
    return bytes(_regrouped(words[:-6], 5, 8))


def nevent(id: str, author: str, relay: str) -> str:
    """The address of a note: what it is, where it is, who wrote it."""
    parts = ((ID, bytes.fromhex(id)), (RELAY, relay.encode()), (AUTHOR, bytes.fromhex(author)), (KIND, NOTE))
    return encode("nevent", b"".join(bytes((what, len(data))) + data for what, data in parts))


def _expanded(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _checksum(words: Iterable[int]) -> int:
    check = 1
    for word in words:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ word
        for n, mask in enumerate(GENERATOR):
            check ^= mask if top >> n & 1 else 0
    return check


def _regrouped(values: Iterable[int], size: int, wanted: int) -> Iterator[int]:
    """The same bits in groups of another size; what is left over is filled up with zeros, or dropped if it is zeros."""
    bits = held = 0
    for value in values:
        bits, held = bits << size | value, held + size
        while held >= wanted:
            held -= wanted
            yield bits >> held & (1 << wanted) - 1
    if wanted < size and held:
        yield bits << (wanted - held) & (1 << wanted) - 1
