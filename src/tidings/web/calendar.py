"""The calendar: what is planned and what is out, by month, week or day, as a list or a board. Its address says all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidings.channels.models import Channel
from tidings.core import clock, zones
from tidings.deliveries.angle import VIEWS, Angle, read
from tidings.deliveries.board import board
from tidings.deliveries.calendar import Entry, Place, Window, entries, filled, places, undated
from tidings.deliveries.every import every
from tidings.deliveries.glance import glance
from tidings.deliveries.queue import Free, free
from tidings.deliveries.sift import Filters
from tidings.web.access import member_page
from tidings.web.cards import card_of, fixed
from tidings.web.days import Shown, days_of
from tidings.web.grid import Grid, grid
from tidings.web.listed import listed
from tidings.web.narrow import bar
from tidings.web.times import spelled_day, spelled_days, today, zone_of
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may
from tidings.workspaces.views import views_of

VIEW_WORDS = {
    "month": gettext_lazy("Month"), "week": gettext_lazy("Week"), "day": gettext_lazy("Day"),
    "list": gettext_lazy("List"), "board": gettext_lazy("Board"),
}  # fmt: skip
COLUMN_WORDS = {  # the name, what an empty one says, the states it stands for
    "ideas": (gettext_lazy("Ideas"), gettext_lazy("Drafts without a time wait here."), ("draft",)),
    "drafts": (gettext_lazy("Drafts"), gettext_lazy("Drafts that are meant for a time."), ("draft", "cancelled")),
    "review": (gettext_lazy("In review"), gettext_lazy("Nothing to look at."), ("review", "approved")),
    "scheduled": (gettext_lazy("Scheduled"), gettext_lazy("Nothing is planned."), ("scheduled", "publishing")),
    "attention": (
        gettext_lazy("Needs attention"), gettext_lazy("Nothing waits for you."),
        ("failed", "held", "partly", "unsure"),
    ),
    "published": (gettext_lazy("Published"), gettext_lazy("Nothing is out yet."), ("published", "partly")),
}  # fmt: skip
LOOSE = 100  # drafts without a time that a list of some days shows; that of every post shows them all
SLOTTED = ("month", "week", "day")  # views that show free slots


@member_page("read")
def calendar(request: HttpRequest, member: Member) -> HttpResponse:
    """The page; `view`, `day`, `slots` and the filters come from the address."""
    seen = {"seen": glance(member.workspace_id)}  # before the posts: a change meanwhile is heard of
    angle, shown = _shown(request, member)
    prefetch_related_objects([member.workspace], "channels")  # once for this page, its bar and the side bar
    channels = list(member.workspace.channels.all())
    if angle.view == "list" and angle.whole:
        found = every(member.workspace, angle.filters)
        within = listed(shown, found, request.GET.get("page", ""), partial(_filled, member, False))
    else:
        within = _within(member, shown, channels)
    return render(request, f"tidings/calendar/{angle.view}.html", _around(member, shown, channels) | within | seen)


@member_page("read")
def day(request: HttpRequest, member: Member) -> HttpResponse:
    """One day whole, for the month's "+n more"."""
    angle, shown = _shown(request, member, "day")
    found = [_for(member, entry) for entry in entries(member.workspace, _window(shown), angle.filters)]
    context = {
        "label": spelled_day(shown.grid.day, "dated"),
        "iso": shown.grid.day.isoformat(),
        "cards": [card_of(entry, member.user) for entry in found],
        "url": angle.at(shown.grid.day.isoformat(), view="day"),
        "may_write": may(member, "write"),
    }
    return render(request, "tidings/calendar/whole_day.html", context)


def _shown(request: HttpRequest, member: Member, view: str = "") -> tuple[Angle, Shown]:
    angle, now = read(dict(request.GET.lists())), clock.now()
    days = grid(view or angle.view, request.GET.get("day", ""), today(member.user, now), member.user.week_starts)
    return angle, Shown(days, angle, member.user, now, f"/w/{member.workspace.slug}", may(member, "write"))


def _window(shown: Shown) -> Window:
    here, days = zone_of(shown.user), shown.grid
    return Window(zones.day_begins(days.first, here), zones.day_begins(days.last + timedelta(days=1), here))


