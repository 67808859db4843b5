"""HTML as a network gives it, as the plain text that people read: paragraphs and line breaks kept, all tags gone."""

import html
import re

BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|blockquote)>", re.IGNORECASE)


def plain(said: str) -> str:
    """The words of a piece of HTML."""
    broken = BREAK.sub("\n", said.replace("\n", " "))
    text = html.unescape(re.sub(r"<[^>]*>", "", broken))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()
