"""Delete a channel with its history: its deliveries and receipts go; posts keep a note that something was out."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tidings.channels.disconnect import DISCONNECTED, disconnect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import OnItsWay
from tidings.posts.models import Post
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require


def leave(member: Member, channel: Channel) -> str:
    """Delete it, and end its access; the text says what the person must still do. Raises OnItsWay while it is used."""
    require(member, "connect")
    _still(channel)
    return disconnect(member, channel, wholly=True)


@transaction.atomic
def _still(channel: Channel) -> None:
    """No worker takes anything of it from here on, and nothing of it is with one now."""
    rows = list(channel.deliveries.select_for_update().select_related("post"))
    if any(row.state == "sending" for row in rows):
        raise OnItsWay
    Channel.objects.filter(pk=channel.pk).update(paused=DISCONNECTED, paused_at=clock.now())
    for post in _posts_out(rows):
        line = _("Published on %(network)s; that channel was deleted on %(day)s with its history.") % {
            "network": channel.label, "day": f"{clock.now():%Y-%m-%d}",
        }  # fmt: skip
        Post.objects.filter(pk=post.pk).update(note="\n".join(filter(None, (post.note, line))))


def _posts_out(rows: Iterable[Delivery]) -> list[Post]:
    """The posts of which something went out there, each once."""
    return list({row.post_id: row.post for row in rows if row.state == "delivered"}.values())
