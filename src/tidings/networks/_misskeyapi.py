"""A Misskey server as it is spoken to: addresses, errors, files, what can be searched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tidings.core import http
from tidings.core.http import Answer, Transport
from tidings.networks._gone import Gone
from tidings.networks._misskeynotes import again_at, fresh
from tidings.networks._multipart import multipart
from tidings.networks.base import Network, ask
from tidings.networks.errors import Later, Reconnect, Unsure
from tidings.networks.seam import Mention, Receipt, Rendition


class NoFile(Later):
    """An uploaded file is not in the drive any more."""


class MisskeyApi(Network):
    """The calls; networks/misskey.py tells the story."""

    codes = {
        **dict.fromkeys(("AUTHENTICATION_FAILED", "CREDENTIAL_REQUIRED", "YOUR_ACCOUNT_SUSPENDED"), Reconnect),
        **dict.fromkeys(("PERMISSION_DENIED", "ROLE_PERMISSION_DENIED"), Reconnect),
        "RATE_LIMIT_EXCEEDED": Later, "NO_SUCH_FILE": NoFile, "NO_SUCH_NOTE": Gone,
    }

    def upload(self, piece: Rendition, hidden: bool) -> str:
        """`force`: a file of its own, even if the drive has the same one with another description."""
        told = {"name": piece.name or piece.kind, "isSensitive": str(hidden).lower(), "force": "true"}
        body, kind = multipart(told | ({"comment": piece.alt} if piece.alt else {}), {"file": piece})
        return str(self.call("POST", self.at("drive/files/create"), body=body, headers=kind, seconds=300).json()["id"])

    def own(self, since: datetime) -> list[dict[str, Any]]:
        """The latest of this profile's notes."""
        asked = {"withReplies": True, "withChannelNotes": True, "sinceDate": int(since.timestamp() * 1000), "limit": 50}
        return fresh(self.ask("users/notes", userId=self.access.profile.id, **asked), since)

    def known(self, address: str | None) -> str:
        """The id that a note, by its address anywhere, has on this server."""
        return str(self.ask("ap/show", uri=address)["object"]["id"]) if address else ""

    def receipt(self, id: str) -> Receipt:
        """Of a note."""
        return Receipt(id, f"{self.access.server['url']}/notes/{id}")

    # what an author may look for

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Channels: those that are followed, or those of this name."""
        found = self.ask("channels/search", query=query) if query else self.ask("channels/followed")
        return [(one["id"], one["name"]) for one in found]

    def mentions(self, query: str) -> list[Mention]:
        """People this server knows."""
        found = self.ask("users/search-by-username-and-host", username=query.lstrip("@"), limit=10)
        names = [(f"@{one['username']}" + (f"@{one['host']}" if one.get("host") else ""), one["name"]) for one in found]
        return [Mention(handle, name or handle) for handle, name in names]

    # speaking

    def at(self, path: str) -> str:
        """An address of the server's API."""
        return f"{self.access.server['url']}/api/{path}"

    def ask(self, path: str, **wish: Any) -> Any:
        """What it answers; every call is a POST."""
        return self.call("POST", self.at(path), json=wish).json()

    def again_at(self, answer: Answer) -> datetime | None:
        """They say it in the body."""
        return again_at(answer.json()) or super().again_at(answer)

    def judge(self, answer: Answer) -> None:
        """418 is a fault of theirs."""
        if answer.status == 418:
            raise Unsure(self.said(answer) or "The server had a fault.")
        super().judge(answer)


def asked(door: Transport, url: str, wish: Mapping[str, Any]) -> dict[str, Any]:
    """What a server answers that does not know us yet."""
    body, kind = http.json_body(wish)
    said = ask(door, http.Request("POST", url, "connect", kind, body)).json()
    return said if isinstance(said, dict) else {}
