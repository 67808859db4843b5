"""VK, by its API 5.199: https://dev.vk.com/en/reference

Errors come with HTTP 200. A repeat under the same guid makes no second post for an hour; after that a lost answer is
looked for on the wall.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from tidings.networks._addresses import receipt_at
from tidings.networks._vkfiles import VkFiles
from tidings.networks._vkinbox import VkInbox
from tidings.networks._vknumbers import VkNumbers
from tidings.networks._vkposts import answers, attached, moment, named, parent, same, thread
from tidings.networks.base import Sending
from tidings.networks.declare import Limits, Option, Poll, Rate
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen


class Vk(VkNumbers, VkFiles, VkInbox):
    """A person's wall or a community on VK. Its id is the owner's number, which is below zero for communities."""

    name, label = "vk", "VK"
    docs = "https://dev.vk.com/en/reference"
    policy = "https://vk.com/privacy"
    grants = "https://id.vk.com/account/#/services"
    checked = date(2026, 11, 23)
    look = Look(
        "feed", ("like", "comment", "share"), cut=300, lines=7, more="show", handle=False, most=10, card="small",
        link="link",
    )
    limits = Limits(
        text=15_000, pictures=10, picture_bytes=20_000_000, films=10, mixed=True, per_day=50,
        poll=Poll(10, 100, shortest=60, longest=43_200),
    )
    rates = (Rate(50, timedelta(days=1)), Rate(3, timedelta(seconds=1)))
    options = (
        Option("as_group", "As the community", "flag", default=True, help="On a community's wall."),
        Option("signed", "With the author's name", "flag", default=False, help="On a community's wall."),
        Option("close_comments", "Without comments", "flag", default=False),
        Option("mute_notifications", "Tell no subscribers", "flag", default=False),
        Option("mark_as_ads", "This is advertising", "flag", default=False),
        Option("copyright", "Source", "url", longest=2000),
        Option("link", "Link", "url", longest=2000, help="Shown as a card under the text."),
        Option("poll", "Poll", "poll"),
        Option("poll_question", "Question of the poll", longest=100, help="Empty: how the text begins."),
        Option("poll_open", "Show who voted for what", "flag", default=False),
        Option("poll_multiple", "Several answers", "flag", default=False),
    )
    repeatable, threads = timedelta(minutes=50), "comments"

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What is attached counts together."""
        many = len(outgoing.media) + bool(outgoing.options.get("link")) + bool(outgoing.options.get("poll"))
        if many > 10:
            yield Problem("media", f"VK is said to take at most 10 things in a post; this has {many}.", "warning")

    # connecting

    def profile(self) -> Profile:
        """The person who signed in."""
        (me,) = self.ask("users.get", fields="screen_name,photo_200")
        return self._profile(me, str(me["id"]), f"{me['first_name']} {me['last_name']}")

    def channels(self) -> list[Profile]:
        """The person's own wall, and every community they may write for."""
        groups = self.ask("groups.get", filter="editor", extended=1, fields="screen_name,photo_200")["items"]
        return [self.profile(), *(self._profile(group, f"-{group['id']}", group["name"]) for group in groups)]

    def _profile(self, said: Mapping[str, Any], owner: str, name: str) -> Profile:
        handle = said.get("screen_name") or owner
        return Profile(owner, f"@{handle}", name, said.get("photo_200") or "", f"{self.hosts['page']}/{handle}")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, then the post or comment under the delivery's own key."""
        hung = [sending.once(f"media-{n}", partial(self.upload, piece)) for n, piece in enumerate(outgoing.media)]
        if outgoing.options.get("poll"):
            hung.append(sending.once("poll", lambda: self.poll(outgoing)))
        wish: dict[str, Any] = {"message": outgoing.text, "guid": sending.key}
        if outgoing.reply_to:
            above = parent(outgoing.reply_to)
            wish |= {**above, **self.on_behalf("from_group"), "attachments": ",".join(hung)}
            said = sending.commit(lambda: int(self.ask("wall.createComment", **wish)["comment_id"]))
            return self._receipt(f"{above['owner_id']}_{above['post_id']}?reply={said}", thread(outgoing.reply_to))
        hung += filter(None, [outgoing.options.get("link")])
        wish |= {**self._beside(outgoing.options), "attachments": ",".join(hung)}
        made = sending.commit(lambda: int(self.ask("wall.post", **wish)["post_id"]))
        return self._receipt(f"{self.owner}_{made}")

    def _beside(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """What a post says beside its words."""
        flags = ("signed", "close_comments", "mute_notifications", "mark_as_ads")
        wanted = {flag: 1 for flag in flags if chosen.get(flag)}
        group = {"from_group": 1} if self.on_behalf("") and chosen.get("as_group", True) is not False else {}
        return {"owner_id": self.owner, "copyright": chosen.get("copyright"), **wanted, **group}

    def _receipt(self, made: str, thread: str = "") -> Receipt:
        return Receipt(made, f"{self.hosts['page']}/wall{made}", {"thread": thread} if thread else {})

    # afterwards

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look on the wall, or under the post: for the very files that were uploaded, or else for the words."""
        hung = [sending.recall(f"media-{n}") for n in range(len(outgoing.media))]
        hung += [sending.recall("poll")] if outgoing.options.get("poll") else []
        listed = self._comments(outgoing.reply_to) if outgoing.reply_to else self._wall()
        since = sending.first_try - timedelta(minutes=1)
        fitting = [id for id, item in listed if moment(item) >= since and same(item, outgoing, hung)]
        under = thread(outgoing.reply_to) if outgoing.reply_to else ""
        return self.the_one([self._receipt(id, under) for id in fitting if id not in sending.known])

    def _wall(self) -> list[tuple[str, dict[str, Any]]]:
        items = self.ask("wall.get", owner_id=self.owner, count=20, filter="owner")["items"]
        return [(f"{item['owner_id']}_{item['id']}", item) for item in items]

    def _comments(self, receipt: Receipt) -> list[tuple[str, dict[str, Any]]]:
        """Our own that answer this post, or this comment."""
        at = parent(receipt)
        where = {"owner_id": at["owner_id"], "post_id": at["post_id"], "comment_id": thread(receipt)}
        items = self.ask("wall.getComments", **where, count=100, sort="desc")["items"]
        ours = [item for item in items if str(item.get("from_id")) == self.owner and answers(item, receipt)]
        return [(f"{at['owner_id']}_{at['post_id']}?reply={item['id']}", item) for item in ours]

    def recent(self, since: datetime) -> list[Seen]:
        return [Seen(self._receipt(id), one["text"], moment(one)) for id, one in self._wall() if moment(one) >= since]

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A post's address has the owner's number in it, and its own."""
        form = rf"https://(?:m\.)?vk\.(?:com|ru)/(?:\S*\?w=)?wall({profile.id}_\d+(?:\?reply=\d+)?)"
        return receipt_at(url, form, f"a post by {profile.handle}")

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """The words; what hangs on it stays."""
        method, where = named(receipt, "edit")
        comment = "comment_id" in where
        there = self.listed("wall.getComment", **where) if comment else self.listed("wall.getById", posts=receipt.id)
        hung = ",".join(name for item in there for name in attached(item))
        self.ask(method, **where, message=outgoing.text, attachments=hung)

    def delete(self, receipt: Receipt) -> None:
        """Take it back; a second time changes nothing."""
        method, where = named(receipt, "delete")
        self.ask(method, **where)
