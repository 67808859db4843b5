"""What stands beside the words of a LinkedIn post: pictures, films, documents, a link's card, a poll."""

import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from PIL import Image

from tidings.networks.base import Sending
from tidings.networks.errors import Rejected
from tidings.networks.oauth import Revokes
from tidings.networks.seam import Outgoing, Rendition

DAYS = {1: "ONE_DAY", 3: "THREE_DAYS", 7: "SEVEN_DAYS", 14: "FOURTEEN_DAYS"}
ASSETS_LIVE = timedelta(days=7)
BYTES = {"Content-Type": "application/octet-stream"}


class LinkedInMedia(Revokes):
    """Uploads of one author, a URN."""

    def author(self) -> str:
        """Who posts, as a URN."""
        raise NotImplementedError

    def at(self, path: str) -> str:
        """An address of the API."""
        return f"{self.hosts['api']}{path}"

    def content(self, outgoing: Outgoing, sending: Sending) -> dict[str, Any]:
        chosen, poll = outgoing.options, outgoing.options.get("poll") or {}
        if poll.get("choices"):
            return {"poll": _poll(outgoing, poll)}
        if chosen.get("as_document"):
            urn = sending.once("document", lambda: self._document(outgoing.media), ASSETS_LIVE)
            return {"media": {"id": urn, "title": chosen.get("document_title") or "Document"}}
        handles = [self._upload(piece, n, sending) for n, piece in enumerate(outgoing.media)]
        if chosen.get("link"):
            return {"article": _article(chosen, handles)}
        if len(handles) > 1:
            images = [{"id": urn, "altText": piece.alt} for urn, piece in zip(handles, outgoing.media, strict=True)]
            return {"multiImage": {"images": images}}
        return {"media": {"id": handles[0], **_alt(outgoing.media[0])}} if handles else {}

    def _upload(self, piece: Rendition, n: int, sending: Sending) -> str:
        if piece.kind == "film":
            urn = sending.once(f"media-{n}", lambda: self._film(piece), ASSETS_LIVE)
            sending.until(10, lambda: self._ready(urn, f"media-{n}", sending))
            return urn
        return sending.once(f"media-{n}", lambda: self._bytes("image", piece.read()), ASSETS_LIVE)

    def _bytes(self, kind: str, raw: bytes) -> str:
        """An image or a document: announced, then sent."""
        begun = self._begin(kind, {})
        self.call("PUT", begun["uploadUrl"], body=raw, headers=BYTES, seconds=300)
        return str(begun[kind])

    def _begin(self, kind: str, more: Mapping[str, Any]) -> dict[str, Any]:
        wish = {"initializeUploadRequest": {"owner": self.author(), **more}}
        said = self.call("POST", self.at(f"/rest/{kind}s?action=initializeUpload"), json=wish).json()
        return dict(said["value"])

    def _film(self, piece: Rendition) -> str:
        """A film goes in parts, each to an address of its own; the parts' tags end it."""
        told = {"fileSizeBytes": piece.size, "uploadCaptions": False, "uploadThumbnail": False}
        begun, tags = self._begin("video", told), []
        with piece.stream() as file:
            for part in begun["uploadInstructions"]:
                chunk = file.read(part["lastByte"] - part["firstByte"] + 1)
                tags.append(self.call("PUT", part["uploadUrl"], body=chunk, seconds=300).headers["etag"])
        done = {"video": begun["video"], "uploadToken": begun["uploadToken"], "uploadedPartIds": tags}
        self.call("POST", self.at("/rest/videos?action=finalizeUpload"), json={"finalizeUploadRequest": done})
        return str(begun["video"])

    def _ready(self, urn: str, step: str, sending: Sending) -> bool | None:
        state = self.call("GET", self.at(f"/rest/videos/{quote(urn, '')}")).json()["status"]
        if state == "PROCESSING_FAILED":
            sending.forget(step)
            raise Rejected("LinkedIn could not work on this film.")
        return state == "AVAILABLE" or None

    def _document(self, pieces: Iterable[Rendition]) -> str:
        """The pictures as the pages of one PDF."""
        pages = [Image.open(io.BytesIO(piece.read())).convert("RGB") for piece in pieces]
        kept = io.BytesIO()
        pages[0].save(kept, "PDF", save_all=True, append_images=pages[1:])
        return self._bytes("document", kept.getvalue())


def _alt(piece: Rendition) -> dict[str, str]:
    return {"altText": piece.alt} if piece.alt and piece.kind != "film" else {}


def _article(chosen: Mapping[str, Any], handles: list[str]) -> dict[str, str]:
    told = {
        "source": chosen["link"], "title": chosen.get("link_title"), "description": chosen.get("link_description"),
        "thumbnail": handles[0] if handles else None,
    }
    return {name: str(value) for name, value in told.items() if value}


def _poll(outgoing: Outgoing, poll: Mapping[str, Any]) -> dict[str, Any]:
    question = outgoing.options.get("poll_question") or outgoing.text.strip().partition("\n")[0][:140]
    days = next(days for days in DAYS if poll["minutes"] <= days * 1440)
    options = [{"text": choice} for choice in poll["choices"]]
    return {"question": question, "options": options, "settings": {"duration": DAYS[days]}}
