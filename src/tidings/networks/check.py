"""What is wrong with a post before it is sent, said without a request, from the declaration alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidings.core import text
from tidings.core.speech import say
from tidings.networks import _check_media, _check_options
from tidings.networks.base import Network
from tidings.networks.declare import Limits
from tidings.networks.seam import Outgoing, Problem

__all__ = ["Count", "Problem", "check", "count"]

HASHTAG = re.compile(r"(?<![\w#/&])#\w+")
MENTION = re.compile(r"(?<![\w@/.])@\w+")


@dataclass(frozen=True)
class Count:
    """How long the text is as the network counts it."""

    used: int
    limit: int
    unit: str


def count(limits: Limits, text: str) -> Count:
    """The counter that stands closest to its limit (some networks count characters and bytes)."""
    counts = [Count(limits.count(text), limits.text, limits.unit)]
    if limits.text_bytes:
        counts.append(Count(len(text.encode()), limits.text_bytes, "bytes"))
    return max(counts, key=lambda c: c.used / max(c.limit, 1))


def check(network: type[Network], outgoing: Outgoing, server: Mapping[str, Any]) -> list[Problem]:
    """Everything that would be refused, in the order a person would mend it."""
    if outgoing.position and not network.threads and not (outgoing.reply_to and network.answerable):
        return [Problem("text", f"{network.label} takes one part only; this is part {outgoing.position + 1}.")]
    limits = network.limits_for(server, outgoing)
    return [
        *_text(network, limits, outgoing),
        *_check_media.media(network, limits, outgoing),
        *_check_options.options(network, limits, outgoing),
        *network.objections(outgoing, server),
    ]


def _text(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    blank = not outgoing.text.strip()
    if blank and not outgoing.media and not outgoing.options.get("poll"):
        yield Problem("text", "Write something or add a picture.")
    elif blank and limits.needs_text:
        yield Problem("text", f"{network.label} needs some text.")
    length = count(limits, outgoing.text)
    if length.used > length.limit:
        over = length.used - length.limit
        yield Problem("text", f"{over} {length.unit} too long for {network.label} ({length.limit} at most).")
    yield from _many(network, limits, outgoing.text)


def _many(network: type[Network], limits: Limits, said: str) -> Iterator[Problem]:
    used = {
        say("hashtags"): (limits.hashtags, len(HASHTAG.findall(said))),
        say("mentions"): (limits.mentions, len(MENTION.findall(said))),
        say("links"): (limits.links, len(text.urls(said, bare=False)) if limits.links is not None else 0),
    }
    for what, (most, there) in used.items():
        if most is not None and there > most:
            yield Problem("text", f"{network.label} takes at most {most} {what}; this has {there}.")
