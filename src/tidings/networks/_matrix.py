"""What belongs to Matrix rather than to a post: where a server is, which rooms it lists, and how events are written.

https://spec.matrix.org/latest/client-server-api/
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tidings.core import clock, http, markup
from tidings.core.http import Transport
from tidings.networks.base import ask
from tidings.networks.errors import Rejected
from tidings.networks.seam import Grant, Outgoing, Rendition

MARK = "tidings.delivery"  # in an event's content: which delivery it is, whichever device has sent it
ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?")
MENTIONED = re.compile(r"matrix\.to/#/(@[^\s)\"'<>]+)")
QUOTED = re.compile(r"\A> <@[^\n]*\n(?:>[^\n]*\n)*\n")
TOLD = ("m.room.name", "m.room.canonical_alias", "m.room.encryption", "m.room.power_levels", "m.room.create")
ROOMS = {  # of everything that a first sync brings, only what is needed to know a room
    "presence": {"types": []}, "account_data": {"types": []},
    "room": {
        "state": {"types": list(TOLD)}, "timeline": {"limit": 1, "types": list(TOLD)}, "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}  # fmt: skip
KINDS = {"picture": "m.image", "animation": "m.image", "film": "m.video"}


def homeserver(typed: str, door: Transport) -> str:
    """Where the server of this name answers; raises Rejected when there is none."""
    named = _safe(typed.strip().rstrip("/").rpartition("@")[2])
    said = ask(door, http.Request("GET", f"{named}/.well-known/matrix/client", "connect")).json()
    told = (said.get("m.homeserver") or {}).get("base_url") if isinstance(said, dict) else None
    url = _safe(str(told).rstrip("/")) if told else named
    versions = ask(door, http.Request("GET", f"{url}/_matrix/client/versions", "connect")).json()
    if not isinstance(versions, dict) or "versions" not in versions:
        raise Rejected(f"{urlsplit(url).netloc} does not answer like a Matrix server.")
    return url


def _safe(host: str) -> str:
    url = host if "://" in host else f"https://{host}"
    if not ADDRESS.fullmatch(url):
        raise Rejected("Type the name of the server, such as matrix.org.")
    if url.startswith("http://") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise Rejected(f"{urlsplit(url).netloc} would be spoken to in clear. Use its https address.")
    return url


def grant(said: Mapping[str, Any]) -> Grant:
    """Secrets from what a sign-in or a refresh says. A refresh token that is not given anew stays."""
    kept = {name: str(said[name]) for name in ("access_token", "refresh_token", "device_id") if said.get(name)}
    ends = said.get("expires_in_ms")
    return Grant(kept, clock.now() + timedelta(milliseconds=int(ends)) if ends else None)


def rooms(synced: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every room that we are in, with what it says of itself by kind of event; spaces are no rooms."""
    for room, said in ((synced.get("rooms") or {}).get("join") or {}).items():
        events = [event for part in ("state", "timeline") for event in (said.get(part) or {}).get("events", [])]
        state = {event["type"]: event["content"] for event in events if event["type"] in TOLD}
        if state.get("m.room.create", {}).get("type") != "m.space":
            yield room, state


def may_post(state: Mapping[str, Any], user: str) -> bool:
    """Whether this user's power is enough for messages."""
    levels = state.get("m.room.power_levels", {})
    needed = levels.get("events", {}).get("m.room.message", levels.get("events_default", 0))
    return bool(levels.get("users", {}).get(user, levels.get("users_default", 0)) >= needed)


def events(outgoing: Outgoing, media: list[str], key: str) -> list[dict[str, Any]]:
    """What a post becomes: its words, then every medium as an event of its own. The first carries the mark."""
    pieces = [_medium(piece, address) for piece, address in zip(outgoing.media, media, strict=True)]
    made = [words(outgoing), *pieces] if outgoing.text.strip() else pieces
    return [made[0] | {MARK: key}, *made[1:]]


def words(outgoing: Outgoing) -> dict[str, Any]:
    """The author's Markdown as it is, and as HTML. Who is answered is told of it, as who is named."""
    answered = [outgoing.reply_to.extra["by"]] if outgoing.reply_to and "by" in outgoing.reply_to.extra else []
    chosen, named = outgoing.options, list(dict.fromkeys([*answered, *MENTIONED.findall(outgoing.text)]))
    rung = {"user_ids": named} if named else {}
    return {
        "msgtype": "m.notice" if chosen.get("kind") == "notice" else "m.text", "body": outgoing.text,
        "format": "org.matrix.custom.html", "formatted_body": markup.html(outgoing.text).strip(),
        "m.mentions": rung | ({"room": True} if chosen.get("mention_room") else {}),
    }


def _medium(piece: Rendition, address: str) -> dict[str, Any]:
    name = piece.name or "file"
    info = {"mimetype": piece.mime, "size": piece.size, "w": piece.width, "h": piece.height}
    lasting = {"duration": round(piece.seconds * 1000)} if piece.seconds else {}
    return {
        "msgtype": KINDS[piece.kind], "body": piece.alt or name, "filename": name, "url": address,
        "info": {field: value for field, value in (info | lasting).items() if value}, "m.mentions": {},
    }


def relation(outgoing: Outgoing, first: str = "") -> dict[str, Any]:
    """How an event hangs on others: on its thread, and a further medium on the first event of its post."""
    root, before = outgoing.root or outgoing.reply_to, first or (outgoing.reply_to.id if outgoing.reply_to else "")
    if root:
        whole = root.extra.get("thread", root.id)
        thread = {"rel_type": "m.thread", "event_id": whole, "is_falling_back": not first}
        return {"m.relates_to": {**thread, "m.in_reply_to": {"event_id": before}}}
    return {"m.relates_to": {"rel_type": "m.reference", "event_id": first}} if first else {}


def follows(event: Mapping[str, Any]) -> bool:
    """Whether it is a further medium of a post, or says anew what another said."""
    hangs = event["content"].get("m.relates_to") or {}
    return hangs.get("rel_type") in ("m.reference", "m.replace") or hangs.get("is_falling_back") is False


def root(event: Mapping[str, Any]) -> str:
    """The first message of the thread that it is in, if it is in one."""
    hangs = event["content"].get("m.relates_to") or {}
    return str(hangs.get("event_id", "")) if hangs.get("rel_type") == "m.thread" else ""


def parent(event: Mapping[str, Any]) -> str:
    """The message that it answers; in a thread, where it says none, the thread's first."""
    hangs = event["content"].get("m.relates_to") or {}
    return str((hangs.get("m.in_reply_to") or {}).get("event_id", "")) or root(event)


def plain(event: Mapping[str, Any]) -> str:
    """Its words as they are now, without the lines of another that older clients put before an answer."""
    edits = ((event.get("unsigned") or {}).get("m.relations") or {}).get("m.replace") or {}
    anew = (edits.get("content") or {}).get("m.new_content") or {}
    said = str(anew.get("body") or event["content"]["body"])
    return QUOTED.sub("", said, count=1) if parent(event) else said


def moment(event: Mapping[str, Any]) -> datetime:
    """When the server took it."""
    return datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
