"""What a newcomer finds in the demo: a login, channels connected as a person would, and a few posts."""

import secrets
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.urls import resolve

from tidings import networks, outside
from tidings.channels import carry, connect, credentials
from tidings.channels.models import Channel
from tidings.core import clock, http, zones
from tidings.deliveries.schedule import publish_now, schedule
from tidings.networks.errors import Rejected
from tidings.posts.compose import compose
from tidings.posts.draft import Draft, ItemDraft
from tidings.simulators.base import Simulator
from tidings.web.connect_forms import Example, examples
from tidings.workspaces.accounts import settle
from tidings.workspaces.models import Member

DAY = timedelta(days=1)
FORM = "application/x-www-form-urlencoded"


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


def furnish(member: Member, town: Mapping[str, Simulator]) -> None:
    """Make ourselves known to every network, connect the channels a demo begins with, then write the first posts."""
    for one in town.values():
        _introduce(member, one)
    channels = [channel for one in town.values() if one.in_demo for channel in _connect(member, one)]
    _write(member, channels)


def _introduce(member: Member, one: Simulator) -> None:
    """Enter the app credentials its simulator knows, and fill in what it takes, so that anybody can connect it."""
    network, app = networks.get(one.name), one.access().app
    if credentials.needs_app(network) and app:
        credentials.enter(member, network, app, everywhere=True)
    examples[one.name] = Example(one.typed(), one.carried_to and one.url + one.carried_to)


def _connect(member: Member, one: Simulator) -> list[Channel]:
    """Through the very flow a person goes through; only the click on "Allow" is ours."""
    page, state = connect.begin(member, one.name, 0, one.typed())
    back = urlsplit(_allowed(page))
    query, named = dict(parse_qsl(back.query)), resolve(back.path).kwargs
    found = connect.finish(member, carry.opened(member.user, state), query, **named)
    return connect.keep(member, found, [profile.id for profile in found.profiles])


def _allowed(page: str) -> str:
    """Where the consent page sends a person who allows us in."""
    request = http.Request("POST", page, "connect", {"Content-Type": FORM}, b"answer=allow&account=demo")
    answer = outside.door()(request)
    if answer.status != 303:
        raise Rejected(f"The simulator's consent page answered {answer.status}.")
    return answer.headers["location"]


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
