"""Which posts use a piece of media, in an item or in a channel's variant of one; and its end, when none needs it."""

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tidings.media.models import Media
from tidings.media.remove import remove
from tidings.posts.compose import locked
from tidings.posts.models import Post
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member


def uses(media: Media) -> QuerySet[Post]:
    """Those posts, the newest first."""
    posts = Post.objects.filter(workspace=media.workspace_id).annotate(
        said=Cast("items__media", TextField()), said_there=Cast("items__variants__media", TextField())
    )
    named = str(media.id)
    found = posts.filter(Q(said__contains=named) | Q(said_there__contains=named))
    return Post.objects.filter(id__in=found.values("id")).order_by("-changed_at")


class InUse(Exception):
    """A post uses it."""


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
