"""The cards of the calendar, everything computed: templates only print, for there may be a thousand of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings import networks
from tidings.channels.models import Channel
from tidings.deliveries.calendar import Entry
from tidings.deliveries.queue import Free
from tidings.web.times import clock_of, spelled_day, zone_of
from tidings.workspaces.models import User


class Card(NamedTuple):
    """One post on the calendar. `when`: day and time, for the board, where no heading says the day."""

    id: str
    at: str
    time: str
    when: str
    face: str
    label: str
    icon: str
    words: str
    nets: list[tuple[str, str]]  # address of the mark, label
    channels: str
    thumbnail: str
    movable: str
    parts: int
    tags: tuple[tuple[str, str], ...]  # name, colour


@dataclass(frozen=True)
class Ghost:
    """A free slot, of one channel or several."""

    time: str
    url: str
    count: int
    label: str
    nets: list[tuple[str, str]]


@cache
def fixed(name: str) -> str:
    """The address of a static file."""
    return static(name)


def nets_of(channels: Iterable[Channel]) -> list[tuple[str, str]]:
    """The mark of each network once, with its label."""
    return [_net(name) for name in dict.fromkeys(channel.network for channel in channels)]


@cache
def _net(name: str) -> tuple[str, str]:
    return fixed(f"networks/{name}.svg"), networks.get(name).label


def card_of(entry: Entry, user: User, dated: bool = False) -> Card:
    """A post as this person sees it; `dated`: with its day."""
    time = clock_of(user, entry.at) if entry.at else ""
    day = spelled_day(entry.at.astimezone(zone_of(user)).date(), "short") if entry.at and dated else ""
    return Card(
        id=str(entry.post),
        at=entry.at.isoformat().replace(":00+00:00", "Z").replace("+00:00", "Z") if entry.at else "",
        time=time,
        when=f"{day}, {time}" if day else "",
        face=entry.face,
        label=entry.label,
        words=entry.words,
        nets=nets_of(entry.channels),
        channels=", ".join([channel.handle for channel in entry.channels]),
        icon=f"{fixed('icons.svg')}#state-{entry.face}",
        thumbnail=f"/media/{entry.thumbnail}/thumbnail" if entry.thumbnail else "",
        movable="true" if entry.movable else "false",
        parts=entry.parts,
        tags=entry.tags,
    )


def ghost_of(free: list[Free], compose: str, user: User) -> Ghost:
    """The free slots of one minute as one; `compose`: where the composer is."""
    at, channels = free[0].at, tuple(one.channel for one in free)
    time, query = clock_of(user, at), [("at", wall(free[0], zone_of(user)))]
    handles, nets = ", ".join(channel.handle for channel in channels), nets_of(channels)
    return Ghost(
        time=time,
        url=f"{compose}?{urlencode(query + [('channel', str(channel.id)) for channel in channels])}",
        count=len(channels) if len(channels) > len(nets) else 0,
        label=_("Free slot at %(time)s: %(channels)s") % {"time": time, "channels": handles},
        nets=nets,
    )


def wall(free: Free, zone: ZoneInfo) -> str:
    """What the clocks show at this slot, as the composer's address says it."""
    return f"{free.at.astimezone(zone):%Y-%m-%dT%H:%M}"


def more(count: int) -> str:
    """What leads to the cards that are not shown."""
    return ngettext("+%(n)d more", "+%(n)d more", count) % {"n": count}
