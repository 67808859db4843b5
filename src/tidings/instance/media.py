"""Whether pictures and films have a place to be in."""

from collections.abc import Iterator

from tidings.instance.finding import Finding
from tidings.media import address, try_bucket
from tidings.media.storage import Away
from tidings.settings import settings


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


def _named() -> address.Address | None:
    return address.read(settings().media) if "://" in settings().media else None


EVERY = (media_place, media_bucket)
BEFORE_SERVING = (media_place,)
