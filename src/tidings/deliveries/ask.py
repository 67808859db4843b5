"""Tell people by mail what was held back, where their workspace wants to be asked: seldom, and all of it at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.deliveries.models import Delivery
from tidings.notifications import mail
from tidings.notifications.models import Preference
from tidings.settings import settings
from tidings.workspaces.mail import deliver
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import VERBS

GATHER = timedelta(seconds=30)  # what is held back one after the other is told together
PAUSE = timedelta(minutes=15)  # between two mails to one person
HELD = {"held"}  # the kind of these mails


def tell_due(now: datetime) -> int:
    """Mail everybody who may publish what was held back since they were last told; how many mails went.

    The first mail that does not go ends the round: a machine that has just woken up may have no network yet.
    """
    until = now - GATHER
    held = Delivery.objects.filter(state="held", workspace__late_policy="ask", again_at__lte=until)
    if not held.exists():
        return 0
    User.objects.filter(told_until__gt=now).update(told_until=until - PAUSE)  # the clock was set back
    told = 0
    for user, members in groupby(_asked(held, until), lambda member: member.user):
        if not _tell(user, list(members), held, until):
            break
        told += 1
    return told


def _asked(held: QuerySet[Delivery], until: datetime) -> Iterable[Member]:
    """Who has something new to decide, person by person, and has had no mail lately."""
    new = held.filter(
        workspace=OuterRef("workspace"), again_at__gt=OuterRef("user__told_until"), again_at__gte=OuterRef("joined_at")
    )
    reached = {"user__is_active": True, "user__mailed": True, "user__frozen_at": None}
    otherwise = Preference.objects.filter(kind="held").exclude(mail="at_once").values("user")
    publish = Member.objects.filter(Exists(new), role__in=VERBS["publish"], **reached).exclude(user__in=otherwise)
    rested = publish.filter(user__told_until__lte=until - PAUSE)
    return rested.select_related("user", "workspace").order_by("user", "workspace__name")


def _tell(user: User, members: list[Member], held: QuerySet[Delivery], until: datetime) -> bool:
    """One mail; False when it did not go, and the next round tries again. Another node may be telling them already."""
    before = user.told_until
    if not User.objects.filter(id=user.id, told_until=before).update(told_until=until):
        return True
    with translation.override(user.language):
        text = f"{_text(members, held)}\n{mail.foot(user, HELD)}"
        sent = deliver(_("Held back: too late to go out by itself"), text, user.email, mail.headers(user, HELD))
    if not sent:
        User.objects.filter(id=user.id, told_until=until).update(told_until=before)
    return sent


def _text(members: list[Member], held: QuerySet[Delivery]) -> str:
    lines = [_("These posts were not published: their time had passed by more than their workspace allows.")]
    for member in members:
        posts = held.filter(workspace=member.workspace).values("post").distinct().count()
        waits = ngettext("%(name)s: %(n)d post waits for you.", "%(name)s: %(n)d posts wait for you.", posts)
        place = settings().url + reverse("attention", kwargs={"slug": member.workspace.slug})
        lines.append(waits % {"name": member.workspace.name, "n": posts} + "\n" + place)
    lines.append(_("There you can publish them now, choose a new time, or leave them out."))
    return "\n\n".join(lines) + "\n"
