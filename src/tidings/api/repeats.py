"""Posts that repeat, as JSON: how often, how long, what came of it; set it up, stop it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from tidings.api.access import entered, of_workspace
from tidings.api.schemas import Instant
from tidings.deliveries import repeat as verbs
from tidings.posts.models import Repeat, written
from tidings.speech import translated

router = Router(tags=["posts"])


class RepeatIn(Schema):
    """`kind` every: each so many units, by the zone's clocks; evergreen: into a free slot, after a rest in days. It
    ends at `until`, or after so many `times`, or never."""

    kind: str = "every"
    every: int = 1
    unit: str = "week"
    zone: str = "UTC"
    rest_days: int = 30
    until: Instant | None = None
    times: int | None = None

    def plan(self) -> verbs.Plan:
        """As the verbs take it."""
        return verbs.Plan(**self.dict())


class RepeatOut(Schema):
    """How a post repeats. `next`: for when the next copy is meant; `reason`: why the last one was not scheduled."""

    kind: str
    every: int
    unit: str
    zone: str
    rest_days: int
    until: AwareDatetime | None
    times: int | None
    made: int
    next: AwareDatetime | None
    ended: bool
    reason: str
    copies: list[UUID] = Field(default_factory=list)


def _out(row: Repeat) -> RepeatOut:
    ahead = verbs.next_copy(row, verbs.since(row))
    return RepeatOut(
        kind=row.kind, every=row.every, unit=row.unit, zone=row.zone, rest_days=row.rest_days, until=row.until,
        times=row.times, made=row.made, next=ahead, ended=row.next_at is None, reason=translated(row.reason),
        copies=list(row.post.copies.order_by("wish_at").values_list("pk", flat=True)),
    )  # fmt: skip


@router.get("/workspaces/{slug}/posts/{id}/repeat", response=RepeatOut | None, operation_id="get_repeat")
def get_repeat(request: HttpRequest, slug: str, id: UUID) -> Any:
    """How a post repeats; null: it does not."""
    post = of_workspace(written(), entered(request, slug, "read"), id)
    row = Repeat.objects.filter(post=post).first()
    return _out(row) if row else None


@router.put("/workspaces/{slug}/posts/{id}/repeat", response=RepeatOut, operation_id="repeat_post")
def repeat_post(request: HttpRequest, slug: str, id: UUID, body: RepeatIn) -> Any:
    """Repeat it from now on, in place of what was set up before."""
    member = entered(request, slug, "publish")
    return _out(verbs.repeat(member, of_workspace(written(), member, id), body.plan()))


@router.delete("/workspaces/{slug}/posts/{id}/repeat", response={204: None}, operation_id="stop_repeating")
def stop_repeating(request: HttpRequest, slug: str, id: UUID) -> Any:
    """No more copies; those that are there stay."""
    member = entered(request, slug, "publish")
    verbs.stop(member, of_workspace(written(), member, id))
    return Status(204, None)
