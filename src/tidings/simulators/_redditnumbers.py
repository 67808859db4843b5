"""What Reddit in a box counts, as its answers have it."""

from typing import Any

from tidings.simulators.base import Simulator


def of_thing(one: Simulator, id: str, hidden: bool) -> dict[str, Any]:
    """The numbers of a post or comment; a score that is hidden is written as 1."""
    score = 1 if hidden else one.grown(id, "score")
    if id.startswith("t1_"):
        return {"score": score, "score_hidden": hidden}
    more = {theirs: one.grown(id, theirs) for theirs in ("num_comments", "num_crossposts")}
    return {"score": score, "hide_score": hidden, "view_count": None, "upvote_ratio": 0.9, **more}


def of_profile(one: Simulator, name: str) -> dict[str, Any]:
    """Karma, and who follows the profile's page."""
    page = {"display_name": f"u_{name}", "subscribers": one.crowd(name, "subreddit.subscribers")}
    return {"total_karma": one.crowd(name, "total_karma"), "subreddit": page}
