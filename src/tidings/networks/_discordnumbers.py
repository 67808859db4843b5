"""What Discord counts of messages and servers: https://docs.discord.com/developers/resources/message#message-object

A bot is shown a message whole: reactions that it does not mention are none. Whether a webhook is shown the reactions to
its own message is not written anywhere: what it is not shown is not known.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers

METRICS = (
    Metric("reactions.count", "likes", "Reactions of every kind; a person may have given several."),
    Metric("thread.message_count", "comments", "Messages in the thread that was begun from this message."),
    Metric(
        "poll.results.answer_counts.count", "", "Votes in the poll; a person may have given several.",
        "Votes in the poll",
    ),
)
CROWD = (
    Metric("approximate_member_count", "followers", "Members of the server, roughly; not all see this channel."),
)
COUNTING = Counting(
    reads=(Rate(50, timedelta(seconds=1), "app"), Rate(30, timedelta(minutes=1))),  # the second is a guess of ours
    partial="Discord counts no views, and no answers outside a thread. A webhook is not told who is in the server.",
)


def numbers(message: Mapping[str, Any], whole: bool) -> Numbers:
    """What a message says of itself; `whole`: what it does not mention, it does not have."""
    found: dict[str, int] = {}
    if whole or "reactions" in message:
        found["reactions.count"] = sum(int(one["count"]) for one in message.get("reactions", ()))
    thread = message.get("thread") or {}
    if thread.get("message_count") is not None:
        found["thread.message_count"] = int(thread["message_count"])
    votes = ((message.get("poll") or {}).get("results") or {}).get("answer_counts")
    if votes is not None:
        found["poll.results.answer_counts.count"] = sum(int(one["count"]) for one in votes)
    return found
