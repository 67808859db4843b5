"""The twelve channels of the full demo: three invented houses, with their names, portraits, groups and slots."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from itertools import product
from pathlib import Path

from tidings.channels.models import Channel, Portrait, Slot
from tidings.commands import allow
from tidings.commands.showcase import draw
from tidings.core import clock
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member


@dataclass(frozen=True)
class Cast:
    """One channel: where it is, who signs in there, and how it is called."""

    network: str
    who: str
    name: str
    group: str
    look: tuple[str, str]  # letters, and the colours of the portrait
    handle: str = ""
    slots: tuple[tuple[tuple[int, ...], str], ...] = ()
    zone: str = ""
    paused: str = ""
    picked: bool = False  # a sign-in there gives more than one page


def _read() -> dict[str, Cast]:
    told = tomllib.loads(Path(__file__).with_name("channels.toml").read_text())
    return {name: Cast(**row) for name, row in told.items()}


EVERY = _read()


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
    chosen = (cast.who,) if cast.picked else ()
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
