"""What a look at an instance found, and whether it is for the open internet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tidings.media.reach import indoors
from tidings.settings import settings

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and what to do."""

    name: str
    level: Level
    sentence: str


Check = Callable[[], Iterator[Finding]]


def public() -> bool:
    """Whether people reach this instance from elsewhere than this machine and its own network."""
    return bool(settings().base_url) and not indoors(settings().hostname)
