"""Telegram, by a bot: https://core.telegram.org/bots/api

A bot gets no copy of what it posts and cannot read a chat, so only a person can say what became of a lost answer.
Its token is a part of every address it speaks to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import clock, http, text
from tidings.core.http import Answer
from tidings.networks import _telegram
from tidings.networks._addresses import receipt_at
from tidings.networks._form import form
from tidings.networks.base import Network, Sending
from tidings.networks.declare import Field, Limits, Option, Password, Poll, Rate
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.metrics import Counting, Metric, Reading
from tidings.networks.seam import Access, Grant, Outgoing, Problem, Profile, Receipt, Rendition

TOKEN = re.compile(r"\d+:[\w-]+")
PATIENCE = 300  # seconds: an answer that is given up on is a post nobody knows of


class Moved(Rejected):
    """The group has become a supergroup, which is `chat` now; nothing was made."""

    def __init__(self, reason: str, chat: str) -> None:
        super().__init__(reason)
        self.chat = chat


class Telegram(Network):
    """A channel or group on Telegram that a bot may write to."""

    name, label = "telegram", "Telegram"
    docs = "https://core.telegram.org/bots/api"
    policy = "https://telegram.org/privacy"
    checked = date(2026, 11, 23)
    look = Look("bubble", ("views",), handle=False, most=10, ratio=(0.6, 2))
    connect = (Password((
        Field("token", "Bot token", "What @BotFather gave for your bot, such as 12345:AAE…", secret=True),
        Field("code", "Code", "Make the bot an administrator of the channel or group, then post this code there.",
              shown=True),
    ), "Bot"),)  # fmt: skip
    hosts = {"api": "https://api.telegram.org", "site": "https://t.me"}
    limits = Limits(
        text=4096, count=text.utf16, pictures=10, picture_bytes=10_000_000, picture_ratio=(0.05, 20), animations=1,
        animation_bytes=50_000_000, films=10, film_bytes=50_000_000, mixed=True,
        poll=Poll(choices=12, characters=100, shortest=1, longest=43_800),
    )
    rates = (Rate(20, timedelta(minutes=1)),)
    options = (
        Option("silent", "Without a sound", "flag", default=False),
        Option("protect", "No forwarding or saving", "flag", default=False),
        Option("preview", "Preview of a link", "choice", (
            ("", "As usual"), ("above", "Above the text"), ("small", "Small"), ("large", "Large"), ("off", "None"),
        )),
        Option("spoiler", "Hide media until tapped", "flag", default=False),
        Option("caption_above", "Text above the media", "flag", default=False),
        Option("topic", "Topic", "number", help="In a group with topics: the number in the topic's address."),
        Option("buttons", "Buttons", "tags", most=8, longest=300, help="Words and an address: Read on https://…"),
        Option("pin", "Pin it", "flag", default=False, help="The bot needs the right to pin."),
        Option("several_answers", "Poll: several answers", "flag", default=False),
        Option("open_votes", "Poll: show who voted", "flag", default=False, help="In groups only."),
        Option("poll", "Poll", "poll"),
    )
    crowd = (Metric("getChatMemberCount", "followers", "Members of the group, or subscribers of the channel."),)
    counting = Counting(reads=rates)
    unheard = "Telegram tells a bot what others write only as it happens; it cannot be asked for later."
    uncounted = "Telegram tells a bot no views, and of reactions only at the moment when they happen."
    words = {
        "Forbidden": Reconnect, "Not Found": Reconnect, "chat not found": Reconnect, "not enough rights": Reconnect,
        "administrator rights": Reconnect,
    }

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """A caption is shorter than a text, and a poll's question shorter still."""
        if outgoing.options.get("poll"):
            return replace(cls.limits, text=300, needs_text=True)
        return replace(cls.limits, text=1024) if outgoing.media else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """What stands alone, and which buttons lead nowhere."""
        return _telegram.objections(outgoing)

    # connecting

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The chats in which our code was posted: whoever did that may write there."""
        token, code = fields["token"].strip(), fields["code"]
        if not TOKEN.fullmatch(token):
            raise Rejected("This is no bot token. @BotFather shows it: a number, a colon, letters.")
        chats = Telegram(Access(self.access.profile, {"token": token}), self.door, self.purpose)._said(code)
        if not chats:
            raise Rejected("The code was not seen. Is the bot in the chat? In a group, post /connect and the code.")
        return Grant({"token": token, "chats": " ".join(chats)})

    def _said(self, code: str) -> list[str]:
        wish = {"offset": -100, "allowed_updates": ["message", "channel_post"]}
        latest = [said.get("channel_post") or said.get("message") or {} for said in self._ask("getUpdates", wish)]
        there = [one["chat"] for one in latest if code and code in one.get("text", "").split()]
        return list({str(chat["id"]): None for chat in there if chat["type"] != "private"})

    def channels(self) -> list[Profile]:
        """All in which the code was posted."""
        return [self._chat(chat) for chat in self.access.secrets["chats"].split()]

    def _chat(self, chat: str) -> Profile:
        said, bot = self._ask("getChat", {"chat_id": int(chat)}), self.access.secrets["token"].partition(":")[0]
        member = self._ask("getChatMember", {"chat_id": int(chat), "user_id": int(bot)})
        if not _may_post(said["type"], member):
            raise Rejected(f"The bot may not post in {said['title']}. Make it an administrator there.")
        name = said.get("username", "")
        page = f"{self.hosts['site']}/{name}" if name else ""
        return Profile(chat, f"@{name}" if name else said["title"], said["title"], "", page)

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One message, or an album; pinned when that is wished."""
        receipt = self._receipt(sending.commit(lambda: self._send(outgoing, self.access.profile.id)))
        if outgoing.options.get("pin"):
            sending.once("pin", lambda: self._pin(receipt))
        return receipt

    def _send(self, outgoing: Outgoing, chat: str) -> list[dict[str, Any]]:
        method, wish, files = _telegram.message(outgoing)
        try:
            made = self._ask(method, {"chat_id": int(chat), **wish}, files)
        except Moved as moved:
            return self._send(outgoing, moved.chat)
        return [{"id": one["message_id"], "chat": one["chat"]} for one in (made if isinstance(made, list) else [made])]

    def _receipt(self, made: list[dict[str, Any]]) -> Receipt:
        ids, chat = [str(one["id"]) for one in made], made[0]["chat"]
        number = str(chat["id"])
        place = chat.get("username") or (f"c/{number.removeprefix('-100')}" if number.startswith("-100") else "")
        url = f"{self.hosts['site']}/{place}/{ids[0]}" if place else ""  # small groups have no addresses
        return Receipt(ids[0], url, {"chat": number, "all": " ".join(ids)})

    def _pin(self, receipt: Receipt) -> None:
        """The message is out: a right that is missing here must not make it look lost."""
        with suppress(Rejected, Reconnect):
            self._ask("pinChatMessage", self._at(receipt))

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Change the words; what they are already is fine."""
        method, field = ("editMessageCaption", "caption") if outgoing.media else ("editMessageText", "text")
        try:
            self._ask(method, {**self._at(receipt), field: outgoing.text, **_telegram.buttons(outgoing)})
        except Rejected as refused:
            if "not modified" not in refused.reason:
                raise

    def delete(self, receipt: Receipt) -> None:
        """Take all of it back; what is gone already is skipped."""
        ids = receipt.extra.get("all", receipt.id).split()
        self._ask("deleteMessages", {"chat_id": self._at(receipt)["chat_id"], "message_ids": [int(id) for id in ids]})

    def audience(self, since: date) -> Sequence[Reading]:
        """Who is in the chat, as it stands; a group that became a supergroup is followed."""
        try:
            found = self._ask("getChatMemberCount", {"chat_id": int(self.access.profile.id)})
        except Moved as moved:
            found = self._ask("getChatMemberCount", {"chat_id": int(moved.chat)})
        return [Reading("getChatMemberCount", int(found))]

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A message's address names the chat and ends in its number."""
        chat = f"(?:(?i:{re.escape(profile.handle.removeprefix('@'))})|c/{profile.id.removeprefix('-100')})"
        form = rf"{re.escape(cls.hosts['site'])}/{chat}/(?:\d+/)?(\d+)(?:\?.*)?"
        return replace(receipt_at(url, form, f"a message in {profile.name}"), extra={"chat": profile.id})

    # speaking

    def _ask(self, method: str, wish: Mapping[str, Any], files: Mapping[str, Rendition] | None = None) -> Any:
        body, kind = form(wish, files) if files else http.json_body(wish)
        url = f"{self.hosts['api']}/bot{self.access.secrets['token']}/{method}"
        return self.call("POST", url, body=body, headers=kind, seconds=PATIENCE).json()["result"]

    def _at(self, receipt: Receipt) -> dict[str, int]:
        chat = receipt.extra.get("chat") or self.access.profile.id
        return {"chat_id": int(chat), "message_id": int(receipt.id)}

    def headers(self, method: str, url: str) -> dict[str, str]:
        """None: the token is in the address."""
        return {}

    def judge(self, answer: Answer) -> None:
        """A chat that has another id now is named in the refusal."""
        if chat := _parameters(answer).get("migrate_to_chat_id"):
            raise Moved(self.said(answer), str(chat))
        super().judge(answer)

    def again_at(self, answer: Answer) -> datetime | None:
        """They say it in the body."""
        wait = _parameters(answer).get("retry_after")
        return clock.now() + timedelta(seconds=int(wait)) if wait else super().again_at(answer)


def _parameters(answer: Answer) -> dict[str, Any]:
    said = answer.json() if answer.status >= 300 else None
    return dict(said.get("parameters") or {}) if isinstance(said, dict) else {}


def _may_post(kind: str, member: Mapping[str, Any]) -> bool:
    if kind == "channel":
        return bool(member.get("can_post_messages"))
    return member["status"] in ("member", "administrator") or bool(member.get("can_send_messages"))
