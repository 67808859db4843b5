"""Numbers as JSON: the report of some days, those of one post, and whether a channel's are read."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from tidings.analytics.asked import asked
from tidings.analytics.of_post import Numbers, numbers_of
from tidings.analytics.of_profile import own_numbers
from tidings.analytics.report import Line, Report, report
from tidings.analytics.switch import forget_numbers, measure, set_budget
from tidings.analytics.take_up import meter_of
from tidings.analytics.words import definitions
from tidings.api.access import entered, of_workspace
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.posts.models import written
from tidings.speech import translated

router = Router(tags=["analytics"])


class DefinitionOut(Schema):
    """What a network means by a number, and what it calls it."""

    network: str
    theirs: str
    means: str


class FigureOut(Schema):
    """A number over all posts. `counted`: of how many posts it is known; `before`: in as many days right before, null
    where nothing was read of them; `change`: the part by which it is more, null where there is nothing to compare."""

    word: str
    value: int
    counted: int
    before: int | None
    change: float | None
    definitions: list[DefinitionOut]


class LineOut(Schema):
    """One channel. `numbers`: added up over its posts; null where the terms of its network forbid that."""

    channel: UUID
    network: str
    handle: str
    posts: int
    numbers: dict[str, int] | None
    engaged_per_post: float | None
    followers: int | None
    followers_gained: int | None
    read_at: datetime | None
    trouble: str


class RankedOut(Schema):
    """A post in an order by interactions."""

    post: UUID
    channel: UUID
    out_at: datetime
    engaged: int


class BestOut(Schema):
    """A time of the week at which posts do better than usual: `weekday` 0 Monday, three hours from `hour`. `times`: as
    many interactions as usual; `sure`: sure or likely."""

    weekday: int
    hour: int
    posts: int
    times: float
    sure: str


class DayOut(Schema):
    """A number of a day."""

    day: date
    value: int


class ReportOut(Schema):
    """What came of the posts of these days, as the page shows it."""

    first: date
    last: date
    zone: str
    made_at: datetime
    posts: int
    posts_before: int
    young: int
    gone: int
    figures: list[FigureOut]
    channels: list[LineOut]
    followers_gained: list[DayOut]
    engaged_by_day: list[DayOut]
    engaged_per_post_by_shape: dict[str, float]
    top: list[RankedOut]
    weakest: list[RankedOut]
    best: list[BestOut]


class Reading(Schema):
    """A number at the time when it was read."""

    at: datetime
    value: int


class GrownOut(Schema):
    """One number of a post, by the network's name and ours (empty: none of ours fits), as it grew."""

    theirs: str
    ours: str
    readings: list[Reading]


class NumbersOut(Schema):
    """What is known of a post on one channel. `gone_at`: the network said that it is gone."""

    delivery: UUID
    channel: UUID
    out_at: datetime
    read_at: datetime | None
    next_at: datetime | None
    gone_at: datetime | None
    numbers: list[GrownOut]


class MeasuredIn(Schema):
    """Whether a channel's numbers are read; how many posts in a month at most, where reading costs; and whether those
    that were read are to be forgotten."""

    measured: bool | None = None
    budget: int | None = Field(None, ge=0, le=1_000_000)
    forget: bool = False


class OwnOut(Schema):
    """One number of a profile. `per` day: each reading is of a day, which begins as it does for the network; `sum`: of
    those days; null for a total, for reach, and where the terms of its network forbid that."""

    theirs: str
    ours: str
    means: str
    per: str
    sum: int | None
    readings: list[Reading]


class MeterOut(Schema):
    """How reading a channel's numbers goes. `trouble`: why the last reading failed; empty: it did not."""

    channel: UUID
    measured: bool
    read_at: datetime | None
    trouble: str
    budget: int | None
    spent: int


@router.get("/workspaces/{slug}/analytics", response=ReportOut, operation_id="get_report")
def get_report(
    request: HttpRequest, slug: str, days: str = "", first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "", channel: str = "", group: str = "", tag: str = "",
) -> Any:
    """What came of the posts of the last 7, 28, 90 or 365 `days`, or from one day to another, by the clocks of the
    workspace; of everything, or of one channel, group or tag."""
    member = entered(request, slug, "read")
    said = {"days": days, "from": first, "to": last, "channel": channel, "group": group, "tag": tag}
    question = asked(member.workspace, said)
    return _report(report(question.scope, question.period))


