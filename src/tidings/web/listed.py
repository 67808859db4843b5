"""The list of every post, whenever it is due: page by page, under the days that they stand on."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from tidings.deliveries.calendar import Entry, Place
from tidings.web.cards import Card, card_of
from tidings.web.days import Shown
from tidings.web.times import spelled_day, zone_of

MOST = 100  # posts of a page


class Listed(NamedTuple):
    """One day with those of its posts that are on this page."""

    iso: str
    kind: str
    weekday: int
    label: str
    add: str
    cards: list[Card]


def listed(shown: Shown, found: list[Place], page: str, fill: Callable[[list[Place]], list[Entry]]) -> dict[str, Any]:
    """What the list shows of them; `page`: as the address says it."""
    pages: Page[Place] = Paginator(found, MOST).get_page(page)
    entries = fill(list(pages.object_list))
    return {
        "days": _days(shown, [entry for entry in entries if entry.at]),
        "loose": [card_of(entry, shown.user) for entry in entries if not entry.at],
        "empty": not found,
        "pages": pages,
    }


def _days(shown: Shown, entries: Iterable[Entry]) -> list[Listed]:
    here = zone_of(shown.user)
    days = groupby(entries, key=lambda entry: entry.at.astimezone(here).date() if entry.at else None)
    return [_day(shown, day, [card_of(entry, shown.user) for entry in of_day]) for day, of_day in days if day]


def _day(shown: Shown, day: date, cards: list[Card]) -> Listed:
    label = spelled_day(day, "dated")
    kind = "today" if day == shown.present else ""
    return Listed(day.isoformat(), kind, day.weekday(), label, _("Write for %(day)s") % {"day": label}, cards)
