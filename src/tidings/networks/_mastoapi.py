"""What belongs to Mastodon's API rather than to a post: a server's address, statuses as text."""

import html
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tidings.core import clock
from tidings.networks import _html
from tidings.networks.answered import Hearing, Message
from tidings.networks.declare import Rate
from tidings.networks.errors import Rejected
from tidings.networks.metrics import Counting, Metric, Numbers
from tidings.networks.seam import Outgoing, Receipt, Seen

METRICS = (
    Metric("favourites_count", "likes", "Profiles that marked the post as a favourite."),
    Metric("reblogs_count", "shares", "Times that the post was boosted."),
    Metric("quotes_count", "shares", "Posts that quote it, on servers that count them."),
    Metric("replies_count", "comments", "Posts that answer it."),
)
CROWD = (Metric("followers_count", "followers", "Profiles that follow this one, as far as its server knows."),)
COUNTING = Counting(
    reads=(Rate(300, timedelta(minutes=5)),),
    partial="A server counts what it has heard of; what happens on others may reach it late, or never.",
)
HEARING = Hearing(
    whole=True, partial="Answers to posts of this profile; where somebody mentions it elsewhere, is not listed."
)


def numbers(said: Mapping[str, Any]) -> Numbers:
    """What a status says of itself; older servers leave some out."""
    return {metric.theirs: int(said[metric.theirs]) for metric in METRICS if said.get(metric.theirs) is not None}


def address(typed: str, such_as: str = "mastodon.social") -> str:
    """The server's address from what a person types: a host, an address, or @name@host."""
    host = typed.strip().rstrip("/").rpartition("@")[2]
    url = host if "://" in host else f"https://{host}"
    if not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?", url) or "." not in url:
        raise Rejected(f"Type the name of the server, such as {such_as}.")
    if url.startswith("http://") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise Rejected(f"{host.removeprefix('http://')} would be spoken to in clear. Use its https address.")
    return url


def receipt(said: Mapping[str, Any]) -> Receipt:
    """A status's id, and where people read it."""
    return Receipt(str(said["id"]), said.get("url") or said.get("uri", ""))


def seen(said: Mapping[str, Any]) -> Seen:
    """A status of the profile as it is listed."""
    return Seen(receipt(said), _plain(said["content"]), clock.from_iso(said["created_at"]))


def message(said: Mapping[str, Any], on: str, me: str) -> Message:
    """A status below one of ours."""
    who = said["account"]
    return Message(
        receipt(said), f"@{who['acct']}", _html.plain(said["content"]), clock.from_iso(said["created_at"]),
        who.get("display_name", ""), on=on, reply_to=str(said.get("in_reply_to_id") or ""), ours=str(who["id"]) == me,
    )  # fmt: skip


def poll(wish: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A poll as the API takes it."""
    if not wish or not wish.get("choices"):
        return None
    return {"options": wish["choices"], "expires_in": wish["minutes"] * 60, "multiple": bool(wish.get("multiple"))}


def same(said: Mapping[str, Any], outgoing: Outgoing, handles: set[str]) -> bool:
    """Whether a status is the one that was meant: its media are ours, or text and parent are equal."""
    if said.get("in_reply_to_id") != (outgoing.reply_to.id if outgoing.reply_to else None):
        return False
    theirs = {str(media["id"]) for media in said.get("media_attachments", [])}
    if handles or theirs:
        return theirs == handles
    return _plain(said["content"]) == _folded(outgoing.text)


def _plain(content: str) -> str:
    """The text of a status's HTML, white space folded."""
    broken = re.sub(r"<br\s*/?>|</p>\s*<p>", " ", content)
    return _folded(html.unescape(re.sub(r"<[^>]+>", "", broken)))


def _folded(text: str) -> str:
    """White space folded, and mentions without the server that pages leave out."""
    return " ".join(re.sub(r"(@\w+)@[\w.-]+\w", r"\1", text).split())
