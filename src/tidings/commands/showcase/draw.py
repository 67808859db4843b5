"""The demo's pictures, drawn: no file of anybody's is needed, and every demo has the same ones."""

import io
import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFont, ImageOps

Size = tuple[int, int]
Palette = Sequence[str]
SMOOTH = 2  # drawn so many times larger, then made smaller: no jagged edges
DAWN = ("#27496d", "#e07a5f", "#f9c784", "#1d3557", "#12202f", "#f4f1de")  # high, middle, low, near, dark, light
NOON = ("#4a90c2", "#9cc9e3", "#e8f3f8", "#2f6f8f", "#173a4c", "#ffffff")
NIGHT = ("#0b132b", "#1c2541", "#3a506b", "#0a1020", "#05080f", "#ffe8a3")
HARVEST = ("#f4d58d", "#f0a868", "#e7e0c9", "#bf6b3f", "#5b2e1a", "#fff7e6")
MOSS = ("#dfe8d5", "#a7c4a0", "#f2f5ea", "#4f772d", "#25401a", "#fefae0")
PLUM = ("#2d1e2f", "#6b3e75", "#d8a7b1", "#8b5e83", "#1b111c", "#fbe9ef")


def sheet(size: Size, high: str, low: str, middle: str | None = None) -> Image.Image:
    """Paper, coloured from above to below."""
    ramp = Image.linear_gradient("L").resize((size[0] * SMOOTH, size[1] * SMOOTH))
    return ImageOps.colorize(ramp, high, low, mid=middle)


