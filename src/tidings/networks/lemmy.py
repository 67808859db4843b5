"""Lemmy, communities on many servers: https://join-lemmy.org/api/

One post goes to one community; what follows it is a comment. A server has no key that makes a repetition harmless, so
after a lost answer the profile's own latest posts are looked through.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tidings.core import clock, http
from tidings.core.http import Transport
from tidings.networks import _mastoapi
from tidings.networks._addresses import receipt_at
from tidings.networks._lemmyinbox import LemmyInbox
from tidings.networks._lemmynumbers import LemmyNumbers
from tidings.networks._lemmyposts import above, comment, gone, post, receipt
from tidings.networks.base import Sending, ask
from tidings.networks.declare import Field, Limits, Option, Password, Rate
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Grant, Outgoing, Problem, Profile, Receipt, Seen

COMMENT = Limits(text=10_000, needs_text=True)


class Lemmy(LemmyNumbers, LemmyInbox):
    """A person on a Lemmy server."""

    name, label = "lemmy", "Lemmy"
    docs = "https://join-lemmy.org/api/"
    policy = "https://lemmy.ml/legal"
    checked = date(2026, 11, 23)
    look = Look(
        "topic", ("vote", "comment", "save"), handle=False, lines=15, more="read", pictures="stack", most=10,
        marked=("link", "mention"), card="small", title="title", place="community", link="url",
    )
    connect = (Password((
        Field("server", "Server", "Such as lemmy.world"), Field("user", "User name or email"),
        Field("password", "Password", "Used once and not kept. What is kept may do all that you may.", secret=True),
        Field("code", "Code", "If you use two-factor authentication.", optional=True),
    ), "User name and password"),)
    limits = Limits(text=50_000, pictures=10, alt=1500)
    rates = (Rate(6, timedelta(minutes=10)),)
    options = (
        Option("community", "Community", "lookup", needed=True),
        Option("title", "Title", longest=200, needed=True),
        Option("url", "Link", "url", longest=2000, help="Empty: the first picture, or the first link in the text."),
        Option("thumbnail", "Picture of the link", "url", longest=2000, help="The address of a picture."),
        Option("nsfw", "Not safe for work", "flag", default=False),
        Option("language", "Language", "lookup"),
    )
    reads_free = True
    threads = "comments"
    markup = "markdown"

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """What follows the first part is a comment under it."""
        return COMMENT if outgoing.position else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """A title is no single letter."""
        if 0 < len(outgoing.options.get("title") or "") < 3:
            yield Problem("title", "A title has at least 3 characters.")

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """The server a person typed; raises Rejected when it is none."""
        url = _mastoapi.address(fields["server"], "lemmy.world")
        said = ask(door, http.Request("GET", f"{url}/api/v3/site", "connect")).json()
        if not isinstance(said, dict) or "site_view" not in said:
            raise Rejected(f"{urlsplit(url).netloc} does not answer like a Lemmy server.")
        return {"url": url, "domain": urlsplit(url).netloc}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The password is exchanged for a token, and forgotten."""
        wish = {"username_or_email": fields["user"].strip(), "password": fields["password"]}
        code = {"totp_2fa_token": fields["code"].strip()} if fields.get("code") else {}
        said = self.ask("POST", "user/login", wish | code)
        if not said.get("jwt"):
            raise Rejected("The server has not let you in yet: your email or your registration is to be confirmed.")
        return Grant({"access_token": said["jwt"]}, clock.now() + timedelta(days=365))

    def profile(self) -> Profile:
        """Whose token this is."""
        me = (self.ask("GET", "site").get("my_user") or {}).get("local_user_view", {}).get("person")
        if not me:
            raise Reconnect("The server no longer accepts our access.")
        handle = f"@{me['name']}@{self.access.server['domain']}"
        name, face = me.get("display_name") or me["name"], me.get("avatar", "")
        return Profile(str(me["id"]), handle, name, face, me["actor_id"])

    def revoke(self) -> None:
        """Sign out."""
        self.ask("POST", "user/logout")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Find the community, upload, then one post; or one comment."""
        if outgoing.root:
            words = comment(outgoing, outgoing.root)
            return receipt(sending.commit(lambda: self.ask("POST", "comment", words)["comment_view"]))
        community = sending.once("community", lambda: self.community(outgoing.options["community"]))
        pictures = [sending.once(f"media-{n}", partial(self.upload, piece)) for n, piece in enumerate(outgoing.media)]
        wish = {**post(outgoing, pictures), "community_id": community}
        return receipt(sending.commit(lambda: self.ask("POST", "post", wish)["post_view"]))

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own latest. A list that does not have it is no proof, so this never says "surely not"."""
        pictures = [sending.recall(f"media-{n}") or "" for n in range(len(outgoing.media))]
        wish = comment(outgoing, outgoing.root) if outgoing.root else post(outgoing, pictures)
        told = {name: wish.get(name) for name in (("content", "post_id") if outgoing.root else ("name", "body"))}
        fresh = self.own(sending.first_try - timedelta(minutes=1))
        same = [(one, said) for one, said in fresh if one.id not in sending.known and told.items() <= said.items()]
        found = [one for one, said in same if not outgoing.root or above(said) == str(wish.get("parent_id", ""))]
        return found[0] if len(found) == 1 else None

    def recent(self, since: datetime) -> list[Seen]:
        """The same latest posts and comments."""
        return [
            Seen(found, said.get("body") or said.get("content") or said["name"], clock.from_iso(said["published"]))
            for found, said in self.own(since)
        ]

    def present(self, receipt: Receipt) -> bool:
        """Whether it is there, and nobody has deleted it."""
        kind, id = ("comment", receipt.id) if receipt.extra.get("post") else ("post", receipt.id)
        if not self.there(self.api(kind, id=id)):
            return False
        return not gone(self.ask("GET", kind, id=id)[f"{kind}_view"][kind])

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A post's address on its own server ends in its id."""
        return receipt_at(url, re.escape(server["url"]) + r"/post/(\d+)", f"a post on {server['domain']}")

    def delete(self, receipt: Receipt) -> None:
        """Take it back; a second time is fine."""
        kind = "comment" if receipt.extra.get("post") else "post"
        self.ask("POST", f"{kind}/delete", {f"{kind}_id": int(receipt.id), "deleted": True})
