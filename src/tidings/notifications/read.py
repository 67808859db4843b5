"""What a person was told: the list, how much of it is new, and how they wish to be told from now on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tidings.core import clock
from tidings.notifications.kinds import kinds_of
from tidings.notifications.models import Notification, Preference
from tidings.notifications.tell import Wish
from tidings.workspaces.models import User

KEPT = timedelta(days=90)
COUNTED = 99  # more than these are not counted
MAILS = tuple(name for name, _label in Preference.MAILS)


def told(user: User) -> QuerySet[Notification]:
    """What stands in the person's list: of workspaces they still belong to, and of the instance while they run it; the
    newest first."""
    hidden = Preference.objects.filter(user=user, page=False).values("kind")
    mine = Notification.objects.filter(user=user, kind__in=kinds_of(user.is_operator)).exclude(kind__in=hidden)
    return mine.filter(workspace=None) | mine.filter(workspace__members__user=user)


def unread(user: User) -> int:
    """How many are new."""
    return len(told(user).filter(seen_at=None).order_by().values_list("pk")[: COUNTED + 1])


def mark_read(user: User, ids: Iterable[UUID] | None = None) -> int:
    """These, or all, are known now; how many were new."""
    new = Notification.objects.filter(user=user, seen_at=None)
    return (new if ids is None else new.filter(pk__in=list(ids))).update(seen_at=clock.now())


def wishes_of(user: User) -> dict[str, Wish]:
    """Of every kind, how the person wishes to be told."""
    said = {row.kind: Wish(row.page, row.mail) for row in Preference.objects.filter(user=user)}
    return {name: said.get(name, Wish(page=True, mail=kind.mail)) for name, kind in kinds_of(user.is_operator).items()}


@transaction.atomic
def wish(user: User, wishes: Mapping[str, Wish]) -> None:
    """From now on like this; what would have been mailed of a kind that is off is not. Raises ValueError."""
    for kind, said in wishes.items():
        if kind not in kinds_of(user.is_operator) or said.mail not in MAILS:
            raise ValueError(kind)
        Preference.objects.update_or_create(user=user, kind=kind, defaults={"page": said.page, "mail": said.mail})
        if said.mail == "off":
            Notification.objects.filter(user=user, kind=kind, mail_at__isnull=False).update(mail_at=None)


def no_mail(user: User, kinds: Iterable[str]) -> None:
    """No more mail of these kinds; the page goes on as before."""
    known = wishes_of(user)
    wish(user, {kind: Wish(known[kind].page, "off") for kind in kinds if kind in known})


def outdated(now: datetime) -> QuerySet[Notification]:
    """What is kept no longer."""
    return Notification.objects.filter(at__lt=now - KEPT)
