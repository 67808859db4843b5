"""Take an archive into this instance, all of it or nothing. Nothing of it is sent: channels wait to be connected again.

What may have gone out from where it came is left to a person: this instance cannot know.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DataError, Error, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from tidings.media.aside import aside
from tidings.media.refuse import Refused as NoMedia
from tidings.media.storage import PIECE, Away
from tidings.media.store import store
from tidings.media.take import taken
from tidings.privacy.archive import Archive, Refused, opened, said_well
from tidings.privacy.arrive import Admission, arrived
from tidings.privacy.datamap import Table
from tidings.privacy.meet import meet
from tidings.privacy.named import name
from tidings.privacy.scope import carried
from tidings.privacy.settle import fresh
from tidings.privacy.survey import survey
from tidings.settings import settings
from tidings.workspaces.accounts import nobody_yet
from tidings.workspaces.audit import record
from tidings.workspaces.models import User, Workspace

BATCH = 500  # rows written at once
SEEN = ("kind", "mime", "size", "width", "height", "seconds", "codecs", "alpha", "key", "thumbnail", "thumbnail_size")
SPARE = 100_000_000  # bytes that stay free

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Admitted:
    """What came of it; no rows: everything was here already."""

    email: str
    counts: dict[str, int]
    stayed: dict[str, int]


def admit(path: Path, email: str, join: bool, tell: Tell) -> Admitted:
    """Take it in; raises Refused, with nothing kept. `email`: the address here, where it is to be another; `join`: the
    operator lets the person into workspaces that are here."""
    with opened(path) as archive:
        found = survey(archive)
        if not meet(found, join):
            return Admitted(User.objects.get(pk=found.person["id"]).email, {}, {})
        admission = Admission(found, (email or found.person["email"]).lower(), nobody_yet())
        _free(admission)
        with _files(admission, tell):
            _write(admission, tell)
        return Admitted(admission.email, admission.counts, dict(admission.stayed))


def _free(admission: Admission) -> None:
    """The address and the room."""
    if User.objects.filter(email__iexact=admission.email).exists():
        raise Refused(f"Somebody here has the address {admission.email} already; give another with --as.")
    size = sum(entry.file_size for entry in admission.archive.entries.values())
    if shutil.disk_usage(settings().home).free < size + SPARE:
        raise Refused(f"There is not enough room for {size:,} bytes.")


@contextmanager
def _files(admission: Admission, tell: Tell) -> Iterator[None]:
    """Pictures and films looked into and kept; gone again when the block fails."""
    try:
        with aside() as folder:
            for values in admission.survey.media.values():
                if values["key"] and values["id"] not in admission.survey.here["media.Media"]:
                    admission.media[values["id"]] = _seen(admission.archive, values, folder)
                tell("files", len(admission.media))
        yield
    except BaseException:
        with suppress(Away):  # what is left is swept up
            for seen in admission.media.values():
                for key in filter(None, (seen["key"], seen["thumbnail"])):
                    store().delete(key)
        raise


def _seen(archive: Archive, values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What a file is, whatever its row says: it is looked into and cleaned as an upload is."""
    name = values["key"]
    if archive.entries[name].file_size > settings().media_limit:
        raise Refused(f"{name} is larger than this instance takes.")
    coming = folder / "file"
    with said_well(name), archive.file(name) as file, coming.open("wb") as out:
        shutil.copyfileobj(file, out, PIECE)
    try:
        media = taken(Workspace(pk=values["workspace_id"]), None, values["name"], coming)
    except NoMedia as refusal:
        raise Refused(f"{name}: {_(str(refusal))}") from None
    return {column: getattr(media, column) for column in SEEN}


def _write(admission: Admission, tell: Tell) -> None:
    try:
        with transaction.atomic():
            for person, called in admission.survey.people.items():
                name(person, called)
            for table in carried():
                admission.counts[table.model] = _write_table(admission, table)
                tell(table.model, admission.counts[table.model])
            for workspace, role in admission.survey.joins.items():
                record(None, workspace, "joined", "member", admission.survey.person["id"], role=role)
    except Error as error:
        raise Refused(f"The database does not take it: {_first_line(error)}.") from None


def _write_table(admission: Admission, table: Table) -> int:
    count, batch = 0, []
    for where, values in fresh(admission, table):
        for made in arrived(admission, table, values):
            batch.append((where, made))
            count += 1
        if len(batch) >= BATCH:
            _insert(table, batch)
            batch = []
    _insert(table, batch)
    return count


def _insert(table: Table, batch: list[tuple[str, models.Model]]) -> None:
    """A row that the database does not take is found by halves, and named."""
    if not batch:
        return
    try:
        with transaction.atomic():
            table.rows._base_manager.bulk_create([made for _where, made in batch if made._state.adding])
    except (DataError, IntegrityError, ValueError) as error:
        if len(batch) == 1:
            raise Refused(f"{batch[0][0]}: the database does not take it: {_first_line(error)}.") from None
        _insert(table, batch[: len(batch) // 2])
        _insert(table, batch[len(batch) // 2 :])


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
