"""How Facebook takes pictures and films: its videos in the pieces that it asks for, reels and stories as one stream.
https://developers.facebook.com/docs/video-api

Nothing here is seen by anybody. An upload that breaks off is begun anew and leaves something behind that harms nobody.
"""

from collections.abc import Mapping
from typing import Any

from tidings.core import http
from tidings.networks._meta import ByFacebook
from tidings.networks.base import Sending
from tidings.networks.errors import Rejected
from tidings.networks.seam import Rendition

LOOK = 15.0  # seconds until a film is looked at again


class FacebookMedia(ByFacebook):
    """Uploads to a page, and how far they are."""

    def page(self, edge: str) -> str:
        """An edge of our page."""
        return f"{self.access.profile.id}/{edge}"

    def upload_photo(self, piece: Rendition) -> str:
        """A picture that no post shows yet."""
        fields = {"published": "false", **({"alt_text_custom": piece.alt} if piece.alt else {})}
        body, kind = http.multipart(fields, ("source", piece.name or "picture", piece.mime, piece.read()))
        url = self.at(self.page("photos"))
        return str(self.call("POST", url, body=body, headers=kind, seconds=300).json()["id"])

    def upload_film(self, piece: Rendition, words: Mapping[str, Any]) -> str:
        """A film that no post shows yet."""
        path = self.page("videos")
        begun = self.tell(path, upload_phase="start", file_size=piece.size)
        session = {"upload_session_id": str(begun["upload_session_id"])}
        self._send_pieces(piece, path, session, begun)
        self.tell(path, upload_phase="finish", **session, **words, published=False)
        return str(begun["video_id"])

    def _send_pieces(self, piece: Rendition, path: str, session: dict[str, str], asked: Mapping[str, Any]) -> None:
        with piece.stream() as file:
            while (start := int(asked["start_offset"])) < (end := int(asked["end_offset"])):
                file.seek(start)
                fields = {"upload_phase": "transfer", "start_offset": str(start), **session}
                body, kind = http.multipart(fields, ("video_file_chunk", "piece", piece.mime, file.read(end - start)))
                asked = self.call("POST", self.at(path), body=body, headers=kind, seconds=300).json()

    def hand_over(self, edge: str, piece: Rendition) -> str:
        """A film for a reel or a story."""
        begun = self.tell(self.page(edge), upload_phase="start")
        told = {
            "Authorization": f"OAuth {self.access.secrets['access_token']}", "offset": "0",
            "file_size": str(piece.size), "Content-Length": str(piece.size),
        }
        with piece.stream() as file:
            self.call("POST", str(begun["upload_url"]), body=file, headers=told, seconds=600)
        return str(begun["video_id"])

    def worked_on(self, film: str, sending: Sending) -> bool | None:
        """Whether Facebook is done with a film."""
        status = self.read(film, fields="status")["status"]
        if status.get("video_status") == "error":
            sending.forget("film")
            raise Rejected(_trouble(status))
        return True if status.get("video_status") == "ready" else None

    def shown(self, film: str) -> bool | None:
        """Whether a reel that was told to be shown is."""
        phase, words = self.phase(film)
        if phase == "error":
            raise Rejected(words)
        return phase == "complete" or None

    def phase(self, film: str) -> tuple[str, str]:
        """How far the showing of a reel is (not_started, working, in_progress, complete, error), and their words."""
        status = self.read(film, fields="status")["status"]
        phase = _phase(status, "publishing")
        if "error" in (status.get("video_status"), phase):
            return "error", _trouble(status)
        begun = _phase(status, "processing") != "not_started"
        return ("working" if phase == "not_started" and begun else phase), ""


def _phase(status: Mapping[str, Any], which: str) -> str:
    return str(status.get(f"{which}_phase", {}).get("status", "not_started"))


def _trouble(status: Mapping[str, Any]) -> str:
    """Their own words, from whichever phase has some."""
    phases = [status.get(f"{which}_phase", {}) for which in ("uploading", "processing", "publishing")]
    said = [error.get("message") for phase in phases for error in phase.get("errors", [])]
    return next((str(words) for words in said if words), "Facebook could not work on this film.")
