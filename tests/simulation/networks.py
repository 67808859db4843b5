"""Networks of the kinds there are, by what they offer when an answer was lost; told as real ones are."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks.base import (
    FOR_EVER,
    Field,
    Grant,
    Limits,
    Network,
    Outgoing,
    Password,
    Profile,
    Rate,
    Receipt,
    Sending,
)
from tidings.networks.errors import Later, NotYet, Rejected

TOKEN_LIVES = timedelta(hours=8)


class Simulated(Network):
    """What they have in common: posts are made of a text and of what they hang on."""

    docs = policy = "https://networks.invalid"
    checked = date(2026, 3, 1)
    connect = (Password((Field("token", "Token", secret=True),)),)
    limits = Limits(text=500)

    def at(self, path: str) -> str:
        """An address of theirs."""
        return f"https://{self.name}.invalid{path}"

    def body(self, outgoing: Outgoing) -> dict[str, Any]:
        """What is said, as it is sent."""
        return {"text": outgoing.text, "reply_to": outgoing.reply_to.id if outgoing.reply_to else ""}

    def post(self, outgoing: Outgoing, headers: Mapping[str, str] | None = None) -> Any:
        """The one request that makes it public."""
        return self.call("POST", self.at("/posts"), json=self.body(outgoing), headers=headers).json()

    def listed(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """The one post of these words since we first tried, if the list shows it by now."""
        since = (sending.first_try - timedelta(minutes=1)).isoformat()
        found = self.call("GET", self.at(f"/posts?since={since}")).json()["posts"]
        same = [one for one in found if one["id"] not in sending.known and one["text"] == outgoing.text]
        return receipt(same[0]) if len(same) == 1 else None

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """Its address ends in its id."""
        if not url.startswith(f"https://{cls.name}.invalid/"):
            raise Rejected("That is no post of this network.")
        return Receipt(url.rpartition("/")[2], url)


class Keyed(Simulated):
    """Takes a second commit under one key for the first, for an hour; then its list can be looked at."""

    name, label = "keyed", "Keyed"
    repeatable = timedelta(minutes=55)

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One post under the delivery's key."""
        return receipt(sending.commit(lambda: self.post(outgoing, {"Idempotency-Key": sending.key})))

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Absence is no proof."""
        return self.listed(outgoing, sending)


class Owned(Simulated):
    """We choose the id, so a repeat changes nothing, ever."""

    name, label = "owned", "Owned"
    repeatable = FOR_EVER

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Put it where it belongs."""
        def put() -> Any:
            return self.call("PUT", self.at(f"/posts/{sending.key}"), json=self.body(outgoing)).json()

        return receipt(sending.commit(put))


class Listed(Simulated):
    """No key, but a list that lags behind; its access ends every few hours, and it wants to be spared."""

    name, label = "listed", "Listed"
    rates = (Rate(5, timedelta(minutes=5)), Rate(40, timedelta(minutes=10), "network"))

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One post, and no second one."""
        return receipt(sending.commit(lambda: self.post(outgoing)))

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Absence is no proof."""
        return self.listed(outgoing, sending)

    def renew(self) -> Grant:
        """A fresh token for the old one."""
        said = self.call("POST", self.at("/token")).json()
        return Grant({"access_token": said["access_token"]}, clock.now() + TOKEN_LIVES)


class Stepped(Simulated):
    """Something invisible first, then published by its id, which can be asked what became of it."""

    name, label = "stepped", "Stepped"
    limits = Limits(text=500, per_day=24)

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """A draft, ready after a while, made public by its id."""
        draft = sending.once("draft", lambda: self._draft(outgoing), timedelta(hours=23))
        sending.until(5, lambda: self._ready(draft))
        return receipt(sending.commit(lambda: self.call("POST", self.at(f"/drafts/{draft}/publish")).json()))

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """What the draft says is certain."""
        said = self.call("GET", self.at(f"/drafts/{sending.recall('draft')}")).json()
        if said["state"] == "published":
            return receipt(said)
        if said["state"] == "busy":
            raise NotYet("It is being published.", 20)
        raise Later("It was not published.")

    def _draft(self, outgoing: Outgoing) -> str:
        return str(self.call("POST", self.at("/drafts"), json=self.body(outgoing)).json()["id"])

    def _ready(self, draft: str) -> bool | None:
        said = self.call("GET", self.at(f"/drafts/{draft}")).json()
        return said["state"] != "working" or None


class Mute(Simulated):
    """Offers nothing: a lost answer is a question for a person."""

    name, label = "mute", "Mute"

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One post, and no second one."""
        return receipt(sending.commit(lambda: self.post(outgoing)))


NETWORKS: tuple[type[Network], ...] = (Keyed, Owned, Listed, Stepped, Mute)


def receipt(said: Mapping[str, Any]) -> Receipt:
    """What their answers say of a post."""
    return Receipt(said["id"], said["url"])


def moment(text: str) -> datetime:
    """An instant out of an address."""
    return clock.from_iso(text.replace(" ", "+"))
