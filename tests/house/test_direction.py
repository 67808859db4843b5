"""Pages read from right to left as well as from left to right: styles name sides by the text's direction."""

import re
from pathlib import Path

STYLES = Path(__file__).parents[2] / "frontend/src/styles"
SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset)-(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b)"
)
# of four sides, the second not as the fourth
UNEVEN = re.compile(r"(?<![\w-])inset\s*:\s*[^\s;]+\s+([^\s;]+)\s+[^\s;]+\s+(?!\1[\s;}])[^\s;]+")
PHYSICAL = {
    ".crop-corner": "corners of a picture, which no language mirrors",
    ".drag-label": "follows the pointer, whose place is told from the left",
}


def test_no_style_names_left_or_right() -> None:
    found = [
        f"{path.name}: {line.strip()[:120]}"
        for path in sorted(STYLES.glob("*.css"))
        for line in path.read_text().splitlines()
        if (SIDES.search(line) or UNEVEN.search(line)) and not any(name in line for name in PHYSICAL)
    ]
    assert found == []


def test_left_and_right_would_be_seen() -> None:
    for line in ("margin-left: 4px", "{left:0}", "text-align: right;", "inset: 0 auto 0 0;"):
        assert SIDES.search(line) or UNEVEN.search(line), line
    for line in ("margin-inline-start: 4px", "inset: 0 4px 0 4px;", "inset: 0; z-index: 3;", "text-align: start"):
        assert not SIDES.search(line), line
        assert not UNEVEN.search(line), line
