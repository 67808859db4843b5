"""How much room everything takes: each workspace's library, and whatever else lies in the home folder."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection
from django.db.models import Count, Sum

from tidings.database import sql
from tidings.media.aside import place
from tidings.media.models import Media, Rendition, Upload
from tidings.media.upload import arrivals
from tidings.privacy.models import Export
from tidings.settings import settings
from tidings.workspaces.models import Member, User, Workspace

LARGEST = 50


@dataclass(frozen=True)
class Library:
    """What one workspace keeps, in bytes; `payer`: for whom it counts."""

    workspace: UUID
    name: str
    payer: UUID | None
    files: int
    originals: int
    thumbnails: int
    copies: int
    coming: int

    @property
    def kept(self) -> int:
        """All that lies in the storage."""
        return self.originals + self.copies + self.thumbnails


@dataclass(frozen=True)
class Place:
    """Something that takes room: what it is called here, where it lies, how many bytes."""

    name: str
    where: str
    size: int


@dataclass(frozen=True)
class Storage:
    """All of it. `bucket`: host and name of the bucket, empty: the home folder."""

    bucket: str
    home: str
    free: int
    total: int
    places: list[Place]
    libraries: list[Library]
    workspaces: int

    @property
    def taken(self) -> int:
        """What is known to be taken by us."""
        return sum(place.size for place in self.places)


def storage() -> Storage:
    """As it is now."""
    every = sorted(libraries(), key=lambda library: (-library.kept, library.name))
    disk = disk_usage(settings().home)
    return Storage(
        _bucket(), str(settings().home), disk.free, disk.total, list(_places(every)),
        [library for library in every[:LARGEST] if library.kept or library.coming], len(every),
    )  # fmt: skip


def libraries(of: Collection[UUID] | None = None) -> list[Library]:
    """Each workspace's, or those of these workspaces."""
    chosen = Workspace.objects.all() if of is None else Workspace.objects.filter(pk__in=of)
    some = {} if of is None else {"workspace__in": of}
    media = Media.objects.filter(**some).order_by().values_list("workspace")
    sized = media.annotate(Count("pk"), Sum("size"), Sum("thumbnail_size"))
    sums = {id: (files, originals, small) for id, files, originals, small in sized}
    copies = _copies(of)
    uploads = Upload.objects.filter(media=None, problem="", **some).order_by().values_list("workspace")
    coming = dict(uploads.annotate(Sum("offset")))
    payers = _payers(of)
    return [
        Library(id, name, payers.get(id), *sums.get(id, (0, 0, 0)), copies.get(id, 0), coming.get(id, 0))
        for id, name in chosen.order_by().values_list("pk", "name")
    ]


def by_payer(people: Collection[UUID]) -> dict[UUID, int]:
    """The bytes that count for each of these people (tidings.media.room says which do)."""
    owned = Member.objects.filter(user__in=people, role="owner").values_list("workspace", flat=True)
    kept: Counter[UUID] = Counter()
    for library in libraries(set(owned)):
        if library.payer:
            kept[library.payer] += library.kept
    return kept


def most_of(user: User) -> int | None:
    """The bytes this person may keep; None: no limit."""
    return settings().storage or None if user.storage is None else user.storage


def _copies(of: Collection[UUID] | None) -> dict[UUID, int]:
    some = Rendition.objects.all() if of is None else Rendition.objects.filter(media__workspace__in=of)
    return dict(some.order_by().values_list("media__workspace").annotate(Sum("size")))


def _payers(of: Collection[UUID] | None) -> dict[UUID, UUID]:
    """Of each workspace's owners the one who has belonged to it longest."""
    owners = Member.objects.filter(role="owner").order_by("-joined_at", "-id")
    found = owners if of is None else owners.filter(workspace__in=of)
    return dict(found.values_list("workspace", "user"))


def _places(every: Iterable[Library]) -> Iterator[Place]:
    home, libraries = settings().home, list(every)
    yield Place("originals", _where(), sum(library.originals + library.thumbnails for library in libraries))
    yield Place("copies", _where(), sum(library.copies for library in libraries))
    yield Place("uploads", str(home / "media"), _weight(arrivals()))
    yield Place("exports", str(home / "exports"), Export.objects.aggregate(all=Sum("size"))["all"] or 0)
    yield Place("backups", str(home / "backups"), _weight((home / "backups").glob("*")))
    yield Place("database", *database_room())
    yield Place("mails", str(home / "mail"), _weight((home / "mail").glob("*.eml")))
    yield Place("at hand", str(place()), _weight(place().rglob("*")))


def _weight(paths: Iterable[Path]) -> int:
    """The bytes of these files; one that goes meanwhile weighs nothing."""
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def database_room() -> tuple[str, int]:
    """Where the database is, and its bytes."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return str(path), _weight((path, path.with_name(f"{path.name}-wal")))
    ((size, name),) = sql.rows("SELECT pg_database_size(current_database()), current_database()")
    return name, size


def _where() -> str:
    return _bucket() or str(settings().home / "media")


def _bucket() -> str:
    """Host and name of the bucket, without key and secret."""
    parts = urlsplit(settings().media)
    return f"{parts.hostname}{parts.path}" if parts.hostname else ""
