"""Fetch a picture or film from an address into the library: through the door, piece by piece onto the disk.

A thread does it, so that no page waits; the upload's row says how far it is. Whoever deletes the row stops it.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit

import structlog
from django.db import connection

from tidings import outside
from tidings.core.addresses import spelt
from tidings.core.http import Flow, Forbidden, NoAnswer, Request
from tidings.media import refuse, room, upload
from tidings.media.models import Folder, Upload
from tidings.media.refuse import Refused
from tidings.media.storage import Away
from tidings.settings import settings
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require
from tidings.workspaces.rates import Rate, knock

log = structlog.get_logger(__name__)

OFTEN = Rate(60, timedelta(hours=1))  # addresses of one person
AT_ONCE = threading.BoundedSemaphore(4)  # in this process
SECONDS = 1800.0
MOST_REDIRECTS = 5
NOTED = 1 << 20  # bytes between two looks at the row
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class TooOften(Exception):
    """Come again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


def begin(member: Member, url: str, folder: Folder | None = None) -> Upload:
    """Begin to fetch what is at this address; raises Refused, TooOften, and Full or NoRoom as an upload does."""
    require(member, "write")
    host, name = _named(url)
    if wait := knock(OFTEN, "fetch", str(member.user_id)):
        raise TooOften(wait)
    if not AT_ONCE.acquire(blocking=False):
        raise upload.Full
    with ExitStack() as undo:
        undo.callback(AT_ONCE.release)
        coming = upload.begin(member, name, 0, folder, host)
        file = undo.enter_context(upload.alone(coming))  # held from now on: who looks sees that it is at work
        threading.Thread(target=_fetch, args=(coming, url, file, undo.pop_all()), name="fetch", daemon=True).start()
    return coming


def look(coming: Upload) -> Upload:
    """How far it is; one whose process ended says so."""
    coming.refresh_from_db()
    if coming.media_id is None and not coming.problem:
        with suppress(upload.Busy), upload.alone(coming):
            coming.refresh_from_db()
            if coming.media_id is None and not coming.problem:
                _end(coming, refuse.CUT_OFF)
    return coming


def _named(url: str) -> tuple[str, str]:
    """The host of an address, and what the file is called there."""
    try:
        parts, host, _port = spelt(url)
    except ValueError:
        raise Refused(refuse.NO_WAY) from None
    if parts.scheme not in ("http", "https"):
        raise Refused(refuse.NO_WAY)
    return host[:253], unquote(parts.path.rstrip("/").rpartition("/")[2]) or host


def _fetch(coming: Upload, url: str, file: int, undo: ExitStack) -> None:
    try:
        with undo:
            _into(coming, url, file)
    except Exception:  # nobody waits for this thread: what went wrong is told by the row
        log.exception("media.fetch_failed")
        _end(coming, refuse.NO_ANSWER)
    finally:
        connection.close()


def _into(coming: Upload, url: str, file: int) -> None:
    try:
        with _answered(url) as flow:
            _write(coming, flow, file)
        upload.take_in(coming)
        upload.path(coming).unlink(missing_ok=True)
    except Refused as refused:
        _end(coming, refused.reason)
    except Forbidden:
        _end(coming, refuse.NO_WAY)
    except NoAnswer as error:
        log.info("media.not_fetched", host=coming.source, reason=str(error))
        _end(coming, refuse.NO_ANSWER)
    except Away:
        _end(coming, refuse.AWAY)
    except Upload.DoesNotExist:
        upload.path(coming).unlink(missing_ok=True)


@contextmanager
def _answered(url: str) -> Iterator[Flow]:
    """What is at this address, or at the one it leads to; from https never back to http."""
    for _redirect in range(MOST_REDIRECTS + 1):
        with outside.door().flow(Request("GET", url, "fetch", {"Accept": "image/*, video/*"}, seconds=SECONDS)) as flow:
            if flow.status not in REDIRECTS:
                yield flow
                return
            led = urljoin(url, flow.headers.get("location", ""))
        if url.startswith("https:") and urlsplit(led).scheme != "https":
            raise Refused(refuse.NO_WAY)
        url = led
    raise Refused(refuse.LEADS_ON)


def _write(coming: Upload, flow: Flow, file: int) -> None:
    """The body into the file; the row is told its size, and looked at now and then."""
    if flow.status != HTTPStatus.OK:
        raise Refused(refuse.NOT_THERE)
    if flow.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml")):
        raise Refused(refuse.A_PAGE)
    said = flow.headers.get("content-length", "")
    size = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
    _announce(coming, size)
    arrived = noted = 0
    for piece in flow.pieces:
        arrived += len(piece)
        if arrived - noted >= NOTED:
            noted = arrived
            _announce(coming, max(size, arrived), arrived)
        os.write(file, piece)
    _announce(coming, arrived, arrived)
    os.fsync(file)


def _announce(coming: Upload, size: int, arrived: int = 0) -> None:
    """Note how far it is, and hold its room; raises Refused, and DoesNotExist when nobody wants it any more."""
    if size > settings().media_limit:
        raise Refused(refuse.TOO_LARGE)
    if not upload.fits_disk(size - arrived):
        raise Refused(refuse.DISK_FULL)
    try:
        with room.taking(coming.workspace, size, coming):
            coming.size, coming.offset = size, arrived
            if not Upload.objects.filter(pk=coming.pk).update(size=size, offset=arrived):
                raise Upload.DoesNotExist
    except room.NoRoom:
        raise Refused(refuse.NO_ROOM) from None


def _end(coming: Upload, problem: str) -> None:
    """It came to nothing."""
    upload.path(coming).unlink(missing_ok=True)
    coming.problem = problem
    Upload.objects.filter(pk=coming.pk).update(problem=problem)
