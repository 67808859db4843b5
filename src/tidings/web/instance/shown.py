"""Figures as an operator reads them: with words, and with what to do when they are bad."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.web.times import When, when
from tidings.workspaces.models import User

GOOD, LOOK, BAD, OPEN = "published", "partly", "failed", "draft"  # the states whose colour and shape a figure takes


@dataclass(frozen=True)
class Vital:
    """One thing that must be well: what it is, how it stands, in what colour and word, and what to do or know."""

    title: str
    value: str
    state: str
    word: str
    text: str
    url: str = ""


def vital(title: str, value: str, state: str, text: str, url: str = "") -> Vital:
    """The word follows from the state."""
    words = {GOOD: _("Good"), LOOK: _("Have a look"), BAD: _("Mend this"), OPEN: _("Not known yet")}
    return Vital(title, value, state, words[state], text, url)


def size(count: int) -> str:
    """Bytes as people say them."""
    return filesizeformat(count)


def number(count: float, places: int = 0) -> str:
    """A number as the language writes it."""
    return number_format(count, places, force_grouping=True)


def lasting(seconds: float | None) -> str:
    """A time that went by; a dash: nothing to tell."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return _("%(n)s ms") % {"n": number(seconds * 1000)}
    if seconds < 100:
        return _("%(n)s s") % {"n": number(seconds, 1 if seconds < 10 else 0)}
    return spell(timedelta(seconds=seconds))


def spell(span: timedelta) -> str:
    """A longer time in its largest unit."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": number(minutes)}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": number(minutes // 60)}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}


def maybe(user: User, at: datetime | None) -> When | None:
    """A moment by the person's clock, if there is one."""
    return when(user, at) if at else None
