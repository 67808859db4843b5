"""How a listmonk server is entered and spoken to: HTTP Basic, and every answer under one name."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tidings.core import http
from tidings.core.http import Answer, Transport
from tidings.networks import _sites
from tidings.networks.base import Network, ask
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.seam import Grant, Profile


class ListmonkApi(Network):
    """Whatever is asked of a server goes this way."""

    codes = {"403": Reconnect}

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """The server that was named; raises Rejected when it speaks no JSON where listmonk does."""
        url = _sites.address(fields["server"])
        said = ask(door, http.Request("GET", f"{url}/api/health", "connect")).json()
        if not isinstance(said, dict) or not {"data", "message"} & said.keys():
            raise Rejected("There is no listmonk at this address.")
        return {"url": url}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """What was typed is what is kept."""
        return Grant({"user": fields["user"].strip(), "token": fields["token"].strip()})

    def profile(self) -> Profile:
        """The server, once it has shown a list to this user."""
        self.data("GET", "lists?per_page=1")
        url = self.access.server["url"]
        handle = f"{self.access.secrets['user']}@{urlsplit(url).netloc}"
        return Profile(handle, handle, urlsplit(url).netloc, "", url)

    def data(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> Any:
        """What an answer holds."""
        return self.call(method, self.at(path), json=wish).json()["data"]

    def at(self, path: str) -> str:
        """An address of the server's API."""
        return f"{self.access.server['url']}/api/{path}"

    def headers(self, method: str, url: str) -> dict[str, str]:
        """HTTP Basic."""
        return _sites.basic(self.access.secrets["user"], self.access.secrets["token"])

    def code(self, answer: Answer) -> str:
        """They have none but the status."""
        return str(answer.status) if answer.status >= 300 and isinstance(answer.json(), dict) else ""
