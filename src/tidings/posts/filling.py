"""What the places of a template that fill themselves say: when a post is meant for, by a person's clocks."""

from datetime import datetime

from django.utils.dateformat import format as spelled
from django.utils.formats import date_format

from tidings.core import clock, zones
from tidings.workspaces.models import Member


def themselves(member: Member, at: datetime | None) -> dict[str, str]:
    """By their names; without a time it is now."""
    local = (at or clock.now()).astimezone(zones.zone(member.user.zone))
    return {
        "date": date_format(local, "DATE_FORMAT"), "weekday": spelled(local, "l"),
        "time": spelled(local, "H:i" if member.user.clock24 else "g:i A"), "workspace": member.workspace.name,
    }  # fmt: skip
