"""What others write under a channel's films, and answers to it.

https://developers.google.com/youtube/v3/docs/commentThreads/list: one list for the whole channel, by the scope that
publishing has anyway. Answers stand one level below a comment; a thread comes with some of them only. In what order
threads stand once somebody answers in an old one, and which answers come with a thread, YouTube does not say.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks._youtube import Commented
from tidings.networks.answered import Hearing, Message
from tidings.networks.seam import Receipt

PAGE = "100"
CALLS = 3  # pages of threads, and threads whose answers are asked for


class Listening(Commented):
    """Comments under all films of the channel, whoever published them."""

    hearing = Hearing(
        batch=0, calls=CALLS, every=timedelta(minutes=30), keeps=timedelta(days=30), exports=False,
        partial="Comments that wait for approval are not listed, and new answers in old threads may be missed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The latest threads; with what is left of the requests, all answers of those that were busy last."""
        threads, asked = self._threads(since)
        cut = sorted((one for one in threads if _misses(one)), key=_stirred, reverse=True)
        replies = {one["id"]: self._replies(one["id"]) for one in cut[: CALLS - asked]}
        found: list[Message] = []
        for one in threads:
            said = one["snippet"]
            comments = [said["topLevelComment"], *replies.get(one["id"], _answers(one))]
            found += [self._message(comment, one["id"], said.get("videoId", "")) for comment in comments]
        return found

    def _threads(self, since: datetime) -> tuple[list[dict[str, Any]], int]:
        """Threads as far back as then, and how many requests that took."""
        query = {"allThreadsRelatedToChannelId": self.access.profile.id, "order": "time", "maxResults": PAGE}
        found: list[dict[str, Any]] = []
        asked, more = 0, "first"
        while more and asked < CALLS and (not found or _at(found[-1]["snippet"]["topLevelComment"]) >= since):
            said = self.listing("commentThreads", part="snippet,replies", textFormat="plainText", **query)
            found, asked, more = [*found, *said.get("items", [])], asked + 1, said.get("nextPageToken", "")
            query["pageToken"] = more
        return found, asked

    def _replies(self, top: str) -> list[dict[str, Any]]:
        return self.items("comments", part="snippet", parentId=top, textFormat="plainText", maxResults=PAGE)

    def _message(self, comment: Mapping[str, Any], top: str, film: str) -> Message:
        said, id = comment["snippet"], str(comment["id"])
        author = said.get("authorChannelId", {}).get("value", "")
        return Message(
            self.remarked(id, film, top), said.get("authorDisplayName") or author,
            said.get("textOriginal") or said["textDisplay"], _at(comment), on=film,
            reply_to=film if id == top else top, ours=author == self.access.profile.id,
        )  # fmt: skip


def _answers(thread: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(thread.get("replies", {}).get("comments", []))


def _misses(thread: Mapping[str, Any]) -> bool:
    """Whether there are more answers than came with it."""
    return int(thread["snippet"].get("totalReplyCount", 0)) > len(_answers(thread))


def _stirred(thread: Mapping[str, Any]) -> datetime:
    return max(_at(one) for one in (thread["snippet"]["topLevelComment"], *_answers(thread)))


def _at(comment: Mapping[str, Any]) -> datetime:
    return clock.from_iso(comment["snippet"]["publishedAt"])
