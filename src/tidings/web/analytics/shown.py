"""A report in words and shapes: what the page shows, in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _

from tidings.analytics.best import BLOCK, Best
from tidings.analytics.models import Meter, Standing
from tidings.analytics.report import Figure, Line, Report
from tidings.analytics.sums import Total
from tidings.analytics.words import LABELS, MEANS, SHAPES, Definition, definitions, told
from tidings.channels.models import Channel
from tidings.networks.base import Network
from tidings.networks.metrics import OF_POSTS
from tidings.speech import translated
from tidings.web.analytics.chart import Chart, bars, line
from tidings.web.times import When, hour_of, when
from tidings.workspaces.models import User

COLUMNS = ("impressions", "reach", "views", "likes", "comments", "shares", "saves", "clicks")
LONGEST = 140  # of a post's words


@dataclass(frozen=True)
class Card:
    """One figure. `change`: against the days before, empty where there is nothing to compare; `counted`: of how many
    posts it is known, empty when of all."""

    word: str
    label: str
    value: str
    change: str
    up: bool
    counted: str
    means: str
    definitions: Sequence[Definition]


@dataclass(frozen=True)
class Row:
    """One channel's line. A cell is empty where its network tells nothing."""

    channel: Channel
    posts: str
    cells: Sequence[tuple[str, str]]
    mean: str
    followers: str
    gained: str
    read: When | None
    unread: str  # why there is nothing new, in a word; empty: it is read
    notes: Sequence[str]


@dataclass(frozen=True)
class Ranked:
    """One post in a list of the top or the weakest."""

    standing: Standing
    words: str
    out: When
    numbers: Sequence[tuple[str, str]]
    engaged: str


@dataclass(frozen=True)
class Cell:
    """Some hours of a weekday: how posts did that went out then. `heat`: 0, none, to 5, the best of the week."""

    heat: int
    said: str


def cards(report: Report) -> list[Card]:
    """The figures, first of all how many posts there were and what people did."""
    networks = speakers(report.lines)
    known = [one for one in report.figures if one.word != "watched" or one.value]
    posts = Figure("posts", report.posts, report.posts, report.posts_before)
    return [_card(one, report, networks) for one in (posts, *known)]


def _card(figure: Figure, report: Report, networks: Sequence[type[Network]]) -> Card:
    change = "" if figure.change is None else f"{told(round(figure.change * 100), signed=True)} %"
    of_some = {"n": told(figure.counted), "all": told(report.posts)}
    counted = "" if figure.counted == report.posts else _("known of %(n)s of %(all)s posts") % of_some
    return Card(
        figure.word, str(LABELS[figure.word]), told(figure.value), change, (figure.change or 0) >= 0, counted,
        str(MEANS[figure.word]), definitions(figure.word, networks),
    )  # fmt: skip


def speakers(lines: Iterable[Line]) -> list[type[Network]]:
    """The networks of these channels."""
    return [line.channel.speaks for line in lines]


def columns(report: Report) -> list[tuple[str, str]]:
    """The numbers that are known of any channel: (word, label)."""
    known = {word for line in report.lines if line.total for word in line.total.values}
    return [(word, str(LABELS[word])) for word in COLUMNS if word in known]


def rows(report: Report, user: User) -> list[Row]:
    """The channels."""
    words = columns(report)
    return [_row(line, words, user) for line in report.lines]


def _row(line: Line, words: Sequence[tuple[str, str]], user: User) -> Row:
    values = line.total.values if line.total else {}
    mean = line.total.mean if line.total else None
    growth, meter = line.growth, line.meter
    return Row(
        line.channel, told(line.posts),
        [(label, told(values[word]) if word in values else "") for word, label in words],
        "" if mean is None else told(round(mean, 1)),
        told(growth.now) if growth and growth.now is not None else "",
        told(growth.gained, signed=True) if growth and growth.gained is not None else "",
        when(user, meter.read_at) if meter and meter.read_at else None, _unread(line.meter), list(_notes(line)),
    )  # fmt: skip