@router.get("/workspaces/{slug}/posts/{id}/numbers", response=list[NumbersOut], operation_id="get_numbers")
def get_numbers(request: HttpRequest, slug: str, id: UUID) -> Any:
    """How the numbers of one post grew, on each channel that is measured."""
    post = of_workspace(written(), entered(request, slug, "read"), id)
    return [_numbers(one) for one in numbers_of(post).values()]


@router.get("/workspaces/{slug}/channels/{id}/numbers", response=list[OwnOut], operation_id="get_profile_numbers")
def get_profile_numbers(request: HttpRequest, slug: str, id: UUID) -> Any:
    """What the network counts of the profile, as read in the last 28 days."""
    channel = of_workspace(Channel.objects.all(), entered(request, slug, "read"), id)
    return [
        OwnOut(
            theirs=one.metric.theirs, ours=one.metric.ours, means=translated(one.metric.means), per=one.metric.per,
            sum=one.sum, readings=[Reading(at=at, value=value) for at, value in one.points],
        )
        for one in own_numbers(channel, clock.now())
    ]  # fmt: skip


@router.post("/workspaces/{slug}/channels/{id}/measure", response=MeterOut, operation_id="measure_channel")
def measure_channel(request: HttpRequest, slug: str, id: UUID, body: MeasuredIn) -> Any:
    """Read its numbers from now on, or no more."""
    member = entered(request, slug, "connect")
    channel = of_workspace(Channel.objects.all(), member, id)
    if body.measured is not None:
        measure(member, channel, body.measured)
    if body.budget is not None:
        set_budget(member, channel, body.budget)
    if body.forget:
        forget_numbers(member, channel)
    meter = meter_of(channel)
    return MeterOut(
        channel=channel.pk, measured=meter.wanted, read_at=meter.read_at, trouble=meter.trouble, budget=meter.budget,
        spent=meter.spent,
    )  # fmt: skip


def _report(found: Report) -> ReportOut:
    speakers = [line.channel.speaks for line in found.lines]
    figures = [
        FigureOut(
            word=one.word, value=one.value, counted=one.counted, before=one.before, change=one.change,
            definitions=[DefinitionOut(**vars(said)) for said in definitions(one.word, speakers)],
        )
        for one in found.figures
    ]  # fmt: skip
    means = {shape: total.mean for shape, total in found.by_shape.items()}
    return ReportOut(
        first=found.period.first, last=found.period.last, zone=found.period.zone, made_at=found.made_at,
        posts=found.posts, posts_before=found.posts_before, young=found.young, gone=found.gone, figures=figures,
        channels=[_line(line) for line in found.lines], followers_gained=_days(found.gained),
        engaged_by_day=_days({day: total.engaged for day, total in found.by_day.items() if total.judged}),
        engaged_per_post_by_shape={shape: mean for shape, mean in means.items() if mean is not None},
        top=[_ranked(one) for one in found.top], weakest=[_ranked(one) for one in found.weakest],
        best=[BestOut(**vars(one)) for one in found.best],
    )  # fmt: skip


def _days(values: Mapping[date, int]) -> list[DayOut]:
    return [DayOut(day=day, value=value) for day, value in sorted(values.items())]


def _line(line: Line) -> LineOut:
    total, growth, meter = line.total, line.growth, line.meter
    return LineOut(
        channel=line.channel.pk, network=line.channel.network, handle=line.channel.handle, posts=line.posts,
        numbers=total.values if total else None, engaged_per_post=total.mean if total else None,
        followers=growth.now if growth else None, followers_gained=growth.gained if growth else None,
        read_at=meter.read_at if meter else None, trouble=meter.trouble if meter else "",
    )  # fmt: skip


def _ranked(one: Any) -> RankedOut:
    return RankedOut(post=one.post_id, channel=one.channel_id, out_at=one.out_at, engaged=one.engaged)


def _numbers(one: Numbers) -> NumbersOut:
    standing = one.standing
    return NumbersOut(
        delivery=standing.pk, channel=standing.channel_id, out_at=standing.out_at, read_at=standing.read_at,
        next_at=standing.next_at, gone_at=standing.gone_at,
        numbers=[
            GrownOut(theirs=grown.theirs, ours=grown.ours,
                     readings=[Reading(at=at, value=value) for at, value in grown.points])
            for grown in one.grown
        ],
    )  # fmt: skip
