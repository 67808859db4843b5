"""What a member's profile and an organization's page on LinkedIn have in common: uploads, posts, comments.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks._linkedinmedia import LinkedInMedia
from tidings.networks._littletext import counted, little
from tidings.networks.base import Poll as PollLimits
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, Option, Rate
from tidings.networks.errors import Later, Reconnect, Rejected, Unsure
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Receipt

VERSION = "202609"  # lives a year at least; tests/networks/test_linkedin.py says when to take the next one
TWIN = re.compile(r"urn:li:(?:share|ugcPost|activity):(\d+)")
FEED = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}
COMMENT = Limits(text=1250)  # plain text, no media
SKEW = timedelta(minutes=1)


LIMITS = Limits(
    text=3000, count=counted, pictures=20, picture_types=("image/jpeg", "image/png"), picture_bytes=8_000_000,
    picture_pixels=36_152_319, animations=1, animation_bytes=8_000_000, films=1, film_bytes=500_000_000,
    film_seconds=(3, 1800), poll=PollLimits(choices=4, characters=30, shortest=1440, longest=20_160),
)
OPTIONS = (
    Option("link", "Link with a card", "url", longest=2000, help="LinkedIn reads no page: give its title too."),
    Option("link_title", "Title of the card", longest=400),
    Option("link_description", "Text of the card", longest=4000),
    Option("as_document", "Pictures as a document to leaf through", "flag", default=False),
    Option("document_title", "Title of the document", longest=100),
    Option("reshare", "May be reshared", "flag", default=True),
    Option("poll", "Poll", "poll"),
    Option("poll_question", "Question of the poll", longest=140, help="Empty: the first line of the text."),
)
STEPS = (
    "Create an app on LinkedIn's developer pages; it belongs to a company page.",
    "On “Auth”, add this redirect URL: {redirect_uri}",
    "Copy the client id and the primary client secret from there.",
)


def console(*products: str, gate: str, more: str = "") -> Console:
    """The way to app credentials; `products` are asked for on the app's own page. `more`: what else to know there."""
    asked = "On “Products”, request " + " and ".join(f"“{name}”" for name in products) + "."
    steps = (STEPS[0], asked, *([more] if more else []), *STEPS[1:])
    return Console("https://www.linkedin.com/developers/apps", steps, gate=gate)


