"""`tidings demo` with a director: `python -m tests.browser.directed PORT demo --small`.

What a test asks for on that port happens in the program: its clock is put forward, a network loses an answer, ends
everybody's access or loses its posts, and tells what is out. Beside the demo's three channels there are one on
LinkedIn, where what follows a post is a comment, and one on Telegram, which can tell nobody what is out. Nothing is
written yet, and the one person has a password of the tests.
"""

import importlib
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings import simulators
from tidings.commands.cli import main
from tidings.core import clock
from tidings.simulators.base import Simulator

NEWCOMER, PASSWORD = "newcomer@demo.localhost", "eight calm harbours"
MORE = ("linkedin", "telegram")


class Director:
    """Knows the town that the demo builds for itself, and how far ahead its clock is."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.town: dict[str, Simulator] = {}
        self._every = simulators.every

    def now(self) -> datetime:
        """By the demo's clock."""
        return datetime.now(UTC) + self.ahead

    def every(self, url: str) -> dict[str, Simulator]:
        """The town, remembered. The program asks for it when Django is awake, and furnishes later."""
        self.town = self._every(url)
        _furnish_less()
        for name in MORE:
            self.town[name].in_demo = True
        return self.town

    async def time(self, request: Request) -> Response:
        """What it shows."""
        return JSONResponse(self.now().isoformat())

    async def forward(self, request: Request) -> Response:
        """Put the clock forward to an instant."""
        self.ahead += datetime.fromisoformat(request.query_params["to"]) - self.now()
        return JSONResponse({})

    async def later(self, request: Request) -> Response:
        """Put it forward by so many seconds."""
        self.ahead += timedelta(seconds=float(request.query_params["seconds"]))
        return JSONResponse({})

    async def lose(self, request: Request) -> Response:
        """The next answer to such a request breaks off."""
        self._one(request).trick("lose", request.query_params["where"])
        return JSONResponse({})

    async def lock_out(self, request: Request) -> Response:
        """The network ends all access it gave."""
        self._one(request).lock_out()
        return JSONResponse({})

    async def drop(self, request: Request) -> Response:
        """Somebody deletes everything over there."""
        self._one(request).posts.clear()
        return JSONResponse({})

    async def posts(self, request: Request) -> Response:
        """The ids of what is out."""
        return JSONResponse(list(self._one(request).posts))

    def _one(self, request: Request) -> Simulator:
        return self.town[request.path_params["name"]]

    def app(self) -> Starlette:
        """Where tests ask."""
        acts = {"lose": self.lose, "lock-out": self.lock_out, "drop": self.drop, "posts": self.posts}
        return Starlette(routes=[
            Route("/time", self.time), Route("/forward", self.forward), Route("/later", self.later),
            *(Route(f"/{act}/{{name}}", does) for act, does in acts.items()),
        ])


def _furnish_less() -> None:
    furnish: Any = importlib.import_module("tidings.commands.furnish")
    settled = furnish.newcomer

    def newcomer() -> Any:
        member = settled()
        member.user.set_password(PASSWORD)
        member.user.save()
        return member

    furnish.newcomer, furnish._write = newcomer, lambda member, channels: None


def run(port: int, words: list[str]) -> None:
    """Until the program ends."""
    director = Director()
    simulators.every = director.every
    with clock.use(director.now), simulators.listening(director.app(), port):
        main(words)


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2:])
