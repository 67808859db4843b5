"""The real `tidings` beside every network's simulator, on loopback: `python -m tests.journeys.simulated PORT serve`.

`/_posts/NAME` on that port tells what is out on a simulated network.
"""

import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from tidings import networks, simulators
from tidings.commands.cli import main


def run(port: int, words: list[str]) -> None:
    """Until the program ends."""
    town = simulators.every(f"http://127.0.0.1:{port}")

    async def posts(request: Request) -> Response:
        return JSONResponse(list(town[request.path_params["name"]].posts.values()))

    for name, one in town.items():
        networks.lead(name, one.hosts())
    app = Starlette(routes=[Route("/_posts/{name}", posts), Mount("/", simulators.town(town))])
    with simulators.listening(app, port):
        main(words)


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2:])
