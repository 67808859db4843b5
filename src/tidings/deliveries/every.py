"""Every post of a workspace that filters let through, whenever it is due: for the list that leaves nothing out."""

from datetime import UTC, datetime

from tidings.deliveries.calendar import Place, placed
from tidings.deliveries.sift import Filters
from tidings.posts.models import Post
from tidings.workspaces.models import Workspace

DONE = frozenset({"published", "partly", "failed", "unsure", "held"})  # of these the newest are looked for
LAST = datetime.max.replace(tzinfo=UTC)


def every(workspace: Workspace, filters: Filters) -> list[Place]:
    """The earliest first, or the newest if only what was due is asked for; what has no time comes last."""
    found = placed(Post.objects.filter(workspace=workspace), filters)
    dated = sorted((place for place in found if place.at), key=lambda place: (place.at or LAST, place.post))
    if filters.states and filters.states <= DONE:
        dated.reverse()
    return dated + sorted((place for place in found if not place.at), key=lambda p: p.changed_at, reverse=True)
