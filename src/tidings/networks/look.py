"""How a post looks on a network, as data: the composer's preview is drawn from it. What is sent does not hang on it.

`shape` is the frame: note (one line of name, handle and time), feed (a card with a row of acts), photo (the picture
first), reel (an upright film with words over it), watch (a film above its title), pin, card (picture above words),
bubble and chat (messages), topic (a title in a place), article and letter.
"""

from dataclasses import dataclass
from typing import Literal

Shape = Literal[
    "note", "feed", "photo", "reel", "watch", "pin", "card", "bubble", "chat", "topic", "article", "letter"
]
Sign = Literal["link", "tag", "mention"]
Act = Literal["like", "up", "vote", "star", "comment", "reply", "repeat", "share", "send", "save", "views"]


@dataclass(frozen=True)
class Look:
    """What a reader sees of a post there. `title`, `place` and `link` are names of options."""

    shape: Shape
    acts: tuple[Act, ...] = ()
    named: bool = False  # the acts have words, not signs alone
    cut: int = 0  # characters shown before "more"; 0: all of them
    lines: int = 0  # and lines
    more: Literal["more", "see", "show", "read"] = "more"
    handle: bool = True  # the handle stands beside the name
    square: bool = False  # the profile's picture is not round
    pictures: Literal["grid", "carousel", "stack", "first"] = "grid"
    most: int = 4  # pictures shown before "+n"
    ratio: tuple[float, float] = (0.5, 2)  # what one picture is shown as at most, width by height
    marked: tuple[Sign, ...] = ("link", "tag", "mention")  # what of a text is coloured
    card: Literal["large", "small", ""] = "large"  # a link's card; empty: there is none
    title: str = ""
    place: str = ""
    link: str = ""


ARTICLE = Look(
    "article", ("like", "comment", "share"), handle=False, pictures="stack", most=20, marked=("link",), card="",
    title="title",
)
LETTER = Look("letter", ("reply", "share"), pictures="stack", most=20, marked=("link",), card="", title="subject")
CHAT = Look("chat", handle=False, pictures="stack", most=10, marked=("link", "mention"), card="")