def _around(member: Member, shown: Shown, channels: list[Channel]) -> dict[str, Any]:
    """What every view has: the bar, the zone, the words of buttons."""
    angle, here = shown.angle, shown.grid.day.isoformat()
    return {
        "grid": shown.grid,
        "angle": angle,
        "title": _("Every post") if angle.view == "list" and angle.whole else _title(shown.grid),
        "links": _links(shown),
        "bar": bar(member, angle, channels, here),
        "views": [(view, angle.spelled() == view.query) for view in views_of(member)],
        "channels": channels,
        "zone": zone_of(shown.user).key,
        "present": today(shown.user, shown.now).isoformat(),
        "move_icon": f"{fixed('icons.svg')}#move",
        "move_word": _("Move to…"),
        "may_write": may(member, "write"),
        "may_publish": may(member, "publish"),
        "may_connect": may(member, "connect"),
    }


def _within(member: Member, shown: Shown, channels: list[Channel]) -> dict[str, Any]:
    """The posts."""
    filters, view = shown.angle.filters, shown.grid.view
    if view == "board":
        return _board(member, shown)
    found = places(member.workspace, _window(shown), filters)
    loose = undated(member.workspace, filters, LOOSE + 1) if view == "list" else []
    days = days_of(shown, found, partial(_filled, member, view == "month"), partial(_free, member, shown, channels))
    return {
        "days": days,
        "weekdays": [spelled(day, "D") for day in islice(shown.grid.days(), 7)],
        "hours": [hour.label for hour in days[0].hours],
        "loose": [card_of(_for(member, entry), shown.user) for entry in loose[:LOOSE]],
        "looser": len(loose) > LOOSE,
        "empty": not found and not loose,
    }


def _filled(member: Member, brief: bool, found: list[Place]) -> list[Entry]:
    return [_for(member, entry) for entry in filled(member.workspace, found, brief)]


def _for(member: Member, entry: Entry) -> Entry:
    """Who may not publish moves drafts at most."""
    moves = may(member, "publish") or (may(member, "write") and entry.face == "draft")
    return entry if moves or not entry.movable else entry._replace(movable=False)


def _free(member: Member, shown: Shown, channels: list[Channel]) -> list[Free]:
    """The free slots to come of the channels that are looked at."""
    window, filters = _window(shown), shown.angle.filters
    start = max(window.start, shown.now)
    wanted = shown.angle.slots and shown.grid.view in SLOTTED and may(member, "write")
    if not wanted or start >= window.end or filters.states or filters.tags or filters.text or filters.authors:
        return []
    return free(member.workspace, start, window.end, _looked_at(channels, filters))


def _looked_at(channels: Iterable[Channel], filters: Filters) -> list[Channel]:
    every = not filters.channels and not filters.groups
    return [one for one in channels if every or one.id in filters.channels or one.group in filters.groups]


def _board(member: Member, shown: Shown) -> dict[str, Any]:
    columns = []
    for column in board(member.workspace, shown.angle.filters):
        label, hint, states = COLUMN_WORDS[column.name]
        cards = [card_of(_for(member, entry), shown.user, dated=True) for entry in column.entries]
        chosen = shown.angle.filters.states & set(states) or frozenset(states)
        narrowed = replace(shown.angle.filters, states=chosen)
        columns.append({
            "name": column.name, "label": label, "hint": hint, "count": column.count, "cards": cards,
            "rest": column.count - len(cards), "url": shown.angle.at(view="list", filters=narrowed, whole=True),
        })  # fmt: skip
    return {"columns": columns, "empty": not any(column["count"] for column in columns)}


def _title(shown: Grid) -> str:
    if shown.view == "month":
        return spelled_day(shown.day, "month")
    if shown.view == "day":
        return spelled_day(shown.day, "dated")
    return _("Board") if shown.view == "board" else spelled_days(shown.first, shown.last)


@dataclass(frozen=True)
class Links:
    """Where the buttons of the calendar's head lead."""

    before: str
    after: str
    today: str
    views: list[tuple[str, str, str]]  # name, word, address
    slots: str
    here: str
    every: str


def _links(shown: Shown) -> Links:
    angle, days = shown.angle, shown.grid

    def to(day: date, **other: Any) -> str:
        return angle.at(day.isoformat(), **other)

    return Links(
        before=to(days.before()),
        after=to(days.after()),
        today=angle.at(whole=False),
        views=[(view, str(VIEW_WORDS[view]), to(days.day, view=view, whole=False)) for view in VIEWS],
        slots=to(days.day, slots=not angle.slots),
        here=to(days.day),
        every=angle.at(view="list", whole=True),
    )

