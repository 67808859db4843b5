"""Hand a post to another system, signed by the convention of https://www.standardwebhooks.com

What is handed over is fixed at the first try; only the time and the signature change. A receiver that keeps webhook-id
takes a repetition for what it is, for a day; one that has a status address is asked before anything is repeated.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from tidings.core import clock, http, markup
from tidings.core.http import Answer, Transport
from tidings.networks._webhooknumbers import SECONDS, WebhookNumbers
from tidings.networks.base import FOR_EVER, Sending, ask
from tidings.networks.declare import Field, Limits, Password
from tidings.networks.errors import Later, Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Grant, Outgoing, Problem, Profile, Receipt, Rendition

DAY = timedelta(hours=24)
INLINE = 1_000_000  # bytes of media inside the body
FORMATS = {"tidings": (100_000, ""), "slack": (40_000, "text"), "discord": (2000, "content")}  # longest text, its name
SHAPES = (("tidings", "Everything, as JSON of our own"), ("slack", "Text, as Slack takes it"),
          ("discord", "Text, as Discord takes it"))
WAYS = {"url": "Addresses that live a day", "inline": "In the body, up to 1 MB", "none": "Not at all"}
REPEATS = (("", "Send again; the receiver knows a webhook-id it has seen"), ("yes", "Never repeat; ask a person"))
HEADER = re.compile(r"([A-Za-z0-9-]+):\s*([ -~]+)")


class Webhook(WebhookNumbers):
    """An address that takes posts."""

    name, label = "webhook", "Webhook"
    docs = "https://www.standardwebhooks.com"
    policy = "https://www.standardwebhooks.com"  # the receiver has its own
    checked = date(2026, 11, 23)
    look = Look("chat", handle=False, square=True, pictures="stack", most=10, marked=("link",), card="")
    connect = (Password((
        Field("url", "Address", "Where posts are sent to, such as https://example.org/posts."),
        Field("secret", "Signing secret", "Give it to the receiver before you connect.", secret=True, shown=True,
              default="whsec_"),
        Field("format", "Format", default="tidings", choices=SHAPES),
        Field("media", "Media", default="url", choices=tuple(WAYS.items())),
        Field("header", "One more header", "Such as Authorization: Bearer …", secret=True, optional=True),
        Field("status", "Status address", "Asked what became of a lost post: https://example.org/posts/{id}",
              optional=True),
        Field("numbers", "Numbers address", "Asked how a post does, such as https://example.org/posts/{id}/numbers",
              optional=True),
        Field("once", "After a lost answer", optional=True, choices=REPEATS),
    ), label="Address"),)  # fmt: skip
    limits = Limits(
        text=100_000, pictures=20, picture_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        picture_bytes=20_000_000, animations=20, animation_bytes=20_000_000, films=4,
        film_types=("video/mp4", "video/webm", "video/quicktime"), film_bytes=500_000_000, mixed=True,
    )
    unheard = "A receiver gets posts; there is no agreed way for it to hand back what others write."
    fetches = True
    markup = "markdown"
    repeatable = DAY

    # connecting

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """Where and how; nothing of it is secret."""
        told = {name: fields.get(name, "").strip() for name in ("url", "format", "media", "status", "numbers", "once")}
        told["format"], told["media"] = told["format"] or "tidings", told["media"] or "url"
        asked = [told[name].replace("{id}", "") for name in ("status", "numbers") if told[name]]
        if not all(_secure(url) for url in (told["url"], *asked)):
            raise Rejected("Addresses begin with https:// and hold no name or password.")
        if told["numbers"] and "{id}" not in told["numbers"]:
            raise Rejected("The numbers address has {id} where the post's id belongs.")
        if told["format"] not in FORMATS or told["media"] not in WAYS:
            raise Rejected(f"The format is one of {', '.join(FORMATS)}; media go as {', '.join(WAYS)}.")
        return {**told, "once": told["once"].lower() in ("yes", "true", "on", "1")}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """The receiver must answer a ping."""
        secrets = {"secret": fields.get("secret", ""), "header": fields.get("header", "").strip()}
        if secrets["header"] and not HEADER.fullmatch(secrets["header"]):
            raise Rejected("A header is a name, a colon and a value.")
        asking = type(self)(replace(self.access, secrets=secrets), self.door, "connect")
        try:
            asking._send("ping", {"type": "tidings.ping"})
        except Reconnect as refused:
            raise Rejected(f"The receiver refused the ping: {refused.reason}") from refused
        return Grant(secrets)

    def profile(self) -> Profile:
        """An address is all that is known."""
        url = self.access.server["url"]
        return Profile(hashlib.sha256(url.encode()).hexdigest(), urlsplit(url).netloc, urlsplit(url).netloc)

    # publishing

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """What the format takes, and whether media go along."""
        limits = replace(cls.limits, text=FORMATS[server.get("format", "tidings")][0])
        sent = server.get("media") != "none" and server.get("format", "tidings") == "tidings"
        return limits if sent else replace(limits, pictures=0, animations=0, films=0)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
        """Only a little goes into the body."""
        if server.get("media") == "inline" and sum(piece.size for piece in outgoing.media) * 4 / 3 > INLINE:
            yield Problem("media", "These media are too large to be sent inside the message (750 KB together).")

    @classmethod
    def repeatable_at(cls, server: Mapping[str, Any]) -> timedelta:
        """Who can be asked first may be told again at any time."""
        if server.get("status"):
            return FOR_EVER
        return timedelta(0) if server.get("once") else DAY

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """One signed request."""
        frozen = sending.once("frozen", lambda: self._frozen(outgoing))
        body = self._body(outgoing, sending.key, frozen)
        made = sending.commit(lambda: self._known(sending) or self._made(self._send(sending.key, body), sending.key))
        return Receipt(made["id"], made["url"])

    def _frozen(self, outgoing: Outgoing) -> dict[str, Any]:
        """What would be another thing at the next try."""
        by_url = self.access.server["media"] == "url"
        return {"at": clock.now().isoformat(), "links": [piece.link() for piece in outgoing.media if by_url]}

    def _body(self, outgoing: Outgoing, key: str, frozen: Mapping[str, Any]) -> dict[str, Any]:
        name = FORMATS[self.access.server["format"]][1]
        if name:
            return {name: outgoing.text}
        inline, above = self.access.server["media"] == "inline", outgoing.reply_to
        links = frozen["links"] or [""] * len(outgoing.media)
        return {
            "type": "post.published", "id": key, "delivery": key, "channel": self.access.profile.id,
            "at": frozen["at"], "text": outgoing.text, "html": markup.html(outgoing.text),
            "media": [_medium(piece, link, inline) for piece, link in zip(outgoing.media, links, strict=True)],
            "options": dict(outgoing.options), "reply_to": {"id": above.id, "url": above.url} if above else None,
        }

    def _known(self, sending: Sending) -> dict[str, str] | None:
        """What the receiver has of a post whose answer was lost; None: it says nothing is there, or has no say."""
        if not sending.again or not self.access.server["status"]:
            return None
        place = self.access.server["status"].replace("{id}", quote(sending.key))
        told = {**self.headers("GET", place), **self._signed(sending.key, b"")}
        answer = ask(self.door, http.Request("GET", place, self.purpose, told, seconds=SECONDS))
        if answer.status == 404 and isinstance(answer.json(), dict):  # a page of whatever stands before it says nothing
            return None
        self.judge(answer)
        return self._made(answer, sending.key)

    def _made(self, answer: Answer, key: str) -> dict[str, str]:
        """What the receiver calls it, if it says so."""
        said = answer.json()
        said = said if isinstance(said, dict) else {}
        url = str(said.get("url") or "")
        return {"id": str(said.get("id") or key), "url": url if url.startswith(("https://", "http://")) else ""}

    def _send(self, id: str, body: Mapping[str, Any]) -> Answer:
        raw, kind = http.json_body(body)
        told = {**kind, **self._signed(id, raw), "Idempotency-Key": id}
        return self.call("POST", self.access.server["url"], body=raw, headers=told, seconds=SECONDS)

    def _signed(self, id: str, body: bytes) -> dict[str, str]:
        secret, at = self.access.secrets["secret"], str(int(clock.now().timestamp()))
        key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
        proof = base64.b64encode(hmac.digest(key, b".".join((id.encode(), at.encode(), body)), "sha256")).decode()
        return {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": f"v1,{proof}"}

    def headers(self, method: str, url: str) -> dict[str, str]:
        """What the receiver wants beside the signature."""
        found = HEADER.fullmatch(self.access.secrets.get("header", ""))
        return {found[1]: found[2]} if found else {}

    def judge(self, answer: Answer) -> None:
        """409 says that it has this already. A busy receiver may have it, too, where it never may be sent again."""
        said, status = self.said(answer), answer.status
        if status == 409:
            return
        if 300 <= status < 400:
            raise Rejected("The receiver answers with a redirect, which is not followed: connect its final address.")
        if status in (401, 403, 410):
            raise Reconnect(said or f"The receiver wants no more posts from here (HTTP {status}).")
        if status == 503 and not self.access.server["once"]:
            raise Later(said or "The receiver is busy.", self.again_at(answer))
        super().judge(answer)

    def code(self, answer: Answer) -> str:
        """Receivers have no codes in common."""
        return ""

    def said(self, answer: Answer) -> str:
        """The beginning of whatever it says."""
        return answer.text()[:500].strip()


def _medium(piece: Rendition, link: str, inline: bool) -> dict[str, Any]:
    data = {"data": base64.b64encode(piece.read()).decode()} if inline else {"url": link}
    return {
        **data, "type": piece.mime, "bytes": piece.size, "alt": piece.alt, "width": piece.width,
        "height": piece.height, "seconds": piece.seconds,
    }


def _secure(url: str) -> bool:
    """Whether posts may go there: over https, or to a name that means something only in this house."""
    parts = urlsplit(url)
    inside = parts.hostname in ("localhost", "127.0.0.1", "::1") or "." not in (parts.hostname or ".")
    return bool(parts.hostname) and parts.username is None and (parts.scheme == "https" or (
        parts.scheme == "http" and inside))
