"""What a post on Reddit consists of, as its API wants it, and what its answers say beside their status."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tidings.core.http import Answer
from tidings.networks.seam import Outgoing, Receipt, Seen

UNITS = {"millisecond": 0.001, "second": 1, "minute": 60, "hour": 3600}


def has_film(outgoing: Outgoing) -> bool:
    """Whether this is a post with a film; a picture beside it is what is shown first."""
    return any(piece.kind == "film" for piece in outgoing.media)


def subreddit(outgoing: Outgoing) -> str:
    """Its name, however it was written."""
    return str(outgoing.options["subreddit"]).strip().removeprefix("/").removeprefix("r/")


def wish(outgoing: Outgoing, media: Sequence[Mapping[str, str]]) -> tuple[str, dict[str, Any]]:
    """Where this kind of post is asked for, and how."""
    chosen, poll = outgoing.options, outgoing.options.get("poll")
    said = {
        "api_type": "json", "sr": subreddit(outgoing), "title": chosen["title"], "text": outgoing.text,
        "flair_id": chosen.get("flair"), "nsfw": bool(chosen.get("nsfw")), "spoiler": bool(chosen.get("spoiler")),
        "sendreplies": chosen.get("send_replies", True) is not False, "validate_on_submit": True,
    }
    said = {name: value for name, value in said.items() if value not in (None, "")}
    if poll:
        days = -(-poll["minutes"] // 1440)
        return "/api/submit_poll_post.json", {**said, "options": poll["choices"], "duration": days}
    if len(media) > 1 and not has_film(outgoing):
        items = [{"media_id": one["id"], "caption": "", "outbound_url": ""} for one in media]
        return "/api/submit_gallery_post.json", {**said, "items": items}
    form = {**said, **_single(outgoing, media), "resubmit": False}
    return "/api/submit", {name: _written(value) for name, value in form.items()}


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _single(outgoing: Outgoing, media: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Which kind of post it is, and its one address."""
    if has_film(outgoing):
        urls = dict(zip((piece.kind for piece in outgoing.media), (one["url"] for one in media), strict=True))
        kind = "videogif" if outgoing.options.get("silent") else "video"
        return {"kind": kind, "url": urls["film"], "video_poster_url": urls["picture"]}
    if media:
        return {"kind": "image", "url": media[0]["url"]}
    link = outgoing.options.get("url")
    return {"kind": "link", "url": link} if link else {"kind": "self"}


def same(thing: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Whether this post or comment says what we were to say, where we were to say it."""
    if outgoing.reply_to:
        return (thing["parent_id"], thing["body"].strip()) == (outgoing.reply_to.id, outgoing.text.strip())
    aim = (subreddit(outgoing).lower(), outgoing.options["title"].strip())
    return (thing["subreddit"].lower(), thing["title"].strip()) == aim


def seen(thing: Mapping[str, Any], receipt: Receipt) -> Seen:
    """A post as it is listed."""
    at = datetime.fromtimestamp(thing["created_utc"], UTC)
    return Seen(receipt, thing.get("selftext") or thing["title"], at)


def trouble(answer: Answer) -> tuple[str, str]:
    """What is wrong beside the status, as code and words: errors with a 200, a missing scope, a page."""
    body = answer.json()
    if "insufficient_scope" in answer.headers.get("www-authenticate", ""):
        return "insufficient_scope", "Reddit was not asked for all that is needed here."
    if answer.status == 403 and not isinstance(body, dict):
        return "blocked", "Reddit lets neither this server nor its app in."
    inner = body.get("json") if isinstance(body, dict) else None
    errors = inner.get("errors") if isinstance(inner, dict) else None
    return (str(errors[0][0]), str(errors[0][1])) if errors else ("", "")


def wait(said: str) -> timedelta | None:
    """How long they ask us to wait ("try again in 9 minutes"), and one more of that unit."""
    found = re.search(r"(\d+) (millisecond|second|minute|hour)s?", said)
    return timedelta(seconds=(int(found[1]) + 1) * UNITS[found[2]]) if found else None
