"""Keep what a network told: every message once, in the conversation that it belongs to; what was deleted there goes."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from tidings.channels.models import Channel
from tidings.deliveries.models import Delivery
from tidings.inbox.models import Conversation, Listener, Message
from tidings.inbox.retain import forget, oldest
from tidings.networks import answered

LONGEST = 10_000  # characters of one message
AUTHOR = 200
ABOVE = timedelta(days=31)  # by which an answer may be younger than what of ours it hangs on
MOMENT = timedelta(microseconds=1)
Told = Sequence[answered.Message]


@dataclass
class Known:
    """What is there already of all that was told, by the network's ids: messages, and what we put out ourselves."""

    messages: dict[str, Message] = field(default_factory=dict)
    ours: dict[str, Delivery] = field(default_factory=dict)

    def above(self, one: answered.Message) -> Conversation | None:
        """The conversation of what it answers, where that is known."""
        if one.reply_to in self.messages:
            return self.messages[one.reply_to].conversation
        answer = getattr(self.ours.get(one.reply_to), "answer", None)
        return answer.conversation if answer else None


@transaction.atomic
def keep(channel: Channel, posts: Sequence[Delivery], said: Told, now: datetime) -> int:
    """Keep what was told now, under these posts or to the profile; how many messages were new."""
    Listener.objects.select_for_update().get(pk=channel.pk)  # two who gather for it keep one after the other
    young = oldest(channel.speaks, now)
    known, new = _known(channel, posts, said), 0
    for one in sorted(said, key=lambda one: one.at):
        if one.receipt.id in known.messages:
            _again(known.messages[one.receipt.id], one, now)
        elif one.at >= young and one.receipt.id not in known.ours:
            new += _add(channel, one, known, now)
    if channel.speaks.hearing.whole and not isinstance(said, answered.Cut):
        _deleted(channel, posts, said)
    return new


def _known(channel: Channel, posts: Sequence[Delivery], said: Told) -> Known:
    """Receipts have no index: what went out is looked through only for messages that are new, and as far as it may
    be what they are about."""
    ids = {id for one in said for id in (one.receipt.id, one.reply_to) if id}
    kept = Message.objects.filter(channel=channel, remote_id__in=ids).select_related("conversation")
    known = Known({one.remote_id: one for one in kept})
    new = [one for one in said if one.receipt.id not in known.messages]
    if new:
        known.ours |= _ours(channel, ids, min(one.at for one in new) - ABOVE)
    known.ours |= {post.receipt["id"]: post for post in posts if post.receipt}
    far = {one.on for one in new if one.on and not one.ours} - known.ours.keys()
    return Known(known.messages, known.ours | (_ours(channel, far) if far else {}))


def _ours(channel: Channel, ids: Iterable[str], since: datetime | None = None) -> dict[str, Delivery]:
    """What we put out ourselves under these ids, since then."""
    out = Delivery.objects.filter(channel=channel, state="delivered", receipt__id__in=list(ids))
    out = out.filter(delivered_at__gt=since) if since else out
    out = out.select_related("answer__conversation").only("receipt", "answer__conversation")
    return {post.receipt["id"]: post for post in out if post.receipt}


def _add(channel: Channel, one: answered.Message, known: Known, now: datetime) -> int:
    """A message that is new: 1; 0 where the profile itself began, over there, which nobody has to answer."""
    conversation = known.above(one)
    if conversation is None:
        if one.ours:
            return 0
        conversation = _begin(channel, one, known.ours.get(one.on))
    _grow(conversation, one)
    known.messages[one.receipt.id] = Message.objects.create(
        conversation=conversation, channel=channel, remote_id=one.receipt.id, reply_to=one.reply_to,
        author=_plain(one.author, AUTHOR), name=_plain(one.name, AUTHOR), text=_plain(one.text, LONGEST),
        stars=one.stars, at=one.at, ours=one.ours, receipt=asdict(one.receipt), heard_at=now,
    )  # fmt: skip
    return 0 if one.ours else 1


def _begin(channel: Channel, one: answered.Message, post: Delivery | None) -> Conversation:
    """Its conversation, new unless what began it went and has come back."""
    about = {"workspace_id": channel.workspace_id, "delivery": post, "kind": one.kind, "last_at": one.at}
    return Conversation.objects.get_or_create(channel=channel, top=one.receipt.id, defaults=about)[0]


def _grow(conversation: Conversation, one: answered.Message) -> None:
    """What is heard of anew opens again what was done, and was seen by nobody, however long ago it was written."""
    conversation.refresh_from_db(from_queryset=Conversation.objects.select_for_update())  # somebody may be at it
    conversation.last_at = max(conversation.last_at, one.at)
    if not one.ours:
        conversation.done_at = None
        if conversation.seen_at and conversation.seen_at >= one.at:
            conversation.seen_at = one.at - MOMENT
    conversation.save(update_fields=("last_at", "done_at", "seen_at"))


def _again(kept: Message, one: answered.Message, now: datetime) -> None:
    """One that is known: as its author has it now."""
    kept.text, kept.name, kept.author = _plain(one.text, LONGEST), _plain(one.name, AUTHOR), _plain(one.author, AUTHOR)
    kept.stars, kept.heard_at = one.stars, now
    kept.receipt = asdict(one.receipt)
    kept.save(update_fields=("text", "name", "author", "stars", "heard_at", "receipt"))


def _plain(said: str, most: int) -> str:
    """What a stranger wrote, as every database can keep it."""
    return said.encode("utf-8", "replace").decode().replace("\0", "")[:most]


def _deleted(channel: Channel, posts: Iterable[Delivery], said: Told) -> None:
    """What is not listed any more under these posts was deleted over there, and so it is here."""
    listed = {one.receipt.id for one in said}
    under = Message.objects.filter(channel=channel, conversation__delivery__in=[post.pk for post in posts])
    gone = [id for id, remote in under.values_list("pk", "remote_id") if remote not in listed]
    if gone:
        emptied = list(Message.objects.filter(pk__in=gone).values_list("conversation", flat=True).distinct())
        Message.objects.filter(pk__in=gone).delete()
        forget(Conversation.objects.filter(pk__in=emptied, messages=None, answers=None, notes=None))
