"""How a channel is, in words: what the list, its own page and the side bar say of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.health import Health, Out
from tidings.deliveries.readback import readable
from tidings.speech import translated
from tidings.web.times import When, when
from tidings.workspaces.models import User

WORDS = {  # condition -> (what people read, which of the states its mark looks like)
    "live": (gettext_lazy("Live"), "published"),
    "ending": (gettext_lazy("Access ends soon"), "held"),
    "ended": (gettext_lazy("Access has ended"), "failed"),
    "paused": (gettext_lazy("Paused"), "draft"),
    "stopped": (gettext_lazy("Needs reconnecting"), "failed"),
    "disconnected": (gettext_lazy("Disconnected"), "cancelled"),
}
AGAIN = ("ending", "ended", "stopped", "disconnected")  # what connecting again mends


@dataclass(frozen=True)
class Line:
    """A delivery that is named: where it is shown here, when, and where it is at the network."""

    post: str
    when: When
    url: str
    reason: str


@dataclass(frozen=True)
class Shown:
    """One channel as pages show it."""

    channel: Channel
    name: str
    condition: str
    word: str
    mark: str
    reason: str
    life: str
    queued: int
    outlived: int
    used: int
    cap: int | None
    last: Line | None
    next: Line | None
    wrong: Line | None
    again: bool
    readable: bool


def shown(health: Health, user: User) -> Shown:
    """The channel for a page, in the reader's language and zone."""
    channel, (word, mark) = health.channel, WORDS[health.condition]
    return Shown(
        channel=channel, name=channel.name or channel.handle or _("A profile that is known no more"),
        condition=health.condition, word=str(word), mark=mark, reason=translated(channel.paused),
        life=life(health, user), queued=health.queued, outlived=health.outlived, used=health.used, cap=health.cap,
        last=_line(health.last, user), next=_line(health.next, user), wrong=_line(health.wrong, user),
        again=health.condition in AGAIN, readable=readable(channel.speaks),
    )  # fmt: skip


def life(health: Health, user: User) -> str:
    """How long the access lives; empty: there is none."""
    if not health.channel.sealed:
        return ""
    if health.renews:
        return _("renews itself")
    if health.ends is None:
        return _("has no end")
    days = (health.ends - clock.now()).days
    if health.ends <= clock.now():
        return _("ended on %(when)s") % {"when": when(user, health.ends).text}
    if days < 1:
        return _("ends %(when)s") % {"when": when(user, health.ends).text}
    return ngettext("ends in %(n)d day", "ends in %(n)d days", days) % {"n": days}


def _line(out: Out | None, user: User) -> Line | None:
    return Line(str(out.post), when(user, out.at), out.url, translated(out.reason)) if out else None
