"""This process's door out, made once from the settings; the demo's simulators are reached by it too."""

import threading

from tidings.core.http import Door
from tidings.settings import settings

_lock = threading.Lock()
_door: Door | None = None


def door() -> Door:
    """The one door of this process."""
    global _door
    with _lock:
        if _door is None:
            ours = settings()
            private = [host.strip() for host in ours.private_hosts.split(",") if host.strip()]
            _door = Door(private, agent=f"Tidings (+{ours.url})")
        return _door


def use(other: Door | None) -> None:
    """Make this the process's door (tests and the demo do); None: make a fresh one from the settings."""
    global _door
    with _lock:
        _door = other
