"""Charts as shapes of an SVG that is as wide as its place: what is seen is in the table below it as well, in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tidings.analytics.words import told
from tidings.web.times import spelled_day

WIDE, HIGH = 1000, 200  # of the drawing; it is stretched to its place
SMALL, ROUND = (1, 2, 3, 4, 5, 6, 8), (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)  # where scales end
GAP = 0.2  # of a bar's room


@dataclass(frozen=True)
class Shape:
    """A bar, or a point of a line, with what is said when somebody points at it."""

    x: float
    y: float
    wide: float
    high: float
    title: str


@dataclass(frozen=True)
class Chart:
    """`path`: of a line; empty for bars. `ticks`: (height from the top in parts of 100, label)."""

    shapes: Sequence[Shape]
    path: str
    ticks: Sequence[tuple[int, str]]
    labels: Sequence[str]
    rows: Sequence[tuple[str, str]]


def bars(values: Mapping[date, int], days: Sequence[date]) -> Chart:
    """A bar for each day; a day without a value has none."""
    top = _round(max(values.values(), default=0))
    room = WIDE / max(len(days), 1)
    shapes = [
        Shape(
            round(n * room + room * GAP / 2, 1), _y(values[day], 0, top), round(room * (1 - GAP), 1),
            round(HIGH - _y(values[day], 0, top), 1), _title(day, told(values[day])),
        )
        for n, day in enumerate(days) if values.get(day)
    ]  # fmt: skip
    rows = [(spelled_day(day, "dated"), told(values[day])) for day in days if day in values]
    return Chart(shapes, "", _ticks(0, top), _labels(days), rows)


def line(values: Mapping[date, int], days: Sequence[date], signed: bool = False) -> Chart:
    """A line from reading to reading; where nothing was read, it has no point."""
    low, high = min(0, *values.values()) if signed else min(values.values()), max(values.values())
    low, top = (-_round(-low) if low else 0, _round(high)) if signed else _around(low, high)
    room = WIDE / max(len(days) - 1, 1)
    points = [(n * room, _y(values[day], low, top), day) for n, day in enumerate(days) if day in values]
    path = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y, _day) in enumerate(points))
    shapes = [
        Shape(round(max(x - room / 2, 0), 1), 0, round(room, 1), HIGH, _title(day, told(values[day], signed)))
        for x, _y0, day in points
    ]
    rows = [(spelled_day(day, "dated"), told(values[day], signed)) for day in days if day in values]
    return Chart(shapes, path, _ticks(low, top), _labels(days), rows)


def _y(value: float, low: float, top: float) -> float:
    return round(HIGH - (value - low) / ((top - low) or 1) * HIGH, 1)


def _title(day: date, value: str) -> str:
    return f"{spelled_day(day, 'short')}: {value}"


def _round(value: float) -> int:
    """The next round number: two digits at most, and noughts."""
    noughts = 10 ** max(len(str(math.ceil(value))) - 2, 0)
    return int(next(part * noughts for part in (*SMALL, *ROUND) if part * noughts >= value))


def _around(low: int, high: int) -> tuple[int, int]:
    """Round numbers around both: of a large profile, the few that came are seen."""
    step = _round(max(high - low, 1) / 2)
    return low // step * step, (high // step + 1) * step


def _ticks(low: int, top: int) -> list[tuple[int, str]]:
    middle = [(50, told((low + top) // 2))] if (low + top) % 2 == 0 else []
    return [(0, told(top)), *middle, (100, told(low))]


def _labels(days: Sequence[date]) -> list[str]:
    """The first, the middle and the last day."""
    wanted = dict.fromkeys((days[0], days[len(days) // 2], days[-1]))
    return [spelled_day(day, "short") for day in wanted]
