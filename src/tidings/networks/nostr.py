"""Notes on Nostr relays: https://github.com/nostr-protocol/nips

An event's id is its hash: an event that is kept and sent again is the same event, however often a relay is told.
What one relay refuses another may take; one is enough, and the receipt says what each of them said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from tidings.core.http import Answer, Request, Transport
from tidings.networks import _blossom, _nip19, _nostrnotes
from tidings.networks._nostrinbox import NostrInbox
from tidings.networks._nostrkeys import Event, Key
from tidings.networks._nostrrelay import TAKEN
from tidings.networks.base import FOR_EVER, Sending, ask
from tidings.networks.declare import Field, Limits, Option, Password
from tidings.networks.errors import Later, Reaction, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Grant, Mention, Outgoing, Problem, Profile, Receipt, Rendition, Seen

PROFILE, NOTE, DELETION = 0, 1, 5  # kinds of events
LINK = 150  # characters that a medium's address adds to a note
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class Nostr(NostrInbox):
    """A key, and the relays its notes are told to."""

    name, label = "nostr", "Nostr"
    docs = "https://github.com/nostr-protocol/nips"
    policy = "https://github.com/nostr-protocol/nips/blob/master/11.md"  # each relay has its own; this says where
    checked = date(2026, 11, 23)
    look = Look("note", ("comment", "repeat", "like", "share"), handle=False, pictures="stack", most=20)
    connect = (Password((
        Field("key", "Secret key", "Begins with nsec1, or has 64 hexadecimal digits.", secret=True),
        Field("relays", "Relays", "Their addresses, with spaces between.",
              default="wss://relay.damus.io wss://nos.lol wss://relay.primal.net"),
        Field("media", "Media server", "Where pictures and films are kept (Blossom); empty: words only.",
              default="https://blossom.primal.net", optional=True),
    ), label="Secret key"),)
    hosts = {"pages": "https://njump.me"}
    limits = Limits(
        text=60_000, pictures=20, picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=20_000_000,
        animations=4, animation_bytes=20_000_000, films=4, film_types=("video/mp4", "video/webm", "video/quicktime"),
        film_bytes=100_000_000, mixed=True,
    )
    options = (
        Option("warning", "Content warning", longest=200, help="Shown instead of the note until opened."),
        Option("topics", "Topics", "tags", longest=50, help="Beside the hashtags in the text."),
        Option("relays", "Relays", "tags", longest=200, help="Only these of the channel's; empty: all."),
        Option("expires", "Ends", "time", help="Relays that know of this drop the note then."),
    )
    repeatable = FOR_EVER
    reads_free = True

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """The relays, each with the longest text it says it takes (0: it does not say)."""
        named = dict.fromkeys(url.rstrip("/") for url in fields.get("relays", "").replace(",", " ").split())
        media = fields.get("media", "").strip().rstrip("/")
        wrong = [url for url in named if urlsplit(url).scheme not in ("wss", "ws")]
        if not named or wrong or (media and urlsplit(media).scheme not in ("https", "http")):
            raise Rejected("Relays have addresses that begin with wss://, a media server has one with https://.")
        return {"relays": {url: _longest(url, door) for url in named}, "media": media}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The key itself; it goes nowhere, only what it signs does."""
        try:
            return Grant({"key": Key.typed(fields.get("key", ""))})
        except ValueError:
            raise Rejected("This is no secret key: it begins with nsec1, or has 64 hexadecimal digits.") from None

    def profile(self) -> Profile:
        """What the relays know of this key; a new key is nobody yet."""
        found = self._relays().found({"kinds": [PROFILE], "authors": [self._key.public], "limit": 1})
        latest = max((event for event, _ in found), key=lambda event: int(event["created_at"]), default={})
        said, npub = Answer(200, body=str(latest.get("content", "")).encode()).json() or {}, self._key.npub
        short = f"{npub[:12]}…{npub[-6:]}"
        name = str(said.get("display_name") or said.get("name") or short)
        return Profile(self._key.public, short, name, str(said.get("picture") or ""), self._page(npub))

    # publishing

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """What fits the most patient of the relays. The addresses of media are a part of the text."""
        known = server.get("relays", {})
        longest = [known.get(relay) or cls.limits.text for relay in outgoing.options.get("relays") or known]
        text = max(longest, default=cls.limits.text) - LINK * len(outgoing.media)
        limits = cls.limits if server.get("media", "one") else replace(cls.limits, pictures=0, animations=0, films=0)
        return replace(limits, text=text)

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        return cls.limits_for(server, Outgoing(""))

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """A note is told only to relays that the channel knows."""
        for relay in outgoing.options.get("relays") or ():
            if relay not in server.get("relays", {}):
                yield Problem("relays", f"{relay} is none of this channel's relays.")

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Upload, sign once, tell every relay."""
        media = [sending.once(f"media-{n}", partial(self._upload, piece)) for n, piece in enumerate(outgoing.media)]
        event = sending.once("event", lambda: self._note(outgoing, media, sending.key))
        relays = self._relays(outgoing.options.get("relays") or ())
        return self._receipt(event, sending.commit(lambda: relays.tell(event)))

    def _upload(self, piece: Rendition) -> dict[str, str]:
        """The same bytes are the same file there, however often they come."""
        if not self.access.server["media"]:
            raise Rejected("This channel has no media server.")
        digest, place = _blossom.digest(piece), f"{self.access.server['media']}/upload"
        with piece.stream() as file:
            told = _blossom.claim(self._key, piece, digest)
            said = self.call("PUT", place, body=file, headers=told, seconds=300).json()
        return {"url": str(said["url"]), "x": str(said.get("sha256", digest))}

    def _note(self, outgoing: Outgoing, media: Sequence[Mapping[str, str]], key: str) -> Event:
        """The same words in the same second would be the same event, so each delivery leaves its mark."""
        tags = [*_nostrnotes.tags(outgoing, media, self._key.public), ["nonce", key, "0"]]
        return self._key.sign(NOTE, _nostrnotes.content(outgoing, media), tags)

    def _receipt(self, event: Event, said: Mapping[str, str]) -> Receipt:
        receipt = Receipt(event["id"], "", said)
        nevent = _nip19.nevent(receipt.id, self._key.public, _nostrnotes.first_relay(receipt))
        return replace(receipt, url=self._page(nevent))

    # looking

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Ask every relay for the event that was kept."""
        event = sending.recall("event")
        found = self._relays().found({"ids": [event["id"]]}) if event else []
        if not found:
            raise Later("No relay has this note.")
        return self._receipt(*found[0])

    def recent(self, since: datetime) -> list[Seen]:
        """The key's latest notes, from all relays."""
        wish = {"kinds": [NOTE], "authors": [self._key.public], "since": int(since.timestamp()), "limit": 40}
        found = sorted(self._relays().found(wish), key=lambda pair: -int(pair[0]["created_at"]))
        return [Seen(self._receipt(event, relays), _nostrnotes.text(event),
                     datetime.fromtimestamp(event["created_at"], UTC)) for event, relays in found]

    def present(self, receipt: Receipt) -> bool:
        """Whether any relay has it; that it is gone needs the word of all."""
        return bool(self._relays().found({"ids": [receipt.id]}))

    def delete(self, receipt: Receipt) -> None:
        """Ask every relay that took it. Each must have heard, and may then do as it likes."""
        wish = self._key.sign(DELETION, "", [["e", receipt.id], ["k", str(NOTE)]])
        for relay in (relay for relay, said in receipt.extra.items() if said == TAKEN):
            self._relays([relay]).tell(wish)

    def mentions(self, query: str) -> list[Mention]:
        """Who has this name at a domain (NIP-05), such as ana@example.org."""
        name, _, domain = query.strip().lower().rpartition("@")
        if not DOMAIN.fullmatch(domain):
            return []
        who = name or "_"  # a domain's own key
        answer = ask(self.door, Request("GET", f"https://{domain}/.well-known/nostr.json?name={quote(who)}", "look"))
        said = answer.json() if answer.status == 200 else None
        key = said.get("names", {}).get(who) if isinstance(said, dict) else None
        return [Mention(f"nostr:{_nip19.encode('npub', bytes.fromhex(key))}", f"{who}@{domain}")] if key else []

    def _page(self, address: str) -> str:
        return f"{self.hosts['pages']}/{address}"

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Every event proves by itself whose it is."""
        return {}

    def said(self, answer: Answer) -> str:
        """Media servers give their reason in a header."""
        return answer.headers.get("x-reason", "") or super().said(answer)


def _longest(relay: str, door: Transport) -> int:
    """What a relay says of itself (NIP-11); many do not."""
    try:
        url = f"http{relay.removeprefix('ws')}"
        said = ask(door, Request("GET", url, "connect", {"Accept": "application/nostr+json"})).json()
        return int(said["limitation"]["max_content_length"])
    except (Reaction, ValueError, KeyError, TypeError):
        return 0
