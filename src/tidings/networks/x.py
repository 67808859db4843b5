"""X, by its API v2: https://docs.x.com/x-api

It takes every repeat for a new post, so a lost answer is looked for in the profile's own timeline.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from tidings.core import http, text
from tidings.networks import _xposts
from tidings.networks._addresses import receipt_at
from tidings.networks._gone import Gone
from tidings.networks._xnumbers import XNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Poll, Rate
from tidings.networks.errors import Later, NotYet, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Rendition, Seen

CHUNK = 4 * 1024 * 1024  # bytes; a segment may have 5 MB
MEDIA_LIVES = timedelta(hours=23)  # a handle is forgotten after a day


class X(XNumbers):
    """A profile on X."""

    name, label = "x", "X"
    docs = "https://docs.x.com/x-api"
    policy = "https://x.com/en/privacy"
    grants = "https://x.com/settings/connected_apps"
    checked = date(2026, 11, 23)
    look = Look("note", ("comment", "repeat", "like", "views", "save"), cut=280, more="show", ratio=(0.75, 2))
    erasure = timedelta(days=1)
    connect = (OAuth2(("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"), needs_app=True),)
    console = Console("https://console.x.com", (
        "Accept the terms, make an app, and buy some credit: X charges per request.",
        "In the app's user authentication settings choose Read and write, and the type Web App, Automated App or Bot.",
        "Enter {redirect_uri} as callback URL and {base_url} as website.",
        "Copy the OAuth 2.0 Client ID and Client Secret; the API key is something else.",
    ), gate="Every post costs: 1.5 cents, and 20 with a link (April 2026).")
    hosts = {"authorize": "https://x.com", "api": "https://api.x.com"}
    one_text_once = True
    limits = Limits(
        text=280, count=text.weighted, pictures=4, picture_types=("image/jpeg", "image/png", "image/webp"),
        picture_bytes=5_000_000, animations=1, animation_bytes=15_000_000, films=1, film_seconds=(0.5, 1200),
        film_bytes=8_000_000_000, poll=Poll(choices=4, characters=25, shortest=5, longest=10_080), per_day=2400,
    )
    rates = (Rate(100, timedelta(minutes=15)), Rate(10_000, timedelta(days=1), "app"))
    options = (
        Option("who_can_reply", "Who can reply", "choice", (
            ("", "Everyone"), ("following", "Profiles you follow"), ("mentionedUsers", "Only people mentioned"),
            ("subscribers", "Subscribers"), ("verified", "Verified profiles"),
        )),
        Option("community", "Community", longest=100, help="Its number or address; empty: the profile itself."),
        Option("share_with_followers", "Show to followers too", "flag", default=False, help="With a community."),
        Option("made_with_ai", "Contains media made with AI", "flag", default=False),
        Option("paid_partnership", "Paid partnership", "flag", default=False),
        Option("poll", "Poll", "poll"),
    )
    unheard = "X charges for each post that is read, so what others write is read and answered on X itself."
    words = {"scope": Reconnect, "Unsupported Authentication": Reconnect, "Not Found": Gone}

    # connecting

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """Profiles that pay for Premium may say and show more."""
        if server.get("subscription") not in ("Premium", "PremiumPlus"):
            return cls.limits
        return replace(cls.limits, text=25_000, film_bytes=16_000_000_000, film_seconds=(0.5, 7500))

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Confidential clients prove themselves by HTTP Basic; a client without a secret only names itself."""
        page, api = f"{cls.hosts['authorize']}/i/oauth2/authorize", f"{cls.hosts['api']}/2/oauth2"
        return Endpoints(page, f"{api}/token", f"{api}/revoke", client_auth="basic")

    def profile(self) -> Profile:
        """Whose token this is."""
        me, page = self._me, f"{self.hosts['authorize']}/{self._me['username']}"
        return Profile(me["id"], f"@{me['username']}", me["name"], me.get("profile_image_url", ""), page)

    def announced(self) -> Mapping[str, Any]:
        """What the profile pays for, since limits hang on it."""
        return {**self.access.server, "subscription": self._me.get("subscription_type", "None")}

    @cached_property
    def _me(self) -> dict[str, Any]:
        wish = {"user.fields": "subscription_type,username,name,profile_image_url"}
        return self._data(self.call("GET", self.url("/2/users/me", **wish)))

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, describe, wait until X has worked on films, then the one post."""
        media = [self._upload(piece, n, sending) for n, piece in enumerate(outgoing.media)]
        wish = _xposts.body(outgoing, media)
        made = sending.commit(lambda: str(self._data(self.call("POST", self.url("/2/tweets"), json=wish))["id"]))
        return self._receipt(made)

    def _upload(self, piece: Rendition, n: int, sending: Sending) -> str:
        handle = sending.once(f"media-{n}", lambda: self._begin(piece), MEDIA_LIVES)["id"]
        if piece.kind != "picture" and sending.once(f"sent-{handle}", lambda: self._send(piece, handle)):
            sending.until(5, lambda: self._processed(handle, f"media-{n}", sending))
        if piece.alt:
            sending.once(f"alt-{handle}", lambda: self._describe(handle, piece.alt))
        return handle

    def _begin(self, piece: Rendition) -> dict[str, str]:
        """A picture goes in one request; a film or an animation is announced here and sent after."""
        if piece.kind == "picture":
            fields = {"media_category": "tweet_image", "media_type": piece.mime}
            body, kind = http.multipart(fields, ("media", piece.name or "picture", piece.mime, piece.read()))
            said = self.call("POST", self.url("/2/media/upload"), body=body, headers=kind, seconds=300)
        else:
            category = "tweet_video" if piece.kind == "film" else "tweet_gif"
            wish = {"media_type": piece.mime, "total_bytes": piece.size, "media_category": category}
            said = self.call("POST", self.url("/2/media/upload/initialize"), json=wish)
        data = self._data(said)
        return {"id": str(data["id"]), "key": str(data.get("media_key", ""))}

    def _send(self, piece: Rendition, handle: str) -> bool:
        """All segments (a repeated one replaces itself), then the end; whether X still works on it."""
        with piece.stream() as file:
            for n, chunk in enumerate(iter(lambda: file.read(CHUNK), b"")):
                body, kind = http.multipart({"segment_index": str(n)}, ("media", "chunk", piece.mime, chunk))
                self.call("POST", self.url(f"/2/media/upload/{handle}/append"), body=body, headers=kind, seconds=300)
        return "processing_info" in self._data(self.call("POST", self.url(f"/2/media/upload/{handle}/finalize")))

    def _processed(self, handle: str, step: str, sending: Sending) -> bool:
        said = self.call("GET", self.url("/2/media/upload", command="STATUS", media_id=handle))
        info = self._data(said).get("processing_info", {"state": "succeeded"})
        if info["state"] == "failed":
            sending.forget(step)
            raise Rejected(info.get("error", {}).get("message") or "X could not work on this film.")
        if info["state"] != "succeeded":
            raise NotYet("X is still working on the film.", float(info.get("check_after_secs", 5)))
        return True

    def _describe(self, handle: str, alt: str) -> int:
        said = {"id": handle, "metadata": {"alt_text": {"text": alt}}}
        return self.call("POST", self.url("/2/media/metadata"), json=said).status

    def _receipt(self, made: str) -> Receipt:
        return Receipt(made, f"{self.hosts['authorize']}/{self.access.profile.handle[1:]}/status/{made}")

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own timeline, which lags: absence there is no proof."""
        keys = [(sending.recall(f"media-{n}") or {}).get("key") for n in range(len(outgoing.media))]
        latest = self._timeline(sending.first_try - timedelta(minutes=1))
        matches = [p["id"] for p in latest if p["id"] not in sending.known and _xposts.same(p, outgoing, keys)]
        return self.the_one([self._receipt(id) for id in matches])

    def recent(self, since: datetime) -> list[Seen]:
        return [_xposts.seen(post, self._receipt(post["id"])) for post in self._timeline(since)]

    def _timeline(self, since: datetime) -> list[dict[str, Any]]:
        """Never more of it than is needed: every post that is read costs money."""
        query = {"max_results": 20, "start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}", "tweet.fields": _xposts.READ}
        said = self.call("GET", self.url(f"/2/users/{self.access.profile.id}/tweets", **query))
        return list(_xposts.mapping(said).get("data", []))

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """A link is allowed, and costs."""
        if text.urls(outgoing.text):
            said = "X charges about 20 cents for a post with a link, and 1.5 without one (April 2026)."
            yield Problem("text", said, "warning")

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A post's address names the profile and ends in the post's id."""
        sites = "|".join(map(re.escape, (cls.hosts["authorize"], "https://twitter.com", "https://mobile.x.com")))
        form = rf"(?:{sites})/(?i:{re.escape(profile.handle[1:])})/status/(\d+)(?:[?#].*)?"
        return receipt_at(url, form, f"a post by {profile.handle}")

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        with suppress(Gone):
            self.call("DELETE", self.url(f"/2/tweets/{receipt.id}"))

    def _data(self, answer: http.Answer) -> dict[str, Any]:
        return _xposts.data(_xposts.mapping(answer))

    def judge(self, answer: http.Answer) -> None:
        """An app without credit is told to come back, as one that is too fast is."""
        if answer.status == 402 or str(_xposts.mapping(answer).get("type", "")).endswith("usage-capped"):
            raise Later("The credit of the X app is used up.")
        super().judge(answer)

    def said(self, answer: http.Answer) -> str:
        """X speaks in `errors`, `detail` and `title`."""
        return _xposts.spoken(_xposts.mapping(answer))
