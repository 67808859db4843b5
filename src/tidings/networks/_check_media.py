"""What is wrong with a post's pictures and films, from the network's limits alone."""

from collections.abc import Iterator

from tidings.core.speech import say
from tidings.networks.base import Network
from tidings.networks.declare import Limits
from tidings.networks.seam import Outgoing, Problem, Rendition

NEEDS = {"media": say("a picture or a film"), "picture": say("a picture"), "film": say("a film")}
KINDS = {  # none, one, and many
    "picture": (say("no pictures"), say("one picture"), say("pictures")),
    "animation": (say("no animations"), say("one animation"), say("animations")),
    "film": (say("no films"), say("one film"), say("films")),
}


def media(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    """How many there are, of which kinds, and then each."""
    yield from _missing(network, limits, outgoing)
    kinds = {"picture": limits.pictures, "animation": limits.animations, "film": limits.films}
    for kind, most in kinds.items():
        used = sum(1 for piece in outgoing.media if piece.kind == kind)
        if used > most:
            yield Problem("media", _too_many(network, most, used, *KINDS[kind]))
    if not limits.mixed and len({piece.kind for piece in outgoing.media}) > 1:
        yield Problem("media", f"{network.label} does not mix pictures with films or animations in one post.")
    for place, piece in enumerate(outgoing.media):
        yield from _piece(network, limits, piece, f"media-{place}")


def _missing(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    kinds = [piece.kind for piece in outgoing.media]
    enough = {"": True, "media": bool(kinds), "picture": "picture" in kinds, "film": "film" in kinds}
    if not enough[limits.needs]:
        yield Problem("media", f"{network.label} needs {NEEDS[limits.needs]}.")
    if kinds.count("picture") < limits.pictures_least:
        yield Problem("media", f"{network.label} needs at least {limits.pictures_least} pictures.")


def _too_many(network: type[Network], most: int, used: int, none: str, one: str, many: str) -> str:
    if most > 1:
        return f"{network.label} takes at most {most} {many}; this has {used}."
    return f"{network.label} takes {one if most else none}; this has {used}."


def _piece(network: type[Network], limits: Limits, piece: Rendition, where: str) -> Iterator[Problem]:
    if piece.kind not in ("picture", "animation", "film"):
        yield Problem(where, f"{network.label} does not take files of type {piece.mime}.")
    if piece.kind == "picture":
        yield from _picture(network, limits, piece, where)
    if piece.kind == "film":
        yield from _film(network, limits, piece, where)
    if piece.kind == "animation" and limits.animations and piece.size > limits.animation_bytes:
        yield Problem(where, f"This animation is larger than {_megabytes(limits.animation_bytes)}.")
    if len(piece.alt) > limits.alt:
        yield Problem(where, f"The description is longer than {limits.alt} characters.")


def _picture(network: type[Network], limits: Limits, piece: Rendition, where: str) -> Iterator[Problem]:
    wide, high = limits.picture_least
    if piece.width and (piece.width < wide or piece.height < high):
        least, this = f"{wide} × {high}", f"{piece.width} × {piece.height}"
        yield Problem(where, f"{network.label} takes pictures from {least} pixels; this one has {this}.")
    yield from _shape(network, limits.picture_ratio, piece, where)


def _shape(
    network: type[Network], allowed: tuple[float, float], piece: Rendition, where: str
) -> Iterator[Problem]:
    narrowest, widest = allowed
    ratio = piece.width / piece.height if piece.height else 0.0
    if not ratio or not widest or narrowest * 0.99 <= ratio <= widest * 1.01:  # pixels are whole
        return
    limit = narrowest if ratio < narrowest else widest
    said = f"Too wide for {network.label}: width by height is {ratio:.2f}, and {limit:g} the limit."
    if ratio < narrowest:
        said = f"Too narrow for {network.label}: width by height is {ratio:.2f}, and {limit:g} the limit."
    yield Problem(where, said, ratio=limit if piece.kind == "picture" else 0.0)


def _film(network: type[Network], limits: Limits, piece: Rendition, where: str) -> Iterator[Problem]:
    shortest, longest = limits.film_seconds
    if longest and piece.seconds > longest:
        this = f"{piece.seconds:.0f}"
        yield Problem(where, f"{network.label} takes films up to {longest:g} seconds; this one has {this}.")
    if piece.seconds and piece.seconds < shortest:
        yield Problem(where, f"{network.label} takes films from {shortest:g} seconds.")
    if piece.mime not in limits.film_types:
        yield Problem(where, f"{network.label} does not take films of type {piece.mime}.")
    if limits.film_bytes and piece.size > limits.film_bytes:
        yield Problem(where, f"This film is larger than {_megabytes(limits.film_bytes)}.")
    yield from _shape(network, limits.film_ratio, piece, where)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
