"""Mail what people were told: all that is due for one person in one mail, each thing once, whichever node does it.

A round takes its rows away before it sends, so two nodes never send the same; a mail that does not go is due again
later. What ends a mail for good leads to nothing but that (RFC 8058).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.notifications.kinds import KINDS, kinds_of
from tidings.notifications.models import Notification
from tidings.notifications.read import no_mail
from tidings.notifications.tell import GATHER
from tidings.settings import settings
from tidings.workspaces.mail import deliver
from tidings.workspaces.models import Member, User

AGAIN = timedelta(minutes=10)  # after a mail that did not go
SALT = "tidings.notifications.off"
PEOPLE, LINES = 200, 50  # a round; a mail


@dataclass(frozen=True)
class Said:
    """One notification in words. `url`: where the next step is; `step`: what that is."""

    row: Notification
    text: str
    more: str
    url: str
    step: str


Words = Callable[[User, Sequence[Notification]], list[Said]]


def send_due(now: datetime, words: Words) -> int:
    """Mail everybody for whom something is due; how many mails went. One that does not go ends the round."""
    sent = 0
    for id in _due(now).order_by().values_list("user", flat=True).distinct()[:PEOPLE]:
        rows = _take(id, now)
        if not rows:
            continue
        if not _send(rows[0].user, rows, words):
            Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail_at=now + AGAIN)
            break
        sent += 1
    return sent


def _due(now: datetime) -> QuerySet[Notification]:
    return Notification.objects.filter(mail_at__isnull=False, mail_at__lte=now)


@transaction.atomic
def _take(user: UUID, now: datetime) -> list[Notification]:
    """All that is to be mailed to this person about now; no other node gets any of it."""
    near = Notification.objects.filter(user=user, mail_at__isnull=False, mail_at__lte=now + GATHER)
    rows = list(near.select_for_update(of=("self",)).select_related("user", "workspace").order_by("at")[:LINES])
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail_at=None)
    return rows


def _send(user: User, rows: Sequence[Notification], words: Words) -> bool:
    """True too when the person takes none any more: that is no reason to try again."""
    if not user.mailed or user.frozen_at or not user.is_active:
        return True
    own = {None, *Member.objects.filter(user=user).values_list("workspace", flat=True)}
    known = kinds_of(user.is_operator)
    with translation.override(user.language):
        said = words(user, [row for row in rows if row.kind in known and row.workspace_id in own])
        return not said or deliver(_subject(said), _text(user, said), user.email, headers(user, _kinds(said)))


def _subject(said: Sequence[Said]) -> str:
    if len(said) == 1:
        return said[0].text
    text = ngettext("%(n)d thing that needs you at %(name)s", "%(n)d things that need you at %(name)s", len(said))
    return text % {"n": len(said), "name": settings().name}


def _text(user: User, said: Sequence[Said]) -> str:
    each = ["\n".join(filter(None, (one.text, one.more, f"{one.step}: {settings().url}{one.url}"))) for one in said]
    return "\n\n".join([*each, foot(user, _kinds(said))])


def _kinds(said: Sequence[Said]) -> set[str]:
    return {one.row.kind for one in said}


def foot(user: User, kinds: set[str]) -> str:
    """What stands below a mail: where one says how to be told, and how to have no more of these."""
    wishes = _("How you are told of such things: %(url)s") % {"url": settings().url + reverse("notification_settings")}
    off = _("No more mails like this: %(url)s") % {"url": off_url(user, kinds)}
    return f"-- \n{wishes}\n{off}\n"


def headers(user: User, kinds: set[str]) -> dict[str, str]:
    """By which a mail program ends mails of these kinds itself."""
    return {"List-Unsubscribe": f"<{off_url(user, kinds)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def off_url(user: User, kinds: set[str]) -> str:
    """An address that ends mails of these kinds for this person, and does nothing else; only we can make it."""
    token = signing.dumps([str(user.pk), sorted(kinds)], salt=SALT)
    return settings().url + reverse("notifications_off", kwargs={"token": token})


def off(token: str) -> list[str] | None:
    """The kinds whose mails this token ends; None: we did not make it, or the person is gone."""
    found = _opened(token)
    return found[1] if found else None


def end_mails(token: str) -> bool:
    """No more mails of the token's kinds."""
    found = _opened(token)
    if found:
        no_mail(*found)
    return found is not None


def _opened(token: str) -> tuple[User, list[str]] | None:
    try:
        id, kinds = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=id).first()
    return (user, [kind for kind in kinds if kind in KINDS]) if user else None
