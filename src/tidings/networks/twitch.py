"""Twitch, by its Helix API: https://dev.twitch.tv/docs/api/reference/

What is said in the chat of the profile's own channel. Nobody can look a message up afterwards, so a lost answer is left
to a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core.http import Answer
from tidings.networks._twitchevents import TwitchEvents
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Endpoints, Limits, OAuth2, Option, Rate
from tidings.networks.errors import Reconnect, Rejected, Unsure
from tidings.networks.look import CHAT
from tidings.networks.metrics import Counting, Metric, Reading
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt

COLOURS = (
    ("primary", "The channel's"), ("blue", "Blue"), ("green", "Green"), ("orange", "Orange"), ("purple", "Purple"),
)
SCOPES = (
    "user:write:chat", "moderator:manage:announcements", "moderator:manage:chat_messages", "channel:manage:schedule",
)


class Twitch(TwitchEvents):
    """A broadcaster's channel on Twitch."""

    name, label = "twitch", "Twitch"
    docs = "https://dev.twitch.tv/docs/api/reference/"
    policy = "https://legal.twitch.com/legal/privacy-notice/"
    grants = "https://www.twitch.tv/settings/connections"
    checked = date(2026, 11, 23)
    look = CHAT
    connect = (OAuth2(SCOPES, needs_app=True),)
    console = Console("https://dev.twitch.tv/console/apps", (
        "Switch on two-factor authentication for your profile; Twitch asks for it.",
        "Register an application of the type Confidential and the category Application Integration.",
        "Enter {redirect_uri} as OAuth redirect URL.",
        "Copy the client ID, make a new secret and copy it too.",
        "Once both are kept here, test them: Twitch is then also asked to tell us when a person ends the access.",
    ))
    hosts = {"id": "https://id.twitch.tv", "api": "https://api.twitch.tv", "page": "https://www.twitch.tv"}
    limits = Limits(text=500, needs_text=True)
    rates = (Rate(20, timedelta(seconds=30)),)
    options = (
        Option("kind", "What it is", "choice", (
            ("message", "Chat message"), ("announcement", "Announcement"), ("segment", "Entry in the schedule"),
        ), default="message"),
        Option("color", "Colour of the announcement", "choice", COLOURS, default="primary"),
        Option("start", "The broadcast begins", "time", help="For an entry in the schedule; its text is the title."),
        Option("duration", "It lasts", "number", default="60", help="Minutes, 30 to 1380."),
        Option("category", "Category", "lookup"),
        Option("recurring", "Every week", "flag", default=True, help="Single ones are for partners and affiliates."),
    )
    crowd = (Metric("total", "followers", "Users who follow the channel."),)
    counting = Counting(reads=(Rate(800, timedelta(minutes=1)),))
    unheard = "Twitch tells what is said in a chat only as it happens; it cannot be asked for later."
    uncounted = "Twitch counts nothing of a line in a chat, of an announcement or of an entry in the schedule."
    words = {"issing scope": Reconnect, "Invalid OAuth token": Reconnect}

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Web apps prove themselves by their secret."""
        at = f"{cls.hosts['id']}/oauth2"
        return Endpoints(f"{at}/authorize", f"{at}/token", f"{at}/revoke", pkce=False)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What an entry in the schedule needs."""
        chosen = outgoing.options
        if chosen.get("kind") == "segment" and not chosen.get("start"):
            yield Problem("start", "An entry in the schedule needs its beginning.")
        if chosen.get("kind") == "segment" and len(outgoing.text) > 140:
            yield Problem("text", "The title of an entry in the schedule has at most 140 characters.")
        if not 30 <= int(chosen.get("duration") or 60) <= 1380:
            yield Problem("duration", "A broadcast lasts 30 to 1380 minutes.")

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self._ask("GET", "users")[0]
        page = f"{self.hosts['page']}/{me['login']}"
        return Profile(me["id"], me["login"], me["display_name"], me.get("profile_image_url", ""), page)

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Categories and games."""
        found = self._ask("GET", "search/categories", query=query) if query else []
        return [(one["id"], one["name"]) for one in found]

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One call, whatever it is; only an announcement gets no id from Twitch."""
        say = {"announcement": self._announce, "segment": self._plan}.get(outgoing.options.get("kind", ""), self._say)
        made = sending.commit(lambda: say(outgoing))
        return Receipt(made or sending.key, self.access.profile.url)

    def _say(self, outgoing: Outgoing) -> str:
        wish = {"broadcaster_id": self._me, "sender_id": self._me, "message": outgoing.text}
        if outgoing.reply_to:
            wish["reply_parent_message_id"] = outgoing.reply_to.id
        sent = self._ask("POST", "chat/messages", wish)
        if not sent:
            raise Unsure("Twitch did not say what became of the message.")
        return str(sent[0]["message_id"])

    def _announce(self, outgoing: Outgoing) -> str:
        wish = {"message": outgoing.text, "color": outgoing.options.get("color", "primary")}
        self._ask("POST", "chat/announcements", wish, broadcaster_id=self._me, moderator_id=self._me)
        return ""

    def _plan(self, outgoing: Outgoing) -> str:
        chosen = outgoing.options
        wish = {
            "title": outgoing.text, "start_time": chosen["start"], "timezone": "Etc/UTC",
            "duration": str(chosen.get("duration") or 60), "is_recurring": chosen.get("recurring", True),
            **({"category_id": chosen["category"]} if chosen.get("category") else {}),
        }
        made = self._ask("POST", "schedule/segment", wish, broadcaster_id=self._me)
        return str(made["segments"][0]["id"])

    def delete(self, receipt: Receipt) -> None:
        """Take a message out of the chat; Twitch allows that for six hours."""
        asked = {"broadcaster_id": self._me, "moderator_id": self._me, "message_id": receipt.id}
        self._ask("DELETE", "moderation/chat", **asked)

    def audience(self, since: date) -> Sequence[Reading]:
        """How many follow, as it stands. Who they are would need a further right, and is not asked for."""
        said = self._answer("GET", "channels/followers", broadcaster_id=self._me, first="1")
        return [Reading("total", int(said["total"]))]

    @property
    def _me(self) -> str:
        return self.access.profile.id

    def _ask(self, method: str, path: str, wish: Any = None, **query: str) -> Any:
        return self._answer(method, path, wish, **query).get("data", [])

    def _answer(self, method: str, path: str, wish: Any = None, **query: str) -> Any:
        url = f"{self.hosts['api']}/helix/{path}" + (f"?{urlencode(query)}" if query else "")
        return self.call(method, url, json=wish).json() or {}

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Every call names the app as well."""
        return {**super().headers(method, url), "Client-Id": self.access.app.client_id if self.access.app else ""}

    def judge(self, answer: Answer) -> None:
        """A message may be dropped by the channel's own rules with a success."""
        super().judge(answer)
        said = answer.json()
        sent = said.get("data") if isinstance(said, dict) else None
        if isinstance(sent, list) and sent and sent[0].get("is_sent") is False:
            why = sent[0].get("drop_reason") or {}
            raise Rejected(why.get("message") or why.get("code") or "Twitch did not show the message.")
