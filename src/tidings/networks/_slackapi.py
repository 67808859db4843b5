"""As whom one speaks to Slack, and how its answers are read: refusals come as HTTP 200 with `ok` false.

https://docs.slack.dev/apis/web-api
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tidings.core.http import Answer
from tidings.networks import _slack, _slackevents, oauth
from tidings.networks._gone import Gone
from tidings.networks.base import Network
from tidings.networks.declare import Endpoints
from tidings.networks.errors import Later, Reconnect, Rejected, Unsure
from tidings.networks.seam import App, Grant, Heard, Mention, Notice, Profile, Rendition

SCOPES = (
    "chat:write", "chat:write.public", "chat:write.customize", "files:write", "files:read", "channels:read",
    "channels:join", "channels:history", "groups:read", "groups:history", "users:read",
)  # fmt: skip
PAGES = 10  # of a list, read at most


class SlackApi(Network):
    """Connecting and speaking."""

    codes = {
        **dict.fromkeys((
            "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "missing_scope",
            "no_permission", "ekm_access_denied", "not_in_channel", "channel_not_found", "is_archived", "no_service",
            "invalid_token", "channel_is_archived", "action_prohibited", "team_disabled",
        ), Reconnect),
        **dict.fromkeys(("ratelimited", "rate_limited", "message_limit_exceeded"), Later),
        **dict.fromkeys(("fatal_error", "internal_error", "request_timeout", "service_unavailable"), Unsure),
        **dict.fromkeys(("message_not_found", "thread_not_found"), Gone),
    }  # fmt: skip
    hears = ("ended",)
    proof = _slackevents.SECRET.name

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Scopes are parted by commas."""
        site = cls.hosts["site"]
        return Endpoints(f"{site}/oauth/v2/authorize", f"{site}/api/oauth.v2.access", pkce=False, separator=",")

    def renew(self) -> Grant:
        """Where the app's tokens rotate. Slack answers a spent token with 200 and nothing in it."""
        if self.access.app is None:
            raise Reconnect("The app this channel was connected with is no longer known.")
        try:
            return oauth.Flow(self.endpoints({}), self.access.app, self.door).refresh(self.access.secrets)
        except Rejected as refused:
            raise Reconnect(refused.reason) from refused

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """A webhook's address. Asked to post nothing, a living one says so; a dead one says that it is dead."""
        place = fields["webhook"].strip().removeprefix(self.hosts["hooks"])
        if not re.fullmatch(r"/services/\w+/\w+/\w+", place):
            raise Rejected(f"This is not the address of a webhook: it begins with {self.hosts['hooks']}/services/.")
        with suppress(Rejected):
            self.call("POST", self.hosts["hooks"] + place, json={})
        return Grant({"webhook": place, "channel": fields["channel"]})

    def channels(self) -> list[Profile]:
        """Every public channel, and the private ones that the app was invited to."""
        if self.hook:
            id, name = self.hook.rpartition("/")[0].removeprefix("/services/"), self.access.secrets["channel"]
            return [Profile(id, name, name, server={"webhook": True})]
        us, wish = self.read("auth.test"), {"types": "public_channel,private_channel", "exclude_archived": "true"}
        return [_slack.channel(one, us) for one in self.pages("conversations.list", "channels", wish)]

    def person(self) -> str:
        """The Slack workspace that the app was let into: the token is one for all of its channels, and nobody's own."""
        return "" if self.hook else str(self.read("auth.test")["team_id"])

    @classmethod
    def hear(cls, notice: Notice, app: App) -> Heard | None:
        """The app was removed from a Slack workspace, or its token taken back."""
        return _slackevents.heard(notice, app)

    # a channel

    def upload(self, piece: Rendition) -> str:
        """A file for a message that is to come; its id."""
        wish = {"filename": piece.name or "file", "length": piece.size, **({"alt_txt": piece.alt} if piece.alt else {})}
        place = self.read("files.getUploadURLExternal", wish)
        about = {"Content-Type": piece.mime, "Content-Length": str(piece.size)}
        with piece.stream() as file:
            self.call("POST", place["upload_url"], body=file, headers=about, seconds=300)
        return str(place["file_id"])

    def shared(self, file: str) -> str | None:
        """Which message of the channel has this file."""
        shares = self.read("files.info", {"file": file})["file"].get("shares") or {}
        inside = [places.get(self.access.profile.id) for places in shares.values()]
        return next((str(found[0]["ts"]) for found in inside if found), None)

    def permalink(self, ts: str) -> str:
        """Where a message of the channel is read."""
        return str(self.read("chat.getPermalink", {"channel": self.access.profile.id, "message_ts": ts})["permalink"])

    def latest(self, since: datetime, thread: str = "") -> list[dict[str, Any]]:
        """What has been said since then, in the channel or in one of its threads."""
        wish = {"oldest": f"{since.timestamp():.6f}", "include_all_metadata": "true", "limit": 100}
        return self.listed(thread, wish)

    def listed(self, thread: str, wish: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The channel's messages, or those of one of its threads."""
        method, inside = ("conversations.replies", {"ts": thread}) if thread else ("conversations.history", {})
        return list(self.read(method, {"channel": self.access.profile.id, **inside, **wish})["messages"])

    def mentions(self, query: str) -> list[Mention]:
        """Everybody, and people by name."""
        if self.hook:
            return []
        people = self.pages("users.list", "members", {}) if query else ()
        return list(_slack.mentions(people, query))

    # speaking

    @property
    def hook(self) -> str:
        """The webhook's path; empty: the app speaks."""
        return self.access.secrets.get("webhook", "")

    def read(self, method: str, wish: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a method says that changes nothing."""
        return _mapping(self.call("GET", f"{self.hosts['site']}/api/{method}?{urlencode(wish or {})}"))

    def write(self, method: str, wish: Mapping[str, Any]) -> dict[str, Any]:
        """What a method says that changes something. In its form, what is no text is JSON."""
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in wish.items()}
        return _mapping(self.call("POST", f"{self.hosts['site']}/api/{method}", form=fields))

    def pages(self, method: str, field: str, wish: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """A long list, page by page."""
        cursor = ""
        for _page in range(PAGES):
            said = self.read(method, {**wish, "limit": 200, **({"cursor": cursor} if cursor else {})})
            yield from said[field]
            cursor = (said.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token is for the API alone; webhooks and uploads have their key in their address."""
        if not url.startswith(f"{self.hosts['site']}/api/"):
            return {}
        if self.hook:
            raise Rejected("A webhook can only post. Look in the channel itself, and copy the address of the message.")
        return super().headers(method, url)

    def code(self, answer: Answer) -> str:
        """The API's word for what is wrong, whatever the status; a webhook says it as bare text."""
        said = answer.json()
        if isinstance(said, dict):
            return str(said.get("error") or "") if said.get("ok") is False else ""
        return answer.text().strip()[:100] if answer.status >= 300 else ""

    def said(self, answer: Answer) -> str:
        """Their word, fit to be read, and what they say of the fields."""
        said = answer.json()
        more = (said.get("response_metadata") or {}).get("messages", []) if isinstance(said, dict) else []
        return ". ".join([self.code(answer).replace("_", " "), *more]).strip(". ")


def _mapping(answer: Answer) -> dict[str, Any]:
    said = answer.json()
    if not isinstance(said, dict) or not said.get("ok"):
        raise Unsure("Something answered in place of Slack.")
    return said
