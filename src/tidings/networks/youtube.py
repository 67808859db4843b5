"""YouTube, by its Data API v3: https://developers.google.com/youtube/v3/docs

A film goes up as a private one and is opened by its id when all is well, so that every step may be repeated.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tidings.networks import _google, _videos
from tidings.networks._resumable import uploaded
from tidings.networks._youtube import ANALYTICS, SCOPES, WAYS
from tidings.networks._youtubeinbox import Listening
from tidings.networks._youtubenumbers import Measured
from tidings.networks.base import FOR_EVER, Sending
from tidings.networks.declare import Limits, Rate, Terms
from tidings.networks.errors import Reconnect, Rejected
from tidings.networks.look import Look
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Rendition


class YouTube(Measured, Listening):
    """A channel on YouTube."""

    name, label = "youtube", "YouTube"
    docs = "https://developers.google.com/youtube/v3/docs"
    checked = date(2026, 11, 23)
    look = Look(
        "watch", ("up", "share", "save"), named=True, cut=200, lines=3, pictures="first", most=1,
        ratio=(1.7778, 1.7778), card="", title="title",
    )
    reverify = timedelta(days=30)
    connect = WAYS
    terms = Terms("YouTube API Services", "YouTube", "Google", "https://www.youtube.com/t/terms")
    console = _google.console("YouTube Data API v3, YouTube Analytics API", (*SCOPES, ANALYTICS), gate=(
        "Films of a project that YouTube has not audited may be locked as private; ask for the audit with the "
        "\"YouTube API Services - Audit and Quota Extension\" form. Up to 100 people may sign in before Google has "
        "verified the app; they see a warning."
    ))
    limits = Limits(
        text=5000, text_bytes=5000, needs="film", films=1, film_bytes=274_877_906_944, film_seconds=(0, 43_200),
        film_types=("video/mp4", "video/quicktime", "video/webm"), pictures=1, picture_bytes=2_000_000, mixed=True,
    )
    rates = (Rate(100, timedelta(days=1), "app"),)
    options = _videos.OPTIONS
    repeatable = FOR_EVER
    reads_free = True

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        return () if outgoing.position else _videos.objections(outgoing, server)

    # connecting

    def profile(self) -> Profile:
        """The channel that was chosen on Google's own page."""
        me = self._me()
        about = me["snippet"]
        page, face = f"{self.hosts['site']}/channel/{me['id']}", about.get("thumbnails", {}).get("default", {})
        return Profile(me["id"], about.get("customUrl") or about["title"], about["title"], face.get("url", ""), page)

    def announced(self) -> Mapping[str, Any]:
        """Where it is, since categories hang on it, and whether it may show long films."""
        me = self._me()
        return {"country": me["snippet"].get("country", "US"), "long_films": me["status"].get("longUploadsStatus", "")}

    def _me(self) -> dict[str, Any]:
        found = self.items("channels", part="snippet,status", mine="true")
        if not found:
            raise Rejected("This Google account has no channel on YouTube yet.")
        return found[0]

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Up as a private film, what belongs beside it, and then it is opened."""
        if outgoing.root or outgoing.reply_to:
            return self.comment(outgoing, sending)
        film, picture = _videos.pieces(outgoing)
        id = str(uploaded(self, film, lambda: self._begin(film, outgoing), sending)["id"])
        sending.until(15, lambda: self._processed(id, sending))
        notes = sending.once("beside", lambda: self._beside(id, picture, outgoing.options.get("playlist")))
        privacy = outgoing.options.get("privacy") or "public"
        change = {"id": id, "status": _videos.status(outgoing, privacy)}
        sending.commit(lambda: self.call("PUT", self.at("videos", part="status"), json=change).status)
        self._open(id, privacy)
        return Receipt(id, f"{self.hosts['site']}/watch?v={id}", note=notes)

    def _begin(self, film: Rendition, outgoing: Outgoing) -> str:
        """The address of a session to send the film to; nothing is there before its last byte."""
        notify = str(outgoing.options.get("notify", True)).lower()
        asked = {"uploadType": "resumable", "part": "snippet,status", "notifySubscribers": notify}
        told = {"X-Upload-Content-Length": str(film.size), "X-Upload-Content-Type": film.mime}
        wish = {"snippet": _videos.snippet(outgoing), "status": _videos.status(outgoing, "private")}
        url = f"{self.hosts['api']}/upload/youtube/v3/videos?{urlencode(asked)}"
        return self.call("POST", url, json=wish, headers=told).headers["location"]

    def _processed(self, id: str, sending: Sending) -> bool | None:
        found = self.items("videos", part="status", id=id)
        state = found[0]["status"] if found else {"uploadStatus": "uploaded"}
        if state["uploadStatus"] in ("failed", "rejected", "deleted"):
            sending.forget("session", "film")
            why = state.get("failureReason") or state.get("rejectionReason") or "it was deleted"
            raise Rejected(f"YouTube does not take this film ({why}).")
        return state["uploadStatus"] == "processed" or None

    def _beside(self, id: str, picture: Rendition | None, playlist: str | None) -> str:
        """Thumbnail and playlist. What is refused here keeps no film from going out; it is noted in YouTube's words."""
        place = {"kind": "youtube#video", "videoId": id}
        wish = {"snippet": {"playlistId": playlist, "resourceId": place}}
        try:
            if picture:
                url = f"{self.hosts['api']}/upload/youtube/v3/thumbnails/set?videoId={id}&uploadType=media"
                self.call("POST", url, body=picture.read(), headers={"Content-Type": picture.mime}, seconds=300)
            if playlist:
                self.call("POST", self.at("playlistItems", part="snippet"), json=wish)
        except (Rejected, Reconnect) as refused:
            return refused.reason
        return ""

    def _open(self, id: str, privacy: str) -> None:
        """What was asked for may not be what it is: films of projects without an audit stay locked."""
        found = self.items("videos", part="status", id=id)
        if found and found[0]["status"]["privacyStatus"] != privacy:
            raise Rejected("YouTube has locked this film as private: the app's project has not passed its audit.")

    # afterwards

    def present(self, receipt: Receipt) -> bool:
        return bool(self.items(_kind(receipt), part="id", id=receipt.id))

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Words and choices of a film, or the words of a comment."""
        wish: dict[str, Any] = {"id": receipt.id, "snippet": {"textOriginal": outgoing.text}}
        if _kind(receipt) == "videos":
            privacy = outgoing.options.get("privacy") or "public"
            wish |= {"snippet": _videos.snippet(outgoing), "status": _videos.status(outgoing, privacy)}
        parts = ",".join(name for name in ("snippet", "status") if name in wish)
        self.call("PUT", self.at(_kind(receipt), part=parts), json=wish)

    def delete(self, receipt: Receipt) -> None:
        """Take it back; what is gone already is fine."""
        if self.present(receipt):
            self.call("DELETE", self.at(_kind(receipt), id=receipt.id))


def _kind(receipt: Receipt) -> str:
    return "comments" if "film" in receipt.extra else "videos"
