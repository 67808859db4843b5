"""The workspace half of Slack's simulator: signing in, channels, people, and how it says no."""

import json
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.networks.base import App
from tidings.simulators import _notices
from tidings.simulators.base import OAuthBox, Refusal, Simulator, Token

APP = App("slack-client", "slack-secret", {"signing_secret": "slack-signing-secret"})
TEAM = "T0DEMO"
BOT, HOOK = "U0BOT", "/services/T0DEMO/B0DEMO/hookkey"
CHANNELS = {"C0DEMO": ("demo", False), "C0OTHER": ("other", False), "G0INNER": ("inner", True)}
STONE = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}


class Consent(OAuthBox):
    """Slack's OAuth: what it refuses comes with 200."""

    async def exchange(self, request: Request) -> Response:
        """Code or refresh token for tokens."""
        try:
            return await super().exchange(request)
        except Refusal as refused:
            raise no(f"invalid_{'client_id' if refused.status == 401 else 'code'}") from refused

    def said(self, token: Token) -> dict[str, Any]:
        """The token answer."""
        team = {"id": TEAM, "name": "Harbour"}
        return {"ok": True, **super().said(token), "token_type": "bot", "bot_user_id": BOT, "team": team}


class SlackWorkspace(Simulator):
    """Three channels and two people. `members`: the channels that the app is in."""

    name = "slack"

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = Consent(self.name, url, clients={APP.client_id: APP.client_secret}, needs_pkce=False)
        self.members, self.archived = {"G0INNER", "C0OTHER"}, set[str]()

    def us(self, request: Request) -> str:
        """Whose token it is; an unknown one is refused with 200."""
        try:
            return self.oauth.account_of(request)
        except Refusal as refused:
            raise no("invalid_auth") from refused

    def inside(self, id: str, write: bool = False) -> str:
        """The channel, refused as Slack does: to read, the app must be in it; a public one it may write to."""
        if id not in CHANNELS:
            raise no("channel_not_found")
        if id in self.archived:
            raise no("is_archived")
        if id not in self.members and not write:
            raise no("not_in_channel")
        return id

    def workspace(self, method: str, wish: dict[str, Any]) -> dict[str, Any]:
        """What is not about messages."""
        if method == "auth.test":
            return {"url": f"{self.url}/", "team": "Harbour", "user_id": BOT, "team_id": TEAM}
        if method == "conversations.join":
            self.members.add(self.inside(wish["channel"], write=True))
            return {"channel": {"id": wish["channel"]}}
        if method == "conversations.info":
            return {"channel": {"id": wish["channel"], **self._members(wish)}}
        if method == "users.list":
            person = {"id": "U0ANA", "name": "ana", "real_name": "Ana Demo", "deleted": False}
            gone = {**person, "id": "U0GONE", "deleted": True}
            return page(wish, "members", [person, gone, *map(_person, dict.fromkeys(self._authors()))])
        listed = [
            {"id": id, "name": name, "is_private": private, "is_member": id in self.members}
            for id, (name, private) in CHANNELS.items()
        ]
        return page(wish, "channels", listed)

    def _authors(self) -> list[str]:
        return [one.author for one in self.remarks.values()]

    def said(self, wish: dict[str, Any], parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """All of a thread, others' words among ours, without its first; nobody says in it whom they answer."""
        thread, since, until = wish["ts"], float(wish.get("oldest", 0)), float(wish.get("latest", "9" * 10))
        others = [
            {"ts": one.id, "thread_ts": thread, "user": f"U0{one.author.upper()}", "text": one.text}
            for one in self.remarks.under(thread) if since <= float(one.id) <= until
        ]
        return sorted([*parts, *others], key=lambda one: float(one["ts"]))

    def counted(self, post: dict[str, Any]) -> dict[str, Any]:
        """As it is listed: with its reactions and what is known of its thread, where there is any."""
        if post["ts"] not in self.posts:
            return post
        got, said = self.grown(post["ts"], "reactions.count"), self.grown(post["ts"], "reply_count")
        kinds = [{"name": name, "count": n, "users": [BOT]} for name, n in (("tada", got // 2), ("+1", got - got // 2))]
        reactions = {"reactions": [one for one in kinds if one["count"]]} if got else {}
        thread = {"thread_ts": post["ts"], "reply_count": said} if said and "thread_ts" not in post else {}
        return {**post, **reactions, **thread}

    def _members(self, wish: dict[str, Any]) -> dict[str, int]:
        """How many, for whoever asks for that; also of a public channel that the app is not in."""
        id = self.inside(wish["channel"], write=True)
        return {"num_members": self.crowd(id, "num_members")} if wish.get("include_num_members") == "true" else {}


def _person(name: str) -> dict[str, Any]:
    profile = {"display_name": name}
    return {"id": f"U0{name.upper()}", "name": name, "real_name": name.title(), "deleted": False, "profile": profile}


def notice(
    team: str, secret: str = "", at: datetime | None = None, event: dict[str, Any] | None = None
) -> tuple[dict[str, str], bytes]:
    """One of the events that all come to one address: the app was removed, unless another is given."""
    now = int((at or clock.now()).timestamp())
    said = {"team_id": team, "api_app_id": "A0DEMO", "event": event or {"type": "app_uninstalled"}, "event_time": now}
    body = json.dumps({"type": "event_callback", **said}).encode()
    return signed(body, secret, at), body


def asked(challenge: str, secret: str = "") -> tuple[dict[str, str], bytes]:
    """Its question whether the address is the app's."""
    body = json.dumps({"type": "url_verification", "token": "old", "challenge": challenge}).encode()
    return signed(body, secret), body


def signed(body: bytes, secret: str = "", at: datetime | None = None) -> dict[str, str]:
    """The headers for whatever it says."""
    return _notices.versioned(body, secret or APP.more["signing_secret"], at)


def page(wish: dict[str, Any], field: str, whole: list[dict[str, Any]], most: int = 0) -> dict[str, Any]:
    """So many of a list at a time, or a hundredth of what was asked for."""
    start, most = int(wish.get("cursor") or 0), most or max(int(wish.get("limit", 100)) // 100, 1)
    following = str(start + most) if start + most < len(whole) else ""
    return {field: whole[start : start + most], "response_metadata": {"next_cursor": following}}


def no(error: str, *messages: str) -> Refusal:
    """No, as Slack says it: with 200."""
    more = {"response_metadata": {"messages": list(messages)}} if messages else {}
    return Refusal(200, {"ok": False, "error": error, **more})


def yes(said: dict[str, Any]) -> Response:
    """A success."""
    return JSONResponse({"ok": True, **said})
