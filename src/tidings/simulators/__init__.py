"""Each network in a box: for the demo, for development, for the tests. Found by looking in this folder."""

import importlib
import pkgutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

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
    """All of them as one app."""
    return Starlette(routes=[Mount(f"/{name}", one.app()) for name, one in simulators.items()])


@contextmanager
def serving(simulators: Mapping[str, Simulator], port: int) -> Iterator[None]:
    """Serve them on loopback from a thread of this process while the block runs."""
    config = uvicorn.Config(town(simulators), host="127.0.0.1", port=port, log_level="critical", lifespan="off")
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
