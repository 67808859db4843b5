"""What Twitch tells an app that has asked for it: https://dev.twitch.tv/docs/eventsub/handling-webhook-events/

It signs with a secret that it was given when it was asked; ours follows from the app's, so that nothing more is kept.
The event: https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/#userauthorizationrevoke
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tidings.core.http import Transport
from tidings.networks import _signed
from tidings.networks.declare import Answers
from tidings.networks.errors import Reaction
from tidings.networks.oauth import Flow, Refreshes
from tidings.networks.seam import Access, App, Heard, Notice, Profile

EVENT, WAY = "user.authorization.revoke", "/helix/eventsub/subscriptions"
PARTS = ("id", "timestamp", "type", "signature")
LIVES = timedelta(minutes=10)


class TwitchEvents(Refreshes):
    """Hears when a person takes back what they allowed."""

    hears = ("ended",)
    answers = Answers(taken=204)

    @classmethod
    def hear(cls, notice: Notice, app: App) -> Heard | None:
        """Questions whether we are there, the event, and that it will tell no more: that changes nothing."""
        id, stamp, kind, sign = (notice.headers.get(f"twitch-eventsub-message-{part}", "") for part in PARTS)
        at, said = _signed.moment(stamp), _signed.mapping(notice.body)
        made = _signed.unhexed(sign.removeprefix("sha256="))
        proven = _signed.same(secret(app), f"{id}{stamp}".encode() + notice.body, made)
        if not proven or not _signed.fresh(at, LIVES) or not _ours(said, app):
            return None
        if kind == "webhook_callback_verification":
            return Heard((), at, reply=str(said.get("challenge", "")))
        person = _signed.inside(said, "event").get("user_id") if kind == "notification" else None
        return Heard((str(person),) if person else (), at, id=id)

    @classmethod
    def listen(cls, app: App, url: str, door: Transport) -> None:
        """The app itself asks, anew each time: what was asked before may have been given up, or signed otherwise."""
        token = Flow(cls.endpoints({}), app, door).as_app()
        us = cls(Access(Profile("", "", ""), {"access_token": token}, {}, app), door, "connect")
        asked = {"method": "webhook", "callback": url, "secret": secret(app)}
        wish = {"type": EVENT, "version": "1", "condition": {"client_id": app.client_id}, "transport": asked}
        try:
            us._stop(url)
            us.call("POST", us.url(WAY), json=wish)
        except Reaction as reaction:
            reaction.hide([asked["secret"]])
            raise

    def _stop(self, url: str) -> None:
        """Take back what was asked for this address."""
        for one in self.get(WAY, type=EVENT)["data"]:
            if one["transport"].get("callback") == url:
                self.call("DELETE", self.url(WAY, id=one["id"]))


def secret(app: App) -> str:
    """What Twitch signs with for this app; nothing without a secret of the app's."""
    made = hmac.new(app.client_secret.encode(), b"tidings twitch eventsub", hashlib.sha256).hexdigest()
    return made if app.client_secret else ""


def _ours(said: Mapping[str, Any], app: App) -> bool:
    """Whether it is about this event, and meant for this app."""
    asked = _signed.inside(said, "subscription")
    return asked.get("type") == EVENT and _signed.inside(asked, "condition").get("client_id") == app.client_id
