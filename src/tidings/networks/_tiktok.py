"""What a post on TikTok consists of: what is said of it, where its media come from, in which pieces a film goes up.

https://developers.tiktok.com/doc/content-posting-api-get-started
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tidings.core import text
from tidings.core.http import Answer
from tidings.networks.declare import Option
from tidings.networks.seam import Outgoing, Problem, Rendition

CHUNK = 10_000_000  # bytes; a piece has from 5 to 64 MB, and the last one takes what is left
CONSENT = "By posting, you agree to TikTok's Music Usage Confirmation; with branded content also to its policy on that."
LEVELS = {
    "PUBLIC_TO_EVERYONE": "Everyone", "MUTUAL_FOLLOW_FRIENDS": "Friends", "FOLLOWER_OF_CREATOR": "Followers",
    "SELF_ONLY": "Only you",
}
OPTIONS = (
    Option("mode", "How", "choice", (
        ("inbox", "As a draft for the TikTok app"), ("direct", "Published at once"),
    ), default="inbox", help=CONSENT),
    Option("privacy", "Who can see it", "lookup", help="To be published at once, this must be chosen each time."),
    Option("title", "Title of pictures", longest=90, count=text.utf16),
    Option("comment", "Allow comments", "flag", default=False),
    Option("duet", "Allow duets with the film", "flag", default=False),
    Option("stitch", "Allow stitches of the film", "flag", default=False),
    Option("disclose", "It promotes something", "flag", default=False),
    Option("your_brand", "Yourself or your own business", "flag", default=False),
    Option("branded_content", "Somebody else: a paid partnership", "flag", default=False),
    Option("ai", "Made with AI", "flag", default=False),
    Option("music", "Let TikTok add music to pictures", "flag", default=False),
    Option("cover_ms", "Moment shown as the film's cover", "number", help="In milliseconds."),
    Option("cover_index", "Number of the picture shown first", "number", help="The first one is 0."),
)


def direct(outgoing: Outgoing) -> bool:
    """Whether it is published at once."""
    return outgoing.options.get("mode") == "direct"


def is_film(outgoing: Outgoing) -> bool:
    """A post is one film, or pictures."""
    return any(piece.kind == "film" for piece in outgoing.media)


def objections(outgoing: Outgoing) -> Iterator[Problem]:
    """What TikTok wants to be said of every post, and what does not go together."""
    chosen, kinds = outgoing.options, [name for name in ("your_brand", "branded_content") if outgoing.options.get(name)]
    if direct(outgoing) and not chosen.get("privacy"):
        yield Problem("privacy", "Choose who can see it; TikTok wants no choice to be made for you.")
    if chosen.get("disclose") and not kinds:
        yield Problem("disclose", "Say whom it promotes: yourself, somebody else, or both.")
    for name in kinds if not chosen.get("disclose") else ():
        yield Problem(name, "This is said only of what promotes something.")
    if chosen.get("branded_content") and chosen.get("privacy") == "SELF_ONLY":
        yield Problem("privacy", "Branded content cannot be for yourself only.")
    if str(chosen.get("cover_index") or 0).isdigit() and int(chosen.get("cover_index") or 0) >= len(outgoing.media) > 0:
        yield Problem("cover_index", "There is no picture of this number.")
    if is_film(outgoing) and not direct(outgoing) and outgoing.text.strip():
        yield Problem("text", "A film's draft takes no text along; paste it in the TikTok app.", "warning")


def refusal(outgoing: Outgoing, creator: Mapping[str, Any]) -> str:
    """Why this cannot be published for this person right now; empty, if it can."""
    chosen, closed = outgoing.options, {"comment": "comments", "duet": "duets", "stitch": "stitches"}
    if chosen.get("privacy") not in creator["privacy_level_options"]:
        return "TikTok does not offer the chosen circle of viewers for this profile now. Choose again."
    shut = [said for name, said in closed.items() if chosen.get(name) and creator.get(f"{name}_disabled")]
    if shut:
        return f"The profile's settings in the TikTok app do not allow {' and '.join(shut)}."
    most = creator.get("max_video_post_duration_sec")
    if most and any(piece.seconds > most for piece in outgoing.media):
        return f"This profile may post films of up to {most} seconds."
    return ""


def said(outgoing: Outgoing) -> dict[str, Any]:
    """`post_info` of what is published at once."""
    chosen, film = outgoing.options, is_film(outgoing)
    told: dict[str, Any] = {
        "privacy_level": chosen.get("privacy"), "disable_comment": not chosen.get("comment"),
        "brand_content_toggle": bool(chosen.get("branded_content")), "is_aigc": bool(chosen.get("ai")),
        "brand_organic_toggle": bool(chosen.get("your_brand")),
    }
    if not film:
        return told | words(outgoing) | {"auto_add_music": bool(chosen.get("music"))}
    closed = {f"disable_{name}": not chosen.get(name) for name in ("duet", "stitch")}
    return told | closed | {"title": outgoing.text, "video_cover_timestamp_ms": int(chosen.get("cover_ms") or 0)}


def words(outgoing: Outgoing) -> dict[str, str]:
    """What pictures say."""
    return {"title": str(outgoing.options.get("title") or ""), "description": outgoing.text}


def pictures(outgoing: Outgoing) -> dict[str, Any]:
    """Pictures are fetched from here; a draft takes its words along."""
    at_once = direct(outgoing)
    source = {
        "source": "PULL_FROM_URL", "photo_images": [piece.link() for piece in outgoing.media],
        "photo_cover_index": int(outgoing.options.get("cover_index") or 0),
    }
    return {
        "media_type": "PHOTO", "post_mode": "DIRECT_POST" if at_once else "MEDIA_UPLOAD", "source_info": source,
        "post_info": said(outgoing) if at_once else words(outgoing),
    }


def plan(film: Rendition) -> tuple[int, int]:
    """How large its pieces are, and how many; the last one has all that is left."""
    return (film.size, 1) if film.size < 2 * CHUNK else (CHUNK, film.size // CHUNK)


def source(film: Rendition) -> dict[str, Any]:
    """`source_info` of a film that comes from here."""
    size, many = plan(film)
    return {"source": "FILE_UPLOAD", "video_size": film.size, "chunk_size": size, "total_chunk_count": many}


def came(answer: Answer) -> int:
    """How many bytes of a film are there."""
    found = re.match(r"bytes 0-(\d+)/", answer.headers.get("content-range", ""))
    return int(found[1]) + 1 if found else 0
