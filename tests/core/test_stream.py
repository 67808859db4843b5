"""A sealed stream opens as it was, and nothing about it can be changed."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.core import stream
from tidings.core.secrets import CannotOpen, DataKey, Ring

SIZE = 32  # bytes of a piece here, so that there are many
RING = Ring({}).grown()
KEY = RING.unwrap(RING.new_data_key("here"), "here")
PIECES = st.lists(st.binary(max_size=3 * SIZE), max_size=8)


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "CHUNK", SIZE)
        yield


def sealed(plain: list[bytes], place: str = "b:o", key: DataKey = KEY) -> tuple[bytes, list[bytes]]:
    """The line before the pieces, and the pieces."""
    head, *pieces = stream.seal(plain, key, place)
    return head, pieces


def opened(head: bytes, pieces: list[bytes], place: str = "b:o", key: DataKey = KEY) -> bytes:
    return b"".join(stream.opened(io.BytesIO(head + b"".join(pieces)), key, place))


@given(PIECES)
def test_a_stream_opens_as_it_was(plain: list[bytes]) -> None:
    assert opened(*sealed(plain)) == b"".join(plain)


@given(PIECES, st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_is_refused(plain: list[bytes], at: int, by: int) -> None:
    head, pieces = sealed(plain)
    whole = bytearray(head + b"".join(pieces))
    whole[at % len(whole)] ^= by
    with pytest.raises(CannotOpen):
        opened(bytes(whole), [])


@given(PIECES, st.integers(min_value=0))
def test_a_stream_that_is_cut_off_anywhere_is_refused(plain: list[bytes], at: int) -> None:
    head, pieces = sealed(plain)
    whole = head + b"".join(pieces)
    with pytest.raises(CannotOpen):
        opened(whole[: at % len(whole)], [])


CHANGES: dict[str, Callable[[list[bytes], int], list[bytes]]] = {
    "left out": lambda pieces, n: pieces[:n] + pieces[n + 1 :],
    "repeated": lambda pieces, n: pieces[: n + 1] + pieces[n:],
    "swapped": lambda pieces, n: [*pieces[:n], pieces[n + 1], pieces[n], *pieces[n + 2 :]],
    "ended early": lambda pieces, n: pieces[: n + 1],
    "begun anew": lambda pieces, n: pieces + pieces,
}


@pytest.mark.parametrize("how", CHANGES)
@given(st.binary(min_size=2 * SIZE, max_size=9 * SIZE), st.integers(min_value=0))
def test_a_piece_that_is_moved_is_refused(how: str, plain: bytes, at: int) -> None:
    head, pieces = sealed([plain])
    with pytest.raises(CannotOpen):
        opened(head, CHANGES[how](pieces, at % (len(pieces) - 1)))


@given(st.binary(min_size=SIZE + 1))
def test_a_piece_of_another_stream_is_refused(plain: bytes) -> None:
    one, other = sealed([plain]), sealed([plain])
    with pytest.raises(CannotOpen):
        opened(one[0], [*one[1][:-1], other[1][-1]])


def test_another_owner_or_another_key_is_refused() -> None:
    head, pieces = sealed([b"text"])
    other = RING.unwrap(RING.new_data_key("here"), "here")
    for place, key in (("b:p", KEY), ("b:o", other)):
        with pytest.raises(CannotOpen):
            opened(head, pieces, place, key)


def test_nothing_of_it_can_be_read() -> None:
    head, pieces = sealed([b"plain text " * 20])
    assert b"plain" not in head + b"".join(pieces)
