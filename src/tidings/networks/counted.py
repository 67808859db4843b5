"""What a network counts of our posts and profiles, and how it is asked."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar

from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Receipt


class Counted:
    """The part of the contract that is about numbers. A network without any says why in `uncounted`."""

    metrics: ClassVar[tuple[Metric, ...]] = ()  # of a post
    crowd: ClassVar[tuple[Metric, ...]] = ()  # of a profile
    counting: ClassVar[Counting] = Counting()
    uncounted: ClassVar[str] = ""  # why there are no numbers of posts here, in a sentence for people

    @classmethod
    def lasts_of(cls, receipt: Receipt) -> timedelta | None:
        """For how long after it went out this very post has numbers; None: without end."""
        return cls.counting.lasts

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """What is counted of these posts, by receipt id; no more than `counting.batch` of them.

        A number the network does not give is left out, never 0. None: the network itself says that the post is gone.
        A post that the answer does not name is left out: that it is not listed proves nothing. Raises a Reaction.
        """
        raise NotImplementedError

    def audience(self, since: date) -> Sequence[Reading]:
        """What is counted of the profile: totals as of now, and each day's numbers from `since` on, in
        `counting.zone`. Raises a Reaction."""
        raise NotImplementedError
