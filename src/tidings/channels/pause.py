"""Let a channel rest: nothing is sent there until a member resumes it, or connects it again."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.notifications.tell import Occasion, tell
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

BY_MEMBER = gettext_noop("Paused by a member.")


class NotSo(Exception):
    """The channel is not as the wish supposes; the sentence says how it is."""


@transaction.atomic
def pause(member: Member, channel: Channel) -> None:
    """Nothing is sent from now on; its posts wait. Raises NotSo when it stands still already."""
    require(member, "connect")
    live = Channel.objects.filter(pk=channel.pk, paused="")
    if not live.update(paused=BY_MEMBER, paused_at=clock.now()):
        raise NotSo(_("%(channel)s stands still already.") % {"channel": channel.handle})
    record(member, member.workspace_id, "paused", "channel", channel.pk, network=channel.network)


@transaction.atomic
def resume(member: Member, channel: Channel) -> None:
    """Go on with what a member paused; raises NotSo when that is not so. deliveries.resume wakes it too."""
    require(member, "connect")
    resting = Channel.objects.filter(pk=channel.pk, paused=BY_MEMBER)
    if not resting.update(paused="", paused_at=None):
        text = _("No member paused %(channel)s. Connect it again if it stands still.")
        raise NotSo(text % {"channel": channel.handle})
    record(member, member.workspace_id, "resumed", "channel", channel.pk, network=channel.network)


def stopped(workspace: UUID, channel: UUID) -> None:
    """Tell who may connect it again that a channel lost its access; in the transaction in which it was paused."""
    tell(workspace, "paused", [Occasion("channel", channel, f"{channel}:{clock.now():%Y%m%dT%H%M%S}")])
