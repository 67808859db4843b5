"""Try out a bucket as the program will use it, and as a stranger would; leaves nothing behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

from obstore.exceptions import BaseError
from obstore.store import S3Store

from tidings.core.http import Door, NoAnswer, Request
from tidings.media import sign
from tidings.media.address import Address
from tidings.media.bucket import opened, told
from tidings.media.storage import Away

FOLDER, SAID = "tidings-doctor", b"Tidings looks whether it can keep pictures and films here."
LENT = {"content-disposition": 'attachment; filename="tried.txt"', "cache-control": "no-store"}
PATIENCE = 10  # seconds
PUBLIC = "Whoever asks can read the bucket of TIDINGS_MEDIA: end its public access."
VERSIONS = (
    "The bucket of TIDINGS_MEDIA keeps old versions of what is deleted: switch versioning off, or let a lifecycle rule "
    "delete old versions within days."
)


def faults(address: Address) -> Iterator[str]:
    """What is wrong with it, a sentence each; raises Away when it cannot be used at all."""
    ours, name = opened(address), f"{FOLDER}/{uuid4()}"
    with _there(ours, name) as version:
        with told():
            kept = ours.get(name).bytes() == SAID
            listed = any(found["path"] == name for batch in ours.list(FOLDER) for found in batch)
        if not (kept and listed):
            raise Away("it does not give back what was put")
        if version not in (None, "null"):
            yield VERSIONS
        if _open_to_all(opened(address, signed=False), name):
            yield PUBLIC


def lent(address: Address) -> str:
    """What comes by an address that it signs, where that is not the download; raises Away as above."""
    name = f"{FOLDER}/{uuid4()}"
    with _there(opened(address), name):
        asked = Request("GET", sign.address(address, name, LENT), "look", seconds=PATIENCE)
        try:
            got = Door([urlsplit(address.endpoint).netloc])(asked)
        except NoAnswer as away:
            return str(away)
    said = {name.lower(): value for name, value in got.headers.items()}
    whole = (got.status, got.body) == (200, SAID) and LENT.items() <= said.items()
    return "" if whole else f"HTTP {got.status}"


@contextmanager
def _there(ours: S3Store, name: str) -> Iterator[str | None]:
    """A small file, and the version that the bucket gives it."""
    try:
        with told():
            version = ours.put(name, SAID)["version"]
    except FileNotFoundError:
        raise Away("there is no such bucket") from None
    try:
        yield version
    finally:
        with told():
            ours.delete(name)


def _open_to_all(strangers: S3Store, name: str) -> bool:
    asks: tuple[Callable[[], object], ...] = (
        lambda: strangers.head(name), lambda: next(iter(strangers.list(chunk_size=1)), None)
    )  # fmt: skip
    return any(map(_answered, asks))


def _answered(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (BaseError, FileNotFoundError):
        return False
    return True
