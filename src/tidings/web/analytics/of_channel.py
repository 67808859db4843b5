"""How reading a channel's numbers goes, as its page says it."""

from tidings.analytics.budget import POSTS
from tidings.analytics.models import Meter
from tidings.analytics.switch import countable
from tidings.channels.models import Channel
from tidings.speech import translated
from tidings.web.times import when
from tidings.workspaces.models import User


def numbers(channel: Channel, user: User) -> dict[str, object]:
    """What a channel's page says of its numbers."""
    speaks, meter = channel.speaks, Meter.objects.filter(channel=channel).first()
    counting = speaks.counting
    return {
        "countable": countable(speaks), "wanted": meter.wanted if meter else not counting.price,
        "read": when(user, meter.read_at) if meter and meter.read_at else None,
        "trouble": translated(meter.trouble) if meter else "", "price": translated(counting.price),
        "budget": POSTS if meter is None or meter.budget is None else meter.budget,
        "spent": meter.spent if meter else 0, "without": translated(speaks.uncounted),
    }  # fmt: skip
