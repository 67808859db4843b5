"""Neynar as it is spoken to: its two keys, its errors, what can be searched. https://docs.neynar.com/reference"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tidings.core.http import Answer
from tidings.networks._gone import Gone
from tidings.networks.base import Network
from tidings.networks.errors import NotYet, Reconnect
from tidings.networks.seam import Mention


class Neynar(Network):
    """The calls; networks/farcaster.py tells the story."""

    def known(self, address: str | None) -> list[dict[str, Any]]:
        """What names a cast, by its address; nothing for none."""
        if not address:
            return []
        cast = self.get("cast", identifier=address, type="url")["cast"]
        return [{"hash": cast["hash"], "fid": cast["author"]["fid"]}]

    # what an author may look for

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Channels by name, or those the person is active in."""
        asked = ("channel/search", {"q": query}) if query else ("user/channels", {"fid": self.access.profile.id})
        return [(one["id"], one.get("name") or one["id"]) for one in self.get(asked[0], **asked[1])["channels"]]

    def mentions(self, query: str) -> list[Mention]:
        """People by name."""
        found = self.get("user/search", q=query.lstrip("@"), limit="10")["result"]["users"]
        return [Mention(f"@{one['username']}", one.get("display_name") or one["username"]) for one in found]

    # speaking

    def get(self, path: str, **query: Any) -> Any:
        """What is asked for."""
        return self.call("GET", f"{self.hosts['api']}/v2/farcaster/{path}/?{urlencode(query)}").json()

    def send(self, method: str, wish: Mapping[str, Any]) -> Any:
        """What becomes of a cast."""
        return self.call(method, f"{self.hosts['api']}/v2/farcaster/cast/", json=wish).json()

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The key speaks for the app; the signer, in what is sent, for the person."""
        return {"x-api-key": self.access.secrets["key"]}

    def judge(self, answer: Answer) -> None:
        """403: the signer was revoked. 404: what is meant is not there. 409: the same is being made right now."""
        if answer.status == 403:
            raise Reconnect(self.said(answer) or "The signer is not approved any more.")
        if answer.status == 404:
            raise Gone(self.said(answer) or "Neynar knows nothing of this.")
        if answer.status == 409:
            raise NotYet(self.said(answer), 10)
        super().judge(answer)
