"""The week of a channel: times are added, removed, copied, cleared, and brought back; in its zone."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.channels.models import Channel
from tidings.channels.slots import NoSuchTime, Time, set_slots, set_zone, zone_of
from tidings.core import clock
from tidings.web.access import member_page
from tidings.workspaces.models import Member

MONDAY = date(2024, 1, 1)
WORKDAYS = range(5)
USUAL = tuple((day, time(hour)) for day in WORKDAYS for hour in (9, 12, 17))


@dataclass(frozen=True)
class Slotted:
    """One time for the page: as forms send it and as people read it."""

    value: str
    text: str


@dataclass(frozen=True)
class Day:
    """One weekday with its times."""

    number: int
    name: str
    short: str
    times: list[Slotted]


@dataclass(frozen=True)
class Week:
    """The channel's times. `undo`: those before the last change, as one word; empty: nothing is taken back."""

    days: list[Day]
    zone: str
    now: str
    many: int
    undo: str


def week(channel: Channel, undo: str = "") -> Week:
    """The week as its page shows it."""
    slots = times_of(channel)
    days = [_day(number, [at for weekday, at in slots if weekday == number]) for number in range(7)]
    zone = zone_of(channel)
    return Week(days, zone.key, f"{clock.now().astimezone(zone):%H:%M}", len(slots), undo)


def _day(number: int, times: Iterable[time]) -> Day:
    on = MONDAY + timedelta(days=number)
    each = [Slotted(spell([(number, at)]), f"{at:%H:%M}") for at in times]
    return Day(number, spelled(on, "l"), spelled(on, "D"), each)


def times_of(channel: Channel) -> list[Time]:
    """The channel's slots, in the order of the week."""
    return list(channel.slots.values_list("weekday", "at"))


def spell(slots: Iterable[Time]) -> str:
    """Slots as one word of an address: 0-0900_4-1730."""
    return "_".join(f"{weekday}-{at:%H%M}" for weekday, at in slots)


def unspell(word: str) -> set[Time]:
    """What was spelled; raises NoSuchTime."""
    try:
        parts = [part.split("-") for part in word.split("_") if part]
        return {(int(day), time(int(at[:2]), int(at[2:4]))) for day, at in parts}
    except ValueError as error:
        raise NoSuchTime(_("That is no time of the week.")) from error


def _added(member: Member, channel: Channel, said: QueryDict) -> set[Time]:
    days, at = said.getlist("weekday"), str(said.get("at", "")).replace(":", "")
    if not days or not at:
        raise NoSuchTime(_("Choose a time and at least one day of the week."))
    return {*times_of(channel), *unspell("_".join(f"{day}-{at}" for day in days))}


def _copied(member: Member, channel: Channel, said: QueryDict) -> set[Time]:
    try:
        other = get_object_or_404(Channel, pk=UUID(said.get("from", "")), workspace=member.workspace)
    except ValueError as error:
        raise NoSuchTime(_("Choose a channel to copy from.")) from error
    return set(times_of(other))


Change = Callable[[Member, Channel, QueryDict], set[Time]]
ACTS: dict[str, Change] = {
    "add": _added,
    "remove": lambda member, channel, said: set(times_of(channel)) - unspell(said.get("slot", "")),
    "usual": lambda member, channel, said: {*times_of(channel), *USUAL},
    "copy": _copied,
    "clear": lambda member, channel, said: set(),
    "undo": lambda member, channel, said: unspell(said.get("before", "")),
}


@require_POST
@member_page("connect")
def change_slots(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """One change of the week; the page then offers to take it back."""
    channel = get_object_or_404(Channel.objects.select_related("workspace"), pk=id, workspace=member.workspace)
    before, act = times_of(channel), request.POST.get("act", "")
    page = reverse("channel", kwargs={"slug": member.workspace.slug, "id": channel.pk})
    try:
        if act == "zone":
            set_zone(member, channel, request.POST.get("zone", "").strip())
        elif act in ACTS:
            set_slots(member, channel, ACTS[act](member, channel, request.POST))
    except NoSuchTime as wrong:
        if "HX-Request" in request.headers:  # the page stays as it is, and says why
            return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"tidings:toast": str(wrong)})})
        messages.error(request, str(wrong))
        return redirect(page)
    undo = f"?undo={spell(before)}" if before and act not in ("undo", "zone", "add") else ""
    return redirect(f"{page}{undo}")
