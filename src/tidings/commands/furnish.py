"""What a newcomer finds in the demo: a login, and a workspace: a full one, or a small one for those who test."""

import secrets
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from tidings.channels.models import Channel
from tidings.commands import allow, showcase
from tidings.core import clock, zones
from tidings.deliveries.schedule import publish_now, schedule
from tidings.posts.compose import compose
from tidings.posts.draft import Draft, ItemDraft
from tidings.simulators.base import Simulator
from tidings.workspaces.accounts import settle
from tidings.workspaces.models import Member

DAY = timedelta(days=1)


def newcomer() -> Member:
    """The one person of the demo, who owns its workspace."""
    password = secrets.token_urlsafe(24)  # nobody types it: the first page signs in
    user, workspace = settle("newcomer@demo.localhost", password, "Newcomer", "Demo", _zone())
    return Member.objects.get(user=user, workspace=workspace)


def _zone() -> str:
    """This machine's time zone, so that the calendar tells the time of the clock on the wall."""
    parts = Path("/etc/localtime").resolve().parts
    found = ("/".join(parts[-n:]) for n in (3, 2, 1))
    return next((name for name in found if name in zones.known()), "UTC").replace("Etc/UTC", "UTC")


def furnish(member: Member, town: Mapping[str, Simulator], small: bool = False) -> None:
    """Make ourselves known to every network, connect the channels a demo begins with, then write the posts."""
    for one in town.values():
        allow.introduce(member, one)
    if not small:
        showcase.show(member, town)
        return
    channels = [channel for one in town.values() if one.in_demo for channel in allow.connected(member, one)]
    _write(member, channels)


def _write(member: Member, channels: list[Channel]) -> None:
    now, zone = clock.now(), zones.zone(member.workspace.zone)
    tomorrow = now.astimezone(zone).date() + DAY
    morning, after = (zones.instant(datetime.combine(day, time(9)), zone) for day in (tomorrow, tomorrow + DAY))
    everywhere = tuple(channel.id for channel in channels)

    def draft(*texts: str, wish_at: datetime | None = None) -> Draft:
        return Draft(everywhere, tuple(ItemDraft(text) for text in texts), wish_at)

    publish_now(member, compose(member, draft(
        "Hello! This is out already. The networks of this demo live inside the program: nothing leaves your machine."
    )))
    schedule(member, compose(member, draft(
        "This one was due two minutes after the demo began. Watch it go out."
    )), now + timedelta(minutes=2))
    schedule(member, compose(member, draft(
        "A thread, for tomorrow at nine.", "Its parts go out in order, each as a reply to the one before.",
    )), morning)
    compose(member, draft(
        "A draft. Change it, say it differently for one channel, then schedule it.",
        wish_at=after,
    ))
