"""The calendar: month, week and list of what is planned and what is out. Filters and place live in the address."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.core import clock, zones
from tidings.deliveries.calendar import Entry, Window, entries, undated
from tidings.deliveries.face import LABELS
from tidings.web.access import member_page
from tidings.web.cards import Query, card_of, days_of, fixed, hours_of
from tidings.web.grid import Grid, grid
from tidings.web.times import today, zone_of
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may


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
    found = [_for(member, entry) for entry in entries(member.workspace, _window(shown, user)) if filters.lets(entry)]
    loose = [entry for entry in undated(member.workspace) if filters.lets(entry)] if shown.view == "list" else []
    channels = list(Channel.objects.filter(workspace=member.workspace))
    context = {
        "grid": shown,
        "days": days_of(shown, found, user, now, filters.query()),
        "weekdays": [spelled(day, "D") for day in islice(shown.days(), 7)],
        "hours": hours_of(found, user) if shown.view == "week" else [],
        "loose": [card_of(entry, user) for entry in loose],
        "links": _links(shown, filters),
        "filters": filters,
        "channels": [(channel, str(channel.id) in filters.channels) for channel in channels],
        "states": [(name, label, name in filters.states) for name, label in LABELS.items()],
        "zone": zone_of(user).key,
        "present": today(user, now).isoformat(),
        "move_icon": f"{fixed('icons.svg')}#move",
        "move_word": _("Move to…"),
        "empty": not found and not loose,
        "may_write": may(member, "write"),
        "may_connect": may(member, "connect"),
    }
    return render(request, f"tidings/calendar/{shown.view}.html", context)


def _for(member: Member, entry: Entry) -> Entry:
    """Who may not publish moves drafts at most."""
    moves = may(member, "publish") or (may(member, "write") and entry.face == "draft")
    return entry if moves or not entry.movable else replace(entry, movable=False)


def _filters(request: HttpRequest) -> Filters:
    states = frozenset(s for s in request.GET.getlist("state") if s in LABELS)
    return Filters(frozenset(c for c in request.GET.getlist("channel") if c), states)


def _window(shown: Grid, user: User) -> Window:
    here = zone_of(user)
    return Window(zones.day_begins(shown.first, here), zones.day_begins(shown.last + timedelta(days=1), here))


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
