"""Which posts use a piece of media, in an item or in a channel's variant of one."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tidings.media.models import Media
from tidings.posts.models import Post


def uses(media: Media) -> QuerySet[Post]:
    """Those posts, the newest first."""
    posts = Post.objects.filter(workspace=media.workspace_id).annotate(
        said=Cast("items__media", TextField()), said_there=Cast("items__variants__media", TextField())
    )
    named = str(media.id)
    found = posts.filter(Q(said__contains=named) | Q(said_there__contains=named))
    return Post.objects.filter(id__in=found.values("id")).order_by("-changed_at")
