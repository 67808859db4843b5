"""Disconnect a channel: its secrets are gone at once, here first and then at the network."""

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from tidings import outside
from tidings.channels.credentials import sweep
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.networks.base import Access, Network
from tidings.networks.errors import Reaction
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

DISCONNECTED = "Disconnected."

log = structlog.get_logger()


def disconnect(member: Member, channel: Channel) -> str:
    """Forget a channel's secrets at once, then tell the network. The text says what the person must still do.

    The row stays while deliveries refer to it, so that the posts and receipts do.
    """
    require(member, "connect")
    try:
        access: Access | None = channel.access() if channel.sealed else None
    except CannotOpen:
        access = None
    shared = channel.siblings().exclude(pk=channel.pk).exists()
    _forget(channel)
    if shared:
        text = _("Other profiles of the same sign-in stay connected, so %(network)s was not told to end its access.")
        return text % {"network": channel.label}
    return _revoke(channel.speaks, access) if access else ""


@transaction.atomic
def _forget(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(
        sealed="",
        token_ends_at=None,
        refresh_again_at=None,
        refresh_lease=None,
        app=None,
        paused=DISCONNECTED,
        paused_at=clock.now(),
    )
    if not channel.deliveries.exists():
        channel.delete()
    sweep()


def _revoke(speaks: type[Network], access: Access) -> str:
    if not speaks.has("revoke"):
        return _("%(network)s offers no way to end access from here. End it in its own settings.") % {
            "network": speaks.label
        }
    for _try in range(2):
        try:
            speaks(access, outside.door(), "revoke").revoke()
            return ""
        except Reaction as reaction:
            log.warning("access was not revoked at the network", network=speaks.name, reason=reaction.reason)
    return _("%(network)s could not be told. End the access in its own settings too.") % {"network": speaks.label}
