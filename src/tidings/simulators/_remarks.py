"""What others write over there: under our posts, about us. Simulators keep it apart from what we posted."""

from dataclasses import dataclass, field
from datetime import datetime

from tidings.core import clock
from tidings.networks.answered import MessageKind

READER = "reader"  # who writes, unless somebody else is named


@dataclass(frozen=True)
class Remark:
    """A comment under a post, a mention, or a review. `on`: our post's id there; `reply_to`: what it answers, which
    is the post where it says nothing else."""

    id: str
    text: str
    on: str = ""
    reply_to: str = ""
    author: str = READER
    kind: MessageKind = "comment"
    stars: int = 0
    at: datetime = field(default_factory=clock.now)


class Remarks(dict[str, Remark]):
    """Remarks by id, in the order in which they were written."""

    def under(self, post: str) -> list[Remark]:
        """All that was written under this post."""
        return [one for one in self.values() if one.on == post]

    def since(self, at: datetime) -> list[Remark]:
        """All that was written since then."""
        return [one for one in self.values() if one.at >= at]
