"""One act for many posts, as JSON: each is done or not done by itself, and the answer says which and why not."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from tidings.api.access import TooOften, entered
from tidings.api.schemas import Instant
from tidings.deliveries.bulk import FURTHEST, MOST, Outcome, Wish, bulk
from tidings.workspaces.rates import Rate, knock

router = Router(tags=["posts"])
OFTEN = Rate(60, timedelta(minutes=1))


def _sane(day: date) -> date:
    if not 2000 <= day.year < 2200:
        raise ValueError(_("The year must lie between 2000 and 2200."))
    return day


class BulkIn(Schema):
    """What is to be done to which posts. `move` takes a `day` (each keeps its time of day), or `days` and `hours` to
    add, or in `times` one for each; `tag` and `untag` take a `tag`."""

    ids: list[UUID] = Field(min_length=1, max_length=MOST)
    do: Literal["move", "delete", "retry", "unschedule", "tag", "untag"]
    day: Annotated[date, AfterValidator(_sane)] | None = None
    days: int = Field(0, ge=-FURTHEST, le=FURTHEST)
    hours: int = Field(0, ge=-FURTHEST, le=FURTHEST)
    times: dict[UUID, Instant] = Field(default_factory=dict)
    tag: str = ""


class OutcomeOut(Schema):
    """What became of one post. `reason` says why it was not done, in a sentence; `changed`: it was not so before; a
    move tells both times."""

    id: UUID
    done: bool
    changed: bool
    words: str
    reason: str
    was: datetime | None
    at: datetime | None


class BulkOut(Schema):
    """What became of all of them, in the order asked for."""

    done: int
    posts: list[OutcomeOut]


@router.post("/workspaces/{slug}/posts/bulk", response=BulkOut, operation_id="bulk_posts")
def bulk_posts(request: HttpRequest, slug: str, body: BulkIn) -> Any:
    """Move, delete, send again, take back or tag many posts; what cannot be done to one does not hold up the others."""
    member = entered(request, slug, "write")
    if wait := knock(OFTEN, "bulk", str(member.user_id)):
        raise TooOften(wait)
    found = bulk(member, body.ids, Wish(body.do, body.day, body.days, body.hours, body.times, body.tag))
    posts = [_out(one) for one in found]
    return BulkOut(done=sum(one.done for one in posts), posts=posts)


def _out(one: Outcome) -> OutcomeOut:
    return OutcomeOut(
        id=one.post, done=not one.reason, changed=one.changed, words=one.words, reason=one.reason, was=one.was,
        at=one.at,
    )
