"""The cards of the calendar, everything computed: templates only print, for there may be a thousand of them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from urllib.parse import urlencode

from django.templatetags.static import static

from tidings.deliveries.calendar import Entry
from tidings.web.grid import Grid
from tidings.web.times import clock_of, today, zone_of
from tidings.workspaces.models import User

SHOWN = 4  # cards of a day in the month; the rest is behind "+n more"
Query = list[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """One post on the calendar, everything computed: the template only prints."""

    id: str
    at: str
    time: str
    face: str
    label: str
    icon: str
    words: str
    nets: list[tuple[str, str]]  # address of the mark, label
    thumbnail: str
    movable: str
    parts: int


@dataclass(frozen=True)
class Hour:
    """One hour of a day in the week."""

    number: int
    cards: list[Card]


@dataclass(frozen=True)
class Day:
    """One day with its cards."""

    date: date
    iso: str
    kind: str  # other, past, today, or several of them
    weekday: int
    cards: list[Card]
    more: int
    hours: list[Hour]
    list_url: str


@cache
def fixed(name: str) -> str:
    """The address of a static file."""
    return static(name)


def card_of(entry: Entry, user: User) -> Card:
    """A post as this person sees it."""
    nets = {channel.network: channel.label for channel in entry.channels}
    return Card(
        id=str(entry.post),
        at=entry.at.isoformat() if entry.at else "",
        time=clock_of(user, entry.at) if entry.at else "",
        face=entry.face,
        label=entry.label,
        words=entry.words,
        nets=[(fixed(f"networks/{name}.svg"), label) for name, label in nets.items()],
        icon=f"{fixed('icons.svg')}#state-{entry.face}",
        thumbnail=f"/media/{entry.thumbnail}/thumbnail" if entry.thumbnail else "",
        movable="true" if entry.movable else "false",
        parts=entry.parts,
    )


def days_of(shown: Grid, found: list[Entry], user: User, now: datetime, query: Query) -> list[Day]:
    """Every day of the grid with its cards; `query` are the filters, for the links."""
    here, present = zone_of(user), today(user, now)
    by_day: dict[date, list[Entry]] = {day: [] for day in shown.days()}
    for entry in found:
        if entry.at:
            by_day[_within(shown, entry.at.astimezone(here).date())].append(entry)
    hours = hours_of(found, user) if shown.view == "week" else []
    return [_day(day, of_day, shown, present, hours, query, user) for day, of_day in by_day.items()]


def _within(shown: Grid, day: date) -> date:
    """The day itself; where clocks were set back over midnight, an edge of the grid may show a minute of another."""
    return min(max(day, shown.first), shown.last)


def _day(
    day: date,
    found: list[Entry],
    shown: Grid,
    present: date,
    hours: list[int],
    query: Query,
    user: User,
) -> Day:
    marks = {"other": not shown.holds(day), "past": day < present, "today": day == present}
    most = SHOWN if shown.view == "month" and len(found) > SHOWN else len(found)
    return Day(
        date=day,
        iso=day.isoformat(),
        kind=" ".join(mark for mark, on in marks.items() if on),
        weekday=day.weekday(),
        cards=[] if hours else [card_of(entry, user) for entry in found[:most]],
        more=len(found) - most,
        hours=_by_hour(found, hours, user),
        list_url=f"?{urlencode([('view', 'list'), ('day', day.isoformat()), *query])}",
    )


def _by_hour(found: list[Entry], hours: list[int], user: User) -> list[Hour]:
    cards: dict[int, list[Card]] = {number: [] for number in hours}
    for entry in found if hours else ():
        if entry.at:
            cards[entry.at.astimezone(zone_of(user)).hour].append(card_of(entry, user))
    return [Hour(number, of_hour) for number, of_hour in cards.items()]


def hours_of(found: list[Entry], user: User) -> list[int]:
    """Working hours, and every hour that has a post."""
    used = {entry.at.astimezone(zone_of(user)).hour for entry in found if entry.at}
    return list(range(min({7, *used}), max({21, *used}) + 1))
