"""What every simulator stands on: posts in memory, misbehaviour on demand, OAuth with a consent page.

A simulator is a Starlette app. It runs inside `tidings demo` and in the tests; nothing else imports it.
"""

import secrets
from collections import deque
from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from tidings.core import clock
from tidings.networks.base import Access
from tidings.simulators import _refusal
from tidings.simulators._mischief import Mischief, Misdeed, Seen, Trick
from tidings.simulators._oauth import OAuthBox, Token
from tidings.simulators._refusal import Refusal

__all__ = ["OAuthBox", "Refusal", "Simulator", "Token"]


class Simulator:
    """One network in a box. Subclasses give `name` and `routes()`, and keep what was posted in `posts`.

    `moods` are other ways in which servers of this network behave; the contract suite runs over each.
    """

    name: str
    moods: Mapping[str, Mapping[str, Any]] = {}

    def __init__(self, url: str = "") -> None:
        self.url = url  # where it is served, without a slash at its end
        self.posts: dict[str, dict[str, Any]] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.seen: list[Seen] = []
        self.tricks: deque[Trick] = deque()
        self.oauth = OAuthBox(self.name, url)

    def routes(self) -> list[Route]:
        """The network's own paths."""
        raise NotImplementedError

    def hosts(self) -> dict[str, str]:
        """What stands in for the network's fixed hosts (Network.hosts); empty where a person names a server."""
        return {}

    def typed(self) -> dict[str, str]:
        """What a person types to connect a profile that is here."""
        return {}

    def access(self, account: str = "demo") -> Access:
        """What a channel of this account would hold after connecting, without the ceremony."""
        raise NotImplementedError

    def trick(self, misdeed: Misdeed, where: str = "", times: int = 1, seconds: float = 1.0) -> None:
        """Misbehave at the next fitting requests."""
        self.tricks.append(Trick(misdeed, where, times, seconds))

    def drop(self, id: str) -> None:
        """Somebody deletes this post over there, without a word to us."""
        del self.posts[id]

    def requests(self, where: str) -> int:
        """How many requests whose `METHOD /path` contains `where` have arrived."""
        return sum(1 for seen in self.seen if where in f"{seen.method} {seen.path}")

    def app(self) -> ASGIApp:
        """The simulator as an ASGI app, misbehaviour included."""
        app = Starlette(routes=self.routes(), exception_handlers={Refusal: _refusal.answer})
        return Mischief(self.seen, self.tricks, app)

    def new_id(self) -> str:
        """A fresh numeric id, growing with time, as most networks use."""
        return str(int(clock.now().timestamp() * 1_000_000) * 1000 + secrets.randbelow(1000))
