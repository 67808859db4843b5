"""Hands orders to the press and takes back what came of them; a press that hangs or dies means: refused."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog

from tidings.core.cores import anywhere
from tidings.media import refuse
from tidings.media.order import Fit, Fitted, Frame, Seen, Take
from tidings.media.refuse import Refused

log = structlog.get_logger(__name__)
PRESSES = BoundedSemaphore(2)  # at once in this process, whoever asks; each may take gigabytes
SECONDS = 60
_SOURCES = str(Path(__file__).parents[2])


def take(order: Take) -> Seen:
    """Have a file cleaned and looked into; raises Refused."""
    return Seen(**_pressed("take", asdict(order), _seconds(order.path)))


def fit(order: Fit) -> Fitted:
    """Have a fitted copy made; raises Refused."""
    return Fitted(**_pressed("fit", asdict(order), _seconds(order.path)))


def frame(order: Frame) -> bool:
    """Have a frame of a film cut out; whether there was one."""
    return bool(_pressed("frame", asdict(order), _seconds(order.path)))


def _seconds(path: str) -> int:
    """How long it may take; a film is read once, from a slow disk perhaps."""
    return SECONDS + Path(path).stat().st_size // 20_000_000


def _pressed(verb: str, order: dict[str, Any], seconds: int) -> Any:
    said = json.dumps({"verb": verb, "order": order, "seconds": seconds}).encode()
    with PRESSES:
        answer = _run(said, seconds)
    if "done" in answer:
        return answer["done"]
    if "because" in answer:
        log.info("media.refused", because=answer["because"])
    raise Refused(answer.get("refused", refuse.GAVE_UP))


def _run(said: bytes, seconds: int) -> dict[str, Any]:
    """One press, in a group of its own, so that what it started ends with it."""
    with anywhere():  # a sender keeps to one core, a press need not
        press = subprocess.Popen(
            [sys.executable, "-m", "tidings.media.press"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True, env=_environment(),
        )  # fmt: skip
    try:
        out, _nothing = press.communicate(said, timeout=seconds)
        answer = json.loads(out.splitlines()[-1])
        return answer if isinstance(answer, dict) else {}
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        log.warning("media.press_died", code=press.poll())
        return {}
    finally:
        _end(press)


def _end(press: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):  # it ended, and nothing it started is left
        os.killpg(press.pid, signal.SIGKILL)
    press.wait()


def _environment() -> dict[str, str]:
    """Nothing of ours but where programs and modules are: no key reaches the press."""
    return {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": _SOURCES, "LANG": "C.UTF-8"}
