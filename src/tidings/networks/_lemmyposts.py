"""What belongs to Lemmy's posts and comments rather than to the story of publishing: their shapes, both ways."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tidings.core import clock, text
from tidings.networks import _articles
from tidings.networks.seam import Outgoing, Receipt


def post(outgoing: Outgoing, pictures: list[str]) -> dict[str, Any]:
    """A post without its community. What it links to: the link, the first picture, or the first link in the text."""
    chosen, shown = outgoing.options, list(zip(outgoing.media, pictures, strict=True))
    link, alt = chosen.get("url"), ""
    if not link and shown:
        piece, link = shown.pop(0)
        alt = piece.alt
    wish = {
        "name": chosen["title"], "url": link or _first_link(outgoing.text), "alt_text": alt,
        "body": _articles.markdown(outgoing.text, shown), "nsfw": chosen.get("nsfw"),
        "language_id": int(chosen["language"]) if chosen.get("language") else None,
        "custom_thumbnail": chosen.get("thumbnail"),
    }
    return {name: value for name, value in wish.items() if value}


def _first_link(said: str) -> str:
    return next((said[start:end] for start, end in text.urls(said, bare=False)), "")


def comment(outgoing: Outgoing, root: Receipt) -> dict[str, Any]:
    """A comment under the post, or under the comment before."""
    above = outgoing.reply_to
    parent = {"parent_id": int(above.id)} if above and above.extra.get("post") else {}
    return {"post_id": int(root.id), "content": outgoing.text, **parent}


def receipt(view: Mapping[str, Any]) -> Receipt:
    """Of a post, or of a comment, which knows its post."""
    made, extra = (view["comment"], {"post": str(view["post"]["id"])}) if "comment" in view else (view["post"], {})
    return Receipt(str(made["id"]), made["ap_id"], extra)


def above(said: Mapping[str, Any]) -> str:
    """The comment that this one answers, by its path from the post down to itself; empty: the post."""
    parent = str(said["path"]).split(".")[-2]
    return "" if parent == "0" else parent


def gone(made: Mapping[str, Any]) -> bool:
    """Whether its author has deleted it, or a moderator has removed it."""
    return bool(made["deleted"] or made["removed"])


def latest(said: Mapping[str, Any], since: datetime) -> list[tuple[Receipt, dict[str, Any]]]:
    """What a person has said lately, the latest first."""
    found = [(receipt(view), view.get("comment") or view["post"]) for view in (*said["posts"], *said["comments"])]
    fresh = [(proof, one) for proof, one in found if clock.from_iso(one["published"]) >= since]
    return sorted(fresh, key=lambda both: both[1]["published"], reverse=True)


def named(one: Mapping[str, Any]) -> str:
    """Somebody or something as every server may call it: name@host."""
    return f"{one['name']}@{urlsplit(one['actor_id']).netloc}"


def label(community: Mapping[str, Any]) -> str:
    """A community, and whether anybody may post there."""
    closed = " (moderators only)" if community.get("posting_restricted_to_mods") else ""
    return f"{community['title']} – {named(community)}{closed}"
