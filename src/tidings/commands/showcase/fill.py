"""The library of the full demo: pictures of every kind, an animation, a film, in folders and with tags."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from PIL import Image

from tidings.commands.showcase import draw
from tidings.media.aside import aside
from tidings.media.models import Folder, Media
from tidings.media.order import EXTENSIONS
from tidings.media.store import store
from tidings.workspaces.models import Member
from tidings.workspaces.tags import named

FILM = Path(__file__).with_name("dawn.mp4")  # drawn, too; what is needed to make one is not on every machine
WIDE, TALL, SQUARE, BROAD = (1080, 720), (864, 1080), (800, 800), (1400, 560)
SMALL = (480, 480)  # of a thumbnail
SECONDS = 6.0  # the film's
AGE = timedelta(days=4)  # between one and the next


@dataclass(frozen=True)
class Piece:
    """One file of the library. `scene` and `colours` say how it is drawn."""

    file: str
    scene: str
    colours: str
    size: draw.Size = WIDE
    folder: str = ""
    alt: str = ""
    tags: tuple[str, ...] = ()


EVERY = {
    "harbour": Piece("harbour-dawn.jpg", "harbour", "dawn", alt="The harbour at dawn, with boats"),
    "night": Piece("harbour-night.jpg", "harbour", "night", folder="Harbour", alt="Harbour lights at night"),
    "noon": Piece("hafen-mittags.jpg", "harbour", "noon", BROAD, "Harbour"),
    "loaves": Piece("loaves.jpg", "loaves", "harvest", alt="Three loaves on a board", tags=("Bread",)),
    "rye": Piece("rye.jpg", "loaves", "plum", SQUARE, "", "Three dark loaves of rye", ("Bread", "Autumn")),
    "wheat": Piece("cinnamon-buns-final-FINAL-2.jpg", "loaves", "moss", TALL, "Bread"),
    "cups": Piece("table-for-six.jpg", "cups", "plum", alt="Six cups on a table, from above"),
    "plum": Piece("plum-cake.jpg", "cups", "harvest", SQUARE, "", "Plates on a table", ("Autumn",)),
    "hall": Piece("ausstellungssaal.jpg", "hall", "noon", alt="Ein Saal mit Bildern an den Wänden"),
    "hills": Piece("nebel.jpg", "hills", "moss", folder="Museum", alt="Hügel hinter Hügeln, im Dunst"),
    "dusk": Piece("abend.jpg", "hills", "plum", BROAD, "Museum"),
    "chart": Piece("besuche-q3.png", "chart", "noon", alt="Die Besuche steigen Monat für Monat"),
    "poster": Piece("plakat-lange-nacht.png", "poster", "night", TALL, "", "Plakat: Long night at the harbour"),
    "mark": Piece("anchor.png", "badge", "dawn", (600, 600), "", "Our mark: an anchor in a ring", ("Logo",)),
    "sign": Piece("sign-turns.gif", "turning", "harvest", (480, 480), "", "Our sign, turning"),
    "film": Piece("sonnenaufgang.mp4", "harbour", "dawn", (540, 960), "", "Die Sonne geht über dem Strom auf"),
    "café": Piece("شعار المقهى.png", "badge", "plum", (600, 600), "Tea room", "", ("Logo",)),
}
UNDER = {"Museum": "Sonderausstellung »Nebel«", "Bread": "Recipes"}  # folders within folders


def library(member: Member) -> dict[str, Media]:
    """All of it, by its names in this demo. Made as `take` would, without its look inside: what is drawn is known."""
    folders = _folders(member)
    made = {name: _media(member, name, piece) for name, piece in EVERY.items()}
    for number, (name, media) in enumerate(made.items()):
        media.folder = folders.get(EVERY[name].folder)
        media.created_at -= AGE * number
    with transaction.atomic():
        Media.objects.bulk_create(made.values())
        for name, media in made.items():
            media.tags.set(named(member.workspace, EVERY[name].tags))
    return made


def _folders(member: Member) -> dict[str, Folder]:
    names = {piece.folder for piece in EVERY.values()} - {""}
    made = {name: Folder(workspace=member.workspace, name=name) for name in sorted(names)}
    within = [Folder(workspace=member.workspace, name=name, parent=made[over]) for over, name in UNDER.items()]
    Folder.objects.bulk_create([*made.values(), *within])
    return made


def _media(member: Member, name: str, piece: Piece) -> Media:
    write, kind, mime = KINDS[Path(piece.file).suffix]
    with aside() as folder:
        path, small = folder / "piece", folder / "small.webp"
        still = write(piece, path)
        still.thumbnail(SMALL)
        still.save(small, "WEBP", quality=80)
        return Media(
            workspace=member.workspace, by=member.user, name=piece.file, kind=kind, mime=mime, size=path.stat().st_size,
            width=piece.size[0], height=piece.size[1], seconds=SECONDS if kind == "film" else 0,
            alpha=still.mode == "RGBA", alt=piece.alt, key=store().adopt(path, EXTENSIONS[mime]),
            thumbnail=store().adopt(small, "webp"),
        )  # fmt: skip


def _jpeg(piece: Piece, path: Path) -> Image.Image:
    picture = _picture(piece)
    picture.save(path, "JPEG", quality=85)
    return picture


def _png(piece: Piece, path: Path) -> Image.Image:
    picture = _picture(piece)
    picture.save(path, "PNG")
    return picture


def _picture(piece: Piece) -> Image.Image:
    return draw.SCENES[piece.scene](piece.size, draw.PALETTES[piece.colours])


def _gif(piece: Piece, path: Path) -> Image.Image:
    first, *more = draw.turning(piece.size, draw.PALETTES[piece.colours])
    first.save(path, "GIF", save_all=True, append_images=more, duration=120, loop=0)
    return first


def _film(piece: Piece, path: Path) -> Image.Image:
    path.write_bytes(FILM.read_bytes())
    return _picture(piece)


KINDS: dict[str, tuple[Callable[[Piece, Path], Image.Image], str, str]] = {
    ".jpg": (_jpeg, "picture", "image/jpeg"),
    ".png": (_png, "picture", "image/png"),
    ".gif": (_gif, "animation", "image/gif"),
    ".mp4": (_film, "film", "video/mp4"),
}
