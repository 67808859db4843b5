"""Resume a channel that a member paused: its lane is woken, and the workspace's wish for what is late decides."""

from django.db import transaction

from tidings.channels import pause
from tidings.channels.models import Channel
from tidings.deliveries.wake import wake
from tidings.workspaces.models import Member


@transaction.atomic
def resume(member: Member, channel: Channel) -> None:
    """Go on; raises NotSo when something else is in the way."""
    wake([channel])
    pause.resume(member, channel)
