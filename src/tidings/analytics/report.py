"""The report: what came of the posts of some days. Page, API, CSV and PDF all show this same one.

Posts count with the day on which they went out, with their numbers as last read. What is computed leaves out networks
whose terms forbid it. Nothing is compared that was not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from tidings.analytics import sums
from tidings.analytics.best import Best, Post, best
from tidings.analytics.growth import Growth, followers, gained
from tidings.analytics.models import Meter, Standing
from tidings.analytics.period import Period
from tidings.analytics.scope import Scope, apart
from tidings.analytics.sums import Total
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.networks.metrics import OF_POSTS

YOUNG = timedelta(days=7)  # a post's numbers still grow
SETTLED = timedelta(days=1)  # before that, a post is not called weak
RANKED = 5
LOOKED_AT = 1500  # posts, the latest, that the best time is told from

Cell = tuple[int, int]  # weekday, 0 Monday; hour


@dataclass(frozen=True)
class Figure:
    """One of our numbers over all posts. `counted`: of how many posts it is known; `before`: in the days before, None
    where it was read of no post of theirs."""

    word: str
    value: int
    counted: int
    before: int | None

    @property
    def change(self) -> float | None:
        """By which part it is more than before; None where there is nothing to compare with."""
        return (self.value - self.before) / self.before if self.before else None


@dataclass(frozen=True)
class Line:
    """One channel. `total` is None where its network's terms forbid adding up; `meter`: how reading goes."""

    channel: Channel
    total: Total | None
    posts: int
    growth: Growth | None
    meter: Meter | None


@dataclass(frozen=True)
class Report:
    """Everything that is said of these days. `young`: posts whose numbers still grow; `gone`: deleted over there."""

    scope: Scope
    period: Period
    made_at: datetime
    posts: int
    posts_before: int
    young: int
    gone: int
    figures: Sequence[Figure]
    lines: Sequence[Line]
    gained: Mapping[date, int]
    by_day: Mapping[date, Total]
    by_cell: Mapping[Cell, Total]
    by_shape: Mapping[str, Total]
    top: Sequence[Standing]
    weakest: Sequence[Standing]
    best: Sequence[Best]


def report(scope: Scope, period: Period) -> Report:
    """What came of the posts that went out in these days."""
    now, standings = clock.now(), scope.standings(period)
    channels = list(scope.channels())
    apiece = sums.by_channel_and_shape(scope.standings(period, derived=False), now - YOUNG)
    earlier = sums.by_channel_and_shape(scope.standings(period.before, derived=False), now - YOUNG)
    every, before = _by_channel(apiece), _by_channel(earlier)
    growths = followers([one.pk for one in channels], period)
    lines = _lines(channels, every, growths)
    whole = sums.whole(line.total for line in lines if line.total)
    hours = [(period.local(at), total) for at, total in sums.by_hour(standings).items()]
    return Report(
        scope=scope, period=period, made_at=now, posts=sum(line.posts for line in lines),
        posts_before=sum(total.posts for total in before.values()), young=whole.young, gone=whole.gone,
        figures=_figures(whole, sums.whole(_computed(channels, before))), lines=lines,
        gained=gained([line.growth for line in lines if line.total and line.growth], period),
        by_day=sums.grouped((at.date(), total) for at, total in hours),
        by_cell=sums.grouped(((at.weekday(), at.hour), total) for at, total in hours),
        by_shape=_by_shape(lines, apiece), top=_ranked(standings, "-engaged")[:RANKED],
        weakest=_weakest(standings, whole, now), best=_best(standings, period),
    )  # fmt: skip


def _lines(
    channels: Sequence[Channel], totals: Mapping[UUID, Total], growths: Mapping[UUID, Growth]
) -> list[Line]:
    """One for each channel; the busiest first."""
    meters, forbidden = Meter.objects.in_bulk([one.pk for one in channels]), apart()
    found = []
    for one in channels:
        total = totals.get(one.pk, Total())
        told = None if one.network in forbidden else total
        found.append(Line(one, told, total.posts, growths.get(one.pk), meters.get(one.pk)))
    return sorted(found, key=lambda line: (-line.posts, line.channel.handle))


def _computed(channels: Sequence[Channel], totals: Mapping[UUID, Total]) -> Iterator[Total]:
    forbidden = apart()
    return (totals[one.pk] for one in channels if one.pk in totals and one.network not in forbidden)


def _figures(total: Total, before: Total) -> list[Figure]:
    """What people did, then each number of which something is known, in our order."""
    known = [word for word in OF_POSTS if word in total.values]
    engaged = Figure("engaged", total.engaged, total.judged, before.engaged if before.judged else None)
    figures = [Figure(word, total.values[word], total.counted[word], before.values.get(word)) for word in known]
    return [engaged, *figures] if total.judged else figures


def _by_channel(totals: Mapping[tuple[UUID, str], Total]) -> dict[UUID, Total]:
    return sums.grouped((channel, total) for (channel, _shape), total in totals.items())


def _by_shape(lines: Sequence[Line], totals: Mapping[tuple[UUID, str], Total]) -> dict[str, Total]:
    """Of the channels whose numbers may be computed from."""
    mine = {line.channel.pk for line in lines if line.total}
    return sums.grouped((shape, total) for (channel, shape), total in totals.items() if channel in mine)


def _ranked(standings: QuerySet[Standing], order: str) -> list[Standing]:
    """The first by what people did, of which that is known; by the index alone."""
    ids = standings.exclude(engaged=None).order_by(order, "-out_at").values_list("pk", flat=True)[: 2 * RANKED]
    found = Standing.objects.select_related("channel", "delivery__item").in_bulk(list(ids))
    return [found[id] for id in ids]


def _weakest(standings: QuerySet[Standing], whole: Total, now: datetime) -> list[Standing]:
    """The last few, where there are enough that they are not the top as well."""
    if whole.judged - whole.gone < 3 * RANKED:
        return []
    settled = _ranked(standings.filter(out_at__lt=now - SETTLED), "engaged")
    return [one for one in settled if one.gone_at is None][:RANKED]


def _best(standings: QuerySet[Standing], period: Period) -> list[Best]:
    latest = standings.exclude(engaged=None).order_by("-out_at").values_list("channel", "out_at", "engaged")[:LOOKED_AT]
    return best([Post(channel, at, engaged or 0) for channel, at, engaged in latest], period)
