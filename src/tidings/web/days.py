"""The days of the calendar with their cards and free slots, by the hour where the view is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _

from tidings.deliveries.calendar import Entry
from tidings.deliveries.look import Look
from tidings.deliveries.queue import Free
from tidings.web.cards import Card, Ghost, card_of, ghost_of, more
from tidings.web.grid import Grid
from tidings.web.times import hour_of, spelled_day, today, zone_of
from tidings.workspaces.models import User

SHOWN = 4  # cards of a day in the month; the rest is behind "+n more"
WORKING = range(7, 22)  # hours that are always shown
GHOSTS = 3  # free slots of an hour that are shown


@dataclass(frozen=True)
class Hour:
    """One hour of a day. `minute`: of now, if it is this hour."""

    number: int
    label: str
    cards: list[Card]
    ghosts: list[Ghost]
    minute: int | None


@dataclass(frozen=True)
class Day:
    """One day with its cards."""

    iso: str
    number: int
    kind: str  # other, past, today, or several of them
    weekday: int
    label: str
    short: str
    add: str
    url: str  # the day by itself
    more: str
    whole: str  # where the whole of it is had for the month
    cards: list[Card]
    ghosts: list[Ghost]
    hours: list[Hour]


@dataclass(frozen=True)
class Shown:
    """What a page shows, and to whom."""

    grid: Grid
    look: Look
    user: User
    now: datetime
    base: str = ""  # of the workspace's addresses


@dataclass(frozen=True)
class _Things:
    """What one day holds."""

    entries: list[Entry]
    free: list[list[Free]]  # by the minute


def days_of(shown: Shown, found: Iterable[Entry], free: Iterable[Free] = ()) -> list[Day]:
    """Every day of the grid with its cards."""
    things = _by_day(shown, found, free)
    hours = hours_of(things.values(), shown.user) if shown.grid.hourly else []
    return [_day(day, of_day, shown, hours) for day, of_day in things.items()]


def _by_day(shown: Shown, found: Iterable[Entry], free: Iterable[Free]) -> dict[date, _Things]:
    here, grid = zone_of(shown.user), shown.grid
    things = {day: _Things([], []) for day in grid.days()}
    for entry in found:
        if entry.at:
            things[_within(grid, entry.at.astimezone(here).date())].entries.append(entry)
    for at, same in groupby(free, key=lambda one: one.at):
        things[_within(grid, at.astimezone(here).date())].free.append(list(same))
    return things


def _within(shown: Grid, day: date) -> date:
    """The day itself; where clocks were set back over midnight, an edge of the grid may show a minute of another."""
    return min(max(day, shown.first), shown.last)


def _day(day: date, things: _Things, shown: Shown, hours: list[int]) -> Day:
    present, iso, long = today(shown.user, shown.now), day.isoformat(), spelled_day(day, "long")
    marks = {"other": not shown.grid.holds(day), "past": day < present, "today": day == present}
    shut = shown.grid.view == "month" and len(things.entries) > SHOWN
    cards = [] if hours else [card_of(one, shown.user) for one in things.entries[: SHOWN if shut else None]]
    room = SHOWN - len(cards) if shown.grid.view == "month" else 0
    return Day(
        iso=iso,
        number=day.day,
        kind=" ".join(mark for mark, on in marks.items() if on),
        weekday=day.weekday(),
        label=long,
        short=spelled_day(day, "column"),
        add=_("Write for %(day)s") % {"day": long},
        url=shown.look.at(iso, view="day"),
        more=more(len(things.entries) - SHOWN) if shut else "",
        whole=f"{shown.base}/calendar/day{shown.look.at(iso)}" if shut else "",
        cards=cards,
        ghosts=_ghosts(things.free[: max(room, 0)], shown),
        hours=_by_hour(day, things, hours, shown) if hours else [],
    )


def _ghosts(free: list[list[Free]], shown: Shown) -> list[Ghost]:
    return [ghost_of(same, f"{shown.base}/compose", shown.user) for same in free]


def _by_hour(day: date, things: _Things, hours: list[int], shown: Shown) -> list[Hour]:
    here = zone_of(shown.user)
    cards: Mapping[int, list[Card]] = defaultdict(list)
    free: Mapping[int, list[list[Free]]] = defaultdict(list)
    for entry in things.entries:
        if entry.at:
            cards[entry.at.astimezone(here).hour].append(card_of(entry, shown.user))
    for same in things.free:
        free[same[0].at.astimezone(here).hour].append(same)
    now = shown.now.astimezone(here)
    return [
        Hour(n, hour_of(shown.user, n), cards[n], _ghosts(free[n][:GHOSTS], shown),
             now.minute if (now.date(), now.hour) == (day, n) else None)
        for n in hours
    ]  # fmt: skip


def hours_of(things: Iterable[_Things], user: User) -> list[int]:
    """Working hours, and every hour that has something."""
    here = zone_of(user)
    used = {entry.at.astimezone(here).hour for of_day in things for entry in of_day.entries if entry.at}
    used |= {same[0].at.astimezone(here).hour for of_day in things for same in of_day.free}
    return list(range(min({*WORKING, *used}), max({*WORKING, *used}) + 1))
