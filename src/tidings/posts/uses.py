"""Which posts use a piece of media, in an item or in a channel's variant of one; and its end, when none needs it.

What only a former version of a post or a template names is no use: it is told beside them, and keeps nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tidings.media.models import Media
from tidings.media.remove import remove
from tidings.posts.compose import Busy, locked
from tidings.posts.models import Item, Post, Snippet, Variant, Version
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member, Workspace


class InUse(Exception):
    """A post uses it."""


@dataclass(frozen=True)
class Swept:
    """What came of deleting several: how many are gone, which are used, which are being published at this moment."""

    gone: int
    used: tuple[Media, ...]
    busy: tuple[Media, ...]


def uses(media: Media) -> QuerySet[Post]:
    """Those posts, the newest first."""
    posts = Post.objects.filter(workspace=media.workspace_id).annotate(
        said=Cast("items__media", TextField()), said_there=Cast("items__variants__media", TextField())
    )
    named = str(media.id)
    found = posts.filter(Q(said__contains=named) | Q(said_there__contains=named))
    return Post.objects.filter(id__in=found.values("id")).order_by("-changed_at")


def remembered(media: Media) -> QuerySet[Post]:
    """Posts that used it once: a version of them names it, and they themselves do not; the newest first."""
    versions = Version.objects.filter(post__workspace=media.workspace_id).annotate(said=Cast("draft", TextField()))
    named = versions.filter(said__contains=str(media.id)).values("post")
    return Post.objects.filter(id__in=named).exclude(id__in=uses(media).values("id")).order_by("-changed_at")


def templates(media: Media) -> QuerySet[Snippet]:
    """Templates that bring it along."""
    drafts = Snippet.objects.filter(workspace=media.workspace_id, draft__isnull=False)
    return drafts.annotate(said=Cast("draft", TextField())).filter(said__contains=str(media.id))


def used(workspace: Workspace) -> set[str]:
    """The ids of all media that some post uses."""
    said = Item.objects.filter(post__workspace=workspace).exclude(media=[]).values_list("media", flat=True)
    there = Variant.objects.filter(item__post__workspace=workspace, media__isnull=False).values_list("media", flat=True)
    return {use["id"] for uses in chain(said, there) for use in uses or ()}


@transaction.atomic
def let_go(member: Member, media: Media, force: bool = False) -> None:
    """Delete it with every copy; raises InUse unless forced, and Busy while a post that uses it is being published."""
    posts = list(uses(media))
    if posts and not force:
        raise InUse
    for post in sorted(posts, key=lambda post: post.id):
        locked(post)
    record(member, member.workspace_id, "deleted", "media", media.pk)
    remove(media)  # the last: files do not come back when a transaction fails


def sweep(member: Member, media: Iterable[Media], force: bool = False) -> Swept:
    """Delete each of these as `let_go` does; those that cannot go stay and are named."""
    gone, kept, busy = 0, [], []
    for piece in media:
        try:
            let_go(member, piece, force)
            gone += 1
        except InUse:
            kept.append(piece)
        except Busy:
            busy.append(piece)
    return Swept(gone, tuple(kept), tuple(busy))
