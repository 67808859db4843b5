"""X in a box: API v2, https://docs.x.com/x-api

Switches: `lag` (posts younger than this are not listed yet), `only_errors` (that many posts are answered 200 with
errors and not made), `works_for` (times a film answers "in progress"), `per_quarter` (posts in 15 minutes).
"""

import html
import secrets
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock, text
from tidings.networks.base import Access, App, Profile
from tidings.simulators import _face
from tidings.simulators._xmedia import invalid, problem
from tidings.simulators._xnumbers import XNumbers
from tidings.simulators.base import Simulator

KEYS = {
    "text", "media", "reply", "poll", "reply_settings", "quote_tweet_id", "community_id", "share_with_followers",
    "made_with_ai", "paid_partnership",
}
QUARTER = timedelta(minutes=15)
CLIENT, SECRET = "x-client", "x-secret"


class XNetwork(XNumbers):
    """Posts, media in segments, t.co links, limits and refusals."""

    name = "x"
    in_demo = True
    moods = {
        "that takes the same text again": {"refuses_same_text": False},
        "that lags": {"refuses_same_text": False, "lag": timedelta(minutes=3)},
    }
    refuses_same_text = True
    lag = timedelta(0)
    only_errors = 0
    per_quarter = 100

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.subscriptions: dict[str, str] = {}  # what an account pays for: Premium, PremiumPlus
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.code_lives, self.oauth.access_lives = timedelta(seconds=30), timedelta(hours=2)
        self.oauth.gives_refresh = True

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"authorize": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.oauth.routes("/i/oauth2/authorize", "/2/oauth2/token", "/2/oauth2/revoke"),
            Route("/2/users/me", self.me),
            Route("/2/users/{id}/tweets", self.timeline),
            *self.media_routes(),
            Route("/2/tweets", self.post, methods=["POST"]),
            Route("/2/tweets", self.lookup),
            Route("/2/tweets/{id}", self.delete, methods=["DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/{name}/status/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.oauth.grant(account)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/{account}")
        kept = {"access_token": token.access, "refresh_token": token.refresh}
        return Access(profile, kept, {"subscription": self.subscriptions.get(account, "None")}, App(CLIENT, SECRET))

    async def me(self, request: Request) -> Response:
        """Whose token it is; the id is the name."""
        name = self.who(request)
        paid = self.subscriptions.get(name, "None")
        who: dict[str, Any] = {"id": name, "username": name, "name": name.title(), "subscription_type": paid}
        if "public_metrics" in request.query_params.get("user.fields", ""):
            theirs = "public_metrics.followers_count"
            who["public_metrics"] = {"followers_count": self.crowd(name, theirs), "listed_count": 0}
        return JSONResponse({"data": {**who, "profile_image_url": f"{self.url}/faces/{name}.png"}})

    async def post(self, request: Request) -> Response:
        """A post, with what X refuses, in the order in which it looks."""
        name, wish = self.who(request), await request.json()
        limits = self._limits(name)
        if unknown := set(wish) - KEYS:
            raise invalid(f"$.{min(unknown)}: is not defined in the schema and the schema does not allow it")
        if self.only_errors > 0:
            self.only_errors -= 1
            return JSONResponse({"errors": [{"title": "Not made", "detail": "This could not be posted just now."}]})
        made = self._make(name, wish)
        self.posts[made["id"]] = made
        return JSONResponse({"data": {"id": made["id"], "text": made["text"]}}, 201, limits)

    def _limits(self, name: str) -> dict[str, str]:
        """The rate limit's headers; refuses once it is reached."""
        since = clock.now() - QUARTER
        recent = [post["at"] for post in self.posts.values() if post["account"] == name and post["at"] > since]
        reset = int(((min(recent) if recent else clock.now()) + QUARTER).timestamp()) + 1
        left = self.per_quarter - len(recent)
        headers = {"x-rate-limit-limit": str(self.per_quarter), "x-rate-limit-reset": str(reset),
                   "x-rate-limit-remaining": str(max(left - 1, 0))}
        if left <= 0:
            raise problem(429, "Too Many Requests", "Too Many Requests", headers)
        return headers

    def _make(self, name: str, wish: dict[str, Any]) -> dict[str, Any]:
        said, media = wish.get("text", ""), [self.usable(name, h) for h in wish.get("media", {}).get("media_ids", [])]
        self._check(name, said, media, wish)
        parent, made = wish.get("reply", {}).get("in_reply_to_tweet_id"), self.new_id()
        shown, links = _shortened(said)
        if media:
            shown = f"{shown} {_short()}".strip()
        return {
            "id": made, "account": name, "at": clock.now(), "created_at": clock.now().isoformat(), "said": said,
            "text": html.escape(shown, quote=False), "entities": {"urls": links},
            "attachments": {"media_keys": [m["media_key"] for m in media]} if media else {},
            "referenced_tweets": [{"type": "replied_to", "id": parent}] if parent else [],
            "media": [{"category": m["category"], "alt": m["alt"]} for m in media],
            "wish": {k: v for k, v in wish.items() if k not in ("text", "media")},
        }

    def _check(self, name: str, said: str, media: list[dict[str, Any]], wish: dict[str, Any]) -> None:
        if any(not m["done"] or m["left"] for m in media):
            raise invalid("Your media IDs are invalid.")
        if len(media) > 4 or (len(media) > 1 and any(m["category"] != "tweet_image" for m in media)):
            raise invalid("media.media_ids: at most 4 pictures or 1 film")
        if not said.strip() and not media:
            raise invalid("text: must not be empty")
        if text.weighted(said) > (25_000 if self.subscriptions.get(name) else 280):
            raise problem(403, "Forbidden", "Your post is too long.")
        poll = wish.get("poll")
        if poll and (media or not 2 <= len(poll["options"]) <= 4 or not 5 <= poll["duration_minutes"] <= 10_080):
            raise invalid("poll: is not valid")
        parent = self.posts.get(wish["reply"]["in_reply_to_tweet_id"], {}) if "reply" in wish else None
        if parent is not None and parent.get("account") != name and f"@{name}" not in parent.get("said", ""):
            said = "Reply to this conversation is not allowed because you have not been mentioned or engaged."
            raise problem(403, "Forbidden", said)
        same = [p for p in self.posts.values() if p["account"] == name and p["said"] == said and not p["media"]]
        if self.refuses_same_text and same and not media:
            raise problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")

    async def timeline(self, request: Request) -> Response:
        """An account's own posts, the latest first; those younger than the lag are missing."""
        name = self.who(request)
        since = clock.from_iso(request.query_params.get("start_time", "2006-03-21T00:00:00Z").replace("Z", "+00:00"))
        until, most = clock.now() - self.lag, int(request.query_params.get("max_results", 10))
        own = [p for p in self.posts.values() if p["account"] == name and since <= p["at"] <= until]
        own = sorted(own, key=lambda post: -int(post["id"]))[:most]
        fields = ("id", "text", "created_at", "entities", "attachments", "referenced_tweets")
        listed = [{field: post[field] for field in fields if post[field]} for post in own]
        meta = {"meta": {"result_count": len(listed)}}
        return JSONResponse({"data": listed, **meta} if listed else meta)

    async def delete(self, request: Request) -> Response:
        """Take a post back."""
        name, post = self.who(request), self.posts.get(request.path_params["id"])
        if post is None or post["account"] != name:
            raise problem(404, "Not Found Error", "Not Found")
        del self.posts[post["id"]]
        return JSONResponse({"data": {"deleted": True}})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return HTMLResponse("<h1>No such post</h1>", 404)
        said = html.escape(post["said"]).replace("\n", "<br>")
        return HTMLResponse(f"<title>X simulator</title><h1>@{html.escape(post['account'])}</h1><p>{said}</p>")


def _short() -> str:
    return f"https://t.co/{secrets.token_hex(5)}"


def _shortened(said: str) -> tuple[str, list[dict[str, str]]]:
    """The text with every link as t.co shows it, and what each stands for."""
    shown, links, at = "", [], 0
    for start, end in text.urls(said):
        link, short = said[start:end], _short()
        links.append({"url": short, "expanded_url": link if "://" in link else f"http://{link}"})
        shown, at = shown + said[at:start] + short, end
    return shown + said[at:], links


def simulator(url: str) -> Simulator:
    """A fresh X at this address."""
    return XNetwork(url)
