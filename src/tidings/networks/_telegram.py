"""How a post is written for Telegram: by which method, with which fields and files, and what does not go together."""

import re
from collections.abc import Iterator
from typing import Any

from tidings.core import text
from tidings.networks.seam import Outgoing, Problem, Rendition

BUTTON = re.compile(r"(.+)\s(https?://\S+)")
SIDES = 10_000  # pixels: width and height of a picture together
KINDS = {"picture": ("sendPhoto", "photo"), "film": ("sendVideo", "video"), "animation": ("sendAnimation", "animation")}
PREVIEWS: dict[str, dict[str, bool]] = {
    "off": {"is_disabled": True}, "above": {"show_above_text": True}, "small": {"prefer_small_media": True},
    "large": {"prefer_large_media": True},
}
Message = tuple[str, dict[str, Any], dict[str, Rendition]]


def objections(outgoing: Outgoing) -> Iterator[Problem]:
    """What does not go together, and buttons that lead nowhere."""
    album, written = len(outgoing.media) > 1, outgoing.options.get("buttons") or []
    if album and any(piece.kind == "animation" for piece in outgoing.media):
        yield Problem("media", "On Telegram an animation stands alone.")
    for n, piece in enumerate(outgoing.media):
        if piece.kind == "picture" and piece.width + piece.height > SIDES:
            yield Problem(f"media-{n}", f"Width and height may have {SIDES} pixels together.")
    if album and written:
        yield Problem("buttons", "There are no buttons below several pictures.")
    if not all(BUTTON.fullmatch(str(button)) for button in written):
        yield Problem("buttons", "A button is words and an address, such as: Read on https://example.org")


def message(outgoing: Outgoing) -> Message:
    """The method, its fields without the chat, and the files that go along."""
    chosen, parent = outgoing.options, outgoing.reply_to
    common = {
        "message_thread_id": int(chosen["topic"]) if chosen.get("topic") else None,
        "disable_notification": chosen.get("silent"), "protect_content": chosen.get("protect"),
        "reply_parameters": {"message_id": int(parent.id)} if parent else None, **buttons(outgoing),
    }
    method, wish, files = _body(outgoing)
    return method, wish | {name: value for name, value in common.items() if value}, files


def buttons(outgoing: Outgoing) -> dict[str, Any]:
    """One below the other. An edit without them would take them away."""
    found = [BUTTON.fullmatch(str(button)) for button in outgoing.options.get("buttons") or []]
    rows = [[{"text": one[1].strip(), "url": one[2]}] for one in found if one]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _body(outgoing: Outgoing) -> Message:
    if outgoing.options.get("poll"):
        return "sendPoll", _poll(outgoing), {}
    if len(outgoing.media) > 1:
        return _album(outgoing)
    if outgoing.media:
        method, field = KINDS[outgoing.media[0].kind]
        return method, {"caption": outgoing.text, **_looks(outgoing)}, {field: outgoing.media[0]}
    return "sendMessage", {"text": outgoing.text, **_preview(outgoing)}, {}


def _album(outgoing: Outgoing) -> Message:
    """The caption of the first is shown as that of all."""
    files = {f"file-{n}": piece for n, piece in enumerate(outgoing.media)}
    media: list[dict[str, Any]] = [
        {"type": KINDS[piece.kind][1], "media": f"attach://{name}", **_looks(outgoing)} for name, piece in files.items()
    ]
    media[0] |= {"caption": outgoing.text} if outgoing.text else {}
    return "sendMediaGroup", {"media": media}, files


def _looks(outgoing: Outgoing) -> dict[str, bool]:
    wish = {"has_spoiler": "spoiler", "show_caption_above_media": "caption_above"}
    return {field: True for field, option in wish.items() if outgoing.options.get(option)}


def _preview(outgoing: Outgoing) -> dict[str, Any]:
    """Sizes are taken only together with the link that they are for."""
    wish, found = PREVIEWS.get(str(outgoing.options.get("preview")), {}), text.urls(outgoing.text, bare=False)
    link = {"url": outgoing.text[slice(*found[0])]} if found and wish and "is_disabled" not in wish else {}
    return {"link_preview_options": {**wish, **link}} if wish else {}


def _poll(outgoing: Outgoing) -> dict[str, Any]:
    poll, chosen = outgoing.options["poll"], outgoing.options
    return {
        "question": outgoing.text, "options": [{"text": choice} for choice in poll["choices"]],
        "open_period": poll["minutes"] * 60, "is_anonymous": not chosen.get("open_votes"),
        "allows_multiple_answers": bool(chosen.get("several_answers")),
    }
