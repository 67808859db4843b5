"""Posts in Tumblr's Neue Post Format: https://www.tumblr.com/docs/npf"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tidings.core import text
from tidings.networks.seam import Outgoing, Rendition

LONGEST = 4096  # code points in one block
Block = dict[str, Any]


def post(outgoing: Outgoing, media: Sequence[Block]) -> dict[str, Any]:
    """A post: heading, media, words, link, and what stands beside them."""
    chosen = outgoing.options
    heading = [{"type": "text", "subtype": "heading1", "text": chosen["title"]}] if chosen.get("title") else []
    link = [{"type": "link", "url": chosen["link"]}] if chosen.get("link") else []
    beside = {
        "tags": ",".join(chosen.get("tags") or ()), "source_url": chosen.get("source_url"), "slug": chosen.get("slug"),
        "interactability_reblog": chosen.get("reblogs"),
    }
    content = [*heading, *media, *words(outgoing.text), *link]
    return {"content": content, **{name: value for name, value in beside.items() if value}}


def words(said: str) -> Iterator[Block]:
    """A block for each paragraph, and more for a long one; what is a link there can be followed."""
    for paragraph in filter(None, (part.strip() for part in said.split("\n\n"))):
        for begin in range(0, len(paragraph), LONGEST):
            piece = paragraph[begin:begin + LONGEST]
            spans = text.urls(piece, bare=False)
            links = [{"start": a, "end": b, "type": "link", "url": piece[a:b]} for a, b in spans]
            yield {"type": "text", "text": piece, **({"formatting": links} if links else {})}


def upload(piece: Rendition, name: str) -> Block:
    """A medium that travels in the same request, under this name."""
    media = {"type": piece.mime, "identifier": name, "width": piece.width, "height": piece.height}
    if piece.kind == "film":
        return {"type": "video", "media": media}
    return {"type": "image", "media": [media], **({"alt_text": piece.alt} if piece.alt else {})}


def stored(content: Sequence[Block]) -> list[Block]:
    """The media of a post that is over there; none where Tumblr still works on a film."""
    media = [block for block in content if block["type"] in ("image", "video")]
    ready = all(block["type"] == "image" or (block.get("media") or {}).get("url") for block in media)
    return media if ready else []


def spoken(content: Sequence[Block]) -> str:
    """The words of a post that is over there, without its heading."""
    return "\n\n".join(b["text"] for b in content if b["type"] == "text" and b.get("subtype") != "heading1")


def parent(post: Mapping[str, Any]) -> dict[str, Any]:
    """What a reblog says of the post it hangs on; nothing for a post of its own."""
    if not post.get("parent_post_id"):
        return {}
    return {name: post[name] for name in ("parent_tumblelog_uuid", "parent_post_id", "reblog_key")}


def at(post: Mapping[str, Any]) -> datetime:
    """Since when it is published."""
    return datetime.fromtimestamp(post["timestamp"], UTC)
