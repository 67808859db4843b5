"""The cards of the month as markup. A template would print the same, but spends a third of the page's time on them."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tidings.web.cards import Card

SHORT = 36  # characters; no more can be read in a month
_CHIP = (
    '<li class="chip" data-post="{}" data-at="{}" data-state="{}"{}><a href="posts/{}">'
    '<svg role="img" aria-label="{}"><use href="{}"/></svg><time>{}</time><span class="nets">{}</span>'
    "<span>{}</span></a></li>"
)
_NET = '<img src="{}" alt="{}">'
_MOVABLE = SafeString(' data-movable="true"')


def chip(card: Card) -> SafeString:
    """As calendar/chip.html, with what a month has room for; addresses begin where the calendar is."""
    words = card.words if len(card.words) <= SHORT else f"{card.words[: SHORT - 1]}…"
    return format_html(
        _CHIP, card.id, card.at, card.face, _MOVABLE if card.movable == "true" else "", card.id, card.label, card.icon,
        card.time, format_html_join("", _NET, card.nets), words,
    )  # fmt: skip
