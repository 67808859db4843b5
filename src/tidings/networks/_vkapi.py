"""How VK speaks: the sign-in by VK ID, methods that are asked by form, errors that come with HTTP 200.

https://id.vk.com/about/business/go/docs and https://dev.vk.com/en/api/api-requests
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks.declare import Console, Endpoints, OAuth2
from tidings.networks.errors import Later, Reaction, Reconnect, Unsure
from tidings.networks.oauth import Refreshes

VERSION = "5.199"
SCOPES = ("vkid.personal_info", "wall", "photos", "video", "groups")
STATISTICS = "stats"  # a scope of its own: VK has to allow the app that right, too
PAUSES = {"6": timedelta(seconds=1), "9": timedelta(hours=1), "29": timedelta(hours=6), "220": timedelta(hours=1)}


class NoRight(Reconnect):
    """A right is missing; or, when something is read, this one thing may not be seen."""


class VkApi(Refreshes):
    """What is asked of VK is a method with its fields."""

    hosts = {"id": "https://id.vk.com", "api": "https://api.vk.com", "page": "https://vk.com"}
    connect = (
        OAuth2(SCOPES, needs_app=True),
        OAuth2((*SCOPES, STATISTICS), needs_app=True, label="Sign in there, and read numbers"),
    )
    console = Console("https://id.vk.com/about/business/go", (
        "Make an app for the web in VK ID, with the base domain of {base_url}.",
        "Enter {redirect_uri} as its trusted redirect URL, which must begin with https.",
        "Switch on the rights wall, photos, video and groups; copy the app's id into this page.",
        "The right stats is for the second way to sign in: with it the reach of a community's posts is read, too.",
    ), id="App id", secret="", gate="VK gives the right to post on walls after it has looked at the app.")
    codes: ClassVar[Mapping[str, type[Reaction]]] = {
        **dict.fromkeys(("5", "14", "17", "27", "28", "1114"), Reconnect), **dict.fromkeys(("7", "15"), NoRight),
        **dict.fromkeys(PAUSES, Later), "1": Unsure, "10": Unsure,
    }

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """A refresh token is good together with the device that VK named at the sign-in."""
        at, device = cls.hosts["id"], ("device_id", "state")
        return Endpoints(f"{at}/authorize", f"{at}/oauth2/auth", client_auth="none", brings=device, sends=device)

    def revoke(self) -> None:
        """With this token VK ends the whole access."""
        form = {"client_id": self.flow().app.client_id, "access_token": self.access.secrets["access_token"]}
        self.call("POST", f"{self.hosts['id']}/oauth2/revoke", form=form)

    def ask(self, method: str, **fields: Any) -> Any:
        """What the method answers; fields without a value are left out."""
        form = {name: str(value) for name, value in fields.items() if value not in (None, "")}
        form |= {"v": VERSION, "access_token": self.access.secrets["access_token"]}
        body = self.call("POST", f"{self.hosts['api']}/method/{method}", form=form).json()
        if not isinstance(body, dict) or "response" not in body:
            raise Unsure("Something answered in place of VK.")
        return body["response"]

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token stands in the form; the servers that take files get none."""
        return {}

    def code(self, answer: Answer) -> str:
        return str(self._error(answer).get("error_code", "")) or super().code(answer)

    def said(self, answer: Answer) -> str:
        told = str(self._error(answer).get("error_msg", ""))
        return f"{told} Open VK and answer what it asks there." if self.code(answer) in ("14", "17") else told

    def again_at(self, answer: Answer) -> datetime | None:
        """VK names no time."""
        pause = PAUSES.get(self.code(answer))
        return clock.now() + pause if pause else super().again_at(answer)

    def _error(self, answer: Answer) -> dict[str, Any]:
        body = answer.json()
        told = body.get("error") if isinstance(body, dict) else None
        return told if isinstance(told, dict) else {}
