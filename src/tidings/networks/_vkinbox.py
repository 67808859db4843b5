"""What others write on VK under the posts of a wall: https://dev.vk.com/en/method/wall.getComments

Comments there have two levels: whatever answers a comment stands in that comment's thread, and says which it answers.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tidings.networks._vkapi import NoRight, VkApi
from tidings.networks._vkposts import moment, parent
from tidings.networks.answered import Cut, Hearing, Message
from tidings.networks.errors import Rejected
from tidings.networks.seam import Receipt

MOST, BESIDE = 100, 10  # comments in a list, and in a thread that is listed along with its first comment
LONG = 2  # threads with more than that which are asked for one by one
HIDDEN = "VK shows no comments there. If it says so of every post, connect again and allow all that is asked for."
NAMED = re.compile(r"\[(?:id|club|public)\d+(?::[^|\]]*)?\|([^\]]*)\]")  # somebody who is mentioned
People = Mapping[int, tuple[str, str]]  # handle and name


class VkInbox(VkApi):
    """The part of VK that is about others' words; networks/vk.py tells the story."""

    hearing = Hearing(
        calls=1 + LONG, whole=True,
        partial="Comments under posts of this profile: of each post the newest 100, with the first 10 answers to each; "
        "of two threads that are longer the newest 100 answers. Mentions elsewhere are not listed.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """The comments under one post, and their threads. VK shows them to whoever may see the post."""
        (receipt,) = receipts
        try:
            pages = list(self._pages(receipt))
        except NoRight as refused:
            raise Rejected(f"{HIDDEN} ({refused.reason})") from refused
        found = {one.receipt.id: one for page, top in pages for one in self._messages(page, receipt, top)}
        return list(found.values()) if _whole(pages) else Cut(found.values())

    def _pages(self, post: Receipt) -> Iterator[tuple[Mapping[str, Any], int]]:
        """The list, and the threads that are longer than what comes with it; each with the comment it is below."""
        page = self._page(post, thread_items_count=BESIDE)
        yield page, 0
        for top in _long(page)[:LONG]:
            yield self._page(post, comment_id=top["id"]), top["id"]

    def _page(self, post: Receipt, **more: Any) -> Mapping[str, Any]:
        beside = {"count": MOST, "sort": "desc", "need_likes": 0, "extended": 1, "fields": "screen_name"}
        said: Mapping[str, Any] = self.ask("wall.getComments", **parent(post), **beside, **more)
        return said

    def _messages(self, page: Mapping[str, Any], post: Receipt, top: int = 0) -> Iterator[Message]:
        """All on a page that has not been deleted, and what VK lists along with it of each thread."""
        people = _people(page)
        for one in page["items"]:
            for item in (one, *_thread(one).get("items", ())):
                if not item.get("deleted"):
                    yield self._message(item, post, top or one["id"], people)

    def _message(self, item: Mapping[str, Any], post: Receipt, top: int, people: People) -> Message:
        made, who = f"{post.id}?reply={item['id']}", item["from_id"]
        handle, name = people.get(who, (f"id{who}" if who > 0 else f"club{-who}", ""))
        above = item.get("reply_to_comment") or next(reversed(item.get("parents_stack") or [0]))
        return Message(
            Receipt(made, f"{self.hosts['page']}/wall{made}", {"thread": str(top)}), f"@{handle}", _plain(item["text"]),
            moment(item), name, on=post.id, reply_to=f"{post.id}?reply={above}" if above else post.id,
            ours=str(who) == self.access.profile.id,
        )  # fmt: skip


def _long(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Comments of whose threads some is missing."""
    return [one for one in page["items"] if _thread(one).get("count", 0) > len(_thread(one).get("items", ()))]


def _whole(pages: Sequence[tuple[Mapping[str, Any], int]]) -> bool:
    return len(_long(pages[0][0])) <= LONG and all(len(page["items"]) < MOST for page, _top in pages)


def _thread(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return item.get("thread") or {}


def _people(page: Mapping[str, Any]) -> People:
    """Handle and name of everybody on a page, by number; those of communities are below zero."""
    people = {one["id"]: one | {"name": f"{one['first_name']} {one['last_name']}"} for one in page.get("profiles", ())}
    everybody = people | {-one["id"]: one for one in page.get("groups", ())}
    named = ("id" if number > 0 else "club" for number in everybody)
    return {
        number: (one.get("screen_name") or f"{kind}{abs(number)}", one["name"])
        for kind, (number, one) in zip(named, everybody.items(), strict=True)
    }


def _plain(said: str) -> str:
    """Words in which those who are mentioned stand by their names."""
    return html.unescape(NAMED.sub(r"\1", said))
