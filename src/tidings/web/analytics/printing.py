"""Hands a sheet to the printer and takes the PDF back."""

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

import structlog

from tidings.core.cores import anywhere
from tidings.web.analytics.sheet import Sheet, packed

log = structlog.get_logger(__name__)
PRINTERS = BoundedSemaphore(1)  # at once in this process
SECONDS, WAITING = 60, 20  # that one may take; that somebody waits for another's
_SOURCES = str(Path(__file__).parents[3])


class NotPrinted(Exception):
    """The printer gave nothing."""


def printed(sheet: Sheet) -> bytes:
    """The PDF; raises NotPrinted."""
    if not PRINTERS.acquire(timeout=WAITING):
        raise NotPrinted
    try:
        return _run(packed(sheet).encode())
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning("report.not_printed", because=str(error)[:300], said=_last(error.stderr))
        raise NotPrinted from error
    finally:
        PRINTERS.release()


def _run(said: bytes) -> bytes:
    with anywhere():  # a sender keeps to one core, a printer need not
        done = subprocess.run(
            [sys.executable, "-m", "tidings.web.analytics.printer"], input=said, capture_output=True, timeout=SECONDS,
            check=True, env=_environment(),
        )  # fmt: skip
    return done.stdout


def _last(said: bytes | None) -> str:
    return (said or b"").decode(errors="replace")[-300:]


def _environment() -> dict[str, str]:
    """Nothing of ours but where programs and modules are: no key reaches the printer."""
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": _SOURCES, "PYTHONIOENCODING": "utf-8"}
