"""The real program as a process: `tidings demo` or `tidings serve` on a free port, with a home of its own."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from http.cookiejar import CookieJar
from pathlib import Path

from tidings.simulators import free_port

TIDINGS = Path(sys.executable).with_name("tidings")
PATIENCE = 60  # seconds until it must answer; a machine under load takes its time


class Server:
    """One instance; it can be killed and started again on the same data."""

    def __init__(
        self, command: str, home: Path, host: str = "127.0.0.1", program: Sequence[str] = (str(TIDINGS),),
        **settings: str,
    ) -> None:
        self.command, self.home, self.program = command, home, program
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TIDINGS_", "DJANGO_"))}
        ours = {f"TIDINGS_{name.upper()}": value for name, value in settings.items()}
        self.environment = clean | ours | {"TIDINGS_HOME": str(home), "TIDINGS_BASE_URL": self.url}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        """Start it, and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home.parent / f"{self.home.name}.log").open("ab") as log:
            words = [*self.program, *self.command.split(), "--port", str(self.port)]
            self.process = subprocess.Popen(words, env=self.environment, stdout=log, stderr=log)
        self._wait("/healthz", "")
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def wait_for(self, path: str, words: str) -> None:
        """Wait until this page, seen by whoever the first page signs in, says these words."""
        self._wait(path, words)

    def _wait(self, path: str, words: str) -> None:
        window = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        until = time.monotonic() + PATIENCE
        said = "no answer"
        while time.monotonic() < until and self.process and self.process.poll() is None:
            try:
                if words:
                    window.open(f"{self.url}/", timeout=PATIENCE).close()
                with window.open(self.url + path, timeout=PATIENCE) as answer:
                    said = answer.read().decode()
                if words in said:
                    return
            except OSError as error:
                said = str(error)
            time.sleep(0.1)
        log = (self.home.parent / f"{self.home.name}.log").read_text()
        raise AssertionError(f"`tidings {self.command}` did not come up: {said[-500:]}\n{log[-3000:]}")
