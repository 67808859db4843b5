"""The simulated networks in a process that outlives every worker: `python -m tests.crash.networks PORT SEED [calm]`.

Every network is there once for each mood of its servers, all at one address: whose request it is tells which server
answers. Beside them it serves /_profiles?each=N (fresh profiles on every server) and /_posts (what is out).
"""

import asyncio
import random
import sys
from datetime import timedelta
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tidings import networks, simulators
from tidings.networks.base import Outgoing
from tidings.networks.check import check
from tidings.simulators._mischief import Misdeed
from tidings.simulators.base import Simulator

PLAYED = ("bluesky", "mastodon", "x")  # the engine is tried here; every network's own deaths are the contract suite's
FASTER = 40  # how much faster time runs here than in real life, for what takes minutes there
UNBOUND: dict[str, Any] = {"per_quarter": 10**9, "calls": 0}  # limits are not what is tried here
MISDEEDS: dict[Misdeed, float] = {"lose": 0.02, "broken": 0.02, "down": 0.01, "slow": 0.02, "limit": 0.003}  # share


class Weather:
    """A network that takes its time, so that deaths fall into every gap, and misbehaves now and then."""

    def __init__(self, app: ASGIApp, simulator: Simulator, chance: random.Random, calm: bool) -> None:
        self.app, self.simulator, self.chance, self.calm = app, simulator, chance, calm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        one = self.simulator
        one.seen.clear()
        vars(one).update(UNBOUND)
        if not self.calm:
            await asyncio.sleep(self.chance.uniform(0.02, 0.15))
            if self.chance.random() < sum(MISDEEDS.values()):
                misdeed = self.chance.choices(list(MISDEEDS), list(MISDEEDS.values()))[0]
                one.tricks.clear()
                one.trick(misdeed, seconds=1 if misdeed == "limit" else self.chance.uniform(0.2, 0.6))
        await self.app(scope, receive, send)


class Crossroads:
    """One address for all servers of a network; a request goes to the one that its token is of."""

    def __init__(self, servers: list[Simulator], apps: list[ASGIApp]) -> None:
        self.servers, self.apps = servers, apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Request(scope).headers.get("authorization", "").rpartition(" ")[2]
        known = (n for n, one in enumerate(self.servers) if any(t.access == given for t in one.oauth.tokens))
        await self.apps[next(known, 0)](scope, receive, send)


def servers(url: str) -> dict[str, dict[str, Simulator]]:
    """By network and mood; the mood "" is a server without one."""
    found: dict[str, dict[str, Simulator]] = {}
    for name in PLAYED:
        plain = simulators.every(url)[name]
        found[name] = {"": plain}
        for mood, traits in plain.moods.items():
            found[name][mood] = one = simulators.every(url)[name]
            for trait, value in traits.items():
                setattr(one, trait, value / FASTER if isinstance(value, timedelta) else value)
    for moods in found.values():
        for one in moods.values():
            one.oauth.access_lives = timedelta(days=1)
    return {name: {mood: one for mood, one in moods.items() if _takes_words(one)} for name, moods in found.items()}


def _takes_words(one: Simulator) -> bool:
    """Whether a post may be without a picture here; those that are tried begin so."""
    return not check(networks.get(one.name), Outgoing("Good morning"), one.access().server)


def town(url: str, seed: int, calm: bool) -> Starlette:
    """All networks under bad weather, with a window into what they hold."""
    made, chance = servers(url), random.Random(seed)
    named = 0

    async def profiles(request: Request) -> Response:
        nonlocal named
        found = []
        for name, moods in made.items():
            for mood, one in moods.items():
                for _ in range(int(request.query_params["each"])):
                    named += 1
                    found.append({**profile(one, f"name{named:05d}"), "network": name, "mood": mood})
        return JSONResponse(found)

    async def posts(request: Request) -> Response:
        found = [
            {"network": name, "id": id, "said": str(post), "place": place}
            for name, moods in made.items()
            for one in moods.values()
            for place, (id, post) in enumerate(one.posts.items())
        ]
        return JSONResponse(found)

    mounts = []
    for name, moods in made.items():
        apps: list[ASGIApp] = [Weather(one.app(), one, chance, calm) for one in moods.values()]
        mounts.append(Mount(f"/{name}", Crossroads(list(moods.values()), apps)))
    return Starlette(routes=[Route("/_profiles", profiles), Route("/_posts", posts), *mounts])


def profile(simulator: Simulator, name: str) -> dict[str, Any]:
    """Everything that a channel of this profile has."""
    access = simulator.access(name)
    who = access.profile
    return {
        "id": who.id, "handle": who.handle, "secrets": dict(access.secrets), "server": dict(access.server),
        "hosts": dict(simulator.hosts()),
    }


if __name__ == "__main__":
    port, seed, calm = int(sys.argv[1]), int(sys.argv[2]), "calm" in sys.argv
    app = town(f"http://127.0.0.1:{port}", seed, calm)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", lifespan="off")
