"""Kick, by its public API: https://docs.kick.com/

What is said in a channel's chat. Nobody can look a message up afterwards, so a lost answer is left to a person.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tidings.core.http import Answer
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Rate
from tidings.networks.errors import Reconnect, Rejected, Unsure
from tidings.networks.look import CHAT
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import Outgoing, Profile, Receipt


class Kick(Refreshes):
    """A broadcaster's channel on Kick."""

    name, label = "kick", "Kick"
    docs = "https://docs.kick.com/"
    policy = "https://kick.com/privacy-policy"
    checked = date(2026, 11, 23)
    look = CHAT
    connect = (OAuth2(("user:read", "channel:read", "chat:write"), needs_app=True),)
    console = Console("https://kick.com/settings/developer", (
        "Switch on two-factor authentication for your profile; Kick asks for it.",
        "On the Developer tab of the settings, create an app.",
        "Enter {redirect_uri} as redirect URL, and tick the scopes user:read, channel:read and chat:write.",
        "Copy the client ID and the client secret.",
    ))
    hosts = {"id": "https://id.kick.com", "api": "https://api.kick.com", "page": "https://kick.com"}
    limits = Limits(text=500, needs_text=True)
    rates = (Rate(20, timedelta(seconds=30)),)
    options = (
        Option("as", "Said by", "choice", (("user", "The profile"), ("bot", "The app's bot")), default="user"),
    )
    unheard = "Kick tells what is said in a chat only as it happens; it cannot be asked for later."
    uncounted = "Kick counts nothing of a line in a chat, and tells other programs no followers."
    words = {"scope": Reconnect, "nauthorized": Reconnect}

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """OAuth 2.1; both tokens are replaced at every renewal."""
        at = f"{cls.hosts['id']}/oauth"
        return Endpoints(f"{at}/authorize", f"{at}/token", f"{at}/revoke")

    def profile(self) -> Profile:
        """Whose token this is, by the name of their channel."""
        me, own = (self._ask("GET", path)[0] for path in ("users", "channels"))
        page = f"{self.hosts['page']}/{own['slug']}"
        return Profile(str(me["user_id"]), own["slug"], me["name"], me.get("profile_picture", ""), page)

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One call. A bot speaks in the chat of whoever owns the token."""
        wish: dict[str, Any] = {"type": outgoing.options.get("as", "user"), "content": outgoing.text}
        if wish["type"] == "user":
            wish["broadcaster_user_id"] = int(self.access.profile.id)
        if outgoing.reply_to:
            wish["reply_to_message_id"] = outgoing.reply_to.id
        return Receipt(sending.commit(lambda: self._say(wish)), self.access.profile.url)

    def _say(self, wish: Mapping[str, Any]) -> str:
        sent = self._ask("POST", "chat", wish)
        if not isinstance(sent, dict) or not sent.get("message_id"):
            raise Unsure("Kick did not say what became of the message.")
        return str(sent["message_id"])

    def delete(self, receipt: Receipt) -> None:
        """Take the message out of the chat."""
        self.call("DELETE", f"{self.hosts['api']}/public/v1/chat/{receipt.id}")

    def _ask(self, method: str, path: str, wish: Any = None) -> Any:
        return self.call(method, f"{self.hosts['api']}/public/v1/{path}", json=wish).json()["data"]

    def judge(self, answer: Answer) -> None:
        """A message may be dropped with a success; Kick gives no reason."""
        super().judge(answer)
        said = answer.json()
        sent = said.get("data") if isinstance(said, dict) else None
        if isinstance(sent, dict) and sent.get("is_sent") is False:
            raise Rejected("Kick did not show the message; the chat's rules may not allow it.")
