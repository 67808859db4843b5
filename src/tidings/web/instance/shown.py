"""Figures as an operator reads them: with words, and with what to do when they are bad."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.web.times import When, when
from tidings.workspaces.models import User

GOOD, LOOK, BAD, OPEN = "published", "partly", "failed", "waiting"  # the states whose colour and shape a figure takes
KEEP = "\N{NO-BREAK SPACE}"  # a unit stays with its number
UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


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
    words = {GOOD: _("Good"), LOOK: _("Have a look"), BAD: _("Mend this"), OPEN: _("At home only")}
    return Vital(title, value, state, words[state], text, url)


def weight(count: int) -> str:
    """Bytes as people say them, and as TIDINGS_STORAGE counts them: a gigabyte is a thousand million."""
    if count < 1000:
        return _("%(n)s bytes") % {"n": number(count)}
    unit = next(one for one in UNITS if count < 1000 * UNITS[one] or one == "TB")
    return f"{number(count / UNITS[unit], 0 if unit == 'kB' else 1)}{KEEP}{unit}"


def size(count: int) -> str:
    """The same for a column of many: a dash for none."""
    return weight(count) if count else "–"


def number(count: float, places: int = 0) -> str:
    """A number as the language writes it."""
    return number_format(count, places, force_grouping=True)


def figure(count: int) -> str:
    """The same for a column of many, where a dash for none is read more easily."""
    return number(count) if count else "–"


def lasting(seconds: float | None) -> str:
    """A time that went by; a dash: nothing to tell."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return _("%(n)s ms") % {"n": number(round(seconds * 1000) or 1)}
    if seconds < 100:
        return _("%(n)s s") % {"n": number(seconds, 1 if seconds < 10 else 0)}
    return spell(timedelta(seconds=seconds))


def spell(span: timedelta) -> str:
    """A longer time in its largest unit."""
    minutes = max(int(span.total_seconds() // 60), 1)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": number(minutes)}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": number(minutes // 60)}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}


def maybe(user: User, at: datetime | None) -> When | None:
    """A moment by the person's clock, if there is one."""
    return when(user, at) if at else None
