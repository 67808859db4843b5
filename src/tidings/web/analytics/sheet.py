"""What is printed of a report: words in the reader's language, numbers as they are written there, shapes. The printer
knows nothing else: no Django in here."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Point = tuple[float, float]
Bar = tuple[float, float, float, float]  # from the left, from the top, wide, high


@dataclass(frozen=True)
class Figures:
    """Numbers side by side: label, value, change, remark; the last two may be empty."""

    each: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True)
class Drawing:
    """A chart on WIDE × HIGH: a line by its points, or bars. `ticks`: (height from the top in parts of 100, label)."""

    title: str
    text: str
    points: Sequence[Point]
    bars: Sequence[Bar]
    ticks: Sequence[tuple[int, str]]
    labels: Sequence[str]


@dataclass(frozen=True)
class Charts:
    """Charts side by side, two at most."""

    each: Sequence[Drawing]


@dataclass(frozen=True)
class Grid:
    """A table. `numbers`: from which column on they stand to the right, and take the room they need; `wide`: of those
    before, against one another."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    wide: Sequence[float]
    numbers: int = 99
    note: str = ""


@dataclass(frozen=True)
class Break:
    """A new page."""


Part = Figures | Charts | Grid | Break
KINDS: dict[str, Callable[..., Part]] = {"Figures": Figures, "Grid": Grid, "Break": Break}


@dataclass(frozen=True)
class Sheet:
    """The whole. `logo`: a picture in base 64, empty where there is none; `made_at`: ISO; `lacking`: what is said where
    there are no letters to print something with."""

    title: str
    author: str
    language: str
    made_at: str
    logo: str
    lines: Sequence[str]
    notes: Sequence[str]
    parts: Sequence[Part]
    lacking: str
    page: str  # %(n)s, %(all)s


def packed(sheet: Sheet) -> str:
    """As one line of JSON, each part with its kind."""
    parts = [{"kind": type(part).__name__, **asdict(part)} for part in sheet.parts]
    return json.dumps({**asdict(sheet), "parts": parts})


def unpacked(text: str) -> Sheet:
    """The sheet again."""
    said = json.loads(text)
    return Sheet(**said | {"parts": [_part(**part) for part in said["parts"]]})


def _part(kind: str, **said: Any) -> Part:
    if kind == "Charts":
        return Charts([Drawing(**one) for one in said["each"]])
    return KINDS[kind](**said)
