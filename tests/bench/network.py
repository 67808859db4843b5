"""One simulated network in a process of its own that takes its time: `python -m tests.bench.network PORT SECONDS`."""

import asyncio
import json
import sys

import uvicorn
from starlette.types import Receive, Scope, Send

from tidings.simulators.base import Token
from tidings.simulators.mastodon import MastodonServer

CHANNELS = 1000


class Silent(list[object]):
    """Forgets what it is told: a list that grows is not what is measured."""

    def append(self, thing: object) -> None:
        """Nothing is kept."""


def served(port: int, seconds: float) -> None:
    """Serve until killed; every channel's token is known at once, so that looking it up costs nothing."""
    server = MastodonServer(f"http://127.0.0.1:{port}")
    tokens = {f"token{n}": Token(f"token{n}", "", f"name{n}", "", None) for n in range(CHANNELS)}
    server.oauth.account_of = lambda request, scheme="Bearer": tokens[  # type: ignore[method-assign]
        request.headers["authorization"].removeprefix("Bearer ")
    ].account
    server.seen = Silent()  # type: ignore[assignment]
    inner = server.app()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/_posts":
            body = json.dumps(len(server.posts)).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            return await send({"type": "http.response.body", "body": body})
        await asyncio.sleep(seconds)
        await inner(scope, receive, send)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", lifespan="off")


if __name__ == "__main__":
    served(int(sys.argv[1]), float(sys.argv[2]))
