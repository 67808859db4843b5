"""Whether others' words are read for a channel: a member may object, and have what was read forgotten."""

from django.db import transaction

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.inbox.models import Conversation, Listener
from tidings.inbox.retain import forget
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require


@transaction.atomic
def hear(member: Member, channel: Channel, yes: bool) -> None:
    """Read what others write to it from now on, or no more."""
    require(member, "connect")
    wish = {"wanted": yes, "trouble": "", "again_at": clock.now()}
    Listener.objects.update_or_create(channel=channel, defaults={**wish, "workspace_id": channel.workspace_id})
    record(member, member.workspace_id, "heard", "channel", channel.pk, heard=yes)


@transaction.atomic
def forget_inbox(member: Member, channel: Channel) -> int:
    """Drop every conversation of this channel; how many there were."""
    require(member, "connect")
    gone = forget(Conversation.objects.filter(channel=channel))
    record(member, member.workspace_id, "forgot_inbox", "channel", channel.pk)
    return gone
