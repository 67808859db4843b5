"""Sealed values name their key, open at their place only, and a key ring grows and shrinks while it is used."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidings.core import secrets
from tidings.core.replace import replace
from tidings.core.secrets import CannotOpen, DataKey, Ring, ring


@pytest.fixture(autouse=True)
def own_ring() -> Iterator[None]:
    """What a test does to the process's ring is undone."""
    before = secrets._held
    secrets._held = secrets._Held()
    yield
    secrets._held = before


def key(wrapped: str = "") -> DataKey:
    made = Ring({}).grown()
    return made.unwrap(wrapped or made.new_data_key("here"), "here")


def test_a_sealed_value_names_the_key_that_sealed_it() -> None:
    one = key()
    sealed = one.seal("token", "t:1:c")
    assert sealed.startswith(f"2.{one.id}.")
    assert one.open(sealed, "t:1:c") == "token"


def test_what_the_first_version_sealed_still_opens() -> None:
    one = key()
    assert one.open("1." + one.seal("token", "t:1:c").split(".")[2], "t:1:c") == "token"


@pytest.mark.parametrize("place", ["t:2:c", "t:1:d", "u:1:c"])
def test_a_sealed_value_that_was_moved_is_refused(place: str) -> None:
    one = key()
    with pytest.raises(CannotOpen, match=place):
        one.open(one.seal("token", "t:1:c"), place)


def test_another_key_says_which_one_is_missing() -> None:
    one, other = key(), key()
    with pytest.raises(CannotOpen, match=one.id):
        other.open(one.seal("token", "t:1:c"), "t:1:c")


def test_a_key_does_not_show() -> None:
    made = Ring({}).grown()
    assert not [name for name in ("keys", "key=") if name in repr(made) + repr(key())]


def test_a_ring_that_lacks_the_key_says_which() -> None:
    made = Ring({}).grown()
    wrapped = made.new_data_key("here")
    with pytest.raises(CannotOpen, match=made.last):
        Ring({}).grown().unwrap(wrapped, "here")


def test_a_rewrapped_key_opens_with_the_new_one_alone() -> None:
    old = Ring({}).grown()
    wrapped = old.new_data_key("here")
    sealed = old.unwrap(wrapped, "here").seal("token", "t:1:c")
    new = old.grown()
    rewrapped = new.rewrap(wrapped, "here")
    assert new.only_last().unwrap(rewrapped, "here").open(sealed, "t:1:c") == "token"


def test_two_data_keys_both_open_and_the_first_seals() -> None:
    made = Ring({}).grown()
    first, second = made.new_data_key("here"), made.new_data_key("here")
    sealed = [made.unwrap(one, "here").seal("token", "t:1:c") for one in (first, second)]
    both = made.unwrap(f"{first} +{second}", "here")
    assert [both.open(one, "t:1:c") for one in sealed] == ["token", "token"]
    assert both.id == made.unwrap(first, "here").id
    assert made.rewrap(f"{first} +{second}", "here").count("+") == 1


def test_a_process_uses_a_key_that_another_put_into_the_ring_at_once(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    here = Ring.at(file)
    secrets.use(here, file)
    assert ring() is here
    elsewhere = here.grown()
    replace(file, elsewhere.text())  # by another process: this one is told nothing
    wrapped = elsewhere.new_data_key("here")
    assert here.unwrap(wrapped, "here").id == elsewhere.unwrap(wrapped, "here").id
    assert ring().last == elsewhere.last
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_spoiled_file_does_not_take_the_ring_away(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    here = Ring.at(file)
    secrets.use(here, file)
    file.write_text("{")
    os.utime(file, ns=(1, 1))
    with pytest.raises(CannotOpen):
        here.unwrap("none.text", "here")
    assert ring() is here
