"""What was said in a conversation, ours and theirs, each below what it answers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tidings.deliveries.face import STATE_LABELS
from tidings.inbox.models import Answer, Conversation, Message
from tidings.web.inbox.page import Stars, stars_of
from tidings.web.post import Row, moving, row_of
from tidings.web.times import When, when
from tidings.workspaces.models import Member

MOST = 300  # messages that a page shows, the newest of them
DEEPEST = 3  # how far something is moved in
LABELS = {
    **STATE_LABELS, "waiting": _("On its way"), "sending": _("On its way"), "settling": _("On its way"),
    "delivered": _("Sent"), "cancelled": _("Not sent"),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One thing that was said. `row`: of an answer of ours, how far its delivery has come; else `message`."""

    id: str
    depth: int
    who: str
    handle: str
    text: str
    at: When
    ours: bool
    new: bool
    url: str
    stars: Stars | None
    message: Message | None = None
    row: Row | None = None
    label: object = ""


@dataclass(frozen=True)
class Thread:
    """All that was said, and whether something of it is on its way just now."""

    said: list[Said]
    watch: bool
    more: bool

    @property
    def theirs(self) -> list[Said]:
        """What others said."""
        return [one for one in self.said if not one.ours]


def thread(conversation: Conversation, member: Member) -> Thread:
    """As the conversation stands now."""
    messages = list(conversation.messages.order_by("-at", "-id")[: MOST + 1])
    whole = conversation.answers.select_related(
        "by", "message", "delivery__channel", "delivery__item", "delivery__post", "delivery__after",
    ).prefetch_related("delivery__attempts")  # fmt: skip
    answers = list(whole)
    said = [_said(thing, depth, conversation, member) for thing, depth in arranged(messages[:MOST], answers)]
    return Thread(said, any(moving(one.delivery) for one in answers), len(messages) > MOST)


def arranged(messages: Iterable[Message], answers: Iterable[Answer]) -> Iterator[tuple[Message | Answer, int]]:
    """Each below what it answers, and in the order of time there, with how deep it stands."""
    every: list[Message | Answer] = [*messages, *answers]
    things = {_key(thing): thing for thing in sorted(every, key=_at)}
    below: dict[str, list[str]] = defaultdict(list)
    for key, thing in things.items():
        above = _above(thing)
        below[above if above in things and above != key else ""].append(key)
    waiting = [(key, 0) for key in reversed(below[""])]
    while waiting:
        key, depth = waiting.pop()
        yield things.pop(key), min(depth, DEEPEST)
        waiting += [(one, depth + 1) for one in reversed(below[key])]
    yield from ((thing, 0) for thing in things.values())  # what answers itself, by way of others


def _at(thing: Message | Answer) -> datetime:
    return thing.at


def _key(thing: Message | Answer) -> str:
    if isinstance(thing, Message):
        return thing.remote_id
    return str((thing.delivery.receipt or {}).get("id") or thing.pk)


def _above(thing: Message | Answer) -> str:
    if isinstance(thing, Message):
        return thing.reply_to
    return thing.message.remote_id if thing.message else ""


def _said(thing: Message | Answer, depth: int, conversation: Conversation, member: Member) -> Said:
    return _message(thing, depth, conversation, member) if isinstance(thing, Message) else _answer(thing, depth, member)


def _message(one: Message, depth: int, conversation: Conversation, member: Member) -> Said:
    new = not one.ours and (conversation.seen_at is None or one.at > conversation.seen_at)
    return Said(
        str(one.pk), depth, one.name or one.author, one.author if one.name else "", one.text, when(member.user, one.at),
        one.ours, new, one.receipt.get("url", ""), stars_of(one), message=one,
    )  # fmt: skip


def _answer(one: Answer, depth: int, member: Member) -> Said:
    delivery = one.delivery
    row = row_of(delivery, member, None)
    at = delivery.delivered_at or one.at
    return Said(
        str(delivery.pk), depth, str(delivery.channel.name or delivery.channel.handle), str(one.by or ""),
        delivery.item.text, when(member.user, at), True, False, row.url, None, row=row,
        label=row.label if delivery.is_gone else LABELS[delivery.state],
    )  # fmt: skip
