"""How Ghost's Admin API is entered and spoken to: a fresh proof for every call, and errors in a list."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tidings.core import clock, http
from tidings.core.http import Answer, Transport
from tidings.networks import _hs256, _sites
from tidings.networks.base import Network, ask
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.seam import Grant, Profile

MINUTES = 5 * 60  # they take no token that is older


class GhostApi(Network):
    """Whatever is asked of a publication goes this way."""

    codes = {"NoPermissionError": Reconnect, "MaintenanceError": Later, "EmailError": Rejected}
    words = {"maxAge exceeded": Later, "Invalid token": Reconnect}  # the first: a clock is wrong, theirs or ours

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """What the publication says of itself; raises Rejected when there is none."""
        api = f"{_sites.address(fields['server']).removesuffix('/ghost')}/ghost/api/admin"
        said = ask(door, http.Request("GET", f"{api}/site/", "connect")).json()
        if not isinstance(said, dict) or "site" not in said:
            raise Rejected("There is no Ghost publication at this address.")
        site = said["site"]
        kept = {"url": site["url"].rstrip("/"), "title": site["title"], "icon": site.get("icon") or ""}
        return {**kept, "api": api, "version": site["version"]}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """An id and a secret in hexadecimal digits; every call is signed with it."""
        id, _, secret = fields["key"].strip().partition(":")
        try:
            return Grant({"id": id, "secret": bytes.fromhex(secret).hex()})
        except ValueError:
            raise Rejected("This is no Admin API key: it has two parts with a colon between them.") from None

    def profile(self) -> Profile:
        """The publication itself, once it has taken the key."""
        self.call("GET", self.at("config"))
        site = self.access.server
        return Profile(site["url"], urlsplit(site["url"]).netloc, site["title"], site["icon"], site["url"])

    def at(self, path: str, **query: str) -> str:
        """An address of the publication's API."""
        return f"{self.access.server['api']}/{path}/{'?' if query else ''}{urlencode(query)}"

    def headers(self, method: str, url: str) -> dict[str, str]:
        """A fresh proof for each call, for the version that the site had when it was connected."""
        now, key = int(clock.now().timestamp()), self.access.secrets
        claims = {"iat": now, "exp": now + MINUTES, "aud": "/admin/"}
        proof = _hs256.signed(claims, bytes.fromhex(key["secret"]), kid=key["id"])
        return {"Authorization": f"Ghost {proof}", "Accept-Version": f"v{self.access.server['version']}"}

    def code(self, answer: Answer) -> str:
        """Their errors come in a list."""
        first = _error(answer)
        return str(first.get("code") or first.get("type") or "")

    def said(self, answer: Answer) -> str:
        """What is wrong, and with what."""
        first = _error(answer)
        return " ".join(filter(None, (first.get("message"), first.get("context"))))


def _error(answer: Answer) -> dict[str, Any]:
    said = answer.json() if answer.status >= 300 else None
    errors = said.get("errors") if isinstance(said, dict) else None
    return errors[0] if errors else {}
