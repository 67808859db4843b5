"""Folders of the library: at most three deep, their names unique beside one another whatever their case.

A folder that is deleted takes nothing along: what is in it goes to the folder above.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tidings.media.models import Folder
from tidings.workspaces.audit import record
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import require

DEEPEST, MOST = 3, 500
LONGEST = 100  # characters of a name


@dataclass(frozen=True)
class Emptied:
    """What came of a folder that is gone: where its media and folders went (None: the top), and how many."""

    into: Folder | None
    media: int
    folders: int


def make(member: Member, name: str, parent: Folder | None = None) -> Folder:
    """A new folder in another one, or at the top; raises Refused."""
    require(member, "write")
    with _alone(member):
        rows = _rows(member.workspace)
        if len(rows) >= MOST:
            raise Refused(_("A library has at most %(most)d folders. Delete some first.") % {"most": MOST})
        _fits(rows, parent, 1)
        made = _kept(Folder(workspace=member.workspace, parent=parent, name=_free(rows, parent, name)))
        record(member, member.workspace_id, "made", "folder", made.pk)
    return made


def change(member: Member, folder: Folder, name: str, parent: Folder | None) -> Folder:
    """Rename it, move it with all that is in it, or both; raises Refused."""
    require(member, "write")
    with _alone(member):
        rows = _rows(member.workspace)
        if parent and folder.pk in {one.pk for one in _up(rows, parent)}:
            raise Refused(_("A folder cannot be moved into itself."))
        _fits(rows, parent, _height(rows, folder))
        folder.name, folder.parent = _free(rows, parent, name, folder), parent
        _kept(folder)
        record(member, member.workspace_id, "changed", "folder", folder.pk)
    return folder


def delete(member: Member, folder: Folder) -> Emptied:
    """The folder alone: media and folders in it go to the one above, a folder under another name if need be."""
    require(member, "write")
    with _alone(member):
        rows, gone = _rows(member.workspace), folder.pk
        inside = [one for one in rows.values() if one.parent_id == folder.pk]
        for one in inside:
            taken = _beside(rows.values(), folder.parent_id) - {same(folder.name)}
            one.name, one.parent = _another(one.name, taken), folder.parent
            rows[one.pk] = one
        media = folder.media.update(folder=folder.parent)
        folder.name = f"{folder.pk} goes"  # its own name is free for one that was in it
        folder.save(update_fields=("name",))
        Folder.objects.bulk_update(inside, ("name", "parent"))
        folder.delete()
        record(member, member.workspace_id, "deleted", "folder", gone)
    return Emptied(folder.parent, media, len(inside))


def trail(folder: Folder | None) -> list[Folder]:
    """The folders above it, from the top, and itself."""
    return [] if folder is None else [*trail(folder.parent), folder]


def below(workspace: Workspace, folder: Folder) -> set[UUID]:
    """It and every folder in it, however deep."""
    rows = _rows(workspace)
    return {one.pk for one in rows.values() if folder.pk in {up.pk for up in _up(rows, one)}}


def tree(workspace: Workspace) -> list[tuple[int, Folder]]:
    """All folders as a person goes through them, each with how deep it is (0: at the top)."""
    inside: dict[UUID | None, list[Folder]] = defaultdict(list)
    for one in Folder.objects.filter(workspace=workspace):
        inside[one.parent_id].append(one)
    return list(_walk(inside, None, 0))


def _walk(inside: dict[UUID | None, list[Folder]], at: UUID | None, depth: int) -> Iterator[tuple[int, Folder]]:
    for one in inside[at]:
        yield depth, one
        yield from _walk(inside, one.pk, depth + 1)


def same(name: str) -> str:
    """What two names have in common that may not stand beside one another."""
    return unicodedata.normalize("NFC", name.casefold())


@contextmanager
def _alone(member: Member) -> Iterator[None]:
    """Nobody else changes folders of this workspace until the block ends."""
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=member.workspace_id)
        yield


def _rows(workspace: Workspace) -> dict[UUID, Folder]:
    return Folder.objects.filter(workspace=workspace).in_bulk()


def _up(rows: dict[UUID, Folder], folder: Folder) -> Iterator[Folder]:
    """Itself, and what it is in."""
    at: Folder | None = folder
    while at:
        yield at
        at = rows.get(at.parent_id) if at.parent_id else None


def _height(rows: dict[UUID, Folder], folder: Folder) -> int:
    inside = [one for one in rows.values() if one.parent_id == folder.pk]
    return 1 + max((_height(rows, one) for one in inside), default=0)


def _fits(rows: dict[UUID, Folder], parent: Folder | None, height: int) -> None:
    if height + (len(list(_up(rows, parent))) if parent else 0) > DEEPEST:
        raise Refused(_("Folders go three deep; make it one further up."))


def _free(rows: dict[UUID, Folder], parent: Folder | None, name: str, own: Folder | None = None) -> str:
    """The name as it is kept, when nothing beside it is called so."""
    clean = " ".join("".join(c for c in name if c.isprintable()).split())[:LONGEST].strip()
    if not clean:
        raise Refused(_("A folder needs a name."))
    others = (one for one in rows.values() if own is None or one.pk != own.pk)
    if same(clean) in _beside(others, parent.pk if parent else None):
        raise Refused(_("There is a folder “%(name)s” here already.") % {"name": clean})
    return clean


def _beside(rows: Iterable[Folder], parent: UUID | None) -> set[str]:
    return {same(one.name) for one in rows if one.parent_id == parent}


def _another(name: str, taken: set[str]) -> str:
    """The name, with a number behind it when it is taken."""
    number, tried = 1, name
    while same(tried) in taken:
        number += 1
        tried = f"{name[: LONGEST - 6]} ({number})"
    return tried


def _kept(folder: Folder) -> Folder:
    try:
        with transaction.atomic():
            folder.save()
    except IntegrityError as taken:
        raise Refused(_("There is a folder “%(name)s” here already.") % {"name": folder.name}) from taken
    return folder
