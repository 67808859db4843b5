"""Threads, by Meta's Threads API: https://developers.facebook.com/docs/threads

Its one-call way to post a text (auto_publish_text) is not used: an answer lost there could not be found out about.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import text
from tidings.networks import _containers, _threadsposts
from tidings.networks._meta import LongLived
from tidings.networks._threadsinbox import RIGHT_TO_REPLIES, ThreadsReplies
from tidings.networks._threadsnumbers import RIGHT, ThreadsNumbers
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Poll, Rate
from tidings.networks.errors import NotYet
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Rendition

SCOPES = ("threads_basic", "threads_content_publish", "threads_manage_replies", "threads_delete")
READ = "id,text,permalink,timestamp,media_type"
NOT_THERE = "4279009"  # a container that their servers have not heard of yet
MOST = 20  # media in one post


class Threads(LongLived, ThreadsReplies, ThreadsNumbers):
    """A profile on Threads."""

    name, label = "threads", "Threads"
    docs = "https://developers.facebook.com/docs/threads"
    policy = "https://privacycenter.instagram.com/policy"
    grants = "https://www.threads.com/settings/account"
    checked = date(2026, 11, 23)
    look = Look(
        "note", ("like", "comment", "repeat", "send"), handle=False, pictures="carousel", most=20, ratio=(0.66, 1.91),
        link="link",
    )
    version, family, state, fault = "v1.0", "th", "status", "error_message"
    fetches = True
    connect = (
        OAuth2(SCOPES, needs_app=True),
        OAuth2(
            (*SCOPES, RIGHT, RIGHT_TO_REPLIES), needs_app=True, label="Sign in there, and read numbers and messages"
        ),
    )
    console = Console("https://developers.facebook.com/apps", (
        "Make an app, and choose the use case Access the Threads API.",
        "In the use case, add threads_content_publish, threads_manage_replies and threads_delete.",
        "To read numbers and messages, too, add threads_manage_insights and threads_read_replies.",
        "In its settings enter {redirect_uri} as redirect callback URL, {ended_url} as uninstall callback URL and "
        "{erase_url} as delete callback URL.",
        "Under App roles, add every profile that is to be connected as a Threads tester; the person accepts on "
        "Threads, in Settings, Account, Website permissions, Invites.",
        "Copy the Threads app ID and the Threads app secret; the app's own ID and secret are others.",
    ), id="Threads app ID", secret="Threads app secret", gate=(  # noqa: S106 -- what Meta calls it
        "Testers of the app need no review. Other people's profiles need App Review for each right."
    ))
    hosts = {"page": "https://threads.net", "api": "https://graph.threads.net"}
    limits = Limits(
        text=500, count=text.threads, links=5, pictures=MOST, picture_bytes=8_000_000, picture_ratio=(0.1, 10),
        films=MOST, film_types=("video/mp4", "video/quicktime"), film_bytes=1_000_000_000, film_seconds=(0, 300),
        mixed=True, poll=Poll(choices=4, characters=25, shortest=1440, longest=1440), per_day=250,
    )
    rates = (Rate(250, timedelta(days=1)),)
    options = (
        Option("reply_control", "Who can reply", "choice", (
            ("", "Everyone"), ("accounts_you_follow", "Profiles you follow"), ("followers_only", "Your followers"),
            ("mentioned_only", "Only people mentioned"),
            ("parent_post_author_only", "Only the author of the post before"),
        )),
        Option("approve_replies", "Approve replies before they show", "flag", default=False),
        Option("topic", "Topic", longest=50, help="One; without it the first hashtag becomes the topic."),
        Option("link", "Link to show as a card", "url", help="Without it, the first link of the text."),
        Option("quote", "Post to quote", "lookup", help="One of your own, or any post's number."),
        Option("long_text", "Long text", longest=10_000, help="Shown below the text, to be opened."),
        Option("spoiler", "Hide media as a spoiler", "flag", default=False),
        Option("ghost", "Gone after 24 hours", "flag", default=False),
        Option("countries", "Only in these countries", "tags", longest=2, help="Two letters; not for every profile."),
        Option("poll", "Poll", "poll"),
    )
    codes = {**LongLived.codes, NOT_THERE: NotYet}

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Scopes go in a list with commas; there is no PKCE and nothing to revoke by."""
        page, token = f"{cls.hosts['page']}/oauth/authorize", f"{cls.hosts['api']}/oauth/access_token"
        return Endpoints(page, token, pkce=False, separator=",")

    def profile(self) -> Profile:
        """Whose access this is."""
        me = self.read("me", fields="id,username,name,threads_profile_picture_url")
        handle, face = str(me["username"]), str(me.get("threads_profile_picture_url") or "")
        page = f"https://www.threads.com/@{handle}"
        return Profile(str(me["id"]), f"@{handle}", str(me.get("name") or handle), face, page)

    # publishing

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """Too many media of both kinds together, and what only goes with words alone."""
        chosen, topic = outgoing.options, str(outgoing.options.get("topic") or "")
        if len(outgoing.media) > MOST:
            yield Problem("media", f"{cls.label} takes at most {MOST} pictures and films.")
        if "." in topic or "&" in topic:
            yield Problem("topic", "A topic has no dot and no ampersand.")
        for name in ("link", "long_text") if outgoing.media else ():
            if chosen.get(name):
                yield Problem(name, f"{cls.label} takes this only without pictures and films.")
        for name in ("link", "poll") if chosen.get("long_text") else ():
            if chosen.get(name):
                yield Problem(name, f"{cls.label} does not take this together with a long text.", "warning")

    def edge(self) -> str:
        return "me/threads"

    def child(self, piece: Rendition) -> dict[str, Any]:
        return {**_threadsposts.medium(piece), "is_carousel_item": True}

    def body(self, outgoing: Outgoing, children: list[str]) -> dict[str, Any]:
        return _threadsposts.body(outgoing, children)

    def room(self, outgoing: Outgoing) -> tuple[int, int]:
        """Replies are counted by themselves."""
        kind = "reply_" if outgoing.reply_to else ""
        usage, config = f"{kind}quota_usage", f"{kind}config"
        said = self.read("me/threads_publishing_limit", fields=f"{usage},{config}")["data"][0]
        return int(said[usage]), int(said[config]["quota_total"])

    # what is out

    def listed(self, since: datetime, outgoing: Outgoing | None = None) -> Iterator[Mapping[str, Any]]:
        """Replies stand in a list of their own."""
        edges = ("threads", "replies") if outgoing is None else ("replies",) if outgoing.reply_to else ("threads",)
        for edge in edges:
            yield from self.since(f"me/{edge}", READ, since)

    def same(self, post: Mapping[str, Any], outgoing: Outgoing) -> bool:
        return _threadsposts.same(post, outgoing)

    def delete(self, receipt: Receipt) -> None:
        self.drop(receipt.id)

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Our own latest posts, to be quoted."""
        found = self.read("me/threads", fields=READ, limit=50).get("data", [])
        posts = [(str(post["id"]), _containers.said(post) or str(post.get("permalink"))) for post in found]
        return [(id, said) for id, said in posts if query.lower() in said.lower()]
