"""What machines ask: whether the process lives, whether it is ready, and figures for Prometheus."""

import hmac
from collections.abc import Callable
from functools import wraps

from django.db import DatabaseError, connection
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tidings.core import clock
from tidings.deliveries import nodes
from tidings.deliveries.worker import Worker
from tidings.settings import settings
from tidings.web import metrics

Answer = Callable[[Request], Response]  # sync, so Starlette calls it on a thread


def _with_database(answer: Answer) -> Answer:
    """A thread of Starlette's keeps no connection; 503 when the database does not answer."""

    @wraps(answer)
    def answered(request: Request) -> Response:
        try:
            return answer(request)
        except DatabaseError:
            return JSONResponse({"database": False}, 503)
        finally:
            connection.close()

    return answered


async def alive(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"alive": True})


@_with_database
def ready(request: Request) -> Response:
    """The database answers, and a worker turns: the one inside or, where there is none, any; 503 when not."""
    said = {"database": True, "worker": _works(request.app.state.worker)}
    return JSONResponse(said, 200 if all(said.values()) else 503)


def _works(inside: Worker | None) -> bool:
    there = nodes.alive(clock.now())  # asked in either case: that is how we know that the database answers
    return clock.now() - inside.beat < nodes.SILENCE if inside else bool(there)


@_with_database
def figures(request: Request) -> Response:
    """Figures for whoever knows the token; as long as none is set there is nothing here."""
    token = settings().metrics_token
    if not token:
        return PlainTextResponse("Set TIDINGS_METRICS_TOKEN to see figures here.\n", 404)
    said = request.headers.get("authorization", "")
    if not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return PlainTextResponse("The token is missing or wrong.\n", 401, {"WWW-Authenticate": "Bearer"})
    encode, kind = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(metrics.registry), headers={"Content-Type": kind, "Cache-Control": "no-store"})


routes: list[BaseRoute] = [
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/metrics", figures),
]
