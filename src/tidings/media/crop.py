"""The part of a picture that is used, as parts of its width and height; it belongs to the use, not to the picture."""

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

LEAST = 0.01  # of the width or height; less shows nothing
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Crop:
    """Where it begins and how much of the picture it takes, each 0 … 1."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, row: Mapping[str, Any] | None) -> "Crop | None":
        """Out of JSON; raises ValueError, KeyError or TypeError for what is none."""
        return cls(*(float(row[name]) for name in ("x", "y", "width", "height"))) if row else None

    def row(self) -> dict[str, float]:
        """As JSON."""
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}

    @property
    def sane(self) -> bool:
        """Whether it lies within the picture and shows something."""
        whole = all(math.isfinite(value) for value in astuple(self))
        inside = self.x >= 0 and self.y >= 0 and self.x + self.width <= 1.001 and self.y + self.height <= 1.001
        return whole and inside and self.width >= LEAST and self.height >= LEAST

    def tidy(self) -> "Crop | None":
        """Rounded, so that equal ones are equal; None when it takes the whole picture."""
        if not self.sane:
            return self
        x, y = round(self.x, 5), round(self.y, 5)
        width, height = min(round(self.width, 5), 1 - x), min(round(self.height, 5), 1 - y)
        return None if width > 0.999 and height > 0.999 else Crop(x, y, round(width, 5), round(height, 5))

    def box(self, width: int, height: int) -> Box:
        """In pixels of a picture of this size, one by one at least."""
        left, top = min(round(self.x * width), width - 1), min(round(self.y * height), height - 1)
        right, bottom = round((self.x + self.width) * width), round((self.y + self.height) * height)
        return left, top, max(left + 1, min(right, width)), max(top + 1, min(bottom, height))
