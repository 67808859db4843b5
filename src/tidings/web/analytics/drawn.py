"""The parts of a report, drawn on paper. Runs in the printer."""

from fpdf.fonts import FontFace

from tidings.web.analytics.paper import ACCENT, DOWN, INK, LINE, LOGO, MARGIN, QUIET, UP, Paper
from tidings.web.analytics.sheet import Break, Charts, Drawing, Figures, Grid, Sheet

WIDE, HIGH = 1000, 200  # of the drawing that is stretched to its place
CARDS, CARD = 5, 21  # figures in a row; their height in millimetres
PLOT = 42  # height of a chart
ROW, FEW = 10, 5  # height of a table's row; so many of the first stand on one page
SPACE, LEAST = 4.5, 50  # beside a number in its column; what its words have of a table, in millimetres
GAP = 6
HEADING, BOLD = FontFace(emphasis="BOLD", color=QUIET), FontFace(emphasis="BOLD")


def drawn(sheet: Sheet) -> bytes:
    """The file."""
    paper = Paper(sheet)
    _head(paper, sheet)
    for part in sheet.parts:
        if isinstance(part, Figures):
            _figures(paper, part)
        elif isinstance(part, Charts):
            _charts(paper, part)
        elif isinstance(part, Grid):
            _grid(paper, part)
        elif isinstance(part, Break):
            paper.add_page()
    if paper.lacks:
        paper.pen(8, colour=QUIET)
        paper.words(sheet.lacking)
    return bytes(paper.output())


def _head(paper: Paper, sheet: Sheet) -> None:
    paper.picture(sheet.logo)
    wide = paper.epw - (LOGO[0] + GAP if sheet.logo else 0)
    paper.pen(20, "B")
    paper.multi_cell(wide, 9, paper.plain(sheet.title), align="L", new_x="LMARGIN", new_y="NEXT")
    paper.pen(10, colour=QUIET)
    for line in sheet.lines:
        paper.multi_cell(wide, 5, paper.plain(line), align="L", new_x="LMARGIN", new_y="NEXT")
    paper.set_y(max(paper.get_y(), MARGIN + (LOGO[1] if sheet.logo else 0)) + 3)
    paper.pen(9)
    for note in sheet.notes:
        paper.words(note)


def _title(paper: Paper, text: str, high: float) -> None:
    """A heading that stays with so much of what follows; readers find it in the file's outline."""
    paper.room(high + 14)
    paper.ln(3)
    paper.start_section(paper.plain(text))
    paper.pen(12, "B")
    paper.words(text, 7)


def _figures(paper: Paper, part: Figures) -> None:
    wide = (paper.epw - GAP * (CARDS - 1)) / CARDS
    for at in range(0, len(part.each), CARDS):
        paper.room(CARD + GAP / 2)
        top = paper.get_y() + GAP / 2
        for n, one in enumerate(part.each[at:at + CARDS]):
            _figure(paper, MARGIN + n * (wide + GAP), top, wide, one)
        paper.set_xy(MARGIN, top + CARD)


def _figure(paper: Paper, x: float, y: float, wide: float, one: tuple[str, str, str, str]) -> None:
    label, value, change, remark = map(paper.plain, one)
    paper.set_draw_color(*LINE)
    paper.rect(x, y, wide, CARD)
    _line(paper, x, y + 1.5, wide, label, 9, QUIET)
    paper.pen(9, "B", DOWN if change.startswith("−") else UP)
    paper.set_xy(x, y + 1.5)
    paper.cell(wide - 2, 5, change, align="R")
    _line(paper, x, y + 7, wide, value, 16, INK, "B", 7)
    _line(paper, x, y + 14.5, wide, remark, 7, QUIET)


def _line(
    paper: Paper, x: float, y: float, wide: float, text: str, size: float, colour: tuple[int, int, int],
    style: str = "", high: float = 5,
) -> None:
    paper.pen(size, style, colour)
    paper.set_xy(x + 1, y)
    paper.cell(wide - 2, high, text)


def _charts(paper: Paper, part: Charts) -> None:
    paper.room(PLOT + 26)
    top, wide = paper.get_y() + GAP, (paper.epw - GAP * 2 * (len(part.each) - 1)) / max(len(part.each), 1)
    for n, one in enumerate(part.each):
        x = MARGIN + n * (wide + GAP * 2)
        _line(paper, x - 1, top, wide, paper.plain(one.title), 12, INK, "B", 6)
        _line(paper, x - 1, top + 6, wide, paper.plain(one.text), 8, QUIET)
        _chart(paper, one, x, top + 14, wide)
    paper.set_xy(MARGIN, top + PLOT + 20)


def _chart(paper: Paper, one: Drawing, x: float, y: float, wide: float) -> None:
    """Rules and their labels, the shapes, the days below."""
    paper.pen(7, colour=QUIET)
    room = max((paper.get_string_width(label) for _at, label in one.ticks), default=0) + 3
    for at, label in one.ticks:
        height = y + PLOT * at / 100
        paper.set_draw_color(*LINE)
        paper.line(x + room, height, x + wide, height)
        paper.set_xy(x, height - 2)
        paper.cell(room - 2, 4, label, align="R")
    _shapes(paper, one, x + room, y, (wide - room) / WIDE, PLOT / HIGH)
    paper.pen(7, colour=QUIET)
    aligned = ("L", "R") if len(one.labels) == 2 else ("L", "C", "R")
    for label, align in zip(one.labels, aligned, strict=False):
        paper.set_xy(x + room, y + PLOT + 1.5)
        paper.cell(wide - room, 4, paper.plain(label), align=align)


def _shapes(paper: Paper, one: Drawing, x: float, y: float, across: float, down: float) -> None:
    with paper.local_context(fill_color=ACCENT, draw_color=ACCENT, line_width=0.6):
        for left, top, wide, high in one.bars:
            paper.rect(x + left * across, y + top * down, wide * across, high * down, style="F")
        if one.points:
            paper.polyline([(x + left * across, y + top * down) for left, top in one.points])


def _grid(paper: Paper, part: Grid) -> None:
    _title(paper, part.title, ROW * min(len(part.rows), FEW) + 8)
    if part.rows:
        _rows(paper, part)
    if part.note:
        paper.ln(1)
        paper.pen(8, colour=QUIET)
        paper.words(part.note, 4)


def _rows(paper: Paper, part: Grid) -> None:
    """Its head stands on every page; a row whose second cell is empty heads those below it."""
    wide = _wide(paper, part)
    paper.pen(8)
    paper.set_draw_color(*LINE)
    aligned = tuple("RIGHT" if n >= part.numbers else "LEFT" for n in range(len(part.head)))
    with paper.table(
        borders_layout="HORIZONTAL_LINES", col_widths=wide, headings_style=HEADING,
        line_height=4, padding=(1, 1.2), text_align=aligned, v_align="TOP",
    ) as table:
        for cells in (part.head, *part.rows):
            style = None if cells[1] else BOLD
            table.row([paper.plain(cell) for cell in cells], style=style)


def _wide(paper: Paper, part: Grid) -> tuple[float, ...]:
    """Of each column: no number is broken, and no word above one."""
    paper.pen(8, "B")
    cells = zip(*(row[part.numbers:] for row in (part.head, *part.rows)), strict=True)
    numbers = [max(paper.get_string_width(word) for cell in column for word in (*cell.split(), "")) for column in cells]
    rest = max(paper.epw - sum(numbers) - SPACE * len(numbers), LEAST) / sum(part.wide)
    return (*(one * rest for one in part.wide), *(one + SPACE for one in numbers))
