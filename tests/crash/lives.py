"""The workers that are alive: begun, killed, held still. Each is a process of its own.

Most are forked from a nursery that has everything imported and nothing open, which saves two seconds a life.
"""

import multiprocessing
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.crash import worker
from tests.crash.worker import Plan

NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.crash.worker"])


@dataclass
class Life:
    """One worker's process, forked or started cold."""

    process: "BaseProcess | subprocess.Popen[bytes]"

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid or 0

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._end is not None

    @property
    def _end(self) -> int | None:
        return self.process.poll() if isinstance(self.process, subprocess.Popen) else self.process.exitcode

    @property
    def killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self._end == -signal.SIGKILL

    def kill(self) -> None:
        """SIGKILL, and gone when this returns."""
        self.process.kill()
        self.wait()

    def stop(self) -> None:
        """SIGTERM, as a service manager does, and gone when this returns."""
        self.process.terminate()
        self.wait(60)
        self.kill()

    def wait(self, seconds: float | None = None) -> None:
        """Until it is gone, or time is up."""
        if not isinstance(self.process, subprocess.Popen):
            self.process.join(seconds)
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    @property
    def stands(self) -> bool:
        """Whether it was stopped and can be woken."""
        return not self.over and Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def wake(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    @contextmanager
    def still(self) -> Iterator[None]:
        """SIGSTOP while the block runs."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            self.wake()

    @contextmanager
    def without_disk(self) -> Iterator[None]:
        """No file of this process may grow or be written to while the block runs: SQLite gets I/O errors."""
        _soft, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            if not self.over:
                resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard, hard))


def open_nursery() -> None:
    """Let it import everything meanwhile; it keeps this process's environment as it is now."""
    forkserver.ensure_running()


def begin(plan: Plan, cold: bool = False) -> Life:
    """One more worker."""
    if cold:
        return Life(subprocess.Popen(worker.cold(plan)))
    process = NURSERY.Process(target=worker.live, args=(plan,), daemon=True)
    process.start()
    return Life(process)
