"""The calendar: month, week and list of what is planned and what is out. Filters and place live in the address."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.calendar import Entry, Window, entries, undated
from tidings.deliveries.face import LABELS
from tidings.web.access import member_page
from tidings.web.grid import Grid, grid
from tidings.web.times import clock_of, today, zone_of
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

Query = list[tuple[str, str]]
SHOWN = 4  # cards of a day in the month; the rest is behind "+n more"


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


@dataclass(frozen=True)
class Filters:
    """What the address narrows the calendar to."""

    channels: frozenset[str]
    states: frozenset[str]

    def lets(self, entry: Entry) -> bool:
        """Whether this post is shown."""
        fits = not self.channels or any(str(channel.id) in self.channels for channel in entry.channels)
        return fits and (not self.states or entry.face in self.states)

    def query(self) -> Query:
        """The filters as they stand in an address."""
        return [("channel", c) for c in sorted(self.channels)] + [("state", s) for s in sorted(self.states)]


@member_page("read")
def calendar(request: HttpRequest, member: Member) -> HttpResponse:
    """The page; `view`, `day`, `channel` and `state` come from the address."""
    user, now = member.user, clock.now()
    shown = grid(request.GET.get("view", ""), request.GET.get("day", ""), today(user, now), user.week_starts)
    filters = _filters(request)
    found = [entry for entry in entries(member.workspace, _window(shown, user)) if filters.lets(entry)]
    loose = [entry for entry in undated(member.workspace) if filters.lets(entry)] if shown.view == "list" else []
    channels = list(Channel.objects.filter(workspace=member.workspace))
    context = {
        "grid": shown,
        "days": _days(shown, found, user, now, filters),
        "weekdays": [spelled(day, "D") for day in islice(shown.days(), 7)],
        "hours": _hours(found, user) if shown.view == "week" else [],
        "loose": [_card(entry, user) for entry in loose],
        "links": _links(shown, filters),
        "filters": filters,
        "channels": [(channel, str(channel.id) in filters.channels) for channel in channels],
        "states": [(name, label, name in filters.states) for name, label in LABELS.items()],
        "zone": zone_of(user).key,
        "present": today(user, now).isoformat(),
        "move_icon": f"{_static('icons.svg')}#move",
        "move_word": _("Move to…"),
        "empty": not found and not loose,
        "may_write": may(member, "write"),
        "may_connect": may(member, "connect"),
    }
    return render(request, f"tidings/calendar/{shown.view}.html", context)


def _filters(request: HttpRequest) -> Filters:
    states = frozenset(s for s in request.GET.getlist("state") if s in LABELS)
    return Filters(frozenset(c for c in request.GET.getlist("channel") if c), states)


def _window(shown: Grid, user: User) -> Window:
    return Window(_midnight(shown.first, user), _midnight(shown.last + timedelta(days=1), user))


def _midnight(day: date, user: User) -> datetime:
    """When the day begins where the person is."""
    return datetime.combine(day, time(), zone_of(user)).astimezone(UTC)


_static = cache(static)


def _card(entry: Entry, user: User) -> Card:
    nets = {channel.network: channel.label for channel in entry.channels}
    return Card(
        id=str(entry.post),
        at=entry.at.isoformat() if entry.at else "",
        time=clock_of(user, entry.at) if entry.at else "",
        face=entry.face,
        label=entry.label,
        words=entry.words,
        nets=[(_static(f"networks/{name}.svg"), label) for name, label in nets.items()],
        icon=f"{_static('icons.svg')}#state-{entry.face}",
        thumbnail=f"/media/{entry.thumbnail}/thumbnail" if entry.thumbnail else "",
        movable="true" if entry.movable else "false",
        parts=entry.parts,
    )


def _days(shown: Grid, found: list[Entry], user: User, now: datetime, filters: Filters) -> list[Day]:
    here, present = zone_of(user), today(user, now)
    by_day: dict[date, list[Entry]] = {day: [] for day in shown.days()}
    for entry in found:
        if entry.at:
            by_day[entry.at.astimezone(here).date()].append(entry)
    hours = _hours(found, user) if shown.view == "week" else []
    query = filters.query()
    return [_day(day, of_day, shown, present, hours, query, user) for day, of_day in by_day.items()]


def _day(
    day: date,
    found: list[Entry],
    shown: Grid,
    present: date,
    hours: list[int],
    query: list[tuple[str, str]],
    user: User,
) -> Day:
    marks = {"other": not shown.holds(day), "past": day < present, "today": day == present}
    most = SHOWN if shown.view == "month" and len(found) > SHOWN else len(found)
    return Day(
        date=day,
        iso=day.isoformat(),
        kind=" ".join(mark for mark, on in marks.items() if on),
        weekday=day.weekday(),
        cards=[] if hours else [_card(entry, user) for entry in found[:most]],
        more=len(found) - most,
        hours=_by_hour(found, hours, user),
        list_url=f"?{urlencode([('view', 'list'), ('day', day.isoformat()), *query])}",
    )


def _by_hour(found: list[Entry], hours: list[int], user: User) -> list[Hour]:
    cards: dict[int, list[Card]] = {number: [] for number in hours}
    for entry in found if hours else ():
        if entry.at:
            cards[entry.at.astimezone(zone_of(user)).hour].append(_card(entry, user))
    return [Hour(number, of_hour) for number, of_hour in cards.items()]


def _hours(found: list[Entry], user: User) -> list[int]:
    """Working hours, and every hour that has a post."""
    used = {entry.at.astimezone(zone_of(user)).hour for entry in found if entry.at}
    return list(range(min({7, *used}), max({21, *used}) + 1))


@dataclass(frozen=True)
class Links:
    """Where the buttons of the calendar's head lead."""

    before: str
    after: str
    today: str
    views: list[tuple[str, str]]
    clear: str


def _links(shown: Grid, filters: Filters) -> Links:
    def to(view: str, day: date | None, narrowed: bool = True) -> str:
        place = [("view", view)] + ([("day", day.isoformat())] if day else [])
        return f"?{urlencode(place + (filters.query() if narrowed else []))}"

    return Links(
        before=to(shown.view, shown.before()),
        after=to(shown.view, shown.after()),
        today=to(shown.view, None),
        views=[(view, to(view, shown.day)) for view in ("month", "week", "list")],
        clear=to(shown.view, shown.day, narrowed=False),
    )
