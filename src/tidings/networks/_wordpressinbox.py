"""What readers write on a WordPress site: its comments. https://developer.wordpress.org/rest-api/reference/comments/

One list has those of the whole site. A comment bears the time at which it was written, and may be approved days later;
so each look goes further back than the one before it ended. An answer cannot be marked: the site refuses the same words
under one comment twice (409), and one whose answer was lost is known by where it stands and what it says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import Any

from tidings.core import clock
from tidings.networks import _html
from tidings.networks._wordpressapi import NoRoute
from tidings.networks._wordpressnumbers import WordPressNumbers
from tidings.networks.answered import Hearing, Message
from tidings.networks.base import Sending
from tidings.networks.declare import Limits
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.seam import Outgoing, Receipt

PLACE = "/wp/v2/comments"
FIELDS = "id,post,parent,author,author_name,date_gmt,content,link"  # never addresses of mail or machines
PAGES, MOST = 3, 100
APPROVAL = timedelta(days=7)  # what was written that long before may be shown only now
WORDS = 16_000  # characters of an answer; a comment has room for 65,525 bytes
HELD = "Not public yet: it waits for approval on the site."


class WordPressInbox(WordPressNumbers):
    """Comments of the whole site, and answers to them."""

    hearing = Hearing(
        batch=0, calls=PAGES,
        partial="A comment is listed once the site has approved it, if that takes no longer than a week.",
    )
    answerable = True

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """An answer is a comment: words alone."""
        if not outgoing.reply_to:
            return cls.limits_at(server)
        return replace(cls.limits_at(server), text=WORDS, pictures=0, animations=0, films=0)

    @classmethod
    def repeatable_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> timedelta:
        """A comment is no draft that is published by its id."""
        return timedelta(0) if outgoing.reply_to else cls.repeatable_at(server)

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The site's comments, the newest first. Some sites read a time as their own; a day more is asked for."""
        after = (since - APPROVAL - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        found: list[Message] = []
        for page in range(1, PAGES + 1):
            listed = self._listed(after=after, page=str(page))
            found += [_message(one, self.access.profile.id) for one in listed]
            if len(listed) < MOST:
                break
        return found

    def _listed(self, **wish: str) -> list[dict[str, Any]]:
        try:
            said = self.call("GET", self.at(PLACE, per_page=str(MOST), _fields=FIELDS, **wish)).json()
        except NoRoute:
            raise Rejected("This site shows programs no comments.") from None
        if not isinstance(said, list):
            raise Unsure("Something answered in place of the site.")
        return said

    def answer(self, outgoing: Outgoing, to: Receipt, sending: Sending) -> Receipt:
        """A comment below another."""
        wish = {"post": int(to.extra["post"]), "parent": int(to.id), "content": escape(outgoing.text, quote=False)}

        def call() -> dict[str, Any]:
            made = self.call("POST", self.at(PLACE), json=wish).json()
            return {"id": made["id"], "link": made["link"], "status": made.get("status", "approved"), **wish}

        return _receipt(sending.commit(call))

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """An answer: of this person, below the same comment, in the same words. Articles need no looking for."""
        if not outgoing.reply_to:
            return None
        who, to = self.access.profile.id, outgoing.reply_to
        listed = self._listed(post=str(to.extra["post"]), parent=to.id, author=who, status="all")
        since, wanted = sending.first_try - timedelta(minutes=1), _letters(outgoing.text)
        ours = [one for one in listed if _at(one) >= since and str(one["id"]) not in sending.known]
        return self.the_one([_receipt(one) for one in ours if _letters(_text(one)) == wanted])


def _message(said: Mapping[str, Any], me: str) -> Message:
    on, parent = str(said["post"]), str(said["parent"] or "")
    author = _html.plain(said["author_name"]) or "Anonymous"
    return Message(
        _receipt(said), author, _text(said), _at(said), on=on, reply_to=parent, ours=str(said["author"]) == me,
    )  # fmt: skip


def _receipt(said: Mapping[str, Any]) -> Receipt:
    note = HELD if said.get("status") == "hold" else ""
    return Receipt(str(said["id"]), said["link"], {"place": PLACE, "post": str(said["post"])}, note)


def _text(said: Mapping[str, Any]) -> str:
    return _html.plain(said["content"]["rendered"])


def _at(said: Mapping[str, Any]) -> datetime:
    return clock.from_iso(f"{said['date_gmt']}+00:00")


def _letters(text: str) -> str:
    """What a site leaves as it is: it makes other quotes, dashes and faces of those that were typed."""
    return re.sub(r"\W+", "", text).casefold()
