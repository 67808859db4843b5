"""What others say in a room of Matrix's simulator: plain answers to a message, and mentions."""

from collections.abc import Iterable, Mapping
from typing import Any

from tidings.simulators._remarks import Remark

HOME = "!demo:sim"


def remarked(one: Remark, events: Mapping[str, Any]) -> dict[str, Any]:
    """As an event, in the room of what it answers."""
    to = one.reply_to or one.on
    content: dict[str, Any] = {"msgtype": "m.text", "body": one.text, "m.mentions": {}}
    if to:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": to}}
    if one.kind == "mention":
        content["m.mentions"] = {"user_ids": ["@demo:sim"]}
    return {
        "event_id": one.id, "type": "m.room.message", "sender": f"@{one.author}:sim", "content": content,
        "room_id": events[one.on]["room_id"] if one.on in events else HOME, "unsigned": {},
        "origin_server_ts": int(one.at.timestamp() * 1000),
    }  # fmt: skip


def members(listed: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who has written these, with the name that they go by in the room."""
    return [
        {"type": "m.room.member", "state_key": who, "content": {"displayname": who[1:].partition(":")[0].title()}}
        for who in {event["sender"] for event in listed}
    ]
