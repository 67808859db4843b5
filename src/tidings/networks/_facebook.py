"""How Facebook writes: the kinds of posts, what each takes, and what a draft says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tidings.core import clock
from tidings.networks.declare import Limits, Option
from tidings.networks.seam import Outgoing, Problem, Profile, Receipt, Seen

UPRIGHT = 9 / 16
LEAST = (540, 960)  # pixels of a reel and of a film in a story
BACKGROUND = 130  # characters that fit on a coloured background
OPTIONS = (
    Option("kind", "What it becomes", "choice", (("", "Post"), ("reel", "Reel"), ("story", "Story"))),
    Option("link", "Link to show as a card", "url", help="Without it, a link in the text."),
    Option("title", "Title of the film", longest=255),
    Option("call_to_action", "Button below the link", "choice", (
        ("", "None"), ("LEARN_MORE", "Learn more"), ("SHOP_NOW", "Shop now"), ("SIGN_UP", "Sign up"),
        ("BOOK_TRAVEL", "Book now"), ("CONTACT_US", "Contact us"), ("DOWNLOAD", "Download"),
        ("WATCH_MORE", "Watch more"), ("GET_OFFER", "Get offer"),
    )),
    Option("place", "Place", longest=30, help="The number of a page that has an address."),
    Option("countries", "Only in these countries", "tags", longest=2, help="Two letters each, such as DE."),
    Option("background", "Background", longest=30, help="The number of a preset; for words alone."),
)


def kind_of(outgoing: Outgoing) -> str:
    """comment, post, film, reel, story (a picture) or film story."""
    film = any(piece.kind == "film" for piece in outgoing.media)
    if outgoing.position:
        return "comment"
    if outgoing.options.get("kind") == "story":
        return "film story" if film else "story"
    return "reel" if outgoing.options.get("kind") == "reel" else "film" if film else "post"


def narrowed(limits: Limits, kind: str) -> Limits:
    """What this kind takes."""
    upright = replace(limits, film_seconds=(3, 90), film_ratio=(UPRIGHT, UPRIGHT))
    if kind == "reel":
        return replace(upright, needs="film", pictures=0)
    return replace(upright, needs="media", pictures=1) if "story" in kind else limits


def objections(outgoing: Outgoing) -> Iterator[Problem]:
    """What does not go together."""
    chosen, kind = outgoing.options, kind_of(outgoing)
    words = kind == "post" and not outgoing.media
    if chosen.get("link") and not words:
        yield Problem("link", "A card is shown only without pictures and films.")
    if chosen.get("call_to_action") and not chosen.get("link"):
        yield Problem("call_to_action", "A button needs a link to lead to.")
    if chosen.get("background") and not (words and len(outgoing.text) <= BACKGROUND and not chosen.get("link")):
        yield Problem("background", f"A background is for words alone, up to {BACKGROUND} characters.", "warning")
    if "story" in kind and outgoing.text.strip():
        yield Problem("text", "A story shows no text; this is left out.", "warning")
    yield from _small(outgoing) if kind in ("reel", "film story") else ()


def _small(outgoing: Outgoing) -> Iterator[Problem]:
    for place, piece in enumerate(outgoing.media):
        if piece.kind == "film" and piece.width > 0 and (piece.width < LEAST[0] or piece.height < LEAST[1]):
            least, this = f"{LEAST[0]} × {LEAST[1]}", f"{piece.width} × {piece.height}"
            yield Problem(f"media-{place}", f"Facebook takes such films from {least} pixels; this one has {this}.")


def draft(outgoing: Outgoing, photos: list[str]) -> dict[str, Any]:
    """What a post says; empty values are left out by whoever sends it."""
    chosen = outgoing.options
    button, link = chosen.get("call_to_action"), chosen.get("link")
    return {
        "message": outgoing.text, "link": link, "place": chosen.get("place"),
        "attached_media": [{"media_fbid": photo} for photo in photos],
        "call_to_action": {"type": button, "value": {"link": link}} if button else None,
        "targeting": {"geo_locations": {"countries": chosen["countries"]}} if chosen.get("countries") else None,
        "text_format_preset_id": chosen.get("background"),
    }


def about_film(outgoing: Outgoing) -> dict[str, Any]:
    """What is said of a film."""
    return {"description": outgoing.text, "title": outgoing.options.get("title")}


def profile(page: Mapping[str, Any]) -> Profile:
    """A page, with its own token where it was given."""
    name, id = str(page["name"]), str(page["id"])
    face = page.get("picture", {}).get("data", {}).get("url", "")
    handle = f"@{page['username']}" if page.get("username") else name
    token = {"access_token": str(page["access_token"])} if page.get("access_token") else {}
    return Profile(id, handle, name, str(face), str(page.get("link") or f"https://www.facebook.com/{id}"), token)


def seen(post: Mapping[str, Any]) -> Seen:
    """A post as the page lists it."""
    receipt = Receipt(str(post["id"]), str(post.get("permalink_url") or ""))
    return Seen(receipt, str(post.get("message") or ""), clock.from_iso(post["created_time"]))
