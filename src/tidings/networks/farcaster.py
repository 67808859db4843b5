"""Farcaster, by way of Neynar's API: https://docs.neynar.com/reference/publish-cast

A cast carries addresses of pictures, not pictures. Neynar knows a repetition by a key of ours; for how long is not
said, so beyond a few minutes the profile's own latest casts are looked through.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.core import clock
from tidings.core.text import utf8
from tidings.networks._farcasterinbox import FarcasterInbox
from tidings.networks._gone import Gone
from tidings.networks.base import Sending
from tidings.networks.declare import Field, Limits, Option, Password, Rate
from tidings.networks.errors import Reconnect
from tidings.networks.look import Look
from tidings.networks.metrics import Counting, Metric, Numbers, Reading
from tidings.networks.seam import Grant, Outgoing, Problem, Profile, Receipt, Seen

EMBEDS = 2  # pictures, films, a link and a quoted cast together


class Farcaster(FarcasterInbox):
    """A person on Farcaster."""

    name, label = "farcaster", "Farcaster"
    docs = "https://docs.neynar.com/reference/publish-cast"
    policy = "https://neynar.com/privacy-policy"
    checked = date(2026, 11, 23)
    look = Look(
        "note", ("comment", "repeat", "like", "save"), cut=320, more="show", marked=("link", "mention"), link="link",
    )
    connect = (Password((
        Field("signer", "Signer", "Its UUID. Made in Neynar's developer portal, and approved by you in Farcaster."),
        Field("key", "API key", "Of the same app in Neynar's developer portal.", secret=True),
    ), "Signer and API key"),)
    hosts = {"api": "https://api.neynar.com", "page": "https://farcaster.xyz"}
    limits = Limits(
        text=1024, count=utf8, unit="bytes", pictures=EMBEDS, picture_bytes=10_000_000, animations=EMBEDS,
        animation_bytes=10_000_000, films=1, film_bytes=100_000_000, mixed=True,
    )
    rates = (Rate(30, timedelta(minutes=10)),)
    options = (
        Option("channel", "Channel", "lookup", help="Empty: home."),
        Option("link", "Link with a card", "url", longest=256),
        Option("quote", "Quote", "url", help="The address of a cast."),
    )
    metrics = (
        Metric("reactions.likes_count", "likes", "Profiles that like the cast."),
        Metric("reactions.recasts_count", "shares", "Profiles that passed the cast on as it is."),
        Metric("replies.count", "comments", "Casts that answer it directly."),
    )
    crowd = (Metric("follower_count", "followers", "Profiles that follow this one."),)
    counting = Counting(
        batch=25, reads=(Rate(300, timedelta(minutes=1)),),  # of the smallest plan there ever was, for each endpoint
        partial="What Neynar has heard of, without quotes. How often a cast is seen nobody counts.",
    )
    repeatable = timedelta(minutes=5)
    fetches = reads_free = True  # one read each time

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What a cast carries is counted together, and is an address only."""
        if len(outgoing.media) + sum(bool(outgoing.options.get(name)) for name in ("link", "quote")) > EMBEDS:
            yield Problem("media", f"A cast carries at most {EMBEDS} things: pictures, films, a link, a quote.")
        if outgoing.media:
            said = "Farcaster keeps the address only: they are seen for as long as they are in the library here."
            yield Problem("media", said, "warning")

    # connecting

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """Both have no end. Whether the signer is approved, and whose it is, only Neynar is believed."""
        return Grant({"signer": fields["signer"].strip(), "key": fields["key"].strip()})

    def profile(self) -> Profile:
        """Whose signer this is."""
        signer = self.get("signer", signer_uuid=self.access.secrets["signer"])
        if signer["status"] != "approved":
            raise Reconnect(f"The signer is not approved; Neynar says: {signer['status']}.")
        me = self.get("user/bulk", fids=signer["fid"])["users"][0]
        handle, face = me["username"], me.get("pfp_url") or ""
        return Profile(str(me["fid"]), handle, me.get("display_name") or handle, face, f"{self.hosts['page']}/{handle}")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One cast under the delivery's key."""
        files = [piece.link(for_ever=True) for piece in outgoing.media]
        quoted = sending.once("quote", lambda: self.known(outgoing.options.get("quote")))
        links = [*files, *filter(None, [outgoing.options.get("link")])]
        wish = {
            "signer_uuid": self.access.secrets["signer"], "text": outgoing.text,
            "embeds": [{"url": link} for link in links] + [{"cast_id": one} for one in quoted],
            "idem": hashlib.sha256(sending.key.encode()).hexdigest()[:16], **self._place(outgoing),
        }
        return self._receipt(sending.commit(lambda: self.send("POST", wish)["cast"]["hash"]))

    def _place(self, outgoing: Outgoing) -> dict[str, Any]:
        if above := outgoing.reply_to:  # only of somebody else's cast is its author kept
            return {"parent": above.id, "parent_author_fid": int(above.extra.get("fid", self.access.profile.id))}
        return {"channel_id": outgoing.options["channel"]} if outgoing.options.get("channel") else {}

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own latest. A list that does not have it is no proof, so this never says "surely not"."""
        above = outgoing.reply_to.id if outgoing.reply_to else None
        found = [
            one["hash"] for one in self._own(sending.first_try - timedelta(minutes=1))
            if (one["text"], one.get("parent_hash")) == (outgoing.text, above) and one["hash"] not in sending.known
        ]
        return self._receipt(found[0]) if len(found) == 1 else None

    def recent(self, since: datetime) -> list[Seen]:
        """The same latest casts."""
        return [
            Seen(self._receipt(one["hash"]), one["text"], clock.from_iso(one["timestamp"])) for one in self._own(since)
        ]

    def _own(self, since: datetime) -> list[dict[str, Any]]:
        listed = self.get("feed/user/casts", fid=self.access.profile.id, limit="25", include_replies="true")["casts"]
        return [one for one in listed if clock.from_iso(one["timestamp"]) >= since]

    def present(self, receipt: Receipt) -> bool:
        """Whether it is kept: Neynar takes casts that the network may drop afterwards, for want of storage."""
        asked = urlencode({"identifier": receipt.id, "type": "hash"})
        return self.there(f"{self.hosts['api']}/v2/farcaster/cast/?{asked}")

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """Several casts at once, in a `result` or without; those it does not know it leaves out."""
        said = self.get("casts", casts=",".join(receipt.id for receipt in receipts))
        return {str(cast["hash"]): self._numbers(cast) for cast in said.get("result", said)["casts"]}

    def _numbers(self, cast: Mapping[str, Any]) -> Numbers:
        pairs = ((metric.theirs, metric.theirs.split(".")) for metric in self.metrics)
        found = {theirs: (cast.get(place) or {}).get(name) for theirs, (place, name) in pairs}
        return {theirs: int(value) for theirs, value in found.items() if value is not None}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands."""
        (me,) = self.get("user/bulk", fids=self.access.profile.id)["users"]
        return [Reading("follower_count", int(me["follower_count"]))]

    def _receipt(self, hash: str) -> Receipt:
        return Receipt(hash, f"{self.hosts['page']}/{self.access.profile.handle}/{hash[:10]}")

    def delete(self, receipt: Receipt) -> None:
        """Ask everybody to forget it; a repetition changes nothing more."""
        with suppress(Gone):
            self.send("DELETE", {"signer_uuid": self.access.secrets["signer"], "target_hash": receipt.id})