def done(picture: Image.Image) -> Image.Image:
    """The drawing at its size."""
    return picture.resize((picture.width // SMOOTH, picture.height // SMOOTH), Image.Resampling.LANCZOS)


def harbour(size: Size, colours: Palette) -> Image.Image:
    """The sun over the sea, and boats."""
    picture = sheet(size, colours[0], colours[2], colours[1])
    wide, high = picture.size
    pen, sea, sun = ImageDraw.Draw(picture), int(high * 0.64), high // 8
    pen.ellipse((wide // 2 - sun, sea - sun * 3 // 2, wide // 2 + sun, sea + sun // 2), fill=colours[5])
    pen.rectangle((0, sea, wide, high), fill=colours[3])
    for line, half in enumerate((1.2, 0.9, 1.05, 0.6, 0.75, 0.35)):
        x, y = sun * half, sea + (line + 0.6) * high * 0.055
        pen.rounded_rectangle((wide / 2 - x, y, wide / 2 + x, y + high * 0.009), 6, fill=colours[1])
    for place, scale in ((0.72, 1.0), (0.2, 0.6), (0.33, 0.4)):
        _boat(pen, wide * place, sea + high * 0.1 * scale, high * 0.2 * scale, colours)
    return done(picture)


def _boat(pen: ImageDraw.ImageDraw, x: float, y: float, tall: float, colours: Palette) -> None:
    pen.polygon(((x - tall / 2, y), (x + tall / 2, y), (x + tall / 3, y + tall / 4), (x - tall / 3, y + tall / 4)),
                fill=colours[4])
    pen.polygon(((x, y - tall / 20), (x, y - tall), (x + tall / 2, y - tall / 20)), fill=colours[5])
    pen.polygon(((x - tall / 16, y - tall / 20), (x - tall / 16, y - tall * 0.8), (x - tall / 3, y - tall / 20)),
                fill=colours[2])


def hills(size: Size, colours: Palette) -> Image.Image:
    """Hills behind hills."""
    picture = sheet(size, colours[2], colours[0])
    wide, high = picture.size
    pen = ImageDraw.Draw(picture)
    pen.ellipse((wide * 0.68, high * 0.12, wide * 0.68 + high * 0.2, high * 0.32), fill=colours[5])
    for row, colour in enumerate((colours[1], colours[3], colours[4])):
        top, swing = high * (0.45 + 0.17 * row), high * (0.1 - 0.015 * row)
        wave = [(x, top + swing * math.sin(x / wide * (5 + row) + row * 2)) for x in range(0, wide + 9, 8)]
        pen.polygon([(0, high), *wave, (wide, high)], fill=colour)
    return done(picture)


def loaves(size: Size, colours: Palette) -> Image.Image:
    """Bread on a board, seen from above."""
    picture = sheet(size, colours[2], colours[0])
    wide, high = picture.size
    pen, long = ImageDraw.Draw(picture), wide * 0.24
    pen.rounded_rectangle((wide * 0.06, high * 0.14, wide * 0.94, high * 0.86), high // 12, fill=colours[1])
    for n in range(3):
        x, y = wide * (0.22 + 0.28 * n), high * (0.5 + (0.05 if n % 2 else -0.04))
        pen.ellipse((x - long / 2, y - high * 0.25, x + long / 2, y + high * 0.25), fill=colours[4])
        pen.ellipse((x - long / 2.2, y - high * 0.235, x + long / 2.2, y + high * 0.215), fill=colours[3])
        for cut in range(3):
            at = y + (cut - 1) * high * 0.11
            pen.line((x - long * 0.24, at + high * 0.03, x + long * 0.24, at - high * 0.03), colours[5], wide // 90)
    return done(picture)


def cups(size: Size, colours: Palette) -> Image.Image:
    """A table full of coffee, seen from above."""
    picture = sheet(size, colours[1], colours[0])
    wide, high = picture.size
    pen, dice = ImageDraw.Draw(picture), random.Random(7)  # noqa: S311 -- the same table at every demo
    for row in range(2):
        for column in range(3):
            x, y = wide * (0.2 + 0.3 * column), high * (0.28 + 0.44 * row)
            r, turn = high * 0.15, dice.randrange(360)
            for part, colour in ((1.35, colours[5]), (0.95, colours[2]), (0.8, colours[4]), (0.5, colours[3])):
                pen.ellipse((x - r * part, y - r * part, x + r * part, y + r * part), fill=colour)
            pen.pieslice((x - r * 0.5, y - r * 0.5, x + r * 0.5, y + r * 0.5), turn, turn + 150, fill=colours[5])
    return done(picture)


def hall(size: Size, colours: Palette) -> Image.Image:
    """A room of a museum, with pictures on its walls."""
    picture = sheet(size, colours[2], colours[1])
    wide, high = picture.size
    pen = ImageDraw.Draw(picture)
    pen.polygon(((0, high), (wide, high), (wide * 0.72, high * 0.7), (wide * 0.28, high * 0.7)), fill=colours[3])
    pen.rectangle((wide * 0.28, high * 0.18, wide * 0.72, high * 0.7), fill=colours[0])
    for n, colour in enumerate((colours[4], colours[5], colours[1])):
        x = wide * (0.33 + 0.125 * n)
        pen.rectangle((x - 8, high * 0.3 - 8, x + wide * 0.085 + 8, high * 0.52 + 8), fill=colours[4])
        pen.rectangle((x, high * 0.3, x + wide * 0.085, high * 0.52), fill=colour)
    for side, near, far in ((0.0, 0.05, 0.2), (1.0, 0.95, 0.8)):
        pen.polygon(((wide * near, high * 0.16), (wide * far, high * 0.26), (wide * far, high * 0.56),
                     (wide * near, high * 0.66)), fill=colours[5] if side else colours[4])
    return done(picture)


def chart(size: Size, colours: Palette) -> Image.Image:
    """Bars that grow, with what they stand for."""
    picture = sheet(size, colours[5], colours[5])
    wide, high = picture.size
    pen = ImageDraw.Draw(picture)
    values = (0.31, 0.38, 0.36, 0.52, 0.61, 0.58, 0.74, 0.9)
    for n, value in enumerate(values):
        x = wide * (0.08 + 0.11 * n)
        pen.rounded_rectangle((x, high * (0.86 - 0.62 * value), x + wide * 0.075, high * 0.86), 12,
                              fill=colours[3] if n < len(values) - 1 else colours[1])
    pen.line((wide * 0.06, high * 0.87, wide * 0.95, high * 0.87), fill=colours[4], width=6)
    pen.text((wide * 0.08, high * 0.06), "Visitors a month", fill=colours[4], font=ImageFont.load_default(high // 13))
    return done(picture)


def poster(size: Size, colours: Palette, words: str = "LONG\nNIGHT\nAT THE\nHARBOUR") -> Image.Image:
    """A bill for a wall: large words over large shapes."""
    picture = sheet(size, colours[0], colours[1])
    wide, high = picture.size
    pen = ImageDraw.Draw(picture)
    pen.ellipse((wide * 0.4, high * 0.42, wide * 1.25, high * 0.42 + wide * 0.85), fill=colours[2])
    pen.ellipse((wide * 0.55, high * 0.54, wide * 1.1, high * 0.54 + wide * 0.55), fill=colours[5])
    font = ImageFont.load_default(wide // 7)
    pen.multiline_text((wide * 0.08, high * 0.07), words, fill=colours[5], font=font, spacing=wide // 60)
    return done(picture)


def badge(size: Size, colours: Palette) -> Image.Image:
    """A mark with nothing behind it: an anchor in a ring."""
    side = size[0] * SMOOTH
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen, thick = ImageDraw.Draw(picture), side // 16
    pen.ellipse((thick, thick, side - thick, side - thick), outline=colours[3], width=thick)
    pen.ellipse((side * 0.43, side * 0.2, side * 0.57, side * 0.34), outline=colours[3], width=thick // 2)
    pen.line((side / 2, side * 0.33, side / 2, side * 0.78), fill=colours[3], width=thick)
    pen.line((side * 0.36, side * 0.44, side * 0.64, side * 0.44), fill=colours[3], width=thick)
    pen.arc((side * 0.26, side * 0.34, side * 0.74, side * 0.8), 20, 160, fill=colours[3], width=thick)
    return done(picture)


def turning(size: Size, colours: Palette) -> list[Image.Image]:
    """The frames of a sign that turns."""
    wide, high = size
    frames = []
    for step in range(8):
        frame = Image.new("RGB", size, colours[0])
        pen, half = ImageDraw.Draw(frame), abs(math.cos(step * math.pi / 8)) * wide * 0.32 + 4
        pen.rectangle((wide / 2 - 3, high * 0.08, wide / 2 + 3, high * 0.2), fill=colours[4])
        pen.ellipse((wide / 2 - half, high * 0.2, wide / 2 + half, high * 0.84), fill=colours[3 if step < 4 else 1])
        frames.append(frame)
    return frames


def face(colours: Palette, letters: str) -> bytes:
    """A channel's portrait: letters on a coloured disc's ground, as WEBP."""
    picture = sheet((96, 96), colours[1], colours[0])
    pen, side = ImageDraw.Draw(picture), picture.width
    pen.ellipse((side * 0.45, side * 0.5, side * 1.3, side * 1.35), fill=colours[3])
    pen.text((side / 2, side / 2), letters, fill=colours[5], anchor="mm", font=ImageFont.load_default(side * 0.44),
             stroke_width=2, stroke_fill=colours[5])
    kept = io.BytesIO()
    done(picture).save(kept, "WEBP", quality=88)
    return kept.getvalue()


SCENES: dict[str, Callable[[Size, Palette], Image.Image]] = {
    "harbour": harbour, "hills": hills, "loaves": loaves, "cups": cups, "hall": hall, "chart": chart,
    "poster": poster, "badge": badge,
}
PALETTES: dict[str, Palette] = {
    "dawn": DAWN, "noon": NOON, "night": NIGHT, "harvest": HARVEST, "moss": MOSS, "plum": PLUM,
}
