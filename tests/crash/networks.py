"""The simulated networks in a process that outlives every worker: `python -m tests.crash.networks PORT SEED`.

Beside the networks it serves /_accounts (GET: ready channels) and /_posts (GET: what is out), which no worker asks for.
"""

import asyncio
import random
import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tidings import simulators
from tidings.simulators.base import Simulator

ACCOUNTS = 6  # per network


class Weather:
    """A network that takes its time, so that deaths fall into every gap, and sometimes loses an answer."""

    def __init__(self, app: ASGIApp, simulator: Simulator, chance: random.Random) -> None:
        self.app, self.simulator, self.chance = app, simulator, chance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self.chance.uniform(0.005, 0.08))
        if self.chance.random() < 0.02:
            self.simulator.trick("lose")
        await self.app(scope, receive, send)


def town(url: str, seed: int) -> Starlette:
    """All networks under bad weather, with a window into what they hold."""
    made = simulators.every(url)
    chance = random.Random(seed)

    async def accounts(request: Request) -> Response:
        return JSONResponse([_account(one, f"name{n}") for one in made.values() for n in range(ACCOUNTS)])

    async def posts(request: Request) -> Response:
        return JSONResponse({name: [str(post) for post in one.posts.values()] for name, one in made.items()})

    mounts = [Mount(f"/{name}", Weather(one.app(), one, chance)) for name, one in made.items()]
    return Starlette(routes=[Route("/_accounts", accounts), Route("/_posts", posts), *mounts])


def _account(simulator: Simulator, name: str) -> dict[str, Any]:
    access = simulator.access(name)
    who = access.profile
    return {
        "network": simulator.name, "id": who.id, "handle": who.handle, "secrets": dict(access.secrets),
        "server": dict(access.server), "hosts": dict(simulator.hosts()),
    }


if __name__ == "__main__":
    port, seed = int(sys.argv[1]), int(sys.argv[2])
    app = town(f"http://127.0.0.1:{port}", seed)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", lifespan="off")
