"""Posts as JSON: write, look at, check, schedule."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import DeliveriesOut, DraftIn, Instant, RevisionIn, deliveries_out
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import schedule as verbs
from tidings.deliveries.calendar import Window, entries
from tidings.deliveries.describe import PostShape, described
from tidings.deliveries.enqueue import coming, enqueue
from tidings.deliveries.face import Face
from tidings.deliveries.revise import revise
from tidings.deliveries.sift import Filters
from tidings.posts.compose import Invalid, compose, discard
from tidings.posts.models import written

router = Router(tags=["posts"])


class WhenIn(Schema):
    """When to publish: an instant with its offset, or now, or at the next free slot of its channels."""

    at: Instant | None = None
    now: bool = False
    queue: bool = False


class NextOut(Schema):
    """The next free slot, the zone whose clocks it goes by, and the channels that have no slots at all."""

    at: AwareDatetime | None
    zone: str
    without: list[UUID]


class MoveIn(Schema):
    """Another time."""

    at: Instant


class SiftIn(Schema):
    """What the calendar is narrowed to, as in its page's address: each may be there several times, but `text`."""

    channel: list[UUID] = []
    group: list[str] = []
    tag: list[UUID] = []
    state: list[Face] = []
    author: list[UUID] = []
    text: str = ""

    def filters(self) -> Filters:
        """The same for the verbs."""
        return Filters(
            frozenset(self.channel), frozenset(self.group), frozenset(self.tag), frozenset(self.state),
            frozenset(self.author), self.text,
        )  # fmt: skip


class RowOut(Schema):
    """A post on the calendar."""

    id: UUID
    at: AwareDatetime | None
    face: str
    label: str
    words: str
    channels: list[UUID]
    tags: list[str]
    movable: bool


@router.get("/workspaces/{slug}/posts", response=list[RowOut], operation_id="list_posts")
def list_posts(
    request: HttpRequest,
    slug: str,
    start: Annotated[Instant, Query(alias="from")],
    to: Instant,
    by: Query[SiftIn],
) -> Any:
    """The calendar between two instants (the second left out); at most 400 days at once."""
    member = entered(request, slug, "read")
    if not 0 <= (to - start).days <= 400:
        raise Invalid({"to": "Ask for at most 400 days, the earlier instant first."})
    return [
        RowOut(
            id=entry.post,
            at=entry.at,
            face=entry.face,
            label=entry.label,
            words=entry.words,
            channels=[channel.id for channel in entry.channels],
            tags=[name for name, _colour in entry.tags],
            movable=entry.movable,
        )
        for entry in entries(member.workspace, Window(start, to), by.filters())
    ]


@router.post("/workspaces/{slug}/posts", response={201: PostShape}, operation_id="create_post")
def create_post(request: HttpRequest, slug: str, body: DraftIn) -> Any:
    """Keep a new draft."""
    member = entered(request, slug, "write")
    return Status(201, described(compose(member, body.draft())))


@router.get("/workspaces/{slug}/posts/{id}", response=PostShape, operation_id="get_post")
def get_post(request: HttpRequest, slug: str, id: UUID) -> Any:
    """A post as it is kept."""
    member = entered(request, slug, "read")
    return described(of_workspace(written(), member, id))


@router.put("/workspaces/{slug}/posts/{id}", response=PostShape, operation_id="revise_post")
def revise_post(request: HttpRequest, slug: str, id: UUID, body: RevisionIn) -> Any:
    """Change a post; 409 when somebody saved since. A scheduled one is kept only when networks take it."""
    member = entered(request, slug, "write")
    post = of_workspace(written(), member, id)
    return described(revise(member, body.draft(), post, body.revision))


@router.delete("/workspaces/{slug}/posts/{id}", response={204: None}, operation_id="delete_post")
def delete_post(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Delete a post of which nothing is out."""
    member = entered(request, slug, "write")
    discard(member, of_workspace(written(), member, id))
    return Status(204, None)


@router.post("/workspaces/{slug}/posts/{id}/schedule", response=DeliveriesOut, operation_id="schedule_post")
def schedule_post(request: HttpRequest, slug: str, id: UUID, body: WhenIn) -> Any:
    """Publish at an instant, now, or from the queue; 422 with `problems` when a network would refuse it."""
    member = entered(request, slug, "publish")
    post = of_workspace(written(), member, id)
    if body.queue:
        return deliveries_out(enqueue(member, post))
    if body.at is None and not body.now:
        raise Invalid({"at": "Say when, or that it is to go out now."})
    made = verbs.publish_now(member, post) if body.now else verbs.schedule(member, post, body.at or clock.now())
    return deliveries_out(made)


@router.get("/workspaces/{slug}/next-slot", response=NextOut, operation_id="next_slot")
def next_slot(request: HttpRequest, slug: str, channel: Annotated[list[UUID] | None, Query()] = None) -> Any:
    """When a post for these channels would go out if it were added to the queue now."""
    member = entered(request, slug, "write")
    found = Channel.objects.filter(workspace=member.workspace, pk__in=channel or []).select_related("workspace")
    one = coming(list(found.order_by("pk")))
    return NextOut(at=one.at, zone=one.zone, without=one.without)


@router.post("/workspaces/{slug}/posts/{id}/move", response=PostShape, operation_id="move_post")
def move_post(request: HttpRequest, slug: str, id: UUID, body: MoveIn) -> Any:
    """To another time; drafts too."""
    member = entered(request, slug, "write")
    post = of_workspace(written(), member, id)
    verbs.move(member, post, body.at)
    post.refresh_from_db()
    return described(post)


@router.post("/workspaces/{slug}/posts/{id}/cancel", response=PostShape, operation_id="unschedule_post")
def cancel_post(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Back to a draft: everything that is not out yet is cancelled."""
    member = entered(request, slug, "publish")
    post = of_workspace(written(), member, id)
    verbs.unschedule(member, post)
    post.refresh_from_db()
    return described(post)


@router.get("/workspaces/{slug}/posts/{id}/deliveries", response=DeliveriesOut, operation_id="list_deliveries")
def list_deliveries(request: HttpRequest, slug: str, id: UUID) -> Any:
    """How far each part of a post has come on each channel."""
    member = entered(request, slug, "read")
    post = of_workspace(written(), member, id)
    return deliveries_out(post.deliveries.select_related("item").order_by("channel", "item__position"))
