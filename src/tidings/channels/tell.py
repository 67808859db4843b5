"""Tell owners by mail that a person ended our access at a network. Nobody's name stands in such a mail."""

from collections.abc import Iterable
from itertools import groupby

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.channels.models import Channel
from tidings.settings import settings
from tidings.workspaces.mail import deliver
from tidings.workspaces.models import Member


def ended(channels: Iterable[Channel]) -> int:
    """One mail for each workspace and owner who takes mails; how many went."""
    rows = sorted(channels, key=lambda channel: str(channel.workspace_id))
    each = [list(own) for _id, own in groupby(rows, lambda channel: channel.workspace_id)]
    return sum(_tell(member, own) for own in each for member in _owners(own))


def _owners(channels: list[Channel]) -> Iterable[Member]:
    owners = Member.objects.filter(workspace=channels[0].workspace_id, role="owner")
    return owners.filter(user__is_active=True, user__mailed=True).select_related("user", "workspace")


def _tell(member: Member, channels: list[Channel]) -> bool:
    with translation.override(member.user.language):
        many = len(channels)
        labels = ", ".join(sorted({channel.label for channel in channels}))
        text = ngettext(
            "Somebody ended the access that was granted at %(network)s. %(n)d channel of %(name)s stands still.",
            "Somebody ended the access that was granted at %(network)s. %(n)d channels of %(name)s stand still.",
            many,
        ) % {"network": labels, "n": many, "name": member.workspace.name}
        place = settings().url + reverse("channels", kwargs={"slug": member.workspace.slug})
        again = _("Its secrets are deleted here. If it was not meant so, connect again:")
        return deliver(_("Access at %(network)s has ended") % {"network": labels}, f"{text}\n\n{again}\n{place}\n",
                       member.user.email)
