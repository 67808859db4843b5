"""Matrix, any homeserver: https://spec.matrix.org/latest/client-server-api/

A repeat under the same transaction id is answered with the first event, by the device that sent it. Every post carries
its delivery's key too, so that it is found after signing in anew as well.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from tidings.core import text
from tidings.networks import _matrix
from tidings.networks._addresses import receipt_at
from tidings.networks._matrixinbox import MatrixInbox
from tidings.networks.base import Sending
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import NotYet, Reconnect, Rejected
from tidings.networks.look import CHAT
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

SERVER = Field("server", "Homeserver", "The part after the colon in your Matrix address, such as matrix.org")
EVENT_BYTES = 60_000  # of an event's 65,536, for the words as they were written and as HTML


class Matrix(MatrixInbox):
    """A room on Matrix that is not encrypted."""

    name, label = "matrix", "Matrix"
    docs = "https://spec.matrix.org/latest/client-server-api/"
    policy = "https://matrix.org/legal/privacy-notice/"
    checked = date(2026, 11, 23)
    look = CHAT
    connect = (
        Password((SERVER, Field("user", "User", "Your name there, such as ana or @ana:matrix.org"),
                  Field("password", "Password", "Used once, and not kept.", secret=True)), "Password"),
        Password((SERVER, Field("token", "Access token", "In Element: Settings, Help & About.", secret=True)),
                 "Access token"),
    )  # fmt: skip
    hosts = {"site": "https://matrix.to"}
    limits = Limits(
        text=30_000, count=text.utf8, unit="bytes", pictures=10,
        picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=50_000_000, animations=10,
        animation_bytes=50_000_000, films=10, film_types=("video/mp4", "video/webm"), film_bytes=50_000_000, mixed=True,
    )
    options = (
        Option("kind", "Kind of message", "choice", (("", "A message"), ("notice", "A notice, as bots write"))),
        Option("mention_room", "Notify the whole room", "flag", default=False),
        Option("pin", "Pin it", "flag", default=False, help="Where your power in the room is enough."),
    )
    repeatable = timedelta(hours=12)
    settle = timedelta(seconds=10)
    reads_free = True
    markup = "markdown"

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """What this server lets be uploaded."""
        most = server.get("upload") or cls.limits.picture_bytes
        return replace(cls.limits, picture_bytes=most, animation_bytes=most, film_bytes=most)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """Signs that become much longer as HTML."""
        said = _matrix.words(outgoing)
        if text.utf8(outgoing.text) <= cls.limits.text < EVENT_BYTES < text.utf8(json.dumps(said, ensure_ascii=False)):
            yield Problem("text", "This is too long for Matrix once it is HTML. Shorten it, or use fewer marks.")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, then the words, then each medium under the words' own transaction id and its number."""
        sending.once("clear", self._unencrypted)
        media = [sending.once(f"media-{n}", partial(self.upload, piece)) for n, piece in enumerate(outgoing.media)]
        first, *more = _matrix.events(outgoing, media, sending.key)
        made = sending.commit(lambda: self._first(first | _matrix.relation(outgoing), sending))
        ids = [made]
        for n, event in enumerate(more, 1):
            whole = event | _matrix.relation(outgoing, made)
            ids.append(sending.once(f"more-{n}", partial(self.send, whole, f"{sending.key}-{n}")))
        if outgoing.options.get("pin"):
            sending.once("pin", lambda: self._pin(made))
        return self._receipt(made, " ".join(ids))

    def _unencrypted(self) -> None:
        """Words in clear have no place in a room that was encrypted since."""
        if self.there(self.room("/state/m.room.encryption/")):
            raise Reconnect("This room is encrypted now; this program can write only in rooms that are not.")

    def _first(self, event: dict[str, Any], sending: Sending) -> str:
        """Another device of ours may have sent it, which the transaction id does not tell."""
        return (self._marked(sending.key) if sending.again else "") or self.send(event, sending.key)

    def _pin(self, event: str) -> None:
        """The message is out: a power that is missing here must not make it look lost."""
        place = self.room("/state/m.room.pinned_events/")
        with suppress(Rejected, Reconnect):
            pinned = self.call("GET", place).json()["pinned"] if self.there(place) else []
            self.call("PUT", place, json={"pinned": [*(id for id in pinned if id != event), event]})

    def _receipt(self, event: str, all_of_it: str = "") -> Receipt:
        return Receipt(event, f"{self.hosts['site']}/#/{self.access.profile.id}/{event}", {"all": all_of_it or event})

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """By the key that it carries."""
        made = self._marked(sending.key)
        if not made:
            raise NotYet("The message is not in the room.", 60)
        return self._receipt(made)

    def _marked(self, key: str) -> str:
        return next((str(one["event_id"]) for one in self.latest() if one["content"].get(_matrix.MARK) == key), "")

    def recent(self, since: datetime) -> list[Seen]:
        """Our own messages in the room."""
        ours = [one for one in self.latest() if one["sender"] == self.user and not _matrix.follows(one)]
        seen = [(one, _matrix.moment(one)) for one in ours]
        return [Seen(self._receipt(one["event_id"]), one["content"]["body"], at) for one, at in seen if at >= since]

    def present(self, receipt: Receipt) -> bool:
        """A message that was taken back is still there, without anything in it."""
        return "redacted_because" not in (self.asked(receipt).get("unsigned") or {})

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Say it anew; the same words once more are the same event."""
        said = _matrix.words(outgoing)
        hangs = {"m.relates_to": {"rel_type": "m.replace", "event_id": receipt.id}}
        anew = {**said, "body": f"* {said['body']}", "m.mentions": {}, "m.new_content": said, **hangs}
        self.send(anew, hashlib.sha256(f"{receipt.id} {outgoing.text}".encode()).hexdigest())

    def delete(self, receipt: Receipt) -> None:
        """Take every event of it back; a second time changes nothing."""
        for event in receipt.extra.get("all", receipt.id).split():
            transaction = hashlib.sha256(event.encode()).hexdigest()
            self.call("PUT", self.room(f"/redact/{quote(event, safe='')}/{transaction}"), json={})

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """A message's address names the room and the event."""
        room = f"(?:{re.escape(profile.id)}|{re.escape(profile.handle)})"
        made = receipt_at(unquote(url), rf"\S+/#/{room}/(\$[^/?\s]+)(?:\?.*)?", f"a message in {profile.name}")
        return Receipt(made.id, url.strip(), {"all": made.id})
