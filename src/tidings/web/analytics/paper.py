"""The paper that a report is printed on: pages, letters, colours. Runs in the printer."""

import base64
import io
import re
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path
from unicodedata import normalize

from fpdf import FPDF
from PIL import Image

from tidings.web.analytics.sheet import Sheet

BUILT = Path(__file__).parents[1] / "static" / "built"
ALPHABETS = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese")
WEIGHTS = {"": 400, "B": 600}
MARGIN = 15  # millimetres
INK, QUIET, LINE, ACCENT = (24, 24, 37), (96, 98, 115), (224, 225, 232), (36, 81, 209)
UP, DOWN = (21, 110, 63), (176, 35, 40)
LACKING = "[…]"  # for words in letters that are not among ours
OFTEN = re.compile(r"\[…\](?:\s*\[…\])+")
LOGO = (60, 18)  # millimetres it takes at most


class Paper(FPDF):
    """Pages of one report. `lacks`: something could not be printed."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__("landscape", "mm", "A4")
        self.sheet, self.lacks = sheet, False
        self._letters()
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 5)
        self.set_title(sheet.title)
        self.set_author(sheet.author)
        self.set_lang(sheet.language)
        self.set_creation_date(datetime.fromisoformat(sheet.made_at))
        self.set_producer("fpdf2")
        self.add_page()

    def _letters(self) -> None:
        """An alphabet a file; what one lacks is looked for in the others."""
        for name in ALPHABETS:
            for style, weight in WEIGHTS.items():
                self.add_font(name, style, BUILT / f"print-{name}-{weight}.woff")
        self.set_fallback_fonts(ALPHABETS[1:])
        self.known = {10, *(code for name in ALPHABETS for code in self.fonts[name].cmap)}  # type: ignore[union-attr]

    def footer(self) -> None:
        """On each page: whose report, and which page of how many."""
        self.set_y(-MARGIN)
        self.pen(8, colour=QUIET)
        self.cell(self.epw / 2, 5, self.plain(f"{self.sheet.title} · {self.sheet.author}"))
        self.cell(self.epw / 2, 5, self.sheet.page % {"n": self.page_no(), "all": "{nb}"}, align="R")

    def pen(self, size: float, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        """How the next words are written."""
        self.set_font("latin", style, size)
        self.set_text_color(*colour)

    def plain(self, text: str) -> str:
        """The same without what there are no letters for: words become a mark, signs go."""
        parts = []
        for known, run in groupby(normalize("NFC", text), lambda one: ord(one) in self.known):
            said = "".join(run)
            self.lacks |= not known
            parts.append(said if known else LACKING if any(map(str.isalnum, said)) else "")
        return OFTEN.sub(LACKING, "".join(parts))

    def words(self, text: str, high: float = 5) -> None:
        """A paragraph over the whole width."""
        self.multi_cell(0, high, self.plain(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def room(self, high: float) -> None:
        """A new page unless so much is left of this one."""
        if self.will_page_break(high):
            self.add_page()

    def picture(self, said: str) -> None:
        """The logo, in the corner at the end of the line; nothing where it is no picture."""
        with suppress(OSError, ValueError, Image.DecompressionBombError):
            logo = Image.open(io.BytesIO(base64.b64decode(said)))
            scale = min(LOGO[0] / logo.width, LOGO[1] / logo.height)
            wide = logo.width * scale
            self.image(logo, self.w - MARGIN - wide, MARGIN, wide, logo.height * scale)
