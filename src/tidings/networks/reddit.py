"""Reddit, by its OAuth API: https://www.reddit.com/dev/api/oauth

Errors come with HTTP 200; posts with a picture or a film have no id until they appear in the profile's own list, which
is also where a lost answer is looked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks import _redditnumbers, _submissions
from tidings.networks._multipart import multipart
from tidings.networks._redditinbox import RedditInbox
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Poll, Rate
from tidings.networks.errors import Later, Reconnect, Rejected, Unsure
from tidings.networks.look import Look
from tidings.networks.metrics import Numbers, Reading
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Rendition, Seen

APPEARS = timedelta(hours=1)  # a picture or film that is not in the list by then has been dropped


class Reddit(RedditInbox):
    """A profile on Reddit, posting to one subreddit at a time."""

    name, label = "reddit", "Reddit"
    docs = "https://www.reddit.com/dev/api/oauth"
    policy = "https://www.reddit.com/policies/privacy-policy"
    grants = "https://www.reddit.com/prefs/apps"
    checked = date(2026, 11, 23)
    look = Look(
        "topic", ("vote", "comment", "share"), handle=False, cut=600, lines=12, more="read", pictures="carousel",
        most=20, ratio=(0.56, 2), marked=("link",), title="title", place="subreddit", link="url",
    )
    connect = (OAuth2(("identity", "submit", "flair", "read", "mysubreddits", "history", "edit"), needs_app=True),)
    console = Console("https://www.reddit.com/prefs/apps", (
        "Ask Reddit for an app if you have none; take the credentials of an approved one otherwise.",
        "The app must be of the type \"web app\", with the redirect URI {redirect_uri}.",
        "Copy the id under the app's name, and its secret, into this page.",
    ), gate="Since November 2025 Reddit approves every new app by hand, and commercial use needs a contract.")
    hosts = {"page": "https://www.reddit.com", "api": "https://oauth.reddit.com"}
    limits = Limits(
        text=40_000, pictures=20, picture_bytes=20_000_000, animations=1, animation_bytes=20_000_000,
        films=1, film_types=("video/mp4", "video/quicktime"), poll=Poll(6, 300, shortest=1440, longest=10_080),
    )
    rates = (Rate(100, timedelta(minutes=1), "app"),)
    options = (
        Option("subreddit", "Subreddit", "lookup", needed=True),
        Option("title", "Title", longest=300, needed=True),
        Option("url", "Link", "url", longest=2000, help="The post is then this link."),
        Option("flair", "Flair", "lookup", help="Look for it as \"subreddit: name\"; some want one."),
        Option("nsfw", "Not safe for work", "flag", default=False),
        Option("spoiler", "Spoiler", "flag", default=False),
        Option("send_replies", "Tell me about comments", "flag", default=True),
        Option("silent", "Film without sound, in a loop", "flag", default=False),
        Option("poll", "Poll", "poll", help="Open for whole days."),
    )
    metrics, crowd, counting = _redditnumbers.METRICS, _redditnumbers.CROWD, _redditnumbers.COUNTING
    codes = {"RATELIMIT": Later, "insufficient_scope": Reconnect, "blocked": Later}
    threads = "comments"
    markup = "markdown"
    reads_free = True

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A comment is words only; a picture beside a film is what is shown before it starts."""
        if outgoing.position or outgoing.reply_to:
            return Limits(text=10_000)
        return replace(cls.limits, pictures=1, mixed=True) if _submissions.has_film(outgoing) else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """A post is one thing."""
        link, media = outgoing.options.get("url"), outgoing.media
        if link and (media or outgoing.options.get("poll")):
            yield Problem("url", "A post that is a link has no poll, pictures or film.")
        if _submissions.has_film(outgoing) and len(media) == 1:
            yield Problem("media", "Reddit shows a picture before a film starts: add one.")
        if outgoing.text.strip() and (link or media):
            yield Problem("text", "Beside a link, pictures or a film Reddit may show the title only.", "warning")

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Access that lasts is asked for by a word of Reddit's own."""
        at, ask = f"{cls.hosts['page']}/api/v1", {"duration": "permanent"}
        token, revoke = f"{at}/access_token", f"{at}/revoke_token"
        return Endpoints(f"{at}/authorize", token, revoke, client_auth="basic", pkce=False, extra=ask)

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.get("/api/v1/me", raw_json=1)
        handle = f"u/{me['name']}"
        return Profile(me["id"], handle, me["name"], me.get("icon_img") or "", f"{self.hosts['page']}/{handle}")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """A comment at once; a post after its media, and with some of those only when it has appeared."""
        if outgoing.reply_to:
            said = {"thing_id": outgoing.reply_to.id, "text": outgoing.text, "api_type": "json"}
            return self._receipt(sending.commit(lambda: self._made("/api/comment", said)["things"][0]["data"]))
        media = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        path, wish = _submissions.wish(outgoing, media)
        made = sending.commit(lambda: self._made(path, wish))
        if made.get("name"):
            return Receipt(made["name"], made["url"])
        return sending.until(30, partial(self._appeared, outgoing, sending))

    def _upload(self, piece: Rendition) -> dict[str, str]:
        """Reddit says where in its store a file is to go; the store is told what Reddit said, and nothing else."""
        wish = {"filepath": piece.name or "file", "mimetype": piece.mime}
        place = self.call("POST", self.url("/api/media/asset.json"), form=wish).json()
        fields = {field["name"]: field["value"] for field in place["args"]["fields"]}
        body, kind = multipart(fields, {"file": piece})
        store = urljoin(self.hosts["page"], place["args"]["action"])
        self.call("POST", store, body=body, headers=kind, seconds=600)
        return {"id": place["asset"]["asset_id"], "url": f"{store}/{fields['key']}"}

    def _made(self, path: str, wish: dict[str, Any]) -> dict[str, Any]:
        """What came of it. Galleries and polls are asked for in JSON, all else by form."""
        url, in_json = self.url(path), path.endswith(".json")
        answer = self.call("POST", url, json=wish) if in_json else self.call("POST", url, form=wish)
        return dict(answer.json()["json"].get("data", {}))

    def _appeared(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        found = self._matching(outgoing, sending)
        if not found and clock.now() - sending.first_try > APPEARS:
            raise Rejected("Reddit took this, but has not shown it within an hour. Trying again looks for it again.")
        return self._receipt(found[0]) if found else None

    def _receipt(self, thing: Mapping[str, Any]) -> Receipt:
        return Receipt(thing["name"], f"{self.hosts['page']}{thing['permalink']}")

    # afterwards

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own posts or comments; media take minutes to get there."""
        found = self._matching(outgoing, sending)
        return self.the_one([self._receipt(one) for one in found], 150 if outgoing.media else 60)

    def _matching(self, outgoing: Outgoing, sending: Sending) -> list[dict[str, Any]]:
        listed = self._own("comments" if outgoing.reply_to else "submitted", sending.first_try - timedelta(seconds=5))
        return [one for one in listed if one["name"] not in sending.known and _submissions.same(one, outgoing)]

    def _own(self, what: str, since: datetime) -> list[dict[str, Any]]:
        listed = self.get(f"/user/{self.access.profile.name}/{what}", sort="new", limit=25, raw_json=1)
        children = listed["data"]["children"]
        return [child["data"] for child in children if child["data"]["created_utc"] >= since.timestamp()]

    def recent(self, since: datetime) -> list[Seen]:
        return [_submissions.seen(one, self._receipt(one)) for one in self._own("submitted", since)]

    def present(self, receipt: Receipt) -> bool:
        """What a moderator or a filter has removed is gone for everybody but its author."""
        (*_, thing) = ({}, *self._things([receipt.id]))
        return bool(thing) and not thing.get("removed_by_category") and thing["author"] != "[deleted]"

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Posts and comments, up to a hundred in one request."""
        found = self._things([receipt.id for receipt in receipts])
        return {thing["name"]: _redditnumbers.numbers(thing) for thing in found}

    def _things(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        body = self.get("/api/info", id=",".join(ids), raw_json=1)
        if not isinstance(body, dict) or body.get("kind") != "Listing":
            raise Unsure("Something answered in place of Reddit.")
        return [child["data"] for child in body["data"]["children"]]

    def audience(self, since: date) -> Sequence[Reading]:
        """Followers and karma, as they stand."""
        return list(_redditnumbers.crowd(self.get("/api/v1/me", raw_json=1)))

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """The words of a post or comment; Reddit refuses others."""
        self._made("/api/editusertext", {"thing_id": receipt.id, "text": outgoing.text, "api_type": "json"})

    def delete(self, receipt: Receipt) -> None:
        """Take it back; a second time changes nothing."""
        self.call("POST", self.url("/api/del"), form={"id": receipt.id})

    # what an author may look for

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Subreddits by name, at first those the profile reads; the flairs of one subreddit."""
        if option == "flair":
            subreddit, _, like = query.removeprefix("r/").partition(":")
            flairs = self.get(f"/r/{quote(subreddit.strip())}/api/link_flair_v2", raw_json=1)
            return [(one["id"], one["text"]) for one in flairs if like.strip().lower() in one["text"].lower()]
        path = f"/subreddits/search?q={quote(query)}" if query else "/subreddits/mine/subscriber?limit=100"
        names = (one["data"]["display_name"] for one in self.get(path)["data"]["children"])
        return [(one, f"r/{one}") for one in names]

    # speaking

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Reddit wants to know which app speaks, and for whom; its store of files is not told."""
        if not url.startswith(self.hosts["api"]):
            return {}
        app, who = self.access.app.client_id if self.access.app else "", self.access.profile.name
        return {**super().headers(method, url), "User-Agent": f"web:{app}:v1 (by /u/{who})"}

    def code(self, answer: Answer) -> str:
        return _submissions.trouble(answer)[0] or super().code(answer)

    def said(self, answer: Answer) -> str:
        return _submissions.trouble(answer)[1] or super().said(answer)

    def again_at(self, answer: Answer) -> datetime | None:
        """When their words say, or else their headers."""
        wait = _submissions.wait(_submissions.trouble(answer)[1])
        return clock.now() + wait if wait else super().again_at(answer)
