"""As whom one speaks to Discord, and what it answers: a bot that is everybody's, a person, or a webhook.

https://docs.discord.com/developers/topics/oauth2
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks import _discord, _discordevents
from tidings.networks._gone import Gone
from tidings.networks.base import Network
from tidings.networks.declare import Answers, Endpoints
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.seam import App, Grant, Heard, Mention, Notice, Profile

KINDS = {0: "text", 5: "announcement"}  # the channels that are offered
RIGHTS = sum(1 << bit for bit in (10, 11, 14, 15, 16, 17, 49))  # see, send, links, files, history, @everyone, polls
MANAGE = 1 << 5  # the right to manage a server
AGENT = "DiscordBot (Tidings, 1)"  # a request that does not begin so may be turned away
WEBHOOK = re.compile(r"https?://\S+/webhooks/(\d+)/([\w-]+)/?")


class DiscordApi(Network):
    """Connecting and speaking."""

    codes = {
        **dict.fromkeys(("10003", "10004", "10015", "50001", "50013", "50027"), Reconnect),
        "10008": Gone, "20028": Later,
    }
    hears = ("ended",)
    proof = _discordevents.KEY.name
    answers = Answers(taken=204, unproven=401)  # it sends forged ones at times, to see that they are refused

    # connecting

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """The consent page asks which server, and says so in the address that it sends the person back to."""
        token = f"{cls.hosts['api']}/oauth2/token"
        page, wish = f"{cls.hosts['site']}/oauth2/authorize", {"permissions": str(RIGHTS)}
        return Endpoints(page, token, pkce=False, extra=wish, brings=("guild_id",))

    def lengthen(self) -> Grant:
        """From here on the bot speaks. It is everybody's: only who manages a server may have it speak there."""
        guild = self.access.secrets.get("guild_id", "")
        theirs = {one["id"]: one for one in self.ask("/users/@me/guilds")}
        if guild not in theirs or not (theirs[guild].get("owner") or int(theirs[guild]["permissions"]) & MANAGE):
            raise Rejected("You do not manage that server. Ask somebody who does to connect it.")
        who = str(self.ask("/users/@me")["id"])
        return Grant({"guild_id": guild, "sub": who, "access_token": "", "refresh_token": ""})

    def person(self) -> str:
        """Who added the bot; a webhook is nobody's."""
        return self.access.secrets.get("sub", "")

    @classmethod
    def hear(cls, notice: Notice, app: App) -> Heard | None:
        """A person took back what they had allowed the app."""
        return _discordevents.heard(notice, app)

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """A webhook's address is all that it takes; it is asked for before it is kept."""
        found = WEBHOOK.fullmatch(fields["webhook"].strip())
        if not found:
            raise Rejected("This is not the address of a webhook. It ends in /webhooks/, a number and a key.")
        self.ask(f"/webhooks/{found[1]}/{found[2]}")
        return Grant({"webhook": f"{found[1]}/{found[2]}"})

    def channels(self) -> list[Profile]:
        """The server's channels for text and announcements, or the webhook's one."""
        if self.hook:
            return [_discord.webhook(self.ask(f"/webhooks/{self.hook}"), self.hosts)]
        guild, bot = self.ask(f"/guilds/{self.access.secrets['guild_id']}"), self.ask("/users/@me")["id"]
        listed = sorted(self.ask(f"/guilds/{guild['id']}/channels"), key=lambda one: int(one.get("position") or 0))
        fitting = [one for one in listed if one["type"] in KINDS]
        return [_discord.channel(one, KINDS[one["type"]], guild, bot, self.hosts) for one in fitting]

    # a channel

    def latest(self, since: datetime) -> list[dict[str, Any]]:
        """The messages of the channel since then, the latest first."""
        query = urlencode({"after": _discord.snowflake(since), "limit": 100})
        return sorted(self.call("GET", f"{self.messages}?{query}").json(), key=lambda one: -int(one["id"]))

    def mentions(self, query: str) -> list[Mention]:
        """People by name, and roles."""
        if self.hook:
            return []
        guild = f"/guilds/{self.access.server['guild']}"
        people = self.ask(f"{guild}/members/search?{urlencode({'query': query, 'limit': 10})}") if query else []
        return _discord.mentions(people, self.ask(f"{guild}/roles"), query)

    # speaking

    @property
    def hook(self) -> str:
        """Number and key of the webhook; empty: the bot speaks."""
        return self.access.secrets.get("webhook", "")

    @property
    def messages(self) -> str:
        """Where the channel's messages are."""
        inside = f"webhooks/{self.hook}" if self.hook else f"channels/{self.access.profile.id}"
        return f"{self.hosts['api']}/{inside}/messages"

    def ask(self, path: str) -> Any:
        """What stands at this path of the API."""
        return self.call("GET", self.hosts["api"] + path).json()

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The bot's token; while connecting the person's; a webhook has its key in its address."""
        own, app = self.access.secrets.get("access_token"), self.access.app
        if own:
            return {"User-Agent": AGENT, "Authorization": f"Bearer {own}"}
        bot = {"Authorization": f"Bot {app.more['bot_token']}"} if app and not self.hook else {}
        return {"User-Agent": AGENT, **bot}

    def judge(self, answer: Answer) -> None:
        """A page in place of JSON is their outermost gate: it turns the address away, not the post."""
        if answer.status == 403 and answer.json() is None:
            raise Later("Discord's gate turns this server's address away for now.")
        super().judge(answer)

    def again_at(self, answer: Answer) -> datetime | None:
        """They say it in the body, in fractions of a second."""
        said = answer.json()
        wait = said.get("retry_after") if isinstance(said, dict) else None
        return clock.now() + timedelta(seconds=float(wait)) if wait else super().again_at(answer)

    def said(self, answer: Answer) -> str:
        """What is wrong with a form stands in a tree."""
        said = answer.json()
        inner = _discord.detail(said.get("errors")) if isinstance(said, dict) else ""
        return inner or super().said(answer)
