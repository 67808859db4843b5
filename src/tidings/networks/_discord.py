"""How a message is written for Discord, and whether one in a channel is the one that was meant."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tidings.core import clock
from tidings.networks.seam import Mention, Outgoing, Profile, Receipt, Seen

EPOCH = 1_420_070_400_000  # milliseconds: Discord's ids count from 2015
QUIET = {"silent": 4096, "no_embeds": 4}
PINGS = {"users": ["users"], "roles": ["users", "roles"], "everyone": ["users", "roles", "everyone"]}


def channel(
    said: Mapping[str, Any], kind: str, guild: Mapping[str, Any], bot: str, hosts: Mapping[str, str]
) -> Profile:
    """A channel of a server that the bot is in."""
    id, picture = guild["id"], guild.get("icon")
    face = f"{hosts['pictures']}/icons/{id}/{picture}.png" if picture else ""
    page, server = f"{hosts['site']}/channels/{id}/{said['id']}", {"guild": id, "bot": bot, "kind": kind}
    return Profile(said["id"], f"#{said['name']}", f"#{said['name']} ({guild['name']})", face, page, server=server)


def webhook(said: Mapping[str, Any], hosts: Mapping[str, str]) -> Profile:
    """The one channel that a webhook writes to."""
    id, picture, guild, inside = said["id"], said.get("avatar"), said["guild_id"], said["channel_id"]
    face, name = f"{hosts['pictures']}/avatars/{id}/{picture}.png" if picture else "", said.get("name") or "Webhook"
    page, server = f"{hosts['site']}/channels/{guild}/{inside}", {"guild": guild, "channel": inside, "webhook": True}
    return Profile(id, name, name, face, page, server=server)


def mentions(people: list[Any], roles: list[Any], query: str) -> list[Mention]:
    """How they are written in a message."""
    fitting = [role for role in roles if query.lower() in role["name"].lower() and role["name"] != "@everyone"]
    return [
        *(Mention(f"<@{one['user']['id']}>", _name(one)) for one in people),
        *(Mention(f"<@&{role['id']}>", f"@{role['name']}") for role in fitting),
    ]


def _name(member: Mapping[str, Any]) -> str:
    return str(member.get("nick") or member["user"].get("global_name") or member["user"]["username"])


def snowflake(moment: datetime) -> int:
    """The lowest id that something of this moment can have."""
    return (int(moment.timestamp() * 1000) - EPOCH) << 22


def as_bot(outgoing: Outgoing, key: str) -> dict[str, Any]:
    """A message of the bot, under the delivery's key."""
    parent = {"message_reference": {"message_id": outgoing.reply_to.id}} if outgoing.reply_to else {}
    return {**_body(outgoing), "nonce": _nonce(key), "enforce_nonce": True, **parent}


def _nonce(key: str) -> str:
    """The delivery's key in at most 25 characters."""
    return base64.b32encode(hashlib.blake2b(key.encode(), digest_size=15).digest()).decode()


def as_webhook(outgoing: Outgoing) -> dict[str, Any]:
    """A message of a webhook, which may go by another name."""
    own = {"username": outgoing.options.get("as_name"), "avatar_url": outgoing.options.get("as_picture")}
    return {**_body(outgoing), **{name: value for name, value in own.items() if value}}


def _body(outgoing: Outgoing) -> dict[str, Any]:
    """What bots and webhooks both say. Without `allowed_mentions` every @everyone in a text would ring."""
    flags, poll = sum(flag for name, flag in QUIET.items() if outgoing.options.get(name)), outgoing.options.get("poll")
    wish = {
        "content": "" if poll else outgoing.text,
        "poll": _poll(outgoing, poll) if poll else None,
        "attachments": [_piece(n, outgoing) for n in range(len(outgoing.media))],
        "flags": flags,
    }
    return {**{name: value for name, value in wish.items() if value}, "allowed_mentions": pings(outgoing)}


def pings(outgoing: Outgoing) -> dict[str, Any]:
    """Who may be notified by what is written."""
    return {"parse": PINGS.get(str(outgoing.options.get("mentions")), []), "replied_user": False}


def _piece(n: int, outgoing: Outgoing) -> dict[str, str]:
    piece = outgoing.media[n]
    alt = {"description": piece.alt} if piece.alt else {}
    return {"id": str(n), "filename": piece.name or f"file-{n}", **alt}


def _poll(outgoing: Outgoing, poll: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "question": {"text": outgoing.text}, "answers": [{"poll_media": {"text": one}} for one in poll["choices"]],
        "duration": -(-poll["minutes"] // 60), "allow_multiselect": bool(outgoing.options.get("several_answers")),
    }


def same(message: Mapping[str, Any], outgoing: Outgoing, bot: str) -> bool:
    """Whether it is ours by its author, words, files and parent. File names are changed over there, sizes are not."""
    parent = (message.get("message_reference") or {}).get("message_id")
    return (
        message["author"]["id"] == bot
        and said(message).split() == outgoing.text.split()
        and parent == (outgoing.reply_to.id if outgoing.reply_to else None)
        and sorted(one["size"] for one in message["attachments"]) == sorted(piece.size for piece in outgoing.media)
    )


def said(message: Mapping[str, Any]) -> str:
    """Its words, or the question it asks."""
    return str(message["content"] or ((message.get("poll") or {}).get("question") or {}).get("text", ""))


def seen(message: Mapping[str, Any], receipt: Receipt) -> Seen:
    """A message as it is listed."""
    return Seen(receipt, said(message), clock.from_iso(message["timestamp"]))


def detail(errors: Any) -> str:
    """The first sentence in their tree of what is wrong with a form, and where it hangs."""
    if not isinstance(errors, dict):
        return ""
    if errors.get("_errors"):
        return str(errors["_errors"][0].get("message", ""))
    found = ((name, detail(inner)) for name, inner in errors.items())
    return next((f"{name}: {words}" for name, words in found if words), "")
