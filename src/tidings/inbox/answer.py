"""Answer what somebody wrote: a delivery like any other, so that it goes out once, or says why it did not."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import Refused
from tidings.deliveries.wake import wake
from tidings.inbox.models import Answer, Conversation, Message
from tidings.networks.base import Outgoing, Receipt
from tidings.networks.check import Count, check, count
from tidings.networks.seam import Problem
from tidings.posts.models import Item, Post
from tidings.posts.outgoing import Said, shape
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

OVER = ("failed", "cancelled")  # of these the same may be said again
TWICE = gettext_noop("The same answer to this message is out already, or on its way.")


@transaction.atomic
def answer(member: Member, message: Message, text: str) -> Answer:
    """Send this at once; raises Refused with the reason where the network would not take it."""
    require(member, "publish")
    text = text.strip()
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    _refuse(message, text)
    place = conversation.workspace_id
    post = Post.objects.create(workspace_id=place, author=member.user, answer=True, stage="approved")
    post.channels.add(message.channel)
    delivery = _send(post, Item.objects.create(post=post, position=0, text=text), message)
    made = Answer.objects.create(delivery=delivery, conversation=conversation, message=message, by=member.user)
    record(member, member.workspace_id, "answered", "conversation", conversation.pk, channel=str(message.channel_id))
    return made


def problems(message: Message, text: str) -> list[Problem]:
    """What is wrong with this as an answer: the same that is told of a post."""
    channel = message.channel
    return list(check(channel.speaks, _outgoing(message, text), channel.server))


def length(message: Message, text: str) -> Count:
    """How long this is as an answer, as the network counts, and how long it may be."""
    channel, outgoing = message.channel, _outgoing(message, text)
    return count(channel.speaks.limits_for(channel.server, outgoing), outgoing.text)


def _refuse(message: Message, text: str) -> None:
    channel = message.channel
    if not channel.speaks.answerable or message.ours:
        raise Refused(_("%(network)s takes no answer to this from a program.") % {"network": channel.label})
    if channel.paused:
        raise Refused(_("%(channel)s is paused; nothing is sent there until it is connected again.")
                      % {"channel": channel})  # fmt: skip
    if not text:
        raise Refused(_("Write something first."))
    if wrong := [one.message for one in problems(message, text) if one.level == "error"]:
        raise Refused(" ".join(wrong))
    same = Answer.objects.filter(message=message, delivery__item__text=text).exclude(delivery__state__in=OVER)
    if same.exists():
        raise Refused(_(TWICE))


def _outgoing(message: Message, text: str) -> Outgoing:
    to = _to(message)
    root = Receipt(**to["root"]) if to["root"] else None
    return shape(Said(text), message.channel, {}, 1, Receipt(**to["to"]), root)


def _to(message: Message) -> dict[str, Any]:
    """The receipts that hang an answer in its place: of the message, and of our post above it."""
    post = message.conversation.delivery
    return {"to": message.receipt, "root": post.receipt if post else None}


def _send(post: Post, item: Item, message: Message) -> Delivery:
    now = clock.now()
    wake([message.channel])
    return Delivery.objects.create(
        workspace_id=post.workspace_id, post=post, item=item, channel=message.channel, due_at=now, again_at=now,
        answers=_to(message),
    )  # fmt: skip