class LinkedInPosts(LinkedInMedia):
    """Posts and comments of one author, a URN."""

    hosts = {"authorize": "https://www.linkedin.com", "api": "https://api.linkedin.com"}
    limits = LIMITS
    rates = (Rate(40, timedelta(days=1)), Rate(25_000, timedelta(days=1), "app"))  # 150 calls a day, 4 for a picture
    options: ClassVar[tuple[Option, ...]] = OPTIONS
    repeatable = timedelta(minutes=10)  # a repetition is refused, and the refusal names the post
    threads = "comments"
    look = Look(
        "feed", ("up", "comment", "repeat", "send"), named=True, cut=210, lines=3, handle=False, most=5,
        ratio=(0.8, 1.91), card="small", link="link",
    )
    codes = {
        "EXPIRED_ACCESS_TOKEN": Reconnect, "REVOKED_ACCESS_TOKEN": Reconnect, "INVALID_ACCESS_TOKEN": Reconnect,
        "ACCESS_DENIED": Reconnect, "VERSION_MISSING": Later, "NONEXISTENT_VERSION": Later,
    }
    words = {"Not enough permissions": Reconnect}

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Web apps prove themselves by their secret; PKCE is not offered to them."""
        at = f"{cls.hosts['authorize']}/oauth/v2"
        return Endpoints(f"{at}/authorization", f"{at}/accessToken", f"{at}/revoke", pkce=False)

    @classmethod
    def repeatable_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> timedelta:
        """Whether LinkedIn knows a comment again, nobody says."""
        return timedelta(0) if outgoing.position else cls.repeatable

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """What follows the first part is a comment under it."""
        if outgoing.position:
            return COMMENT
        return replace(cls.limits, pictures=1, needs="") if outgoing.options.get("link") else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What goes together and what does not."""
        chosen = outgoing.options
        if chosen.get("link") and not chosen.get("link_title"):
            yield Problem("link_title", "A link with a card needs a title.")
        if chosen.get("link") and any(piece.kind != "picture" for piece in outgoing.media):
            yield Problem("media", "Beside a link with a card there is room for its picture only.")
        if chosen.get("as_document") and {piece.kind for piece in outgoing.media} != {"picture"}:
            yield Problem("as_document", "A document is made of pictures.")
        if chosen.get("poll") and chosen.get("link"):
            yield Problem("poll", "A poll cannot have a link with a card.")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, wait until LinkedIn has worked on it, then one post; or one comment."""
        if outgoing.root:
            return self._comment(outgoing, outgoing.root, sending)
        content = self.content(outgoing, sending)
        wish = {
            "author": self.author(), "commentary": little(outgoing.text), "lifecycleState": "PUBLISHED",
            "visibility": outgoing.options.get("visibility") or "PUBLIC",
            "distribution": FEED,
            "isReshareDisabledByAuthor": not outgoing.options.get("reshare", True),
            **({"content": content} if content else {}),
        }
        return self.receipt(sending.commit(lambda: self._post(wish, sending)))

    def _post(self, wish: Mapping[str, Any], sending: Sending) -> str:
        """The post's URN. A repetition is refused, and the refusal names the one that is there."""
        try:
            answer = self.call("POST", self.at("/rest/posts"), json=wish)
        except Rejected as refused:
            twin = TWIN.search(refused.reason) if sending.again else None
            if twin and twin[0] not in sending.known and _born(int(twin[1])) >= sending.first_try - SKEW:
                return twin[0]
            raise
        return _named(answer)

    def _comment(self, outgoing: Outgoing, post: Receipt, sending: Sending) -> Receipt:
        """Under the post, or in answer to a comment there; parts of a post stand beside each other."""
        top = outgoing.reply_to.extra.get("top", "") if outgoing.reply_to else ""
        wish = {"actor": self.author(), "object": post.id, "message": {"text": outgoing.text}}
        wish |= {"parentComment": top} if top else {}
        url = self.at(f"{social(top or post.id)}/comments")
        return self.commented(sending.commit(lambda: self.say(url, wish)), post, top)

    def say(self, url: str, wish: Mapping[str, Any]) -> str:
        """Make a comment; its id."""
        return _named(self.call("POST", url, json=wish))

    def commented(self, id: str, post: Receipt, top: str = "") -> Receipt:
        """A comment's receipt. `top`: the comment, by its URN, that it answers, or that an answer to it goes below."""
        return Receipt(id, post.url, {"post": post.id, **({"top": top} if top else {})})

    # afterwards

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Say it differently; media and the like stay."""
        wish = {"patch": {"$set": {"commentary": little(outgoing.text)}}}
        self.call("POST", self.at(place(receipt.id)), json=wish, headers={"X-RestLi-Method": "PARTIAL_UPDATE"})

    def delete(self, receipt: Receipt) -> None:
        """Take it back; LinkedIn says yes a second time, too."""
        post = receipt.extra.get("post")
        path = f"{social(post)}/comments/{receipt.id}?actor={quote(self.author(), '')}" if post else place(receipt.id)
        self.call("DELETE", self.at(path))

    def receipt(self, urn: str) -> Receipt:
        """A post by its URN."""
        return Receipt(urn, f"{self.hosts['authorize']}/feed/update/{urn}")

    # speaking

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Every call names the version of the API it was written for."""
        return {**super().headers(method, url), "LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}

    def again_at(self, answer: Answer) -> datetime | None:
        """Its quotas begin anew at midnight, UTC; comments are only slowed down."""
        if answer.status != 429 or "retry-after" in answer.headers:
            return super().again_at(answer)
        now = clock.now()
        if "Comment create throttled" in self.said(answer):
            return now + timedelta(minutes=1)
        return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def place(urn: str) -> str:
    """Where a post lives in the API."""
    return f"/rest/posts/{quote(urn, '')}"


def social(urn: str) -> str:
    """Where what people do with a post lives in the API."""
    return f"/rest/socialActions/{quote(urn, '')}"


def _named(answer: Answer) -> str:
    """The URN in the answer's header; its body is empty."""
    urn = answer.headers.get("x-restli-id", "")
    if not urn:
        raise Unsure("LinkedIn did not say what it made.")
    return urn


def _born(id: int) -> datetime:
    """An id carries the time it was given, in milliseconds."""
    return datetime.fromtimestamp((id >> 22) / 1000, clock.now().tzinfo)
