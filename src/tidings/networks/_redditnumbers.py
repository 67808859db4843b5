"""What Reddit counts of posts, comments and profiles.

That a profile's followers are told in `subreddit.subscribers` is seen in answers, not documented.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting, Metric, Numbers, Reading

METRICS = (
    Metric("score", "", "Votes up minus votes down, blurred a little by Reddit.", "Score"),
    Metric("num_comments", "comments", "Comments under the post, those that answer others among them."),
    Metric("num_crossposts", "shares", "Posts that pass it on to another subreddit."),
    Metric("view_count", "views", "Times that the post was seen; Reddit rarely says."),
)
CROWD = (
    Metric("subreddit.subscribers", "followers", "Profiles that follow this one."),
    Metric("total_karma", "", "Karma of the profile's posts, comments and awards, as Reddit adds it up.", "Karma"),
)
COUNTING = Counting(
    batch=100, reads=(Rate(100, timedelta(minutes=1), "app"),), erases=True,
    partial="Reddit blurs scores a little, and some subreddits hide them at first.",
)
WAITS = "automod_filtered"  # a moderator may still let it through


def numbers(thing: Mapping[str, Any]) -> Numbers | None:
    """What a post or comment says of itself; None once it was deleted or removed. A hidden score is written as 1."""
    if thing["author"] == "[deleted]" or thing.get("removed_by_category") not in (None, WAITS):
        return None
    hidden = {"score"} if thing.get("hide_score") or thing.get("score_hidden") else set()
    given = {metric.theirs: thing.get(metric.theirs) for metric in METRICS if metric.theirs not in hidden}
    return {theirs: int(value) for theirs, value in given.items() if value is not None}


def crowd(me: Mapping[str, Any]) -> Iterator[Reading]:
    """What a profile says of itself; one that never had a page of its own has no followers to count."""
    page = me.get("subreddit") or {}
    said = {"subreddit.subscribers": page.get("subscribers"), "total_karma": me.get("total_karma")}
    yield from (Reading(theirs, int(value)) for theirs, value in said.items() if value is not None)
