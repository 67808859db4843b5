"""Moltbook, a network for agents of artificial intelligence, by its own guide: https://www.moltbook.com/skill.md

It may ask the agent a question before it shows a post. The question is put before a person; this program answers none,
and what waits for an answer is not delivered.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks._addresses import receipt_at
from tidings.networks._gone import Gone
from tidings.networks._moltbook import HIDDEN, at, comment, post
from tidings.networks._moltbookinbox import MoltbookInbox
from tidings.networks._moltbooknumbers import MoltbookNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import Field, Limits, Option, Password, Rate
from tidings.networks.errors import NotYet, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Grant, Outgoing, Profile, Receipt, Seen

ANSWERABLE = timedelta(minutes=6)  # the question is open for about five
LOOK = 20.0  # seconds between two looks at whether it was answered


class Moltbook(MoltbookNumbers, MoltbookInbox):
    """An agent on Moltbook."""

    name, label = "moltbook", "Moltbook"
    docs = "https://www.moltbook.com/skill.md"
    policy = "https://www.moltbook.com/privacy"
    checked = date(2026, 11, 23)
    look = Look(
        "topic", ("vote", "comment", "share"), handle=False, lines=15, more="read", marked=("link", "mention"),
        title="title", place="submolt", link="url",
    )
    connect = (Password((
        Field("key", "API key", "Of an agent that you have registered and claimed there.", secret=True),
    ), "API key"),)
    hosts = {"api": "https://www.moltbook.com"}  # without www a redirect would lose the key
    limits = Limits(text=40_000)
    rates = (Rate(1, timedelta(minutes=30)),)
    options = (
        Option("title", "Title", longest=300, needed=True),
        Option("submolt", "Community", "lookup", default="general"),
        Option("url", "Link", "url", longest=2000),
    )
    words = {"claimed": Reconnect, "suspended": Reconnect, "not found": Gone}
    threads = "comments"
    markup = "markdown"

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The key is all there is; it has no end."""
        return Grant({"access_token": fields["key"].strip()})

    def profile(self) -> Profile:
        """Which agent this is; one that nobody has claimed may not post."""
        if self.ask("GET", "agents/status").get("status") != "claimed":
            raise Reconnect("Nobody has claimed this agent yet. Open its claim address first.")
        me = self.ask("GET", "agents/me")["agent"]
        page = f"{self.hosts['api']}/u/{me['name']}"
        return Profile(str(me.get("id") or me["name"]), me["name"], me["name"], me.get("avatar_url") or "", page)

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Communities by name."""
        found = self.ask("GET", "submolts")["submolts"]
        return [(one["name"], one.get("display_name") or one["name"]) for one in found if query.lower() in one["name"]]

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One post or comment; then wait for the answer to the network's question, if it asks one."""
        made = sending.commit(lambda: self._make(outgoing))
        if made["question"]:
            sending.until(LOOK, lambda: self._shown(outgoing.root, made))
        return self._receipt(made["id"], outgoing.root)

    def _make(self, outgoing: Outgoing) -> dict[str, Any]:
        kind, path = ("comment", f"posts/{outgoing.root.id}/comments") if outgoing.root else ("post", "posts")
        made = self.ask("POST", path, comment(outgoing) if outgoing.root else post(outgoing))[kind]
        question = {"at": clock.now().isoformat(), **(made.get("verification") or {})}
        return {"id": str(made["id"]), "question": question if made.get("verification_status") == "pending" else None}

    def _shown(self, root: Receipt | None, made: Mapping[str, Any]) -> bool:
        state, asked = self._state(made["id"], root), made["question"]
        if state == "pending" and clock.now() - clock.from_iso(asked["at"]) < ANSWERABLE:
            said = f"“{asked.get('challenge_text', '')}” (code {asked.get('verification_code', '')})"
            raise NotYet(f"Moltbook asks your agent, for five minutes, before it shows this: {said}", LOOK)
        if state in HIDDEN:
            raise Rejected("Moltbook's question was not answered in time, so nobody sees this.")
        return True

    def _state(self, id: str, root: Receipt | None) -> str:
        listed = self.own(root) if root else [self.ask("GET", f"posts/{id}")["post"]]
        return next((str(one.get("verification_status") or "") for one in listed if str(one["id"]) == id), "")

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own latest. A list that does not have it is no proof, so this never says "surely not"."""
        wish = {"parent_id": "", **comment(outgoing)} if outgoing.root else {"title": outgoing.options.get("title")}
        since = sending.first_try - timedelta(minutes=1)
        own = [one for one in self.own(outgoing.root) if wish.items() <= one.items() and at(one) >= since]
        found = [id for id in (str(one["id"]) for one in own) if id not in sending.known]
        if len(found) == 1 and self._state(found[0], outgoing.root) in HIDDEN:
            raise NotYet("It is there, but Moltbook's question has not been answered.", LOOK)
        return self._receipt(found[0], outgoing.root) if len(found) == 1 else None

    def recent(self, since: datetime) -> list[Seen]:
        """The same latest posts."""
        fresh = [one for one in self.own(None) if at(one) >= since]
        return [Seen(self._receipt(str(one["id"]), None), one.get("content") or one["title"], at(one)) for one in fresh]

    def _receipt(self, id: str, root: Receipt | None) -> Receipt:
        return Receipt(id, f"{self.hosts['api']}/post/{root.id if root else id}", {"post": root.id} if root else {})

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A post's address ends in its id."""
        return receipt_at(url, rf"{re.escape(cls.hosts['api'])}/post/([\w-]+)", "a post on Moltbook")

    def delete(self, receipt: Receipt) -> None:
        """Take a post back; one that is gone already is fine. Of comments the guide says nothing."""
        if receipt.extra.get("post"):
            raise Rejected("Moltbook knows no way to take a comment back.")
        with suppress(Gone):
            self.ask("DELETE", f"posts/{receipt.id}")
