"""Let go of others' words: what is older than the operator keeps them, or than the network's terms let anybody."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from tidings import networks
from tidings.inbox.models import Conversation, Message
from tidings.networks.base import Network
from tidings.posts.models import Post
from tidings.settings import settings

MANY = 2000  # rows at once, so that nobody waits long behind it


def oldest(speaks: type[Network], now: datetime) -> datetime:
    """What was written before is not kept, and not taken in."""
    kept = timedelta(days=settings().inbox_days)
    return now - min(kept, speaks.hearing.keeps or kept)


def let_go(now: datetime) -> int:
    """Delete what is too old, and what hung on it; how many messages."""
    gone = 0
    for name, network in networks.every().items():
        old = Message.objects.filter(channel__network=name, at__lt=oldest(network, now))
        while ids := list(old.values_list("pk", flat=True)[:MANY]):
            Message.objects.filter(pk__in=ids).delete()
            gone += len(ids)
    if gone:
        forget(Conversation.objects.filter(messages=None, last_at__lt=now - timedelta(days=1)))
    return gone


def forget(conversations: QuerySet[Conversation]) -> int:
    """Delete these conversations with all that is in them, our answers too; how many."""
    ids = list(conversations.values_list("pk", flat=True))
    for n in range(0, len(ids), MANY):
        some = ids[n : n + MANY]
        Post.objects.filter(answer=True, deliveries__answer__conversation__in=some).delete()
        Conversation.objects.filter(pk__in=some).delete()
    return len(ids)
