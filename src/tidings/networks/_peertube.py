"""What belongs to PeerTube's API rather than to a film: an instance, what a video consists of, comments under it.

https://docs.joinpeertube.org/api-rest-reference.html
"""

import html
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tidings.core import http
from tidings.core.http import Transport
from tidings.networks._peertubelogin import SignedIn
from tidings.networks.base import FOR_EVER, Sending, ask
from tidings.networks.declare import Limits
from tidings.networks.errors import Rejected
from tidings.networks.seam import Outgoing, Receipt

PRIVACY = {"public": 1, "unlisted": 2, "private": 3, "internal": 4}
COMMENTS = {"enabled": 1, "disabled": 2, "approval": 3}
TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime"}
COMMENT = Limits(text=10_000)


def instance(typed: str, door: Transport) -> dict[str, Any]:
    """The instance a person typed; raises Rejected when it is none."""
    url = address(typed)
    answer = ask(door, http.Request("GET", f"{url}/api/v1/config", "connect"))
    said = answer.json()
    if answer.status != 200 or not isinstance(said, dict) or "serverVersion" not in said:
        raise Rejected(f"{urlsplit(url).netloc} does not answer like a PeerTube instance.")
    endings = said.get("video", {}).get("file", {}).get("extensions", list(TYPES))
    types = [mime for ending, mime in TYPES.items() if ending in endings]
    return {"url": url, "domain": urlsplit(url).netloc, "version": said["serverVersion"], "types": types}


def address(typed: str) -> str:
    """The instance's address from what a person types."""
    host = typed.strip().rstrip("/")
    url = host if "://" in host else f"https://{host}"
    if not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?", url) or "." not in url:
        raise Rejected("Type the name of the instance, such as framatube.org.")
    if url.startswith("http://") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise Rejected(f"{host.removeprefix('http://')} would be spoken to in clear. Use its https address.")
    return url


def title(outgoing: Outgoing) -> str:
    """The one that was chosen, or the first line of the text."""
    return str(outgoing.options.get("title") or outgoing.text.strip().partition("\n")[0][:120])


def video(outgoing: Outgoing) -> dict[str, Any]:
    """Everything that was chosen but who may see it."""
    chosen = outgoing.options
    wish = {
        "name": title(outgoing), "description": outgoing.text, "support": chosen.get("support"),
        "category": int(chosen.get("category") or 0), "licence": int(chosen.get("licence") or 0),
        "language": chosen.get("language"), "tags": chosen.get("tags"), "nsfwSummary": chosen.get("nsfw_summary"),
    }
    flags = {
        "nsfw": bool(chosen.get("nsfw")), "downloadEnabled": chosen.get("download", True),
        "commentsPolicy": COMMENTS[chosen.get("comments") or "enabled"],
    }
    return {name: value for name, value in wish.items() if value} | flags


class Commented(SignedIn):
    """What follows a film is a comment under it. An instance takes every repeat for a new one."""

    threads = "comments"

    @classmethod
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        return COMMENT if outgoing.position else cls.limits_at(server)

    @classmethod
    def repeatable_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> timedelta:
        """A film is opened by its id; a comment would be there twice."""
        return timedelta(0) if outgoing.position else FOR_EVER

    def comment(self, outgoing: Outgoing, film: Receipt, sending: Sending) -> Receipt:
        """One comment, by the person."""
        url, said = self.at(f"/videos/{film.id}/comment-threads"), {"text": outgoing.text}
        made = sending.commit(lambda: str(self.call("POST", url, json=said).json()["comment"]["id"]))
        return under(film, made)

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Only a comment is ever looked for: among the latest under its film."""
        film = outgoing.root
        if film is None:
            return None
        url = self.at(f"/videos/{film.id}/comment-threads?sort=-createdAt&count=50")
        since = sending.first_try - timedelta(minutes=1)
        listed = [one for one in self.call("GET", url).json()["data"] if not one.get("isDeleted")]
        ours = [str(one["id"]) for one in listed if self._same(one, outgoing) and one["createdAt"] >= _moment(since)]
        return self.the_one([under(film, id) for id in ours if id not in sending.known])

    def _same(self, one: Mapping[str, Any], outgoing: Outgoing) -> bool:
        """By one of the same name here; the words come as HTML."""
        bare = html.unescape(re.sub(r"<[^>]*>", "", str(one["text"])))
        author = one.get("account", {}).get("name")
        return author == self.access.server.get("user") and bare.split() == outgoing.text.split()


def under(film: Receipt, id: str) -> Receipt:
    """A comment under this film."""
    return Receipt(id, f"{film.url};threadId={id}", {"film": film.id})


def _moment(at: Any) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"
