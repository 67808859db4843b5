"""What others write on Lemmy under posts of the profile: https://join-lemmy.org/api/

Asked for with a depth, a server lists a post's comments as one tree without pages, 300 of them at most, those directly
under the post first. What was deleted or removed is among them, marked, and mostly without its words.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks._lemmyapi import LemmyApi
from tidings.networks._lemmyposts import above, gone, named, receipt
from tidings.networks.answered import Cut, Hearing, Message
from tidings.networks.errors import Unsure
from tidings.networks.seam import Receipt

MOST = 300  # comments that a server lists at once
DEEPEST = "50"  # no server lets comments be deeper


class LemmyInbox(LemmyApi):
    """The part of Lemmy that is about others' words; networks/lemmy.py tells the story."""

    hearing = Hearing(
        whole=True,
        partial="Comments under posts of this profile that its server has heard of, 300 under each at most. Mentions "
        "elsewhere are not listed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """All comments under one post, with one request."""
        (post,) = receipts
        said = self.ask("GET", "comment/list", post_id=post.id, type_="All", sort="New", max_depth=DEEPEST)
        if not isinstance(said, dict) or not isinstance(said.get("comments"), list):
            raise Unsure("Something answered in place of a Lemmy server.")
        found = [self._message(view, post.id) for view in said["comments"] if not gone(view["comment"])]
        return Cut(found) if len(said["comments"]) >= MOST else found

    def _message(self, view: Mapping[str, Any], on: str) -> Message:
        """A comment, in the Markdown in which it was written."""
        said, who = view["comment"], view["creator"]
        ours = str(who["id"]) == self.access.profile.id
        return Message(
            receipt(view), f"@{named(who)}", said["content"], clock.from_iso(said["published"]),
            who.get("display_name") or "", on=on, reply_to=above(said) or on, ours=ours,
        )  # fmt: skip
