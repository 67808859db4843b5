"""Remove media with every copy of its bytes, and sweep up what nobody will come back for."""

import shutil
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from tidings.media.aside import place
from tidings.media.models import Media, Rendition, Upload
from tidings.media.storage import Away
from tidings.media.store import store
from tidings.media.upload import arrivals, drop
from tidings.settings import settings

log = structlog.get_logger()

STALE = timedelta(days=7)
ORPHAN = timedelta(days=1)  # a file whose row is not written yet is younger than that


def remove(media: Media) -> None:
    """Delete the row, then the file, thumbnail and renditions. Whether a post uses it, the caller asks."""
    with transaction.atomic():
        keys = [media.key, media.thumbnail, *media.renditions.values_list("key", flat=True)]
        media.delete()
    try:
        for key in filter(None, keys):
            store().delete(key)
    except Away as away:
        log.warning("files are left to the next sweep", because=str(away))


def sweep(now: datetime) -> int:
    """Drop uploads nobody finished within a week, and files no row knows; how many were dropped."""
    stale = list(Upload.objects.filter(created_at__lt=now - STALE))
    for upload in stale:
        drop(upload)
    _sweep_arrivals(now - ORPHAN)
    _sweep_copies(now - ORPHAN)
    return len(stale) + _sweep_files(now - ORPHAN)


def _sweep_arrivals(before: datetime) -> None:
    """Bytes whose upload went with its workspace or person."""
    for path in arrivals():
        known = Upload.objects.filter(id=path.name.partition(".")[0])
        if path.stat().st_mtime < before.timestamp() and not known.exists():
            path.unlink(missing_ok=True)


def _sweep_copies(before: datetime) -> None:
    """What a process that was killed had at hand: copies, half-made renditions, what was about to be taken in."""
    for path in (*place().iterdir(), *(settings().home / "media").glob(".coming-*")):
        if path.stat().st_mtime < before.timestamp():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _sweep_files(before: datetime) -> int:
    old = [key for key, since in store().kept() if since < before.timestamp()]
    orphans = [key for key in old if not _known(key)]
    for key in orphans:
        store().delete(key)
    return len(orphans)


def _known(key: str) -> bool:
    return (
        Media.objects.filter(key=key).exists()
        or Media.objects.filter(thumbnail=key).exists()
        or Rendition.objects.filter(key=key).exists()
    )
