"""The shape of the process: a router for health and media, Django's pages on threads, the worker beside."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from tidings import outside
from tidings.core import clock
from tidings.deliveries.worker import Worker
from tidings.web import files

THREADS = 16  # pages answered at once; more only wait for one another's database locks
SILENCE = timedelta(seconds=30)  # a worker that has not turned for so long is not well

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

pages = get_wsgi_application()


def build(work: bool = True, mounts: Sequence[BaseRoute] = ()) -> Starlette:
    """The application; `work`: with a worker inside, `mounts`: more apps by path (the demo's simulators)."""
    worker = Worker(outside.door()) if work else None
    routes: list[BaseRoute] = [
        Route("/healthz", alive),
        Route("/readyz", ready),
        *files.routes,
        *mounts,
        Mount("/", cast(ASGIApp, WSGIMiddleware(cast(Any, pages), workers=THREADS))),
    ]
    app = Starlette(routes=routes, lifespan=_with(worker))
    app.state.worker = worker
    return app


def _with(worker: Worker | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if worker:
            worker.start()
        yield
        if worker:
            await run_in_threadpool(worker.stop)

    return lifespan


async def alive(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"alive": True})


def ready(request: Request) -> Response:
    """The database answers, and the worker turns; 503 when not. Sync: Starlette calls it on a thread."""
    worker: Worker | None = request.app.state.worker
    said = {"database": _database_answers()}
    if worker:
        said["worker"] = clock.now() - worker.beat < SILENCE
    return JSONResponse(said, 200 if all(said.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False
    finally:
        connection.close()
