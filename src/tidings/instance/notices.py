"""Notifications in words that only who looks at the instance knows, and the mails that say them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from tidings.deliveries import notices
from tidings.instance.look import last
from tidings.notifications import mail
from tidings.notifications.mail import Said
from tidings.notifications.models import Notification
from tidings.speech import translated
from tidings.workspaces.models import User


def send_notices(now: datetime) -> int:
    """Mail what is due; a chore."""
    return mail.send_due(now, said)


def said(user: User, rows: Sequence[Notification]) -> list[Said]:
    """Each in words; what must be mended in those of the last look: it may be well by now."""
    looked = last()
    now = {one.name: one.sentence for one in looked.findings} if looked else {}
    return [_mended(one, now) if one.row.kind == "doctor" else one for one in notices.said(user, rows)]


def _mended(one: Said, now: dict[str, str]) -> Said:
    return replace(one, more=translated(now.get(one.row.thing, "")) or _("It is well again."))
