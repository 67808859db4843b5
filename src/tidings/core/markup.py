"""Markdown as the author wrote it, made into HTML that is safe to send anywhere."""

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def html(markdown: str) -> str:
    """The HTML of a text in CommonMark with tables; HTML in it is shown as text, and dangerous links are dropped."""
    return str(_MARKDOWN.render(markdown))
