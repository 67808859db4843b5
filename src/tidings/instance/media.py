"""Whether pictures and films have a place to be in."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tidings.instance.finding import Finding, public
from tidings.media import address, try_bucket
from tidings.media.reach import indoors
from tidings.media.storage import Away
from tidings.settings import settings

SWITCH_OFF = "Mend that, or switch TIDINGS_MEDIA_SIGNED off: downloads then pass through Tidings."
UNENCRYPTED = (
    "Browsers refuse downloads that leave HTTPS. Take tls=no out of TIDINGS_MEDIA, or switch TIDINGS_MEDIA_SIGNED off."
)


def media_place() -> Iterator[Finding]:
    """TIDINGS_MEDIA, if it is set, names a bucket in a way that can be read."""
    try:
        _named()
    except address.Wrong as wrong:
        yield Finding("media-place", "error", f"TIDINGS_MEDIA names no bucket. {wrong}")


def media_bucket() -> Iterator[Finding]:
    """The bucket takes, gives, lists and forgets files, keeps no old versions, and is closed to everybody else."""
    try:
        bucket = _named()
        for sentence in try_bucket.faults(bucket) if bucket else ():
            yield Finding("media-bucket", "error" if sentence == try_bucket.PUBLIC else "warning", sentence)
    except address.Wrong:
        return  # said by media-place
    except Away as away:
        yield Finding("media-bucket", "error", f"The bucket of TIDINGS_MEDIA cannot be used: {away}.")


def media_signed() -> Iterator[Finding]:
    """Where TIDINGS_MEDIA_SIGNED wishes it, people can download by an address that the bucket signs."""
    try:
        bucket = _named() if settings().media_signed else None
        yield from _downloads(bucket) if bucket else ()
    except (address.Wrong, Away):
        return  # said by the two before


def _downloads(bucket: address.Address) -> Iterator[Finding]:
    host = bucket.endpoint.partition("://")[2]
    if not bucket.tls and settings().secure:
        yield Finding("media-signed", "error", UNENCRYPTED)
    if public() and indoors(urlsplit(bucket.endpoint).hostname or ""):
        sentence = f"Downloads lead to {host}, which people elsewhere cannot reach. {SWITCH_OFF}"
        yield Finding("media-signed", "warning", sentence)
    if got := try_bucket.lent(bucket):
        sentence = f"{host} gives no download by an address that it signed: {got}. {SWITCH_OFF}"
        yield Finding("media-signed", "error", sentence)


def _named() -> address.Address | None:
    return address.read(settings().media) if "://" in settings().media else None


EVERY = (media_place, media_bucket, media_signed)
BEFORE_SERVING = (media_place,)
