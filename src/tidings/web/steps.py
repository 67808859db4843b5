"""What a person can do about one delivery just now: the same on its post's page and on the list of what waits."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tidings.core import clock
from tidings.deliveries.candidates import first_sent
from tidings.deliveries.models import Delivery
from tidings.deliveries.record import superseded
from tidings.deliveries.schedule import MOVABLE
from tidings.web.times import When, when
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

ENDED = ("failed", "held", "cancelled")  # a part of a thread is not sent after one of these


@dataclass(frozen=True)
class Question:
    """Did it appear? And what helps to answer."""

    sent: When
    lists: bool  # the network can be asked for the profile's posts
    paid: bool  # and wants money for the answer


@dataclass(frozen=True)
class Steps:
    """The buttons. `send`: what the one that sends it is called; empty: there is none."""

    send: str
    cancel: bool
    move: bool
    edit: bool
    know: bool
    question: Question | None


def steps(delivery: Delivery, member: Member) -> Steps:
    """What is open to this person; what a verb would refuse is not offered."""
    publish = may(member, "publish")
    answer = delivery.answers is not None  # it stands in the inbox, and cannot be written anew
    open_one = publish and delivery.state in MOVABLE and not delivery.on_its_way
    return Steps(
        send=_send(delivery) if publish else "",
        cancel=open_one and not delivery.journal.get("commit"),
        move=open_one and not answer and delivery.state == "held",
        edit=open_one and not answer and delivery.state == "failed" and not delivery.journal.get("commit"),
        know=publish and delivery.is_gone and not delivery.gone_known,
        question=_question(delivery, member) if publish and delivery.state == "unsure" else None,
    )


def gone(delivery: Delivery, user: User) -> str:
    """The sentence about one that is gone."""
    if delivery.seen_at is None:
        return _("It is no longer there; it was not seen again after it went out.")
    return _("It is no longer there. It was seen last on %(when)s.") % {"when": when(user, delivery.seen_at).text}


def _send(delivery: Delivery) -> str:
    before = delivery.after
    if delivery.on_its_way or (before and before.state in ENDED):
        return ""
    if delivery.state == "failed":
        return _("Send again")
    if delivery.state == "waiting" and delivery.again_at > clock.now() and (not before or before.state == "delivered"):
        return _("Send now")
    if delivery.state == "held" or (delivery.state == "cancelled" and _may_come_back(delivery)):
        return _("Send now")
    return ""


def _may_come_back(delivery: Delivery) -> bool:
    return not superseded(delivery) and delivery.post.channels.filter(id=delivery.channel_id).exists()


def _question(delivery: Delivery, member: Member) -> Question:
    speaks = delivery.channel.speaks
    return Question(when(member.user, first_sent(delivery)), speaks.has("recent"), not speaks.reads_free)
