"""Each network in a box: for the demo, for development, for the tests. Found by looking in this folder."""

import importlib
import pkgutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tidings.simulators import _shapes
from tidings.simulators.base import Simulator


def every(url: str) -> dict[str, Simulator]:
    """A fresh simulator of each network, to be served under `url`/name."""
    made: dict[str, Simulator] = {}
    for entry in pkgutil.iter_modules(__path__):
        if entry.name != "base" and not entry.name.startswith("_"):
            module = importlib.import_module(f"{__name__}.{entry.name}")
            made[entry.name] = module.simulator(f"{url}/{entry.name}")
    return made


def town(simulators: Mapping[str, Simulator]) -> Starlette:
    """All of them as one app, and beside them the sample files that some of them fetch, and a way to write something
    over there."""
    places = [Mount(f"/{name}", _Late(one)) for name, one in simulators.items()]

    async def remark(request: Request) -> Response:
        said = dict(parse_qsl((await request.body()).decode()))
        return Response(simulators[request.path_params["network"]].remark(**said))  # type: ignore[arg-type]

    others = [Route("/_public/{name}", _sample), Route("/_remark/{network}", remark, methods=["POST"])]
    return Starlette(routes=[*others, *places])


class _Late:
    """A simulator's app, built when somebody first comes by: most days only one of forty is visited."""

    def __init__(self, one: Simulator) -> None:
        self.one = one
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.app = self.app or self.one.app()
        await self.app(scope, receive, send)


async def _sample(request: Request) -> Response:
    mime, raw = _shapes.files()[request.path_params["name"]]
    return Response(raw, media_type=mime)


@contextmanager
def serving(simulators: Mapping[str, Simulator], port: int) -> Iterator[None]:
    """Serve them on loopback from a thread of this process while the block runs."""
    with ExitStack() as stack:
        for one in simulators.values():
            stack.enter_context(one.opened())
        with listening(town(simulators), port):
            yield


@contextmanager
def listening(app: ASGIApp, port: int) -> Iterator[None]:
    """Serve an app on loopback from a thread of this process while the block runs."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(5)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])
