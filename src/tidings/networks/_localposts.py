"""Posts of a business on Google: what belongs together in one, and how it is written.

https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tidings.networks.seam import Outgoing, Problem, Receipt, Seen

NUMBER = re.compile(r"(?<!\w)\+?\d[\d ()/-]{7,}\d(?!\w)")  # what looks like a telephone number


def objections(outgoing: Outgoing) -> Iterator[Problem]:
    """What does not belong together, and what Google is known not to like."""
    chosen = outgoing.options
    action, topic = chosen.get("action") or "", chosen.get("topic") or ""
    if bool(chosen.get("action_url")) != (action not in ("", "CALL")):
        yield Problem("action_url", "A button leads to an address, except for the one that calls.")
    if topic:
        missing = [name for name in ("event_title", "start", "end") if not chosen.get(name)]
        yield from (Problem(name, "An event or offer has a title, a beginning and an end.") for name in missing)
        if not missing and _backwards(chosen["start"], chosen["end"]):
            yield Problem("end", "This ends before it begins.")
    if topic != "OFFER" and any(chosen.get(name) for name in ("coupon", "redeem_url", "terms")):
        yield Problem("coupon", "Only an offer has a coupon, an address to take it up, and terms.")
    if NUMBER.search(outgoing.text):
        yield Problem("text", "Google often rejects posts with a telephone number in the text.", "warning")


def _backwards(start: str, end: str) -> bool:
    """What is no time is told elsewhere."""
    try:
        return datetime.fromisoformat(end) < datetime.fromisoformat(start)
    except (TypeError, ValueError):
        return False


def body(outgoing: Outgoing) -> dict[str, Any]:
    """What the API takes; what was not chosen is left out."""
    chosen = outgoing.options
    button = {"actionType": chosen.get("action"), "url": chosen.get("action_url")}
    offer = {"couponCode": chosen.get("coupon"), "redeemOnlineUrl": chosen.get("redeem_url"),
             "termsConditions": chosen.get("terms")}
    topic = chosen.get("topic")
    return _filled({
        "languageCode": chosen.get("language"), "summary": outgoing.text, "topicType": topic or "STANDARD",
        "callToAction": _filled(button), "event": _event(chosen) if topic else None, "offer": _filled(offer),
    })


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _event(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Times are those on the clock where they were chosen, as a visitor reads them."""
    schedule: dict[str, Any] = {}
    for ours in ("start", "end"):
        at = datetime.fromisoformat(chosen[ours])
        schedule |= {f"{ours}Date": {"year": at.year, "month": at.month, "day": at.day},
                     f"{ours}Time": {"hours": at.hour, "minutes": at.minute}}
    return {"title": chosen["event_title"], "schedule": schedule}


def receipt(post: Mapping[str, Any]) -> Receipt:
    """Of a post that is listed."""
    return Receipt(post["name"], post.get("searchUrl", ""))


def made_at(post: Mapping[str, Any]) -> datetime:
    """Since when it is there."""
    return datetime.fromisoformat(post["createTime"])


def seen(post: Mapping[str, Any]) -> Seen:
    """A post as it is listed."""
    return Seen(receipt(post), post.get("summary", ""), made_at(post))


def same(post: Mapping[str, Any], wish: Mapping[str, Any]) -> bool:
    """Whether it is the one that was wished, and stays: by its words and its button."""
    return post["state"] != "REJECTED" and all(post.get(n) == wish.get(n) for n in ("summary", "callToAction"))
