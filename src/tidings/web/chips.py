"""The month's days as markup. Templates would print the same, but take half of the page's time for it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tidings.web.cards import Card

SHORT = 36  # characters; no more can be read in a month
# Hundreds of times on a page: what HTML can do without, such as quotes around a plain word, is left out.
_CHIP = (
    '<li class=chip data-post="{}" data-at="{}" data-state="{}"{}><a href=posts/{}>'
    '<svg role=img aria-label="{}"><use href="{}"/></svg><time>{}</time><span class=nets>{}</span>'
    "<span>{}</span></a></li>"
)
_DAY = (
    '<li class="day {}" data-weekday={}><header><a href="{}" aria-label="{}"><time datetime={}>{}</time></a>{}'
    '</header><ol class=chips data-day="{}" aria-label="{}">{}</ol>'
)
_ADD = '<a class=day-add href="compose?at={}T09:00" aria-label="{}">+</a>'
_NET = '<img src={} alt="{}">'
_MOVABLE = ' data-movable="true"'


def opened(day: date, kind: str, label: str, url: str, add: str, cards: Iterable[Card]) -> SafeString:
    """A day with its cards, left open for its free slots; `add`: what leads to the composer is called, if anything."""
    iso = day.isoformat()
    plus = format_html(_ADD, iso, add) if add else ""
    chips = SafeString("".join([_chip(card) for card in cards]))
    return format_html(_DAY, kind, day.weekday(), url, label, iso, day.day, plus, iso, label, chips)


def _chip(card: Card) -> str:
    """As calendar/chip.html, with what a month has room for; addresses begin where the calendar is.

    Only what people wrote and what is translated needs to be escaped; the rest is ours.
    """
    words = card.words if len(card.words) <= SHORT else f"{card.words[: SHORT - 1]}…"
    return _CHIP.format(
        card.id, card.at, card.face, _MOVABLE if card.movable == "true" else "", card.id, _said(card.label), card.icon,
        _said(card.time), _marks(tuple(card.nets)), escape(words),
    )  # fmt: skip


@lru_cache(1024)
def _said(text: str) -> str:
    return escape(text)


@lru_cache(1024)
def _marks(nets: tuple[tuple[str, str], ...]) -> str:
    return format_html_join("", _NET, nets)
