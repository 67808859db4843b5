"""What a video on YouTube consists of, as its Data API wants it: https://developers.google.com/youtube/v3/docs/videos"""

from collections.abc import Iterator, Mapping
from typing import Any

from tidings.networks.declare import Option
from tidings.networks.seam import Outgoing, Problem, Rendition

TAGS = 500  # characters in all
QUARTER = 900  # seconds that a channel's films may have before it is verified
BLOGS = "22"  # the category "People & Blogs"
OPTIONS = (
    Option("title", "Title", longest=100, needed=True),
    Option("made_for_kids", "Made for kids", "choice", (
        ("no", "No, it is not made for kids"), ("yes", "Yes, it is made for kids"),
    ), needed=True, help="The law wants this to be said of every film."),
    Option("privacy", "Who can see it", "choice", (
        ("public", "Everyone"), ("unlisted", "Who has the link"), ("private", "Only you"),
    ), default="public"),
    Option("category", "Category", "lookup", help="Empty: People & Blogs."),
    Option("tags", "Tags", "tags", longest=100, help="500 characters in all."),
    Option("playlist", "Playlist", "lookup", help="One of your own."),
    Option("synthetic", "Made or altered with AI, and looks real", "flag", default=False),
    Option("language", "Language", longest=10, help="Of title and description, such as en."),
    Option("license", "License", "choice", (
        ("youtube", "Standard YouTube License"), ("creativeCommon", "Creative Commons, attribution"),
    ), default="youtube"),
    Option("embeddable", "May be embedded elsewhere", "flag", default=True),
    Option("show_stats", "Figures are public", "flag", default=True),
    Option("notify", "Notify subscribers", "flag", default=True),
)


def snippet(outgoing: Outgoing) -> dict[str, Any]:
    """What it is about."""
    chosen = outgoing.options
    said = {
        "title": chosen.get("title"), "description": outgoing.text, "tags": chosen.get("tags"),
        "categoryId": chosen.get("category") or BLOGS, "defaultLanguage": chosen.get("language"),
    }
    return {name: value for name, value in said.items() if value}


def status(outgoing: Outgoing, privacy: str) -> dict[str, Any]:
    """Always all of it: what an update leaves out, YouTube sets back."""
    chosen = outgoing.options
    return {
        "privacyStatus": privacy, "selfDeclaredMadeForKids": chosen.get("made_for_kids") == "yes",
        "containsSyntheticMedia": bool(chosen.get("synthetic")), "license": chosen.get("license") or "youtube",
        "embeddable": chosen.get("embeddable", True), "publicStatsViewable": chosen.get("show_stats", True),
    }


def pieces(outgoing: Outgoing) -> tuple[Rendition, Rendition | None]:
    """The film, and the picture beside it."""
    found = {piece.kind: piece for piece in outgoing.media}
    return found["film"], found.get("picture")


def objections(outgoing: Outgoing, server: Mapping[str, Any]) -> Iterator[Problem]:
    """What YouTube does not take in words and tags, and what this channel may not yet do."""
    title, tags = str(outgoing.options.get("title") or ""), outgoing.options.get("tags") or []
    for where, said in (("title", title), ("text", outgoing.text)):
        if "<" in said or ">" in said:
            yield Problem(where, "YouTube takes no < and no > here.")
    if length(tags) > TAGS:
        yield Problem("tags", f"All tags together have at most {TAGS} characters.")
    long = any(piece.seconds > QUARTER for piece in outgoing.media)
    if long and server.get("long_films") in ("eligible", "disallowed"):
        yield Problem("media", "Films over 15 minutes need a verified channel: youtube.com/verify", "warning")


def length(tags: list[str]) -> int:
    """Commas between tags count, and so do the quotes around a tag with a space."""
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(len(tags) - 1, 0)
