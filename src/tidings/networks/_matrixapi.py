"""As whom one speaks to a Matrix homeserver: signing in, renewing, the rooms where one may write.

https://spec.matrix.org/latest/client-server-api/#client-authentication
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from tidings.core import clock
from tidings.core.http import Answer, Transport
from tidings.networks import _matrix
from tidings.networks._gone import Gone
from tidings.networks.base import Network
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.seam import Grant, Mention, Profile, Rendition

CLIENT = "/_matrix/client/v3"


class MatrixApi(Network):
    """Connecting and speaking."""

    codes = {
        **dict.fromkeys((
            "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_FORBIDDEN",
            "M_CONSENT_NOT_GIVEN",
        ), Reconnect),
        "M_LIMIT_EXCEEDED": Later,
        "M_NOT_FOUND": Gone,
    }  # fmt: skip

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """Where the homeserver answers."""
        return {"url": _matrix.homeserver(fields["server"], door)}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """A token as it is, or a session of our own. Refreshing is asked for only where plain tokens end, since rooms
        that are connected together share one token."""
        if token := fields.get("token", "").strip():
            return Grant({"access_token": token})
        who = {"type": "m.id.user", "user": fields["user"].strip()}
        wish = {"type": "m.login.password", "identifier": who, "password": fields["password"]}
        said = self.post("/login", {**wish, "initial_device_display_name": "Tidings"})
        if said.get("expires_in_ms"):
            said = self.post("/login", {**wish, "device_id": said["device_id"], "refresh_token": True})
        return _matrix.grant(said)

    def renew(self) -> Grant:
        """A fresh token; the old ones hold until it is used."""
        if not self.access.secrets.get("refresh_token"):
            raise Reconnect("Access has ended and cannot be renewed.")
        return _matrix.grant(self.post("/refresh", {"refresh_token": self.access.secrets["refresh_token"]}))

    def revoke(self) -> None:
        """End our session. A token that was pasted belongs to one of the person's own, which goes on."""
        if "device_id" not in self.access.secrets:
            raise Rejected("The access token is that of a session of yours. End it there.")
        self.post("/logout", {})

    def channels(self) -> list[Profile]:
        """The rooms where we may write. Encrypted ones are left out: we have no keys."""
        found = dict(_matrix.rooms(self.get("/sync", filter=json.dumps(_matrix.ROOMS), timeout=0)))
        plain = {room: state for room, state in found.items() if "m.room.encryption" not in state}
        if found and not plain:
            raise Rejected("All your rooms are encrypted. Make one that is not, and connect again.")
        return [self._profile(room, state) for room, state in plain.items() if _matrix.may_post(state, self.user)]

    def _profile(self, room: str, state: Mapping[str, Any]) -> Profile:
        alias = state.get("m.room.canonical_alias", {}).get("alias") or room
        name = state.get("m.room.name", {}).get("name") or alias
        return Profile(room, alias, name, "", f"{self.hosts['site']}/#/{alias}")

    def announced(self) -> Mapping[str, Any]:
        """Who we are there, and how large files may be."""
        said = self.call("GET", f"{self.access.server['url']}/_matrix/client/v1/media/config").json()
        return {**self.access.server, "user": self.user, "upload": said.get("m.upload.size")}

    @cached_property
    def user(self) -> str:
        """Our address there."""
        return str(self.access.server.get("user") or self.get("/account/whoami")["user_id"])

    # a room

    def upload(self, piece: Rendition) -> str:
        """The address that the homeserver gives to a medium."""
        url = f"{self.access.server['url']}/_matrix/media/v3/upload?{urlencode({'filename': piece.name or 'file'})}"
        said = self.call("POST", url, body=piece.read(), headers={"Content-Type": piece.mime}, seconds=300)
        return str(said.json()["content_uri"])

    def send(self, event: dict[str, Any], transaction: str) -> str:
        """An event into the room; the id that it has there."""
        return str(self.call("PUT", self.room(f"/send/m.room.message/{transaction}"), json=event).json()["event_id"])

    def latest(self) -> list[dict[str, Any]]:
        """The latest messages of the room that have not been taken back."""
        query = {"dir": "b", "limit": 100, "filter": json.dumps({"types": ["m.room.message"]})}
        listed = self.call("GET", self.room(f"/messages?{urlencode(query)}")).json()["chunk"]
        return [one for one in listed if one["content"].get("body")]

    def mentions(self, query: str) -> list[Mention]:
        """People whom the server knows, as links."""
        found = self.post("/user_directory/search", {"search_term": query, "limit": 10})["results"] if query else []
        named = [(one["user_id"], one.get("display_name") or one["user_id"]) for one in found]
        return [Mention(f"[{name}](https://matrix.to/#/{id})", f"{name} ({id})") for id, name in named]

    # speaking

    def room(self, path: str) -> str:
        """The address of something in this channel's room."""
        return self.url(f"/rooms/{quote(self.access.profile.id, safe='')}{path}")

    def url(self, path: str, **query: Any) -> str:
        """An address of the homeserver's API for clients."""
        return f"{self.access.server['url']}{CLIENT}{path}" + (f"?{urlencode(query)}" if query else "")

    def post(self, path: str, wish: Mapping[str, Any]) -> Any:
        """What the server says to this wish."""
        return self.call("POST", self.url(path), json=wish).json()

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token, except for the calls that give one."""
        known = "access_token" in self.access.secrets and not url.endswith(("/login", "/refresh"))
        return super().headers(method, url) if known else {}

    def again_at(self, answer: Answer) -> datetime | None:
        """They say it in milliseconds."""
        said = answer.json()
        wait = said.get("retry_after_ms") if isinstance(said, dict) else None
        return clock.now() + timedelta(milliseconds=int(wait)) if wait else super().again_at(answer)
