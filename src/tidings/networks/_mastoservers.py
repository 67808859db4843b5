"""The programs that speak Mastodon's API: what a server says of itself, and what it ignores without a word."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tidings.core import http
from tidings.core.http import Transport
from tidings.networks._mastoapi import address
from tidings.networks.base import ask
from tidings.networks.declare import Limits, Poll
from tidings.networks.errors import Rejected

# Who keeps Idempotency-Key for an hour. Pixelfed and Takahē do not; of GoToSocial nobody says since which version.
KEEPS_KEYS = {"mastodon": timedelta(minutes=55), "pleroma": timedelta(minutes=55), "akkoma": timedelta(minutes=55)}
IGNORES = {"pixelfed": ("poll",)}  # options
NEEDS_MEDIA = ("pixelfed",)


def described(typed: str, door: Transport, usual: Limits) -> dict[str, Any]:
    """The server a person typed, and what it takes; raises Rejected when it is none that speaks this API."""
    url = address(typed)
    said = _instance(url, door)
    settings, old_polls, most = said.get("configuration") or {}, said.get("poll_limits") or {}, said.get("upload_limit")
    texts, media, polls = (settings.get(part) or {} for part in ("statuses", "media_attachments", "polls"))
    return {
        "url": url, "domain": said.get("domain") or said["uri"].rpartition("/")[2], "version": said.get("version", ""),
        "software": _software(url, door),
        "text": texts.get("max_characters") or said.get("max_toot_chars") or usual.text,
        "pictures": texts.get("max_media_attachments") or usual.pictures,
        "picture_bytes": media.get("image_size_limit") or most or usual.picture_bytes,
        "film_bytes": media.get("video_size_limit") or most or usual.film_bytes,
        "types": media.get("supported_mime_types") or [],
        "choices": polls.get("max_options") or old_polls.get("max_options") or 4,
        "choice": polls.get("max_characters_per_option") or old_polls.get("max_option_chars") or 50,
    }


def _instance(url: str, door: Transport) -> dict[str, Any]:
    """Older Pleroma knows the first form only."""
    for version in ("v2", "v1"):
        answer = ask(door, http.Request("GET", f"{url}/api/{version}/instance", "connect"))
        said = answer.json()
        if answer.status == 200 and isinstance(said, dict) and ("domain" in said or "uri" in said):
            return said
    raise Rejected(f"{urlsplit(url).netloc} does not answer like a Mastodon server.")


def _software(url: str, door: Transport) -> str:
    """Which program runs there, by NodeInfo; empty when it does not say."""
    links = ask(door, http.Request("GET", f"{url}/.well-known/nodeinfo", "connect")).json()
    found = [link["href"] for link in (links or {}).get("links", []) if str(link.get("href", "")).startswith(url)]
    said = ask(door, http.Request("GET", found[-1], "connect")).json() if found else None
    return str((said or {}).get("software", {}).get("name", "")).lower()


def limits(usual: Limits, server: Mapping[str, Any]) -> Limits:
    """The limits this server announced."""
    types = server.get("types") or [*usual.picture_types, *usual.film_types]
    return replace(
        usual, text=server["text"], pictures=server["pictures"], picture_bytes=server["picture_bytes"],
        animation_bytes=server["picture_bytes"], film_bytes=server["film_bytes"],
        picture_types=tuple(t for t in usual.picture_types if t in types),
        film_types=tuple(t for t in usual.film_types if t in types),
        poll=Poll(server["choices"], server.get("choice", 50), 5, 43_200),
        needs="media" if server.get("software") in NEEDS_MEDIA else "",
    )
