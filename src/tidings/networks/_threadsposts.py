"""How a post is written for Threads, and whether one that is listed is the one that was meant."""

import json
from collections.abc import Mapping
from typing import Any

from tidings.networks import _containers
from tidings.networks.seam import Outgoing, Rendition

TYPES = {"picture": "IMAGE", "film": "VIDEO"}
SHOWN_AS = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}  # what lists call the types that containers have


def body(outgoing: Outgoing, children: list[str]) -> dict[str, Any]:
    """Everything that was chosen; a flag that is off is not said."""
    chosen, parent = outgoing.options, outgoing.reply_to
    wish = {
        "text": outgoing.text, "reply_to_id": parent.id if parent else "", "children": ",".join(children),
        **(medium(outgoing.media[0]) if outgoing.media and not children else {"media_type": _type(outgoing)}),
        "reply_control": chosen.get("reply_control"), "enable_reply_approvals": chosen.get("approve_replies"),
        "topic_tag": chosen.get("topic"), "link_attachment": chosen.get("link"),
        "quote_post_id": chosen.get("quote"), "poll_attachment": _poll(chosen.get("poll") or {}),
        "text_attachment": {"plaintext": chosen["long_text"]} if chosen.get("long_text") else "",
        "is_spoiler_media": chosen.get("spoiler"), "is_ghost_post": chosen.get("ghost"),
        "allowlisted_country_codes": ",".join(chosen.get("countries") or ()),
    }
    return {name: value for name, value in wish.items() if value}


def medium(piece: Rendition) -> dict[str, Any]:
    """A picture or film, alone or as a child of several."""
    kind = TYPES[piece.kind]
    return {"media_type": kind, f"{kind.lower()}_url": piece.link(), "alt_text": piece.alt}


def _type(outgoing: Outgoing) -> str:
    if len(outgoing.media) > 1:
        return "CAROUSEL"
    return TYPES[outgoing.media[0].kind] if outgoing.media else "TEXT"


def _poll(poll: Mapping[str, Any]) -> str:
    written = (str(choice) for choice in poll.get("choices", []) if str(choice).strip())
    choices = {f"option_{letter}": choice for letter, choice in zip("abcd", written, strict=False)}
    return json.dumps(choices) if choices else ""


def same(post: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """By its kind and words. The first hashtag has become the topic and lost its #, so none is looked at."""
    kind = _type(outgoing)
    alike = _bare(_containers.said(post)) == _bare(outgoing.text)
    return alike and post.get("media_type") == SHOWN_AS.get(kind, kind)


def _bare(words: str) -> str:
    return _containers.plain(words.replace("#", ""))
