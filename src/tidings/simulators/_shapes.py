"""What the contract suite publishes on every network, made from what the network takes: small, but real files."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from PIL import Image

from tidings.networks.base import Limits, Network, Outgoing, Rendition

FILM = (  # the smallest thing that calls itself MP4: a file type box, an empty movie box, some data
    b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2\x00\x00\x00\x08moov\x00\x00\x04\x08mdat" + bytes(1024)
)
Link = Callable[[str], str]  # the public address of a sample file, by its name


@cache
def jpeg(width: int, height: int, blue: int) -> bytes:
    """A plain picture."""
    raw = io.BytesIO()
    Image.new("RGB", (width, height), (30, 90, blue)).save(raw, "JPEG")
    return raw.getvalue()


@cache
def files() -> dict[str, tuple[str, bytes]]:
    """The sample files by name, with their types; the simulators serve them to each other."""
    return {
        "first.jpg": ("image/jpeg", jpeg(800, 800, 160)),
        "second.jpg": ("image/jpeg", jpeg(800, 800, 80)),
        "film.mp4": ("video/mp4", FILM),
    }


def picture(link: Link, name: str = "first.jpg") -> Rendition:
    """A square JPEG with a description."""
    mime, raw = files()[name]
    return Rendition("picture", mime, len(raw), 800, 800, alt="A blue field", name=name, id=name,
                     open=lambda: io.BytesIO(raw), public=lambda lasts=None: link(name))


def film(link: Link) -> Rendition:
    """Ten seconds, upright, as far as anybody can tell from outside."""
    mime, raw = files()["film.mp4"]
    return Rendition("film", mime, len(raw), 720, 1280, 10.0, name="film.mp4", id="film.mp4",
                     open=lambda: io.BytesIO(raw), public=lambda lasts=None: link("film.mp4"))


def shapes(network: type[Network], limits: Limits, chosen: Mapping[str, Any], link: Link) -> dict[str, Outgoing]:
    """One post of each kind that the network takes."""
    found: dict[str, Outgoing] = {}
    if not limits.needs and not limits.pictures_least:
        found["words"] = Outgoing("Good morning, world", options=chosen)
    if limits.pictures and limits.needs != "film" and limits.pictures_least < 2:
        found["a picture"] = Outgoing("Look at this", (picture(link),), chosen)
    if limits.pictures > 1 and limits.needs != "film":
        two = (picture(link), picture(link, "second.jpg"))
        found["two pictures"] = Outgoing("Look at these", two, chosen)
    if limits.films and limits.needs != "picture":
        found["a film"] = Outgoing("Look at this", (film(link),), chosen)
    return found
