"""The days of the calendar with their cards and free slots, by the hour where the view is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tidings.deliveries.angle import Angle
from tidings.deliveries.calendar import Entry, Place
from tidings.deliveries.queue import Free
from tidings.web.cards import Card, Ghost, card_of, ghost_of, more
from tidings.web.chips import opened
from tidings.web.grid import Grid
from tidings.web.times import hour_of, spelled_day, today, zone_of
from tidings.workspaces.models import User

SHOWN, ASIDE = 4, 2  # cards of a day in the month, and of its neighbours' days; the rest is behind "+n more"
WORKING = range(7, 22)  # hours that are always shown
GHOSTS = 3  # free slots of an hour that are shown


class Hour(NamedTuple):
    """One hour of a day. `minute`: of now, if it is this hour."""

    number: int
    label: str
    cards: list[Card]
    ghosts: list[Ghost]
    minute: int | None


class Day(NamedTuple):
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
    opened: SafeString  # the same, in the month
    ghosts: list[Ghost]
    hours: list[Hour]


@dataclass(frozen=True)
class Shown:
    """What a page shows, and to whom."""

    grid: Grid
    angle: Angle
    user: User
    now: datetime
    base: str = ""  # of the workspace's addresses
    writes: bool = False  # the person may

    @cached_property
    def address(self) -> str:
        """Of a day by itself, but for the day."""
        return self.angle.at(view="day")

    @cached_property
    def present(self) -> date:
        """The person's today."""
        return today(self.user, self.now)

    def most(self, day: date) -> int | None:
        """Cards that a day shows."""
        if self.grid.view != "month":
            return None
        return SHOWN if self.grid.holds(day) else ASIDE


Fill = Callable[[list[Place]], list[Entry]]


@dataclass(frozen=True)
class _Things:
    """What one day holds."""

    places: list[Place]
    free: list[list[Free]]  # by the minute


def days_of(shown: Shown, found: Iterable[Place], fill: Fill, free: Callable[[], list[Free]] = list) -> list[Day]:
    """Every day of the grid with its cards; only what is shown is filled, only what has room is asked for."""
    things = _by_day(shown, found)
    if any(_has_room(day, of_day, shown) for day, of_day in things.items()):
        _add(things, shown, free())
    wanted = [place for day, of_day in things.items() for place in of_day.places[: shown.most(day)]]
    cards = {entry.post: card_of(entry, shown.user) for entry in fill(wanted)}
    hours = hours_of(things.values(), shown.user) if shown.grid.hourly else []
    return [_day(day, of_day, shown, cards, hours) for day, of_day in things.items()]


def _has_room(day: date, things: _Things, shown: Shown) -> bool:
    most = shown.most(day)
    return day >= shown.present and (most is None or len(things.places) < most)


def _by_day(shown: Shown, found: Iterable[Place]) -> dict[date, _Things]:
    here, grid = zone_of(shown.user), shown.grid
    things = {day: _Things([], []) for day in grid.days()}
    for place in found:
        if place.at:
            things[_within(grid, place.at.astimezone(here).date())].places.append(place)
    return things


def _add(things: dict[date, _Things], shown: Shown, free: Iterable[Free]) -> None:
    here = zone_of(shown.user)
    for at, same in groupby(free, key=lambda one: one.at):
        things[_within(shown.grid, at.astimezone(here).date())].free.append(list(same))


def _within(shown: Grid, day: date) -> date:
    """The day itself; where clocks were set back over midnight, an edge of the grid may show a minute of another."""
    return min(max(day, shown.first), shown.last)


def _day(day: date, things: _Things, shown: Shown, cards: Mapping[UUID, Card], hours: list[int]) -> Day:
    iso, long, month = day.isoformat(), spelled_day(day, "long"), shown.grid.view == "month"
    marks = {"other": not shown.grid.holds(day), "past": day < shown.present, "today": day == shown.present}
    own = [] if hours else [cards[place.post] for place in things.places if place.post in cards]
    rest = len(things.places) - len(own) if month else 0
    kind, url = " ".join(mark for mark, on in marks.items() if on), f"{shown.address}&day={iso}"
    add = _("Write for %(day)s") % {"day": long}
    return Day(
        iso=iso,
        number=day.day,
        kind=kind,
        weekday=day.weekday(),
        label=long,
        short=spelled_day(day, "column") if hours else "",
        add=add,
        url=url,
        more=more(rest) if rest else "",
        whole=f"calendar/day{shown.address}&day={iso}" if rest else "",
        cards=[] if month else own,
        opened=opened(day, kind, long, url, add if shown.writes else "", own) if month else SafeString(),
        ghosts=_ghosts(things.free[: max((shown.most(day) or 0) - len(own), 0)], shown),
        hours=_by_hour(day, things, hours, shown, cards) if hours else [],
    )


def _ghosts(free: list[list[Free]], shown: Shown) -> list[Ghost]:
    return [ghost_of(same, f"{shown.base}/compose", shown.user) for same in free]


def _by_hour(
    day: date, things: _Things, hours: list[int], shown: Shown, every: Mapping[UUID, Card]
) -> list[Hour]:
    here = zone_of(shown.user)
    cards: Mapping[int, list[Card]] = defaultdict(list)
    free: Mapping[int, list[list[Free]]] = defaultdict(list)
    for place in things.places:
        if place.at:
            cards[place.at.astimezone(here).hour].append(every[place.post])
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
    used = {place.at.astimezone(here).hour for of_day in things for place in of_day.places if place.at}
    used |= {same[0].at.astimezone(here).hour for of_day in things for same in of_day.free}
    return list(range(min({*WORKING, *used}), max({*WORKING, *used}) + 1))
