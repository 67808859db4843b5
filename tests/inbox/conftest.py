"""A workspace whose channels are on the simulators, a worker, and somebody over there who writes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.analytics.conftest import _way_out, connect
from tests.deliveries.conftest import Write, channel, member, worker, write
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.worker import Worker
from tidings.inbox.gather import gather_due
from tidings.inbox.models import Message
from tidings.workspaces.models import Member

__all__ = ["Publish", "Write", "_way_out", "channel", "connect", "gathered", "member", "worker", "write"]

Publish = Callable[..., Delivery]
SOON = timedelta(minutes=11)  # by then a young post has its next turn


def gathered(at: datetime | None = None) -> int:
    """A round of gathering at this moment; how many messages were new."""
    at = at or clock.now()
    with clock.use(lambda: at):
        return gather_due(at)


@pytest.fixture
def publish(member: Member, write: Write, worker: Worker) -> Publish:
    """Puts a post out on a channel; its first part."""

    def out(channel: Channel, *texts: str) -> Delivery:
        post = write([channel], *(texts or ("Hello",)))
        publish_now(member, post)
        worker.run_until_idle()
        return Delivery.objects.get(post=post, after=None)

    return out


def only() -> Message:
    """The one message that there is."""
    return Message.objects.select_related("conversation__delivery", "channel").get()
