"""What belongs to Misskey's notes rather than to the story of publishing: their shapes, both ways."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.networks.seam import Outgoing, Receipt, Seen

SEEN_BY = ("public", "home", "followers")  # ever fewer


def note(outgoing: Outgoing, files: list[str], quoted: str) -> dict[str, Any]:
    """A note as the API takes it; what is not said is left out, for an empty text is refused."""
    chosen = outgoing.options
    wish = {
        "text": outgoing.text, "cw": chosen.get("warning"), "visibility": _seen_by(outgoing),
        "localOnly": chosen.get("local_only"), "reactionAcceptance": chosen.get("reactions"),
        "channelId": chosen.get("channel"), "fileIds": files, "renoteId": quoted, "poll": _poll(chosen.get("poll")),
        "replyId": outgoing.reply_to.id if outgoing.reply_to else None,
    }
    return {name: value for name, value in wish.items() if value}


def _seen_by(outgoing: Outgoing) -> str | None:
    """An answer is not shown to more people than what it answers."""
    above = outgoing.reply_to.extra.get("visibility") if outgoing.reply_to else None
    chosen = outgoing.options.get("visibility")
    if above not in SEEN_BY or (chosen and chosen not in SEEN_BY):
        return chosen
    return max(above, chosen or above, key=SEEN_BY.index)


def _poll(wish: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not wish or not wish.get("choices"):
        return None
    lasts = int(timedelta(minutes=wish["minutes"]).total_seconds()) * 1000
    return {"choices": wish["choices"], "multiple": bool(wish.get("multiple")), "expiredAfter": lasts}


def same(said: Mapping[str, Any], outgoing: Outgoing, files: list[Any]) -> bool:
    """Whether a note is the one that was meant: its files are ours, or text and parent are equal."""
    if said.get("replyId") != (outgoing.reply_to.id if outgoing.reply_to else None):
        return False
    theirs = said.get("fileIds") or []
    return theirs == files if theirs or files else (said.get("text") or "") == outgoing.text


def fresh(notes: Iterable[dict[str, Any]], since: datetime) -> list[dict[str, Any]]:
    """Those since then, the latest first: servers list them in either order."""
    found = [one for one in notes if clock.from_iso(one["createdAt"]) >= since]
    return sorted(found, key=lambda one: str(one["createdAt"]), reverse=True)


def seen(said: Mapping[str, Any], receipt: Receipt) -> Seen:
    """A note of the profile as it is listed."""
    return Seen(receipt, said.get("text") or "", clock.from_iso(said["createdAt"]))


def again_at(said: Any) -> datetime | None:
    """When a limit ends, if the error says so: milliseconds since 1970, or from now; the size tells which."""
    error = said.get("error") if isinstance(said, dict) else None
    reset = (error.get("info") or {}).get("resetMs") if isinstance(error, dict) else None
    if not isinstance(reset, int | float):
        return None
    now, wait = clock.now(), timedelta(milliseconds=reset)
    return now + wait if wait < timedelta(days=366) else datetime.fromtimestamp(reset / 1000, now.tzinfo)
