"""Sort what is in the library: into folders, and by tags."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tidings.media.models import Folder, Media
from tidings.workspaces.models import Member, Tag
from tidings.workspaces.policy import require
from tidings.workspaces.tags import named, same, tidy

MOST = 500  # pieces at once


def these(member: Member, ids: Iterable[UUID]) -> QuerySet[Media]:
    """Those of the member's workspace among these; whatever is elsewhere is not there."""
    return Media.objects.filter(workspace=member.workspace, pk__in=list(ids)[:MOST])


def move(member: Member, media: QuerySet[Media], folder: Folder | None) -> int:
    """Into this folder, or to the top; how many."""
    require(member, "write")
    return media.filter(workspace=member.workspace).update(folder=folder)


@transaction.atomic
def tag(member: Member, media: QuerySet[Media], names: Iterable[str]) -> int:
    """Give each of them these tags as well; raises workspaces.members.Refused."""
    require(member, "write")
    tags, ids = named(member.workspace, names), list(media.values_list("pk", flat=True))
    through = Media.tags.through
    rows = [through(media_id=id, tag_id=one.pk) for id in ids for one in tags]
    through.objects.bulk_create(rows, ignore_conflicts=True)
    return len(ids)


def untag(member: Member, media: QuerySet[Media], names: Iterable[str]) -> int:
    """Take the tags of these names off each of them; how many there are."""
    require(member, "write")
    ids, wanted = list(media.values_list("pk", flat=True)), {same(name) for name in tidy(names)}
    tags = [one.pk for one in Tag.objects.filter(workspace=member.workspace) if same(one.name) in wanted]
    Media.tags.through.objects.filter(media__in=ids, tag__in=tags).delete()
    return len(ids)
