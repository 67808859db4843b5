"""A Lemmy server as it is spoken to: addresses, errors, pictures, what can be searched."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from tidings.core import http
from tidings.core.http import Answer
from tidings.networks._lemmyposts import label, latest, named
from tidings.networks.base import Network
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.seam import Mention, Receipt, Rendition


class LemmyApi(Network):
    """The calls; networks/lemmy.py tells the story."""

    codes = {
        "incorrect_login": Reconnect, "not_logged_in": Reconnect, "site_ban": Reconnect, "rate_limit_error": Later,
    }

    def community(self, name: str) -> int:
        """Its id on this server, which may hear of it for the first time."""
        try:
            found = self.ask("GET", "community", name=name)["community_view"]
        except Rejected:
            found = self.ask("GET", "resolve_object", q=f"!{name}")["community"]
        return int(found["community"]["id"])

    def upload(self, piece: Rendition) -> str:
        """A picture's address on this server."""
        body, kind = http.multipart({}, ("images[]", piece.name or "picture", piece.mime, piece.read()))
        url = f"{self.access.server['url']}/pictrs/image"
        file = self.call("POST", url, body=body, headers=kind, seconds=300).json()["files"][0]["file"]
        return f"{url}/{quote(file)}"

    def own(self, since: datetime) -> list[tuple[Receipt, dict[str, Any]]]:
        """The latest of what this person has said, posts and comments."""
        return latest(self.ask("GET", "user", person_id=self.access.profile.id, sort="New", limit="50"), since)

    # what an author may look for

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Communities everywhere, by name; languages of this server."""
        if option == "language":
            found = self.ask("GET", "site")["all_languages"]
            return [(str(one["id"]), one["name"]) for one in found if query.lower() in one["name"].lower()]
        shown = {"type_": "Communities", "listing_type": "All" if query else "Subscribed", "limit": "20"}
        listed = (one["community"] for one in self.ask("GET", "search", q=query, **shown)["communities"])
        return [(named(one), label(one)) for one in listed]

    def mentions(self, query: str) -> list[Mention]:
        """People this server knows."""
        found = self.ask("GET", "search", q=query, type_="Users", limit="10")["users"]
        people = (one["person"] for one in found)
        return [Mention(f"@{named(one)}", one.get("display_name") or one["name"]) for one in people]

    # speaking

    def api(self, path: str, **query: str) -> str:
        """An address of the server's API."""
        return f"{self.access.server['url']}/api/v3/{path}" + (f"?{urlencode(query)}" if query else "")

    def ask(self, method: str, path: str, wish: Any = None, **query: str) -> Any:
        """What it answers."""
        return self.call(method, self.api(path, **query), json=wish).json()

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token, except for the call that asks for one."""
        return super().headers(method, url) if "access_token" in self.access.secrets else {}

    def said(self, answer: Answer) -> str:
        """Their errors are names; this is one in words."""
        return super().said(answer).replace("_", " ")
