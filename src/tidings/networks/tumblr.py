"""Tumblr, by its API v2: https://www.tumblr.com/docs/en/api/v2

A post is first a draft, then published by the draft's id, which ends with it: so a draft that is still there says for
certain that nothing is out, and the published post names the draft it was.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks import _npf
from tidings.networks._addresses import receipt_at
from tidings.networks._multipart import multipart
from tidings.networks._tumblrinbox import TumblrInbox
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Rate
from tidings.networks.errors import Later, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

BUSY = "8010"  # another film is being worked on
USED_UP = ("8004", "8011", "8023")  # for today: pictures, films, posts


class Tumblr(TumblrInbox):
    """A blog on Tumblr."""

    name, label = "tumblr", "Tumblr"
    docs = "https://www.tumblr.com/docs/en/api/v2"
    policy = "https://www.tumblr.com/privacy"
    grants = "https://www.tumblr.com/settings/apps"
    checked = date(2026, 11, 23)
    look = Look(
        "feed", ("reply", "repeat", "like"), handle=False, square=True, pictures="stack", most=10,
        marked=("link", "mention"), title="title", link="link",
    )
    connect = (OAuth2(("basic", "write", "offline_access"), needs_app=True),)
    console = Console("https://www.tumblr.com/oauth/apps", (
        "Register an application. Its website is {base_url}.",
        "Enter {redirect_uri} as the default callback URL, and among the OAuth2 redirect URLs.",
        "Copy the OAuth consumer key and the consumer secret into this page.",
    ), id="OAuth consumer key", secret="OAuth consumer secret")  # noqa: S106 -- what Tumblr calls it
    hosts = {"page": "https://www.tumblr.com", "api": "https://api.tumblr.com"}
    limits = Limits(
        text=1_000_000, text_bytes=1_000_000, links=100, pictures=30, picture_bytes=10_000_000, animations=30,
        animation_bytes=10_000_000, films=1, mixed=True, alt=4096, per_day=250,
    )
    rates = (Rate(250, timedelta(days=1)),)
    options = (
        Option("title", "Title", longest=_npf.LONGEST),
        Option("tags", "Tags", "tags", help="Without #, and without commas."),
        Option("link", "Link", "url", longest=2000, help="Shown as a card under the text."),
        Option("source_url", "Source", "url", longest=2000, help="Where the content comes from."),
        Option("slug", "End of the address", longest=100),
        Option("reblogs", "Who can reblog", "choice", (("", "Everyone"), ("noone", "Nobody"))),
    )
    codes = dict.fromkeys((BUSY, *USED_UP), Later)
    reads_free = True

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A reblog takes no film."""
        return replace(cls.limits, films=0) if outgoing.position or outgoing.reply_to else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What is counted over kinds of media, and what divides tags."""
        if sum(piece.kind in ("picture", "animation") for piece in outgoing.media) > cls.limits.pictures:
            yield Problem("media", "Tumblr takes at most 30 pictures and animations together.")
        if any("," in tag for tag in outgoing.options.get("tags") or ()):
            yield Problem("tags", "A tag has no comma in it.")

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Nothing is documented that takes access back."""
        return Endpoints(f"{cls.hosts['page']}/oauth2/authorize", f"{cls.hosts['api']}/v2/oauth2/token", pkce=False)

    def profile(self) -> Profile:
        """The blog that everybody has."""
        return self.channels()[0]

    def channels(self) -> list[Profile]:
        """Every blog of this person; names change, uuids do not."""
        blogs = sorted(self._get("/v2/user/info")["user"]["blogs"], key=lambda blog: not blog.get("primary"))
        return [
            Profile(blog.get("uuid") or blog["name"], f"@{blog['name']}", blog.get("title") or blog["name"],
                    self.url(f"/v2/blog/{blog['name']}/avatar/128"), blog["url"])
            for blog in blogs
        ]

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """A draft with its media, what became of those, and the draft made public."""
        parent = sending.once("parent", partial(self._parent, outgoing.reply_to)) if outgoing.reply_to else {}
        draft = sending.once("draft", lambda: self._draft(outgoing, parent))
        media = sending.once("media", lambda: sending.until(15, partial(self._stored, draft))) if outgoing.media else []
        wish = {**_npf.post(outgoing, media), **parent, "state": "published"}
        sending.commit(lambda: self._flip(draft, wish, sending))
        return sending.until(15, partial(self._published, draft, sending))

    def _parent(self, receipt: Receipt) -> dict[str, Any]:
        """What a reblog of our own post needs of it."""
        key = self._get(self._post(receipt.id))["reblog_key"]
        return {"parent_tumblelog_uuid": self.access.profile.id, "parent_post_id": int(receipt.id), "reblog_key": key}

    def _draft(self, outgoing: Outgoing, parent: Mapping[str, Any]) -> str:
        files = {f"media-{place}": piece for place, piece in enumerate(outgoing.media)}
        blocks = [_npf.upload(piece, name) for name, piece in files.items()]
        wish = {**_npf.post(outgoing, blocks), **parent, "state": "draft"}
        body, kind = multipart({"json": json.dumps(wish)}, files, {"json": "application/json"})
        answer = self.call("POST", self.url(self._post()), body=body, headers=kind, seconds=600)
        return str(answer.json()["response"]["id"])

    def _stored(self, draft: str) -> list[dict[str, Any]] | None:
        return _npf.stored(self._get(self._post(draft))["content"]) or None

    def _flip(self, draft: str, wish: dict[str, Any], sending: Sending) -> bool:
        """Make the draft public. One that somebody has deleted meanwhile is written anew."""
        try:
            self.call("PUT", self.url(self._post(draft)), json=wish)
        except Rejected as refused:
            if sending.again or self.there(self.url(self._post(draft))):
                raise
            sending.forget("draft", "media")
            raise Later("The draft is not there any more; it is written anew.", clock.now()) from refused
        return True

    def _published(self, draft: str, sending: Sending) -> Receipt | None:
        """The post that was this draft; its id is another, and the list may lag."""
        listed = self._posts(sending.first_try - timedelta(minutes=1))
        return next((self._receipt(post) for post in listed if str(post.get("genesis_post_id")) == draft), None)

    def _receipt(self, post: Mapping[str, Any]) -> Receipt:
        return Receipt(str(post.get("id_string") or post["id"]), post["post_url"])

    # afterwards

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """A draft that is there has not been published; one that is gone has become a post."""
        draft = sending.recall("draft")
        if self.there(self.url(self._post(draft))):
            raise Later("Tumblr still has it as a draft.")
        return sending.until(60, partial(self._published, draft, sending))

    def recent(self, since: datetime) -> list[Seen]:
        return [Seen(self._receipt(one), _npf.spoken(one["content"]), _npf.at(one)) for one in self._posts(since)]

    def _posts(self, since: datetime) -> Iterator[dict[str, Any]]:
        """The blog's posts from the latest back to then, or as many as a day can have."""
        for offset in range(0, 260, 20):
            posts = self._get(f"{self._post()}?npf=true&limit=20&offset={offset}")["posts"]
            yield from (post for post in posts if _npf.at(post) >= since)
            if len(posts) < 20 or _npf.at(posts[-1]) < since:
                return

    def present(self, receipt: Receipt) -> bool:
        return self.there(self.url(self._post(receipt.id)))

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A post's address names the blog and has the post's number in it."""
        blog = re.escape(profile.handle[1:])
        places = rf"https://(?:www\.tumblr\.com/{blog}|{blog}\.tumblr\.com/post)"
        return receipt_at(url, rf"{places}/(\d+)(?:/[^/]*)?", f"a post by {profile.handle}")

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Everything but the media, which stay as they are."""
        post = self._get(self._post(receipt.id))
        wish = {**_npf.post(outgoing, _npf.stored(post["content"])), **_npf.parent(post), "state": "published"}
        self.call("PUT", self.url(self._post(receipt.id)), json=wish)

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        if self.present(receipt):
            self.call("POST", self.url(f"/v2/blog/{self.access.profile.id}/post/delete"), form={"id": receipt.id})

    # speaking

    def code(self, answer: Answer) -> str:
        return self._problem(answer)[0]

    def said(self, answer: Answer) -> str:
        return self._problem(answer)[1] or super().said(answer)

    def again_at(self, answer: Answer) -> datetime | None:
        """Tumblr names no time."""
        if self.code(answer) not in self.codes:
            return super().again_at(answer)
        return clock.now() + timedelta(minutes=2 if self.code(answer) == BUSY else 60)

    def _problem(self, answer: Answer) -> tuple[str, str]:
        body = answer.json()
        errors = body.get("errors") if isinstance(body, dict) else None
        (told, *_) = errors or [{}]
        return str(told.get("code") or ""), str(told.get("detail") or told.get("title") or "")

    def _get(self, path: str) -> Any:
        return self.get(path)["response"]

    def _post(self, id: str = "") -> str:
        return f"/v2/blog/{self.access.profile.id}/posts{'/' if id else ''}{id}"
