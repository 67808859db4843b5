"""`tidings work`: a worker without pages; any number of them on PostgreSQL."""

import signal
import threading

import click

from tidings import outside
from tidings.commands import migrate
from tidings.deliveries.worker import Worker
from tidings.instance import chores


def main() -> None:
    """Send what is due until SIGTERM or SIGINT, then finish what is under way."""
    migrate.look()
    asked = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: asked.set())
    worker = Worker(outside.door(), chores=chores.PACES)
    worker.start()
    click.echo("Working – end it with Ctrl-C", err=True)
    asked.wait()
    worker.stop()
