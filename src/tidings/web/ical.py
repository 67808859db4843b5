"""A workspace's posts as a calendar program reads them (RFC 5545). All times are UTC, so no program needs our zones."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from tidings.deliveries.calendar import Entry
from tidings.settings import settings
from tidings.workspaces.models import Workspace

LASTS = timedelta(minutes=15)  # a post takes no time; programs draw what does
AGAIN = timedelta(hours=1)  # how often programs are asked to look
STANDS = {"published": "CONFIRMED", "scheduled": "CONFIRMED", "publishing": "CONFIRMED", "cancelled": "CANCELLED"}


def written(workspace: Workspace, entries: Iterable[Entry]) -> bytes:
    """The whole file."""
    made = Calendar()
    made.add("prodid", "-//Tidings//Calendar//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{workspace.name} – {settings().name}")
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", AGAIN)
    for entry in entries:
        made.add_component(_post(workspace, entry))
    return bytes(made.to_ical())


def _post(workspace: Workspace, entry: Entry) -> Event:
    url = f"{settings().url}/w/{workspace.slug}/posts/{entry.post}"
    channels = ", ".join(f"{channel.handle} ({channel.label})" for channel in entry.channels)
    made = Event()
    made.add("uid", f"{entry.post}@{settings().hostname}")
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    made.add("sequence", entry.revision)
    made.add("dtstart", entry.at)
    made.add("duration", LASTS)
    made.add("summary", f"{entry.label}: {entry.words}")
    made.add("description", "\n".join((entry.words, entry.label, channels or _("No channel yet"), url)))
    made.add("url", url)
    made.add("status", STANDS.get(entry.face, "TENTATIVE"))
    made.add("transp", "TRANSPARENT")  # nobody is busy because a post goes out
    if entry.tags:
        made.add("categories", [name for name, _colour in entry.tags])
    return made