def _unread(meter: Meter | None) -> str:
    if meter and not meter.wanted:
        return _("Not read")
    return _("The last reading failed") if meter and meter.trouble else ""


def _notes(line: Line) -> Iterable[str]:
    """What has to be known of a channel's numbers."""
    speaks, meter = line.channel.speaks, line.meter
    if meter and not meter.wanted:
        yield _("Its numbers are not read: somebody chose that, or reading costs and nobody has switched it on.")
    if meter and meter.trouble:
        yield _("The last reading failed: %(why)s") % {"why": translated(meter.trouble)}
    if line.total is None:
        yield _("The terms of %(network)s let nobody compute from its numbers: its posts stand each for itself.") % {
            "network": speaks.label
        }
    for sentence in (speaks.uncounted, speaks.counting.partial):
        if sentence:
            yield translated(sentence)


def ranked(standings: Iterable[Standing], user: User) -> list[Ranked]:
    """Posts of a list."""
    return [_ranked(one, user) for one in standings]


def _ranked(one: Standing, user: User) -> Ranked:
    numbers = [(str(LABELS[word]), told(value)) for word in OF_POSTS if (value := getattr(one, word)) is not None]
    return Ranked(one, one.delivery.item.text[:LONGEST], when(user, one.out_at), numbers, told(one.engaged or 0))


def shapes(report: Report) -> list[tuple[str, int, str, float, int]]:
    """By what posts are made of: label, posts, mean as told, mean, and how long its bar is, 0 to 100."""
    means = {shape: total.mean for shape, total in report.by_shape.items() if total.mean is not None}
    most = max(means.values(), default=0) or 1
    found = sorted(means.items(), key=lambda one: -one[1])
    return [
        (str(SHAPES[shape]), report.by_shape[shape].posts, told(round(mean, 1)), mean, round(mean / most * 100))
        for shape, mean in found
    ]


def week(report: Report, user: User) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """The hours, and each weekday with how posts did in them."""
    hours = range(0, 24, BLOCK)
    blocks: dict[tuple[int, int], Total] = {}
    for (day, hour), total in report.by_cell.items():
        blocks.setdefault((day, hour // BLOCK * BLOCK), Total()).add(total)
    most = max((total.mean or 0 for total in blocks.values()), default=0)
    days = [(weekday(n), [_cell(blocks.get((n, hour)), most) for hour in hours]) for n in range(7)]
    return [f"{hour:02}" if user.clock24 else hour_of(user, hour) for hour in hours], days


def _cell(total: Total | None, most: float) -> Cell:
    if total is None or total.mean is None:
        return Cell(0, _("no post"))
    heat = 1 + round(total.mean / most * 4) if most else 1
    return Cell(heat, _("%(mean)s for each of %(n)s posts") % {"mean": told(round(total.mean, 1)), "n": total.posts})


def weekday(n: int) -> str:
    """Its name; 0 is Monday."""
    return spelled(date(2024, 1, 1 + n), "l")


def best(report: Report, user: User) -> list[tuple[str, str, bool]]:
    """The best times: when, how much better and of how many posts, and whether that is sure."""
    return [(_hours(one, user), _how(one), one.sure == "sure") for one in report.best]


def _hours(one: Best, user: User) -> str:
    between = {"from": hour_of(user, one.hour), "to": hour_of(user, (one.hour + BLOCK) % 24)}
    return _("%(day)s, %(from)s to %(to)s") % {"day": weekday(one.weekday), **between}


def _how(one: Best) -> str:
    said = _("%(times)s times as many interactions as usual, in %(n)s posts")
    return said % {"times": told(one.times), "n": told(one.posts)}


def growth(report: Report) -> Chart | None:
    """Followers gained, where two readings tell."""
    days = list(report.period.days())
    return line(report.gained, days, signed=True) if len(report.gained) > 1 else None


def activity(report: Report) -> Chart | None:
    """What people did with the posts of each day."""
    values = {day: total.engaged for day, total in report.by_day.items() if total.judged}
    return bars(values, list(report.period.days())) if values else None
