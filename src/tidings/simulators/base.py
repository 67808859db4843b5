"""What every simulator stands on: posts in memory, misbehaviour on demand, OAuth with a consent page.

A simulator is a Starlette app. It runs inside `tidings demo` and in the tests; nothing else imports it.
"""

import asyncio
import secrets
import urllib.request
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from tidings import networks
from tidings.core import clock
from tidings.networks.answered import MessageKind
from tidings.networks.base import Access, Outgoing
from tidings.simulators import _growth, _refusal, _shapes
from tidings.simulators._growth import Posts
from tidings.simulators._mischief import Mischief, Misdeed, Seen, Trick
from tidings.simulators._oauth import OAuthBox, Token
from tidings.simulators._refusal import Refusal
from tidings.simulators._remarks import READER, Remark, Remarks

__all__ = ["OAuthBox", "Refusal", "Remark", "Simulator", "Token"]


class Simulator:
    """One network in a box. Subclasses give `name` and `routes()`, and keep what was posted in `posts`.

    `moods` are other ways in which servers of this network behave; the contract suite runs over each.
    """

    name: str
    moods: Mapping[str, Mapping[str, Any]] = {}
    chosen: Mapping[str, Any] = {}  # options without which nothing can be posted here
    names_posts = True  # whether its answers carry the post's id
    carried_to = ""  # its page, behind `url`, that people carry codes over to which they were shown here
    in_demo = False  # whether the demo begins with a channel here; any other can be connected there

    def __init__(self, url: str = "") -> None:
        self.url = url  # where it is served, without a slash at its end
        self.posts = Posts()
        self.corrected: dict[tuple[str, str], int] = {}  # what the network took back, or added, of a number of a post
        self.remarks = Remarks()
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

    def shapes(self) -> dict[str, Outgoing]:
        """What the contract suite publishes here: a post of each kind that the network takes."""
        network = networks.get(self.name)
        return _shapes.shapes(network, network.limits_at(self.access().server), self.chosen, self.sample)

    def refused(self) -> Outgoing:
        """What is refused before anything is made; mostly a text that is too long."""
        first = next(iter(self.shapes().values()))
        return replace(first, text="x" * 70_000)

    def sample(self, name: str) -> str:
        """The public address of a sample file, which is served beside the simulators."""
        return f"{self.url.rpartition('/')[0]}/_public/{name}"

    def lock_out(self) -> None:
        """Access is taken away: from now on the network knows none of the tokens it gave."""
        for token in self.oauth.tokens:
            token.revoked = True

    def notice(self, person: str, secret: str = "", at: datetime | None = None) -> tuple[dict[str, str], bytes]:
        """What it tells programs, signed, when this person has ended their access: headers and body."""
        raise NotImplementedError

    async def fetch(self, url: str) -> bytes:
        """Fetch media as a network does that takes addresses only; raises OSError when there is nothing to be had."""
        return await asyncio.to_thread(_fetched, url)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While it is served. A simulator that speaks more than HTTP listens elsewhere meanwhile."""
        yield

    def trick(self, misdeed: Misdeed, where: str = "", times: int = 1, seconds: float = 1.0) -> None:
        """Misbehave at the next fitting requests."""
        self.tricks.append(Trick(misdeed, where, times, seconds))

    def drop(self, id: str) -> None:
        """Somebody deletes this post over there, without a word to us."""
        del self.posts[id]

    def remark(
        self, text: str, on: str = "", reply_to: str = "", author: str = READER, kind: MessageKind = "comment",
        stars: int = 0,
    ) -> str:
        """Somebody writes this over there: under a post of ours, below another remark, or about us; the id it gets.
        Where an id says what it belongs to, `remark_id` does."""
        remark = Remark(self.remark_id(on), text, on, reply_to, author, kind, stars)
        self.remarks[remark.id] = remark
        return remark.id

    def remark_id(self, on: str) -> str:
        """An id for what is written under this post of ours, or about us."""
        return self.new_id()

    def grown(self, id: str, theirs: str) -> int:
        """How much of this its post has got by now."""
        age = clock.now() - self.posts.since[id]
        return max(_growth.of_post(id, theirs, age) + self.corrected.get((id, theirs), 0), 0)

    def crowd(self, account: str, theirs: str) -> int:
        """How many the profile has by now."""
        return _growth.of_profile(account, theirs, clock.now())

    def day(self, account: str, theirs: str, day: date) -> int:
        """What the profile got on a day, as far as that is known by now."""
        counting = networks.get(self.name).counting
        return _growth.of_day(account, theirs, day, clock.now(), counting.behind, counting.zone)

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


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        """Networks that fetch follow nothing."""


def _fetched(url: str) -> bytes:
    with urllib.request.build_opener(_NoRedirect).open(url, timeout=5) as answer:
        return bytes(answer.read())
