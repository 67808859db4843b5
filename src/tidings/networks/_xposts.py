"""How X writes: its answers, what makes a new post, and whether one in a timeline is the one that was meant."""

import html
import unicodedata
from collections.abc import Mapping
from typing import Any

from tidings.core import clock, text
from tidings.core.http import Answer
from tidings.networks.errors import Rejected, Unsure
from tidings.networks.seam import Outgoing, Receipt, Seen

READ = "created_at,attachments,referenced_tweets,entities,note_tweet"  # what is asked of every post in a timeline


def mapping(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object; an empty one when it is something else."""
    said = answer.json()
    return said if isinstance(said, dict) else {}


def spoken(said: Mapping[str, Any]) -> str:
    """The first sentence in an answer that says what is wrong."""
    parts = [*said.get("errors", []), said]
    words = (part.get("message") or part.get("detail") or part.get("title") for part in parts)
    return next((str(word) for word in words if word), "")


def body(outgoing: Outgoing, media: list[str]) -> dict[str, Any]:
    """What POST /2/tweets takes; it refuses keys it does not know, and empty ones."""
    chosen, poll = outgoing.options, outgoing.options.get("poll") or {}
    community = str(chosen.get("community") or "").rstrip("/").rpartition("/")[2]
    wish = {
        "text": outgoing.text, "media": {"media_ids": media} if media else None,
        "reply": {"in_reply_to_tweet_id": outgoing.reply_to.id} if outgoing.reply_to else None,
        "poll": {"options": poll["choices"], "duration_minutes": poll["minutes"]} if poll.get("choices") else None,
        "reply_settings": chosen.get("who_can_reply"), "community_id": community,
        "share_with_followers": community and chosen.get("share_with_followers"),
        "made_with_ai": chosen.get("made_with_ai"), "paid_partnership": chosen.get("paid_partnership"),
    }
    return {name: value for name, value in wish.items() if value}


def same(post: Mapping[str, Any], outgoing: Outgoing, keys: list[str | None]) -> bool:
    """Whether a post is the one that was meant: its media are ours, or parent and text are equal."""
    theirs = post.get("attachments", {}).get("media_keys", [])
    if keys or theirs:
        return all(keys) and sorted(map(str, keys)) == sorted(theirs)
    parents = [ref["id"] for ref in post.get("referenced_tweets", []) if ref["type"] == "replied_to"]
    if parents != ([outgoing.reply_to.id] if outgoing.reply_to else []):
        return False
    return _plain(_said(post)) == _plain(outgoing.text)


def seen(post: Mapping[str, Any], receipt: Receipt) -> Seen:
    """A post of the timeline as it is listed."""
    return Seen(receipt, _said(post), clock.from_iso(post["created_at"]))


def _said(post: Mapping[str, Any]) -> str:
    """What a post says, with every link as it was written."""
    full = post.get("note_tweet") or post
    said = html.unescape(full["text"])
    for link in full.get("entities", {}).get("urls", []):
        said = said.replace(link["url"], link.get("expanded_url", link["url"]), 1)
    return said


def _plain(said: str) -> str:
    """NFC, white space folded, and links in the one form that X expands them to."""
    said, plain, at = unicodedata.normalize("NFC", said), "", 0
    for start, end in text.urls(said):
        link = said[start:end]
        plain += said[at:start] + (link if "://" in link else f"http://{link}").rstrip("/")
        at = end
    return " ".join((plain + said[at:]).split())


def data(body: dict[str, Any]) -> dict[str, Any]:
    """The `data` of a success. A 200 that has only errors made nothing."""
    if body.get("data"):
        return dict(body["data"])
    raise Rejected(spoken(body)) if body.get("errors") else Unsure("X did not say what it made.")
