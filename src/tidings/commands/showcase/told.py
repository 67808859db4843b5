"""What the newcomer was told before they came: something of every kind, the latest of it still new."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from tidings.channels.models import Channel, ConnectLink
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.notifications.models import Notification
from tidings.workspaces.members import hashed
from tidings.workspaces.models import Member

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHO = "Mara, the tea room"  # connected a channel by a link
STATES = ("unsure", "failed", "held")
NEW = 3 * DAY  # what is older was seen


def notify(member: Member) -> None:
    """As rows, for it all happened before this moment; and nothing of it is mailed."""
    now = clock.now()
    things = [*_deliveries(member, now), *_channels(member, now), *_elsewhere(member, now)]
    Notification.objects.bulk_create(
        Notification(
            workspace_id=workspace, user=member.user, kind=kind, thing=thing, thing_id=id, mark=f"demo:{kind}:{id}",
            at=at, seen_at=at + HOUR if at < now - NEW else None,
        )
        for kind, thing, id, workspace, at in things
    )  # fmt: skip


Told = tuple[str, str, UUID | None, UUID | None, datetime]


def _deliveries(member: Member, now: datetime) -> list[Told]:
    """What waits for a person, as the calendar shows it; a post that was late; one that could not be repeated."""
    rows = Delivery.objects.filter(workspace=member.workspace).order_by("-due_at")
    wrong = {(row.state, row.post_id): row for row in rows.filter(state__in=STATES)}.values()
    found: list[Told] = [
        (row.state, "post", row.post_id, row.workspace_id, row.due_at)
        if row.state == "held" else (row.state, "delivery", row.pk, row.workspace_id, row.due_at)
        for row in wrong
    ]  # fmt: skip
    for kind, row, age in zip(("overdue", "repeat"), rows.filter(state="delivered"), (DAY, 12 * DAY), strict=False):
        found.append((kind, "post", row.post_id, row.workspace_id, now - age))
    return found


def _channels(member: Member, now: datetime) -> list[Told]:
    """A channel that lost its access, one whose access ends, and one that somebody connected by a link."""
    channels = Channel.objects.filter(workspace=member.workspace).order_by("pk")
    lost, live = channels.exclude(paused="").first(), channels.filter(paused="").first()
    link = ConnectLink.objects.create(
        workspace=member.workspace, by=member.user, name=WHO, token_hash=hashed(secrets.token_urlsafe(32)),
        created_at=now - 6 * DAY, ends_at=now + DAY, used_at=now - 5 * DAY,
    )  # fmt: skip
    place = member.workspace_id
    told: list[Told] = [("connected", "connect_link", link.pk, place, now - 5 * DAY)]
    if lost and live:
        told.append(("paused", "channel", lost.pk, place, now - 2 * HOUR))
        told.append(("ending", "channel", live.pk, place, now - DAY))
    return told


def _elsewhere(member: Member, now: datetime) -> list[Told]:
    """Of no workspace: the person's archive, and what they hear as who runs the instance."""
    return [
        ("export", "export", None, None, now - 20 * DAY),
        ("backup", "failed", None, None, now - 8 * DAY),
        ("doctor", "certificate", None, None, now - 30 * DAY),
    ]
