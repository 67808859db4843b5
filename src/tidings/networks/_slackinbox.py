"""What is said in the thread under a message: https://docs.slack.dev/reference/methods/conversations.replies

A thread is one list, in which nobody says whom they answer: each message counts as an answer to the one before it, and
ours to the one that they were written for, which they carry unseen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from tidings.networks import _slack, _slacknumbers
from tidings.networks._slackapi import SlackApi
from tidings.networks.answered import Cut, Hearing, Message
from tidings.networks.errors import Rejected
from tidings.networks.seam import Receipt

PAGES, MOST = 2, 900  # of a thread; a page has up to 999 messages
PEOPLE = 1000  # of a Slack workspace, asked for by name
MARK = re.compile(r"<([@#!])([\w^-]+)(?:\|([^>]*))?>")


class SlackInbox(SlackApi):
    """The threads under the app's own messages."""

    hearing = Hearing(
        calls=PAGES + 1, whole=True,
        partial="A thread is one list, of which 1800 messages are read: each counts as an answer to the one before it. "
        "In Slack workspaces of more than 1000 people, some are named by a number.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """One thread. What is said below a later part of a thread of ours is said below its first."""
        (receipt,) = receipts
        if self.hook:
            raise Rejected("An incoming webhook reads nothing. Connect the channel by an app to see messages.")
        if receipt.extra.get("thread", receipt.id) != receipt.id:
            return []
        said, whole = self._thread(receipt.id)
        found = self._messages(receipt.id, said)
        return list(found) if whole else Cut(found)

    def _messages(self, first: str, said: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
        before = first
        for one in said:
            if one["ts"] != first and not _slacknumbers.taken_back(one):
                yield self._message(one, first, before)
                before = one["ts"]

    def _thread(self, first: str) -> tuple[list[dict[str, Any]], bool]:
        """What is said in it, the earliest first, and whether that is all."""
        found, cursor = list[dict[str, Any]](), ""
        for _page in range(PAGES):
            wish = {"channel": self.access.profile.id, "ts": first, "include_all_metadata": "true", "limit": MOST}
            said = self.read("conversations.replies", {**wish, **({"cursor": cursor} if cursor else {})})
            found += said["messages"]
            cursor = (said.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return found, True
        return found, False

    def _message(self, said: Mapping[str, Any], first: str, before: str) -> Message:
        ours = said.get("user") == self.access.server["bot"] or bool(_slack.key_of(said))
        server, id = self.access.server, said["ts"]
        url = f"{_slack.address(server['url'], self.access.profile.id, id)}?thread_ts={first}"
        handle, name = (self.access.profile.handle, "") if ours else self._author(said)
        return Message(
            Receipt(id, url, {"thread": first}), handle, self._text(said), _slack.moment(said), name, on=first,
            reply_to=_slack.answered(said) or before, ours=ours,
        )  # fmt: skip

    def _author(self, said: Mapping[str, Any]) -> tuple[str, str]:
        """As Slack's own pages name who wrote it; other programs write under a name of their own."""
        id = str(said.get("user") or "")
        return self._people.get(id) or (said.get("username") or id or said.get("bot_id", ""), "")

    def _text(self, said: Mapping[str, Any]) -> str:
        """Marks of people and channels become their names."""

        def named(mark: re.Match[str]) -> str:
            sign, id, label = mark.groups()
            return f"@{label or id}" if sign == "!" else self._named(sign, id, label or "")

        return _slack.plain(MARK.sub(named, said.get("text", "")))

    def _named(self, sign: str, id: str, label: str) -> str:
        return f"#{label or id}" if sign == "#" else f"@{label}" if label else self._people.get(id, (f"@{id}", ""))[0]

    @cached_property
    def _people(self) -> dict[str, tuple[str, str]]:
        """Handle and name of everybody, by id; asked for where somebody has written."""
        return dict(_slack.named(self.read("users.list", {"limit": PEOPLE})["members"]))
