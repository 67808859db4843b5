"""Whop, posts in forums: https://docs.whop.com/

Whether its `Idempotency-Key` holds for forum posts is not proven. The key is sent, and not relied upon: a lost answer
is looked for in the forum.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks._whopinbox import WhopInbox
from tidings.networks._whopnumbers import WhopNumbers
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Profile, Receipt, Rendition, Seen

SCOPES = ("openid", "profile", "forum:post:create", "forum:read", "company:basic:read")
FILES_LIVE = timedelta(hours=23)


class Whop(WhopNumbers, WhopInbox):
    """A person on Whop who may post in forums."""

    name, label = "whop", "Whop"
    docs = "https://docs.whop.com/"
    policy = "https://whop.com/privacy"
    checked = date(2026, 11, 23)
    look = Look("feed", ("like", "comment"), cut=400, lines=8, more="see", title="title", marked=("link", "mention"))
    connect = (OAuth2(SCOPES, needs_app=True),)
    console = Console("https://whop.com/dashboard/developer", (
        "Create an app on the developer page of your company's dashboard.",
        "Under OAuth, enter {redirect_uri} as redirect URL, and ask for forum:post:create, forum:read and "
        "company:basic:read and for nothing that moves money.",
        "Copy the app's ID; this kind of app has no secret.",
    ), id="App ID", secret="")
    hosts = {"api": "https://api.whop.com", "page": "https://whop.com"}
    limits = Limits(
        text=50_000, pictures=10, picture_bytes=10_000_000, animations=5, animation_bytes=10_000_000, films=1,
        film_bytes=500_000_000, mixed=True,
    )
    options = (
        Option("experience", "Forum", "lookup", needed=True, help="Look for it by its name or its company's."),
        Option("title", "Title", longest=200, help="Shown on posts behind a paywall only."),
        Option("pinned", "Pin it", "flag", default=False),
        Option("notify", "Notify everybody", "flag", default=False),
        Option("paywall", "Price", "number", help="In cents of US dollars; empty: free."),
    )
    words = {"insufficient_scope": Reconnect}
    threads, markup = "comments", "markdown"

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """A public client: it has no secret and proves itself by PKCE. Both tokens are replaced at every renewal."""
        at = f"{cls.hosts['api']}/oauth"
        return Endpoints(f"{at}/authorize", f"{at}/token", client_auth="none", by="json")

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.get("/oauth/userinfo")
        name = me["preferred_username"]
        return Profile(me["sub"], name, me.get("name") or name, me.get("picture", ""), f"{self.hosts['page']}/@{name}")

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Forums of the companies that the person belongs to."""
        found = [
            (forum["experience"]["id"], f"{company['title']}: {forum['experience']['name']}")
            for company in self.get("/api/v1/companies", first="50")["data"]
            for forum in self.get("/api/v1/forums", company_id=company["id"])["data"]
        ]
        return [(id, label) for id, label in found if query.lower() in label.lower()]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, wait until Whop has worked on it, then one post; or one comment."""
        files = [self._upload(piece, n, sending) for n, piece in enumerate(outgoing.media)]
        chosen, parent = outgoing.options, _parent(outgoing)
        forum = str(parent.extra["experience"] if parent else chosen["experience"])
        price = int(chosen.get("paywall") or 0) / 100
        wish = {
            "experience_id": forum, "content": outgoing.text, "title": chosen.get("title"),
            "attachments": [{"id": id} for id in files], "pinned": chosen.get("pinned"),
            "is_mention": chosen.get("notify"), "paywall_amount": price, "paywall_currency": price and "usd",
            "parent_id": parent.id if parent else None,
        }
        said, key = {name: value for name, value in wish.items() if value}, {"Idempotency-Key": sending.key}
        made = sending.commit(lambda: self.call("POST", self.url("/api/v1/forum_posts"), json=said, headers=key).json())
        return self.receipt(made["id"], forum)

    def _upload(self, piece: Rendition, n: int, sending: Sending) -> str:
        id: str = sending.once(f"media-{n}", lambda: self._send(piece), FILES_LIVE)
        sending.until(5, lambda: self._ready(id, f"media-{n}", sending))
        return id

    def _send(self, piece: Rendition) -> str:
        made = self.call("POST", self.url("/api/v1/files"), json={"filename": piece.name or "file"}).json()
        bare = {"Authorization": "", **made.get("upload_headers", {})}  # the address is the permission
        self.call("PUT", made["upload_url"], body=piece.read(), headers=bare, seconds=300)
        return str(made["id"])

    def _ready(self, id: str, step: str, sending: Sending) -> bool | None:
        if (state := self.get(f"/api/v1/files/{id}")["upload_status"]) == "failed":
            sending.forget(step)
            raise Rejected("Whop could not work on this file.")
        return state == "ready" or None

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through the forum for the person's own posts; it may run behind."""
        parent = _parent(outgoing)
        forum = parent.extra["experience"] if parent else outgoing.options["experience"]
        under = {"parent_id": parent.id} if parent else {}
        own = self._own(sending.first_try - timedelta(minutes=1), experience_id=forum, **under)
        matches = [p["id"] for p in own if p["content"] == outgoing.text and p["id"] not in sending.known]
        return self.the_one([self.receipt(id, forum) for id in matches])

    def recent(self, since: datetime) -> list[Seen]:
        """In every forum that the person can see."""
        return [
            Seen(self.receipt(post["id"], forum), post["content"], clock.from_iso(post["created_at"]))
            for forum, _label in self.lookup("experience", "") for post in self._own(since, experience_id=forum)
        ]

    def _own(self, since: datetime, **where: str) -> list[dict[str, Any]]:
        listed, me = self.get("/api/v1/forum_posts", first="25", **where)["data"], self.access.profile.id
        return [post for post in listed if post["user"]["id"] == me and clock.from_iso(post["created_at"]) >= since]

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Say it differently."""
        self.call("PATCH", self.url(f"/api/v1/forum_posts/{receipt.id}"), json={"content": outgoing.text})


def _parent(outgoing: Outgoing) -> Receipt | None:
    """What it is a comment of: somebody's comment; else the first part of its thread, below which all others hang."""
    above = outgoing.reply_to
    return above if above and above.extra.get("parent") else outgoing.root
