"""`tidings serve`: pages, API and worker in one process."""

import socket
from pathlib import Path

import click
import uvicorn
from starlette.applications import Starlette

from tidings import asgi
from tidings.commands import migrate
from tidings.settings import settings

PATIENCE = 10  # seconds an open request gets when the process is asked to end


def main(plug: socket.socket, work: bool, tls_cert: Path | None = None, tls_key: Path | None = None) -> None:
    """Serve until told to end."""
    migrate.prepare()
    run(plug, asgi.build(work), tls_cert, tls_key)


def run(
    plug: socket.socket, app: Starlette, tls_cert: Path | None = None, tls_key: Path | None = None,
    websockets: bool = False,
) -> None:  # fmt: skip
    """Serve this app on this socket until told to end. We ourselves speak on no WebSocket; simulators do."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, ws="auto" if websockets else "none",
        lifespan="on", timeout_graceful_shutdown=PATIENCE, ssl_certfile=tls_cert, ssl_keyfile=tls_key,
    )
    ours = settings()
    click.echo(f"{ours.name} is at {ours.url} – data in {ours.home} – end it with Ctrl-C", err=True)
    uvicorn.Server(config).run(sockets=[plug])
