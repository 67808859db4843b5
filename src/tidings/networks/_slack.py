"""How Slack writes: text with its marks, what makes a new message, and messages as they are listed.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tidings.networks.seam import Mention, Outgoing, Profile, Receipt, Seen

MARK = re.compile(r"(<[@#!][\w^|. -]+>)")  # a mention of somebody, of everybody, of a channel
LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
CODES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
PREVIEWS = {"links": (True, False), "media": (False, True), "off": (False, False)}
EVENT = "tidings_delivery"


def escaped(text: str) -> str:
    """The text with its three signs of control as codes, mentions left alone."""
    parts = MARK.split(text)
    parts[::2] = [re.sub("[&<>]", lambda sign: CODES[sign[0]], part) for part in parts[::2]]
    return "".join(parts)


def plain(text: str) -> str:
    """What was written, from a text as Slack lists it."""
    text = LINK.sub(r"\1", text)
    for sign, code in reversed(CODES.items()):
        text = text.replace(code, sign)
    return text


def looks(outgoing: Outgoing) -> dict[str, Any]:
    """What was chosen for a message of words."""
    chosen = outgoing.options
    links, media = PREVIEWS.get(str(chosen.get("previews")), (None, None))
    wish = {
        "unfurl_links": links, "unfurl_media": media, "username": chosen.get("as_name") or None,
        "icon_url": chosen.get("as_picture") or None,
        "reply_broadcast": True if outgoing.reply_to and chosen.get("broadcast") else None,
    }
    return {name: value for name, value in wish.items() if value is not None}


def thread(outgoing: Outgoing) -> dict[str, str]:
    """A part answers the first of its thread, whatever it follows."""
    first = outgoing.root or outgoing.reply_to
    return {"thread_ts": first.extra.get("thread", first.id)} if first else {}


def mark(key: str, outgoing: Outgoing) -> dict[str, Any]:
    """What a message carries unseen, to be found again; and what it answers, which no message says."""
    to = {"to": outgoing.reply_to.id} if outgoing.reply_to else {}
    return {"event_type": EVENT, "event_payload": {"id": key, **to}}


def key_of(message: Mapping[str, Any]) -> str:
    """The delivery that a message carries."""
    return _payload(message, "id")


def answered(message: Mapping[str, Any]) -> str:
    """What it answers, where we wrote it."""
    return _payload(message, "to")


def _payload(message: Mapping[str, Any], name: str) -> str:
    metadata = message.get("metadata") or {}
    mine = metadata.get("event_type") == EVENT
    return str((metadata.get("event_payload") or {}).get(name, "")) if mine else ""


def moment(message: Mapping[str, Any]) -> datetime:
    """When it was said."""
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def named(people: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Everybody's id, with how Slack shows them."""
    for one in people:
        shown, real = (one.get("profile") or {}).get("display_name") or one["name"], one.get("real_name") or ""
        yield one["id"], (f"@{shown}", real)


def seen(message: Mapping[str, Any], home: str, channel: str) -> Seen:
    """A message of the channel as it is listed."""
    receipt = Receipt(message["ts"], address(home, channel, message["ts"]), {"thread": message["ts"]})
    return Seen(receipt, plain(message.get("text", "")), moment(message))


def channel(said: Mapping[str, Any], us: Mapping[str, Any]) -> Profile:
    """A channel that the app may write to."""
    server = {"url": us["url"], "bot": us["user_id"], "member": bool(said.get("is_member") or said.get("is_private"))}
    page, name = f"{us['url']}archives/{said['id']}", f"#{said['name']}"
    return Profile(said["id"], name, f"{name} ({us['team']})", "", page, server=server)


def mentions(people: Iterable[Mapping[str, Any]], query: str) -> Iterator[Mention]:
    """Everybody, and people whose name fits."""
    yield Mention("<!here>", "@here")
    yield Mention("<!channel>", "@channel")
    for one in people:
        name = one.get("real_name") or one["name"]
        if query.lower() in f"{name} {one['name']}".lower() and not one.get("deleted"):
            yield Mention(f"<@{one['id']}>", name)


def address(home: str, channel: str, ts: str) -> str:
    """Where a message of a channel is read."""
    return f"{home}archives/{channel}/p{ts.replace('.', '')}"
