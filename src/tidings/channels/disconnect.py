"""Disconnect a channel: its secrets are gone at once, here first and then at the network."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tidings.channels import forget, revoke
from tidings.channels.credentials import sweep
from tidings.channels.models import Channel, Revocation
from tidings.core.secrets import CannotOpen
from tidings.database.scour import scour
from tidings.networks.base import Access
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

DISCONNECTED = gettext_noop("Disconnected.")


def disconnect(member: Member, channel: Channel, wholly: bool = False) -> str:
    """Forget a channel's secrets at once, then tell the network. The text says what the person must still do.

    The row stays while deliveries refer to it, so that the posts and receipts do; `wholly`: they go with it.
    """
    require(member, "connect")
    access, shared = _access(channel), revoke.others(channel).exists()
    row = _forget(member, channel, wholly, told=access is not None and not shared)
    if shared and access:
        text = _("Other channels of the same sign-in stay connected, so %(network)s was not told to end its access.")
        return text % {"network": channel.label}
    if row is None or access is None or revoke.begin(row, channel.speaks, access):
        return ""
    if not channel.speaks.has("revoke"):
        text = _("%(network)s offers no way to end access from here. End it in its own settings.")
        return text % {"network": channel.label}
    return _("%(network)s has not confirmed that it ended its access; below you see how that goes on.") % {
        "network": channel.label
    }


def _access(channel: Channel) -> Access | None:
    try:
        return channel.access() if channel.sealed else None
    except CannotOpen:
        return None


@transaction.atomic
def _forget(member: Member, channel: Channel, wholly: bool, told: bool) -> Revocation | None:
    """The secrets go, and what is left to do at the network is written down, both or neither."""
    mine = Channel.objects.filter(pk=channel.pk)
    forget.secrets(mine, DISCONNECTED)
    mine.update(app=None)
    if wholly or not channel.deliveries.exists():
        mine.delete()
    sweep()
    transaction.on_commit(lambda: bool(scour()))
    row = Revocation(workspace=channel.workspace, network=channel.network, handle=channel.handle) if told else None
    if row:
        row.save()
    verb = "deleted" if wholly else "disconnected"
    record(member, member.workspace_id, verb, "channel", channel.pk, network=channel.network)
    return row
