"""Content leaves only to be published. A request for anything else carries neither files nor a post's words.

Every request says what it is for; here that is held against what it carries. The door looks at the kind of the body,
whoever asks; a delivery, which knows the words, has them looked for as well (docs/privacy.md, 3.sharing).
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import unquote_plus, urlsplit

from tidings.core.request import Answer, Forbidden, Request, Transport

MOST = 20_000  # bytes of a question, a form of OAuth or a signed claim; no post needs to hide in more
FILES = ("multipart/", "image/", "video/", "audio/", "application/octet-stream")
SHORTEST = 16  # letters and digits; less may stand in an address by chance
CODED = re.compile(r"\\u[0-9a-fA-F]{4}|\\[nrt]")
Words = Callable[[], Iterable[str]]


class Indiscreet(Forbidden):
    """A request that says more than it is for."""


def keep(request: Request) -> None:
    """Raises Indiscreet when a request that publishes nothing brings a file, or room for one."""
    if request.purpose == "publish" or request.body is None:
        return
    kind = next((value for name, value in request.headers.items() if name.lower() == "content-type"), "")
    whole = isinstance(request.body, bytes) or request.method == "SAY"
    if not whole or kind.startswith(FILES) or (isinstance(request.body, bytes) and len(request.body) > MOST):
        raise Indiscreet(f"nothing but publishing may carry content, and this is to {request.purpose}")


def discreet(door: Transport, words: Words) -> Transport:
    """The way out for who knows these words: they pass when they are published, and with no other request."""
    def lead(request: Request) -> Answer:
        if request.purpose != "publish" and carries(request, words()):
            raise Indiscreet(f"nothing but publishing may carry what a post says, and this is to {request.purpose}")
        return door(request)

    return lead


def carries(request: Request, words: Iterable[str]) -> bool:
    """Whether any of these stands in the address or the body, however it is coded there."""
    parts = urlsplit(request.url)
    body = request.body.decode("utf-8", "replace") if isinstance(request.body, bytes) else ""
    said = _bare(f"{parts.path} {parts.query} {body}")
    wanted = (_bare(word) for word in words)
    return any(len(word) >= SHORTEST and word in said for word in wanted)


def _bare(text: str) -> str:
    """Its letters and digits alone."""
    plain = CODED.sub(_decoded, unquote_plus(text))
    return "".join(letter for letter in plain.casefold() if letter.isalnum())


def _decoded(found: re.Match[str]) -> str:
    with suppress(ValueError):
        return str(json.loads(f'"{found[0]}"'))
    return ""
