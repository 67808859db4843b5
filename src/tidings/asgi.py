"""The shape of the process: a router for health and media, Django's pages on threads, the worker beside."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from tidings import outside
from tidings.channels import revoke
from tidings.deliveries.worker import Worker
from tidings.instance import chores
from tidings.web import export_file, files, health, live, public_media, static_files
from tidings.web.gate import Gate
from tidings.web.headers import Headers
from tidings.web.rooms import Rooms
from tidings.web.vouch import Vouch

THREADS = 16  # pages answered at once; more only wait for one another's database locks

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

pages = get_wsgi_application()


class Site(Starlette):
    """A router whose every answer, its own errors among them, passes the gate and says what browsers must know."""

    def __init__(self, foreign: Sequence[str], **more: Any) -> None:
        self.foreign = foreign
        super().__init__(**more)

    def build_middleware_stack(self) -> ASGIApp:
        """Called once by Starlette."""
        return Headers(Gate(Vouch(super().build_middleware_stack())), self.foreign)


def build(work: bool = True, mounts: Sequence[BaseRoute] = ()) -> Starlette:
    """The application; `work`: with a worker inside, `mounts`: more apps by path (the demo's simulators)."""
    worker = Worker(outside.door(), chores=chores.PACES) if work else None
    routes: list[BaseRoute] = [
        *health.routes,
        *files.routes,
        *live.routes,
        *export_file.routes,
        *public_media.routes,
        *static_files.routes(),
        *mounts,
        Mount("/", cast(ASGIApp, WSGIMiddleware(cast(Any, pages), workers=THREADS))),
    ]
    foreign = [route.path for route in mounts if isinstance(route, Mount)]
    app = Site(foreign, routes=routes, lifespan=_with(worker))
    app.state.worker = worker
    app.state.rooms = Rooms()
    return app


def _with(worker: Worker | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if worker:
            worker.start()
        revoke.start()
        yield
        app.state.rooms.close()
        await run_in_threadpool(revoke.end)
        if worker:
            await run_in_threadpool(worker.stop)

    return lifespan
