"""How reading a channel's numbers goes, as its page says it, and what its network counts of the profile."""

from collections.abc import Sequence
from dataclasses import dataclass

from tidings.analytics.budget import POSTS
from tidings.analytics.models import Meter
from tidings.analytics.of_profile import Own, own_numbers
from tidings.analytics.switch import countable
from tidings.analytics.words import LABELS, told
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.speech import translated
from tidings.web.times import spelled_day, when
from tidings.workspaces.models import User


@dataclass(frozen=True)
class Line:
    """One number of the profile. `at`: when it was read, or of which day it is; `sum`: of four weeks."""

    label: str
    theirs: str
    means: str
    value: str
    at: str
    sum: str


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
        "profile": profile(channel, user),
    }  # fmt: skip


def profile(channel: Channel, user: User) -> Sequence[Line]:
    """What the network counts of the profile, as last read."""
    return [_line(one, user) for one in own_numbers(channel, clock.now())]


def _line(one: Own, user: User) -> Line:
    metric = one.metric
    label = str(LABELS[metric.ours]) if metric.ours else translated(metric.label)
    day = metric.per == "day"  # as the network's own days go, in nobody's time zone
    at = spelled_day(one.at.date(), "short") if day else when(user, one.at).text
    summed = "" if one.sum is None else told(one.sum)
    return Line(label, metric.theirs, translated(metric.means), told(one.now), at, summed)
