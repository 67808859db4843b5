"""PeerTube, by the API that every instance has: https://docs.joinpeertube.org/api-rest-reference.html

A film goes up as a private one and is opened by its id when all is well, so that every step may be repeated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from tidings.core.http import Transport
from tidings.networks import _peertube
from tidings.networks._multipart import multipart
from tidings.networks._peertubeinbox import PeerTubeInbox
from tidings.networks._peertubenumbers import Measured
from tidings.networks._resumable import uploaded
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Field, Limits, Option, Password, Rate
from tidings.networks.errors import Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Receipt, Rendition

FAULTS = {7: "It could not be transcoded.", 8: "It could not be moved to its storage."}
PUBLISHED = 1


class PeerTube(Measured, PeerTubeInbox):
    """A video channel on a PeerTube instance."""

    name, label = "peertube", "PeerTube"
    docs = "https://docs.joinpeertube.org/api-rest-reference.html"
    policy = "https://joinpeertube.org/privacy-policy"
    checked = date(2026, 11, 23)
    look = Look(
        "watch", ("up", "share", "save"), named=True, cut=250, lines=4, more="show", pictures="first", most=1,
        ratio=(1.7778, 1.7778), card="", title="title",
    )
    connect = (Password((
        Field("server", "Instance", "Such as framatube.org"),
        Field("username", "User name or address"),
        Field("password", "Password", "Used once, to sign in; it is not kept.", secret=True),
        Field("otp", "Code", "From your authenticator app, if you use one.", optional=True),
    ), label="Password"),)
    limits = Limits(
        text=10_000, needs="film", films=1, film_types=tuple(_peertube.TYPES.values()), pictures=1,
        picture_types=("image/jpeg", "image/png", "image/webp"), picture_bytes=4_000_000, mixed=True,
    )
    rates = (Rate(10, timedelta(minutes=1)),)
    options = (
        Option("title", "Title", longest=120, help="Empty: the first line of the text."),
        Option("privacy", "Who can see it", "choice", (
            ("public", "Everyone"), ("unlisted", "Who has the link"), ("internal", "Who is signed in here"),
            ("private", "Only you"),
        ), default="public"),
        Option("category", "Category", "lookup"),
        Option("licence", "Licence", "lookup"),
        Option("language", "Language", "lookup"),
        Option("tags", "Tags", "tags", most=5, longest=30),
        Option("nsfw", "Sensitive content", "flag", default=False),
        Option("nsfw_summary", "What is sensitive about it", longest=250),
        Option("comments", "Comments", "choice", (
            ("enabled", "Open"), ("approval", "Held for approval"), ("disabled", "Closed"),
        ), default="enabled"),
        Option("download", "May be downloaded", "flag", default=True),
        Option("support", "How to support you", longest=1000),
    )
    repeatable = FOR_EVER
    reads_free = True

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        return {**_peertube.instance(fields.get("server", ""), door), "user": fields.get("username", "")}

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """Instances say which files they take."""
        return replace(cls.limits, film_types=tuple(server["types"])) if server.get("types") else cls.limits

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What is too short."""
        if not outgoing.position and len(_peertube.title(outgoing)) < 3:
            yield Problem("title", "A title has at least 3 characters.")
        if not outgoing.position and 0 < len(outgoing.text.strip()) < 3:
            yield Problem("text", "A description has at least 3 characters.")
        if any(len(tag) < 2 for tag in outgoing.options.get("tags") or ()):
            yield Problem("tags", "A tag has at least 2 characters.")

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Up as a private film, until the instance has worked on it; then it is opened, with its thumbnail."""
        if outgoing.reply_to and "thread" in outgoing.reply_to.extra:
            return self.answer(outgoing, outgoing.reply_to, sending)
        if outgoing.root:
            return self.comment(outgoing, outgoing.root, sending)
        pieces = {piece.kind: piece for piece in outgoing.media}
        film = pieces["film"]
        made = uploaded(self, film, lambda: self._begin(film, outgoing), sending)["video"]
        sending.until(15, lambda: self._ready(made["uuid"], sending))
        change = {"privacy": str(_peertube.PRIVACY[outgoing.options.get("privacy") or "public"])}
        sending.commit(lambda: self._change(made["uuid"], change, pieces.get("picture")))
        return Receipt(made["uuid"], f"{self.access.server['url']}/w/{made['shortUUID']}")

    def _begin(self, film: Rendition, outgoing: Outgoing) -> str:
        """The address of a session to send the film to; nothing is there before its last byte."""
        wish = {
            **_peertube.video(outgoing), "channelId": int(self.access.profile.id), "privacy": 3,
            "filename": film.name or "film.mp4", "waitTranscoding": True,
        }
        told = {"X-Upload-Content-Length": str(film.size), "X-Upload-Content-Type": film.mime}
        answer = self.call("POST", self.at("/videos/upload-resumable"), json=wish, headers=told)
        id = parse_qs(urlsplit(answer.headers["location"]).query)["upload_id"][0]
        return self.at(f"/videos/upload-resumable?upload_id={quote(id, '')}")

    def _ready(self, uuid: str, sending: Sending) -> bool | None:
        state = int(self.call("GET", self.at(f"/videos/{uuid}")).json()["state"]["id"])
        if state in FAULTS:
            sending.forget("session", "film")
            raise Rejected(f"The instance could not work on this film. {FAULTS[state]}")
        return state == PUBLISHED or None

    def _change(self, uuid: str, fields: Mapping[str, str], picture: Rendition | None = None) -> int:
        body, kind = multipart(fields, {"thumbnailfile": picture} if picture else {})
        return self.call("PUT", self.at(f"/videos/{uuid}"), body=body, headers=kind, seconds=300).status

    # afterwards

    def present(self, receipt: Receipt) -> bool:
        """Only a thread can be asked for whole: an answer is there if its thread has it."""
        if "thread" in receipt.extra:
            return any(str(one["id"]) == receipt.id for one in self.thread(receipt))
        film = receipt.extra.get("film")
        return self.there(self.at(f"/videos/{film}/comment-threads/{receipt.id}" if film else f"/videos/{receipt.id}"))

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Everything of a film but the tags; comments stay as they are."""
        if receipt.extra.get("film"):
            raise Rejected("PeerTube comments cannot be changed.")
        wish = {name: _said(value) for name, value in _peertube.video(outgoing).items() if name != "tags"}
        self._change(receipt.id, wish)

    def delete(self, receipt: Receipt) -> None:
        """Take it back; what is gone already is fine."""
        film = receipt.extra.get("film")
        if self.present(receipt):
            self.call("DELETE", self.at(f"/videos/{film}/comments/{receipt.id}" if film else f"/videos/{receipt.id}"))

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """What films may be called here."""
        lists = {"category": "categories", "licence": "licences", "language": "languages"}
        found = self.call("GET", self.at(f"/videos/{lists[option]}")).json().items()
        return [(str(id), label) for id, label in found if query.lower() in label.lower()]


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
