"""Signing in at a PeerTube instance with a password that is used once, and which video channels that gives.

https://docs.joinpeertube.org/api-rest-reference.html#tag/Session
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tidings.core import clock
from tidings.networks.base import Network
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.seam import Grant, Profile


class SignedIn(Network):
    """A person of an instance, who has one video channel or several."""

    codes = {
        "invalid_grant": Reconnect, "invalid_token": Reconnect, "missing_two_factor": Rejected,
        "invalid_two_factor": Rejected,
    }

    def at(self, path: str) -> str:
        """An address on this instance."""
        return f"{self.access.server['url']}/api/v1{path}"

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The one time that the password is used."""
        wish = {"grant_type": "password", "username": fields["username"], "password": fields["password"]}
        return self._token(wish, {"x-peertube-otp": fields["otp"]} if fields.get("otp") else {})

    def renew(self) -> Grant:
        """The refresh token is replaced, and ends after two weeks without use."""
        return self._token({"grant_type": "refresh_token", "refresh_token": self.access.secrets["refresh_token"]}, {})

    def _token(self, wish: Mapping[str, str], headers: Mapping[str, str]) -> Grant:
        """Asked for in the name of the instance's own web client, whose credentials it tells everybody."""
        client = self.call("GET", self.at("/oauth-clients/local")).json()
        form = {**wish, "client_id": client["client_id"], "client_secret": client["client_secret"]}
        said = self.call("POST", self.at("/users/token"), form=form, headers=headers).json()
        kept = {name: str(said[name]) for name in ("access_token", "refresh_token")}
        return Grant(kept, clock.now() + timedelta(seconds=int(said["expires_in"])))

    def revoke(self) -> None:
        self.call("POST", self.at("/users/revoke-token"))

    def profile(self) -> Profile:
        """The first of the person's video channels."""
        return self.channels()[0]

    def channels(self) -> list[Profile]:
        """All of them; one sign-in serves them all."""
        return [self._channel(one) for one in self._me()["videoChannels"]]

    def announced(self) -> Mapping[str, Any]:
        """By which name the person comments here."""
        return {**self.access.server, "user": self._me()["username"]}

    def _me(self) -> dict[str, Any]:
        me = self.call("GET", self.at("/users/me")).json()
        return dict(me[0] if isinstance(me, list) else me)

    def _channel(self, one: Mapping[str, Any]) -> Profile:
        url, faces = self.access.server["url"], one.get("avatars") or [{}]
        face = faces[-1].get("fileUrl") or (url + faces[-1]["path"] if faces[-1].get("path") else "")
        handle = f"@{one['name']}@{self.access.server['domain']}"
        return Profile(str(one["id"]), handle, one["displayName"], face, f"{url}/c/{one['name']}")

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token, except for the calls that ask for one."""
        fresh = "access_token" not in self.access.secrets or url.endswith(("/users/token", "/oauth-clients/local"))
        return {} if fresh else super().headers(method, url)
