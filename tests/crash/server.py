"""A PostgreSQL of our own, so that it can be restarted under way."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from tidings.simulators import free_port


@dataclass(frozen=True)
class Server:
    """A running server, its data below `folder`."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """What TIDINGS_DATABASE says of it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """From nothing."""
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        self._run("pg_ctl", "-l", f"{self.folder}/log", "-w", "-s", "-o", options, "start")

    def restart(self) -> None:
        """Its processes are ended where they stand."""
        self._run("pg_ctl", "-l", f"{self.folder}/log", "-w", "-s", "-m", "immediate", "restart")

    def stop(self) -> None:
        """For good."""
        self._run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.programs / program), "-D", f"{self.folder}/data", *words]
        if os.getuid() == 0:  # it refuses to run as root
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


@contextmanager
def server() -> Iterator[Server]:
    """A fresh one, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="tidings-crash-postgres-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    one = Server(_programs(), folder, free_port())
    one.start()
    try:
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with the newest initdb."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = versions[-1] if versions else shutil.which("initdb")
    if not found:
        raise click.ClickException("There is no PostgreSQL server on this machine; or name one in TIDINGS_DATABASE.")
    return Path(found).parent
