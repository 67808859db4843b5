"""The twelve channels of the full demo: three invented houses, with their names, portraits, groups and slots."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from itertools import product

from tidings.channels.models import Channel, Portrait, Slot
from tidings.commands import allow
from tidings.commands.showcase import draw
from tidings.core import clock
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

WEEK, WORK = range(7), range(5)
ENDED = "The network has ended our access. Connect the channel again."


@dataclass(frozen=True)
class Cast:
    """One channel: where it is, who signs in there, and how it is called."""

    network: str
    who: str
    name: str
    handle: str
    group: str
    look: tuple[str, str]  # letters, and the colours of the portrait
    slots: tuple[tuple[range, str], ...] = ()
    zone: str = ""
    paused: str = ""


LONG = "Museum für Hafen-, Strom- und Binnenschifffahrtsgeschichte"
EARLY = ((WEEK, "06:45"), (WORK, "11:30"), (WEEK, "17:00"))
LATE = ((range(4, 6), "18:00"),)
OPEN = ((range(1, 6), "10:00"), (range(1, 4), "15:00"))
EVERY = {
    "bakery": Cast("mastodon", "harbourbakery", "Harbour Bakery", "", "Bakery", ("HB", "harvest"), EARLY),
    "bakery-sky": Cast("bluesky", "demo", "Harbour Bakery", "", "Bakery", ("HB", "harvest"), EARLY),
    "bakery-x": Cast("x", "harbourbakery", "Harbour Bakery 🥐", "", "Bakery", ("HB", "harvest"), EARLY),
    "bakery-grams": Cast("instagram", "demo", "Harbour Bakery", "@harbour.bakery", "Bakery", ("HB", "dawn"), EARLY[2:]),
    "bakery-book": Cast("facebook", "shop", "Harbour Bakery & Tea Room", "@harbourbakery", "Bakery", ("HB", "plum")),
    "museum": Cast("mastodon", "museum", LONG, "", "Museum", ("M", "noon"), OPEN, "Europe/Berlin"),
    "museum-page": Cast("linkedin_page", "1001", LONG, "museum-am-strom", "Museum", ("M", "noon"), OPEN),
    "museum-grams": Cast("instagram_standalone", "museum", "museum.am.strom", "", "Museum", ("M", "night")),
    "museum-films": Cast("youtube", "museumamstrom", "Museum am Strom – Filme", "", "Museum", ("M", "dawn")),
    "cafe": Cast("threads", "cafealmina", "مقهى الميناء", "", "Café al-Mina", ("CM", "plum"), LATE),
    "cafe-x": Cast("x", "cafealmina", "مقهى الميناء · Café al-Mina", "", "Café al-Mina", ("CM", "plum"), paused=ENDED),
    "cafe-line": Cast("telegram", "", "港の茶屋 ☕️ 常連さん", "@minato_chaya", "Café al-Mina", ("CM", "moss"), LATE,
                      "Asia/Tokyo"),
}  # fmt: skip
PICKED = {"facebook", "linkedin_page"}  # a sign-in there gives more than one page


def channels(member: Member, town: Mapping[str, Simulator]) -> dict[str, Channel]:
    """All of them, connected, by their names in this demo."""
    found = {name: _dressed(member, cast, town[cast.network]) for name, cast in EVERY.items()}
    Slot.objects.bulk_create(slot for name, channel in found.items() for slot in _slots(channel, EVERY[name]))
    return found


def pause(found: Mapping[str, Channel]) -> None:
    """Some have lost their access; done last, for nothing can be planned there then."""
    for name, channel in found.items():
        Channel.objects.filter(pk=channel.pk, paused="").exclude(paused=EVERY[name].paused).update(
            paused=EVERY[name].paused, paused_at=clock.now()
        )


def _dressed(member: Member, cast: Cast, one: Simulator) -> Channel:
    chosen = (cast.who,) if cast.network in PICKED else ()
    who = "demo" if chosen else cast.who
    channel = allow.connected(member, one, who, chosen)[0]
    picture = draw.face(draw.PALETTES[cast.look[1]], cast.look[0])
    Portrait.objects.update_or_create(channel=channel, defaults={"picture": picture})
    channel.name, channel.handle = cast.name, cast.handle or channel.handle
    channel.group, channel.zone = cast.group, cast.zone
    channel.portrait, channel.portrait_of = hashlib.sha256(picture).hexdigest()[:16], channel.avatar
    channel.save(update_fields=("name", "handle", "group", "zone", "portrait", "portrait_of"))
    return channel


def _slots(channel: Channel, cast: Cast) -> list[Slot]:
    return [
        Slot(channel=channel, weekday=day, at=time.fromisoformat(at))
        for days, at in cast.slots for day, at in product(days, (at,))
    ]  # fmt: skip
