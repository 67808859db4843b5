"""`tidings serve`: pages, API and worker in one process."""

import errno
import socket
from pathlib import Path

import click
import uvicorn
from starlette.applications import Starlette

from tidings import asgi
from tidings.commands import migrate
from tidings.commands.start import Stop
from tidings.settings import settings

PATIENCE = 10  # seconds an open request gets when the process is asked to end


def main(work: bool, tls_cert: Path | None = None, tls_key: Path | None = None) -> None:
    """Serve until told to end."""
    plug = listen()
    migrate.prepare()
    run(plug, asgi.build(work), tls_cert, tls_key)


def listen() -> socket.socket:
    """A listening socket at the settings' address; raises Stop with the reason when there is none to have."""
    host, port = settings().host, settings().port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise Stop(_why(error, host, port)) from None


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; choose one with --port."
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}; choose one above 1023 with --port."
    return f"This machine cannot listen on {host}: {error.strerror}."


def run(
    plug: socket.socket, app: Starlette, tls_cert: Path | None = None, tls_key: Path | None = None
) -> None:
    """Serve this app on this socket until told to end."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, ws="none", lifespan="on",
        timeout_graceful_shutdown=PATIENCE, ssl_certfile=tls_cert, ssl_keyfile=tls_key,
    )
    ours = settings()
    click.echo(f"{ours.name} is at {ours.url} – data in {ours.home} – end it with Ctrl-C", err=True)
    uvicorn.Server(config).run(sockets=[plug])
