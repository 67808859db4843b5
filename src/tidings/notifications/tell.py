"""Tell people of one thing: a row for each who is asked and wishes it, in the transaction of what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from tidings.core import clock, zones
from tidings.notifications.kinds import KINDS, Kind
from tidings.notifications.models import Notification, Preference
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import VERBS

GATHER = timedelta(minutes=2)  # what happens one after the other stands in one mail
DIGEST = time(8)  # as the person's clocks show it
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """How somebody is told of a kind."""

    page: bool
    mail: str


@dataclass(frozen=True)
class Occasion:
    """What it is about, and the mark by which nobody is told of it twice."""

    thing: str
    id: UUID | None
    mark: str


def tell(workspace: UUID, kind: str, occasions: Sequence[Occasion], to: UUID | None = None) -> int:
    """Tell whoever may act of these, or only the user `to`; how many rows were to be written. Two reads, one write."""
    known = KINDS[kind]
    members = Member.objects.filter(workspace=workspace, role__in=VERBS[known.verb], user__is_active=True)
    reached = members.filter(user__frozen_at=None).select_related("user")
    users = [member.user for member in (reached.filter(user=to) if to else reached)]
    return _write(known, users, occasions, workspace)


def tell_operators(kind: str, occasions: Sequence[Occasion]) -> int:
    """Tell whoever runs the instance."""
    users = User.objects.filter(is_operator=True, is_active=True, frozen_at=None)
    return _write(KINDS[kind], list(users), occasions, None) if occasions else 0


def tell_user(user: User, kind: str, occasion: Occasion) -> int:
    """Tell one person of something of their own, which is no workspace's."""
    return _write(KINDS[kind], [user], [occasion], None)


def _write(kind: Kind, users: Sequence[User], occasions: Sequence[Occasion], workspace: UUID | None) -> int:
    wished, now = wishes(users, kind), clock.now()
    rows = [
        Notification(
            workspace_id=workspace, user=user, kind=kind.name, thing=one.thing, thing_id=one.id, mark=one.mark[:80],
            at=now, mail_at=mail_at(user, kind, wished[user.pk].mail, now),
        )
        for user in users if wished[user.pk].page or wished[user.pk].mail != "off" for one in occasions
    ]  # fmt: skip
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def wishes(users: Iterable[User], kind: Kind) -> dict[UUID, Wish]:
    """How each of them wishes to be told."""
    found = Preference.objects.filter(user__in=list(users), kind=kind.name)
    said = {row.user_id: Wish(row.page, row.mail) for row in found}
    return {user.pk: said.get(user.pk, Wish(page=True, mail=kind.mail)) for user in users}


def mail_at(user: User, kind: Kind, mail: str, now: datetime) -> datetime | None:
    """When to mail it; None: never."""
    if not user.mailed or mail == "off" or (kind.told_apart and mail == "at_once"):
        return None
    return now + GATHER if mail == "at_once" else next_digest(user, now)


def next_digest(user: User, now: datetime) -> datetime:
    """The next time that it is eight where the person is."""
    zone = zones.zone(user.zone)
    today = now.astimezone(zone).date()
    at = zones.instant(datetime.combine(today, DIGEST), zone)
    return at if at > now else zones.instant(datetime.combine(today + DAY, DIGEST), zone)
