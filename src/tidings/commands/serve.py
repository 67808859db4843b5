"""`tidings serve`: pages, API and worker in one process."""

import socket
from pathlib import Path
from typing import cast

import click
import uvicorn
from starlette.applications import Starlette

from tidings import asgi
from tidings.commands import migrate
from tidings.commands.certificate import Certificate
from tidings.commands.protocol import Protocol
from tidings.commands.refuse import refuse
from tidings.instance import checks
from tidings.settings import settings

PATIENCE = 10  # seconds an open request gets when the process is asked to end
HEAD = 32_768  # bytes; a request whose head is longer is refused


def main(plug: socket.socket, work: bool) -> None:
    """Serve until told to end."""
    ours = settings()
    for check in checks.before_serving():
        refuse(check)
    certificate = Certificate(Path(ours.tls_cert), Path(ours.tls_key)) if ours.tls_cert else None
    migrate.prepare()
    run(plug, asgi.build(work), certificate)


def run(plug: socket.socket, app: Starlette, certificate: Certificate | None = None, websockets: bool = False) -> None:
    """Serve this app on this socket until told to end. We ourselves speak on no WebSocket; simulators do."""
    ours = settings()
    click.echo(f"{ours.name} is at {ours.url} – data in {ours.home} – end it with Ctrl-C", err=True)
    Server(config(app, certificate, websockets)).run(sockets=[plug])


class Server(uvicorn.Server):
    """Lets those go who listen, before it waits for open requests to end: theirs have no end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called once by uvicorn."""
        cast(Starlette, self.config.app).state.rooms.close()
        await super().shutdown(sockets)


def config(app: Starlette, certificate: Certificate | None = None, websockets: bool = False) -> uvicorn.Config:
    """How we serve: believing no proxy but the named ones, and saying nothing about ourselves."""
    return uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, ws="auto" if websockets else "none",
        http=Protocol, lifespan="on", timeout_graceful_shutdown=PATIENCE, h11_max_incomplete_event_size=HEAD,
        forwarded_allow_ips=settings().trusted_proxies,
        ssl_context_factory=(lambda _config, _default: certificate.context) if certificate else None,
    )
