"""What a pin consists of, as Pinterest's API wants it: its words, its media, where it leads."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tidings.core import text
from tidings.networks.seam import Outgoing, Rendition


def words(outgoing: Outgoing, key: str) -> dict[str, str]:
    """What a pin says, and where it is."""
    chosen = outgoing.options
    said = {
        "board_id": chosen.get("board"), "board_section_id": str(chosen.get("section") or "").partition("/")[2],
        "title": chosen.get("title"), "description": outgoing.text, "link": _link(outgoing, key),
        "alt_text": next((piece.alt for piece in outgoing.media if piece.alt), ""),
    }
    return {name: value for name, value in said.items() if value}


def source(outgoing: Outgoing, film: str) -> dict[str, Any]:
    """Its media; a film is shown by the picture beside it, or by one of its own."""
    pictures = [_picture(piece) for piece in outgoing.media if piece.kind == "picture"]
    if film and pictures:
        cover = {f"cover_image_{name}": value for name, value in pictures[0].items()}
        return {"source_type": "video_id", "media_id": film, **cover}
    if film:
        second = int(outgoing.options.get("cover") or 0)
        return {"source_type": "video_id", "media_id": film, "cover_image_key_frame_time": second}
    if len(pictures) > 1:
        return {"source_type": "multiple_image_base64", "items": pictures, "index": 0}
    return {"source_type": "image_base64", **pictures[0]}


def _picture(piece: Rendition) -> dict[str, str]:
    return {"content_type": piece.mime, "data": base64.b64encode(piece.read()).decode()}


def _link(outgoing: Outgoing, key: str) -> str:
    """Where the pin leads; with a mark that no other delivery has, if the author wants one."""
    said = outgoing.text
    link = outgoing.options.get("link") or next((said[at:end] for at, end in text.urls(said, bare=False)), "")
    if not link or not key or not outgoing.options.get("marker"):
        return str(link)
    address, cut, rest = link.partition("#")
    return f"{address}{'&' if '?' in address else '?'}utm_content={sha256(key.encode()).hexdigest()[:12]}{cut}{rest}"


def made_at(pin: Mapping[str, Any]) -> datetime:
    """Since when it is there; Pinterest leaves out that this is UTC."""
    moment = datetime.fromisoformat(pin["created_at"])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
