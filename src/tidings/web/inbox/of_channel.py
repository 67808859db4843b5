"""How reading what others write to a channel goes, as its page says it."""

from tidings.channels.models import Channel
from tidings.inbox.models import Conversation, Listener
from tidings.speech import translated
from tidings.web.times import when
from tidings.workspaces.models import User


def hearing(channel: Channel, user: User) -> dict[str, object]:
    """What a channel's page says of its messages."""
    speaks, listener = channel.speaks, Listener.objects.filter(channel=channel).first()
    return {
        "given": speaks.has("inbox"), "wanted": listener is None or listener.wanted,
        "read": when(user, listener.heard_at) if listener and listener.heard_at else None,
        "trouble": translated(listener.trouble) if listener else "", "partial": translated(speaks.hearing.partial),
        "without": translated(speaks.unheard), "any": Conversation.objects.filter(channel=channel).exists(),
    }  # fmt: skip
