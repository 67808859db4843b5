"""What networks for articles have in common: the options of an article, and its text with the pictures in it."""

from collections.abc import Iterable
from html import escape

from tidings.core import markup
from tidings.networks.declare import Option
from tidings.networks.seam import Rendition

TITLE = Option("title", "Title", longest=300, needed=True)
TAGS = Option("tags", "Tags", "tags", longest=100)
SLUG = Option("slug", "Name in the address", longest=190, help="Empty: made from the title.")
EXCERPT = Option("excerpt", "Excerpt", longest=300)
CANONICAL = Option("canonical_url", "First published at", "url", longest=2000, help="Tells search engines whose it is.")

Shown = tuple[Rendition, str]  # a picture or film, and the address under which the network keeps it


def above(shown: list[Shown], wanted: bool) -> tuple[Shown | None, list[Shown]]:
    """The picture that stands above the text, if one is wanted there and comes first, and all the others."""
    first = wanted and bool(shown) and shown[0][0].kind != "film"
    return (shown[0], shown[1:]) if first else (None, shown)


def html(text: str, media: Iterable[Shown] = ()) -> str:
    """The text as HTML, pictures and films below it in their order."""
    return markup.html(text) + "".join(_figure(piece, url) for piece, url in media)


def markdown(text: str, media: Iterable[Shown] = ()) -> str:
    """The text as it was written, pictures below it in their order."""
    lines = (f"![{piece.alt.replace('[', '(').replace(']', ')')}]({url})" for piece, url in media)
    return "\n\n".join([text, *lines])


def _figure(piece: Rendition, url: str) -> str:
    if piece.kind == "film":
        return f'<figure><video controls src="{escape(url)}"></video></figure>\n'
    return f'<figure><img src="{escape(url)}" alt="{escape(piece.alt)}"></figure>\n'
