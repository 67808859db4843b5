"""What Slack counts: https://docs.slack.dev/reference/methods/conversations.history"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers

METRICS = (
    Metric("reactions.count", "likes", "Reactions to the message, of all kinds together."),
    Metric("reply_count", "comments", "Messages in the thread that hangs on this one."),
)
CROWD = (Metric("num_members", "followers", "Members of the channel."),)
COUNTING = Counting(
    # a method of tier 3, for an app that is used in its own Slack workspace; and what one channel takes of messages
    reads=(Rate(50, timedelta(minutes=1), "app"), Rate(60, timedelta(minutes=1))),
    partial="Slack does not tell who has seen a message. The later parts of a thread count as answers to its first.",
)


def taken_back(said: Mapping[str, Any]) -> bool:
    """Whether this only holds the place of a message whose thread outlived it."""
    return said.get("subtype") == "tombstone"


def numbers(said: Mapping[str, Any]) -> Numbers:
    """What a message says of itself. Slack leaves out a list without reactions, and any word of a thread that there is
    not; a part of a thread has no thread of its own."""
    found = {"reactions.count": sum(int(one["count"]) for one in said.get("reactions") or ())}
    if "reply_count" in said:
        return found | {"reply_count": int(said["reply_count"])}
    return found if "thread_ts" in said else found | {"reply_count": 0}
