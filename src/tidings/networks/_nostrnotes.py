"""A note as an event, and back: its text, and the tags that say what it answers, shows and is about.

https://github.com/nostr-protocol/nips: NIP-10 threads, 24 topics, 27 mentions, 36 warnings, 40 ends, 92 media.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tidings.core import clock
from tidings.networks import _nip19
from tidings.networks._nostrkeys import Event, Tags
from tidings.networks._nostrrelay import TAKEN
from tidings.networks.seam import Outgoing, Receipt, Rendition

HASHTAG = re.compile(r"(?<![\w#/&])#(\w+)")
MENTION = re.compile(r"nostr:(npub1\w+)")

Kept = Mapping[str, str]  # what the media server said of a file


def content(outgoing: Outgoing, media: Sequence[Kept]) -> str:
    """The text, and under it where the media are."""
    return "\n\n".join(filter(None, (outgoing.text.strip(), "\n".join(kept["url"] for kept in media))))


def text(event: Event) -> str:
    """The author's own words in a note."""
    urls = [str(tag[1]).removeprefix("url ") for tag in event["tags"] if tag[0] == "imeta"]
    words: str = event["content"]
    return words.removesuffix("\n".join(urls)).strip() if urls else words


def tags(outgoing: Outgoing, media: Sequence[Kept], author: str) -> Tags:
    """All that is true of the note beside its text."""
    shown = [_imeta(piece, kept) for piece, kept in zip(outgoing.media, media, strict=True)]
    return [*_thread(outgoing, author), *_people(outgoing), *_marks(outgoing.options, outgoing.text), *shown]


def first_relay(receipt: Receipt) -> str:
    """Where the note can be had."""
    return next((relay for relay, said in receipt.extra.items() if said == TAKEN), "")


def _thread(outgoing: Outgoing, author: str) -> Iterator[list[str]]:
    """Somebody else's note says itself who wrote it, who takes part, and which note is the first of its thread."""
    above = outgoing.reply_to
    root = outgoing.root or above
    if above and root:
        theirs, first = above.extra.get("author", author), above.extra.get("root", root.id)
        known = [first_relay(root), "root", author if outgoing.root else theirs]
        yield ["e", first, *(known if first == root.id else ["", "root"])]
        if above.id != first:
            yield ["e", above.id, first_relay(above), "reply", theirs]
        called = [theirs, *above.extra.get("people", "").split()]
        yield from (["p", key] for key in dict.fromkeys(called) if key != author or key == theirs)


def _people(outgoing: Outgoing) -> Iterator[list[str]]:
    for address in dict.fromkeys(MENTION.findall(outgoing.text)):
        try:
            yield ["p", _nip19.decode("npub", address).hex()]
        except ValueError:
            continue


def _marks(options: Mapping[str, Any], words: str) -> Iterator[list[str]]:
    topics = [*HASHTAG.findall(words), *(topic.lstrip("#") for topic in options.get("topics") or ())]
    for topic in dict.fromkeys(topic.lower() for topic in topics):
        yield ["t", topic]
    if options.get("warning"):
        yield ["content-warning", options["warning"]]
    if options.get("expires"):
        yield ["expiration", str(int(clock.from_iso(options["expires"].replace("Z", "+00:00")).timestamp()))]


def _imeta(piece: Rendition, kept: Kept) -> list[str]:
    said = {"url": kept["url"], "m": piece.mime, "x": kept["x"], "dim": f"{piece.width}x{piece.height}",
            "alt": " ".join(piece.alt.split())}
    return ["imeta", *(f"{name} {value}" for name, value in said.items() if value not in ("", "0x0"))]
