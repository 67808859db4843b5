"""Mastodon and the servers that speak its API: https://docs.joinmastodon.org/api/

Servers differ. What one ignores (Idempotency-Key) is read from its software and version when connecting.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from tidings.core import clock, http, text
from tidings.core.http import Answer, Transport
from tidings.networks import _mastoapi, _mastoservers, oauth
from tidings.networks._addresses import receipt_at
from tidings.networks.answered import Message
from tidings.networks.base import Network, Sending
from tidings.networks.declare import Endpoints, Field, Limits, OAuth2, Option, Poll, Rate
from tidings.networks.errors import NotYet, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.metrics import Numbers, Reading
from tidings.networks.seam import Access, App, Outgoing, Problem, Profile, Receipt, Rendition, Seen, Site

SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media")
MEDIA_LIVES = timedelta(hours=23)  # unattached media are cleared away after a day


class Mastodon(Network):
    """A profile on a Mastodon server, or on one that speaks its API."""

    name = "mastodon"
    label = "Mastodon"
    docs = "https://docs.joinmastodon.org/api/"
    policy = "https://mastodon.social/privacy-policy"
    checked = date(2026, 11, 23)
    look = Look("note", ("reply", "repeat", "star", "save"), lines=18, more="read", square=True, ratio=(0.6, 1.91))
    connect = (
        OAuth2(SCOPES, (Field("server", "Server", "The part after the second @, such as mastodon.social"),)),
    )
    limits = Limits(
        text=500, count=text.mastodon, pictures=4, picture_types=("image/jpeg", "image/png", "image/webp"),
        picture_bytes=16_000_000, picture_pixels=33_177_600, animations=1, animation_bytes=16_000_000,
        films=1, film_types=("video/mp4", "video/webm", "video/quicktime"), film_bytes=99_000_000, alt=1500,
        poll=Poll(choices=4, characters=50, shortest=5, longest=43_200),
    )
    rates = (Rate(300, timedelta(minutes=5)),)
    options = (
        Option("visibility", "Who can see it", "choice", (
            ("", "As set in the profile"), ("public", "Everyone"), ("unlisted", "Everyone, quietly"),
            ("private", "Followers only"), ("direct", "Only people mentioned"),
        )),
        Option("warning", "Content warning", longest=200, help="Shown instead of the post until opened."),
        Option("sensitive", "Mark media as sensitive", "flag", default=False),
        Option("language", "Language", longest=3, help="Two letters, such as en; empty: as set in the profile."),
        Option("poll", "Poll", "poll"),
    )
    crowd, counting = _mastoapi.CROWD, _mastoapi.COUNTING
    metrics = _mastoapi.METRICS
    hearing = _mastoapi.HEARING
    answerable = True
    reads_free = True
    words = {
        "Invalid Bearer token": Reconnect,
        "login is currently disabled": Reconnect,
        "outside the authorized scopes": Reconnect,
    }

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """What the server says of itself; raises Rejected when there is none that speaks this API."""
        return _mastoservers.described(fields.get("server", ""), door, cls.limits)

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """The limits this server announced."""
        return _mastoservers.limits(cls.limits, server) if server else cls.limits

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """Where a picture is needed, an answer may still be words alone."""
        return replace(cls.limits_at(server), needs="") if outgoing.position else cls.limits_at(server)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What this server would leave out without a word."""
        for name in _mastoservers.IGNORES.get(server.get("software", ""), ()):
            if outgoing.options.get(name):
                yield Problem(name, f"{server['domain']} leaves this out.", "warning")

    @classmethod
    def repeatable_at(cls, server: Mapping[str, Any]) -> timedelta:
        """Only servers known to keep the key make one post of two; the others get no second commit."""
        return _mastoservers.KEEPS_KEYS.get(server.get("software", ""), timedelta(0))

    @classmethod
    def register(cls, server: Mapping[str, Any], site: Site, door: Transport) -> App:
        """Every server lets a program register itself."""
        wish = {
            "client_name": site.name, "redirect_uris": site.redirect_uri,
            "scopes": " ".join(SCOPES), "website": site.base_url,
        }
        said = cls(Access(Profile("", "", "")), door, "connect").call("POST", f"{server['url']}/api/v1/apps", json=wish)
        body = said.json()
        return App(body["client_id"], body["client_secret"])

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """The same paths on every server."""
        url = server["url"]
        return Endpoints(f"{url}/oauth/authorize", f"{url}/oauth/token", f"{url}/oauth/revoke")

    def revoke(self) -> None:
        """Tell the server to forget the token; tokens here never end by themselves."""
        if self.access.app:
            oauth.Flow(self.endpoints(self.access.server), self.access.app, self.door).revoke(self.access.secrets)

    def profile(self) -> Profile:
        """Whose token this is."""
        me = self.call("GET", self._at("/api/v1/accounts/verify_credentials")).json()
        handle = f"@{me['username']}@{self.access.server['domain']}"
        return Profile(str(me["id"]), handle, me.get("display_name") or me["username"], me.get("avatar", ""), me["url"])

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, wait until the server has worked on the films, then one status under the delivery's key."""
        media = [self._upload(piece, n, sending) for n, piece in enumerate(outgoing.media)]
        for handle in media:
            sending.until(5, lambda handle=handle: self._ready(handle))  # type: ignore[misc]
        return _mastoapi.receipt(sending.commit(lambda: self._status(outgoing, media, sending.key)))

    def _upload(self, piece: Rendition, n: int, sending: Sending) -> str:
        def call() -> str:
            parts = {"description": piece.alt} if piece.alt else {}
            body, kind = http.multipart(parts, ("file", piece.name or "file", piece.mime, piece.read()))
            return str(self.call("POST", self._at("/api/v2/media"), body=body, headers=kind, seconds=300).json()["id"])

        return sending.once(f"media-{n}", call, MEDIA_LIVES)

    def _ready(self, handle: str) -> bool | None:
        return self.call("GET", self._at(f"/api/v1/media/{handle}")).status != 206 or None

    def _status(self, outgoing: Outgoing, media: list[str], key: str) -> dict[str, Any]:
        chosen = outgoing.options
        wish = {
            "status": outgoing.text, "media_ids": media or None, "poll": _mastoapi.poll(chosen.get("poll")),
            "in_reply_to_id": outgoing.reply_to.id if outgoing.reply_to else None,
            "visibility": chosen.get("visibility"), "spoiler_text": chosen.get("warning"),
            "sensitive": chosen.get("sensitive") or None, "language": chosen.get("language"),
        }
        body = {name: value for name, value in wish.items() if value}
        said = self.call("POST", self._at("/api/v1/statuses"), json=body, headers={"Idempotency-Key": key}).json()
        return {"id": said["id"], "url": said.get("url") or said.get("uri", "")}

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Look through our own latest statuses. Absence here is no proof, so this never says "surely not"."""
        handles = {sending.recall(f"media-{n}") for n in range(len(outgoing.media))}
        fresh = self._statuses(sending.first_try - timedelta(minutes=1))
        matches = [s for s in fresh if str(s["id"]) not in sending.known and _mastoapi.same(s, outgoing, handles)]
        return _mastoapi.receipt(matches[0]) if len(matches) == 1 else None

    def recent(self, since: datetime) -> list[Seen]:
        """The same latest statuses."""
        return [_mastoapi.seen(said) for said in self._statuses(since)]

    def _statuses(self, since: datetime) -> list[dict[str, Any]]:
        path = f"/api/v1/accounts/{self.access.profile.id}/statuses?limit=40&exclude_reblogs=true"
        said = self.call("GET", self._at(path)).json()
        return [status for status in said if clock.from_iso(status["created_at"]) >= since]

    def present(self, receipt: Receipt) -> bool:
        """A status that was deleted is 404."""
        return self.there(self._at(f"/api/v1/statuses/{receipt.id}"))

    def measure(self, receipts: Sequence[Receipt]) -> Mapping[str, Numbers | None]:
        """One status, for there is no asking for several that every server understands."""
        (receipt,) = receipts
        try:
            said = self.call("GET", self._at(f"/api/v1/statuses/{receipt.id}")).json()
        except Rejected:
            return {receipt.id: None} if not self.present(receipt) else {}
        return {receipt.id: _mastoapi.numbers(said)}

    def audience(self, since: date) -> Sequence[Reading]:
        """Who follows, as it stands."""
        me = self.call("GET", self._at("/api/v1/accounts/verify_credentials")).json()
        return [Reading("followers_count", int(me["followers_count"]))]

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """What hangs below one status, as far as its server has heard of it."""
        below = self.call("GET", self._at(f"/api/v1/statuses/{receipts[0].id}/context")).json()["descendants"]
        return [_mastoapi.message(said, receipts[0].id, self.access.profile.id) for said in below]

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A status's address ends in its id."""
        return receipt_at(url, re.escape(server["url"]) + r"/@[^/]+/(\w+)", f"a post on {server['domain']}")

    def delete(self, receipt: Receipt) -> None:
        """Take it back; one that is gone already is fine."""
        try:
            self.call("DELETE", self._at(f"/api/v1/statuses/{receipt.id}"))
        except Rejected:
            return

    def headers(self, method: str, url: str) -> dict[str, str]:
        """The token, except for the calls that ask for one."""
        return super().headers(method, url) if "access_token" in self.access.secrets else {}

    def judge(self, answer: Answer) -> None:
        """422 while a film is worked on, and 409 while the same key is (Pleroma), are not refusals."""
        if answer.status == 409 or (answer.status == 422 and "not finished processing" in self.said(answer)):
            raise NotYet(self.said(answer), 10)
        super().judge(answer)

    def _at(self, path: str) -> str:
        return str(self.access.server["url"]) + path
