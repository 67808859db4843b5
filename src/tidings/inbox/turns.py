"""When it is a post's turn to be looked under: often while it is young, then ever more seldom, after a month no more.

A turn is reckoned from the post's own time, so that nothing has to be kept of it, and posts of one day do not all
have theirs at once.
"""

from datetime import datetime, timedelta

DAY = timedelta(days=1)
STEPS = (  # up to which age a post is looked under each so often
    (DAY, timedelta(minutes=10)),
    (7 * DAY, timedelta(hours=1)),
    (30 * DAY, timedelta(hours=12)),
)
OLDEST = STEPS[-1][0]


def has_turn(out_at: datetime, last: datetime | None, now: datetime) -> bool:
    """Whether a turn of this post lies between the last look at its channel and now."""
    age = now - out_at
    step = next((step for until, step in STEPS if age <= until), None)
    if step is None:
        return False
    return last is None or last < out_at or age // step > (last - out_at) // step
