"""Discord, by a bot in a server or by a channel's webhook: https://docs.discord.com/developers/reference

A bot's nonce makes one message of two for some minutes, and a bot can read the channel. A webhook can do neither.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import http
from tidings.networks import _discord, _discordevents, _discordnumbers
from tidings.networks._addresses import receipt_at
from tidings.networks._discordapi import DiscordApi
from tidings.networks._form import form
from tidings.networks._gone import Gone
from tidings.networks.base import Sending
from tidings.networks.declare import Console, Field, Limits, OAuth2, Option, Password, Poll
from tidings.networks.errors import Reconnect, Rejected, Unsure
from tidings.networks.look import Look
from tidings.networks.metrics import Numbers, Reading
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

WHOLE = 25 * 1024 * 1024  # bytes of all files together


class Discord(DiscordApi):
    """A channel of a Discord server."""

    name, label = "discord", "Discord"
    docs = "https://docs.discord.com/developers/reference"
    policy = "https://discord.com/privacy"
    checked = date(2026, 11, 23)
    look = Look("chat", handle=False, most=10, ratio=(0.5, 2.2), marked=("link", "mention"))
    connect = (
        OAuth2(("bot", "identify", "guilds"), needs_app=True, label="Add the bot to a server"),
        Password((Field("webhook", "Webhook address", "In the channel's settings.", secret=True),), "Webhook"),
    )
    console = Console("https://discord.com/developers/applications", (
        "Make a new application, and give it the name and picture that your posts are to have.",
        "On its page OAuth2, add this redirect: {redirect_uri}",
        "Copy the client id and the client secret from there.",
        "On its page Bot, switch Public Bot off if nobody else is to add it, and reset the token to see it.",
        "Copy the public key from its page General Information, and keep all of it here.",
        "Then, on its page Webhooks, enter {ended_url} as endpoint, and switch on the event Application Deauthorized.",
    ), more=(Field("bot_token", "Bot token", secret=True), _discordevents.KEY),
       gate="Nothing is reviewed below 100 servers.")  # fmt: skip
    hosts = {"api": "https://discord.com/api/v10", "site": "https://discord.com", "pictures": "https://cdn.discordapp.com"}
    limits = Limits(
        text=2000, pictures=10, picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=10_485_760,
        animations=10, animation_bytes=10_485_760, films=10, film_types=("video/mp4", "video/webm", "video/quicktime"),
        film_bytes=10_485_760, mixed=True, alt=1024, poll=Poll(choices=10, characters=55, shortest=60, longest=46_080),
    )
    options = (
        Option("mentions", "Mentions ring for", "choice", (
            ("", "Nobody"), ("users", "People"), ("roles", "People and roles"), ("everyone", "@everyone too"),
        )),
        Option("silent", "Without a sound", "flag", default=False),
        Option("no_embeds", "No previews of links", "flag", default=False),
        Option("crosspost", "Send on to followers", "flag", default=False, help="In announcement channels."),
        Option("as_name", "Name to post under", longest=80, help="With a webhook; empty: the webhook's own."),
        Option("as_picture", "Picture to post under", "url", longest=2048, help="With a webhook: its address."),
        Option("several_answers", "Poll: several answers", "flag", default=False),
        Option("poll", "Poll", "poll"),
    )
    metrics, crowd, counting = _discordnumbers.METRICS, _discordnumbers.CROWD, _discordnumbers.COUNTING
    repeatable = timedelta(minutes=2)
    settle = timedelta(seconds=20)  # so that a repeat comes well within the nonce's life
    unheard = (
        "Discord has no list of answers to a message: a program would have to read all that is said in the "
        "channel."
    )
    reads_free = True

    # what is true of this channel

    @classmethod
    def repeatable_at(cls, server: Mapping[str, Any]) -> timedelta:
        """Webhooks take no nonce."""
        return timedelta(0) if server.get("webhook") else cls.repeatable

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """With a poll the text is its question."""
        return replace(cls.limits, text=300, needs_text=True) if outgoing.options.get("poll") else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """Too much in all, and choices that do nothing here."""
        if sum(piece.size for piece in outgoing.media) > WHOLE:
            yield Problem("media", "Discord takes 25 MB in all.")
        useless = () if server.get("webhook") else ("as_name", "as_picture")
        for name in (*useless, *(() if server.get("kind") == "announcement" else ("crosspost",))):
            if outgoing.options.get(name):
                yield Problem(name, "This does nothing in this channel.", "warning")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One message; in announcement channels sent on to those who follow."""
        receipt = self._receipt(sending.commit(lambda: self._send(outgoing, sending.key)))
        if outgoing.options.get("crosspost") and self.access.server.get("kind") == "announcement":
            sending.once("crosspost", lambda: self._crosspost(receipt))
        return receipt

    def _send(self, outgoing: Outgoing, key: str) -> str:
        url, wish = self.messages, _discord.as_bot(outgoing, key)
        if self.hook:  # without `wait`, failures are silent
            url, wish = f"{self.hosts['api']}/webhooks/{self.hook}?wait=true", _discord.as_webhook(outgoing)
        files = {f"files[{n}]": piece for n, piece in enumerate(outgoing.media)}
        body, kind = form({"payload_json": wish}, files) if files else http.json_body(wish)
        return str(self.call("POST", url, body=body, headers=kind, seconds=300).json()["id"])

    def _crosspost(self, receipt: Receipt) -> None:
        """The message is out: a right that is missing here must not make it look lost."""
        with suppress(Rejected, Reconnect):
            self.call("POST", f"{self.messages}/{receipt.id}/crosspost")

    def _receipt(self, id: str) -> Receipt:
        server = self.access.server
        place = f"{server['guild']}/{server.get('channel') or self.access.profile.id}"
        return Receipt(id, f"{self.hosts['site']}/channels/{place}/{id}")

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through the channel. The nonce is not listed, so it is told by author, words, files and parent."""
        if self.hook:
            return None
        latest, bot = self.latest(sending.first_try - timedelta(minutes=1)), str(self.access.server["bot"])
        matches = [one["id"] for one in latest if one["id"] not in sending.known and _discord.same(one, outgoing, bot)]
        return self.the_one([self._receipt(id) for id in matches], 60)

    def recent(self, since: datetime) -> list[Seen]:
        """The bot's own messages in the channel."""
        if self.hook:
            raise Rejected("A webhook cannot read its channel. Look there, and copy the address of the message.")
        latest, bot = self.latest(since), self.access.server["bot"]
        return [_discord.seen(one, self._receipt(one["id"])) for one in latest if one["author"]["id"] == bot]

    def present(self, receipt: Receipt) -> bool:
        """Only an unknown message is gone: an unknown webhook or channel says nothing."""
        return self._message(receipt) is not None

    def _message(self, receipt: Receipt) -> dict[str, Any] | None:
        try:
            answer = self.call("GET", f"{self.messages}/{receipt.id}").json()
        except Gone:
            return None
        if not isinstance(answer, dict):
            raise Unsure("Something answered in place of Discord.")
        return answer

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One message; a bot is told more of it than a webhook."""
        (receipt,) = receipts
        message = self._message(receipt)
        return {receipt.id: None if message is None else _discordnumbers.numbers(message, whole=not self.hook)}

    def audience(self, since: date) -> Sequence[Reading]:
        """How many are in the server, as it stands. A webhook is not told."""
        if self.hook:
            return []
        said = self.ask(f"/guilds/{self.access.server['guild']}?with_counts=true")
        return [Reading("approximate_member_count", int(said["approximate_member_count"]))]

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Change the words."""
        wish = {"content": outgoing.text, "allowed_mentions": _discord.pings(outgoing)}
        self.call("PATCH", f"{self.messages}/{receipt.id}", json=wish)

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        with suppress(Gone):
            self.call("DELETE", f"{self.messages}/{receipt.id}")

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A message's address names server and channel, and ends in its id."""
        place = f"{server['guild']}/{server.get('channel') or profile.id}"
        return receipt_at(url, rf"https?://\S+/channels/{place}/(\d+)", f"a message in {profile.name}")
