"""What is wrong with a post before it is sent, said without a request, from the declaration alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tidings.networks.base import Limits, Network, Option, Outgoing, Rendition


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (text, media, media-2, an option's name), and a sentence for the author."""

    where: str
    message: str
    level: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Count:
    """How long the text is as the network counts it."""

    used: int
    limit: int
    unit: str


def count(limits: Limits, text: str) -> Count:
    """The counter that stands closest to its limit (some networks count characters and bytes)."""
    counts = [Count(limits.count(text), limits.text, limits.unit)]
    if limits.text_bytes:
        counts.append(Count(len(text.encode()), limits.text_bytes, "bytes"))
    return max(counts, key=lambda c: c.used / c.limit)


def check(network: type[Network], outgoing: Outgoing, server: Mapping[str, Any]) -> list[Problem]:
    """Everything that would be refused, in the order a person would mend it."""
    limits = network.limits_at(server)
    return [*_text(network, limits, outgoing), *_media(network, limits, outgoing), *_options(network, limits, outgoing)]


def _text(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    if not outgoing.text.strip() and not outgoing.media and not outgoing.options.get("poll"):
        yield Problem("text", "Write something or add a picture.")
    length = count(limits, outgoing.text)
    if length.used > length.limit:
        over = length.used - length.limit
        yield Problem("text", f"{over} {length.unit} too long for {network.label} ({length.limit} at most).")


def _media(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    if limits.needs_media and not outgoing.media:
        yield Problem("media", f"{network.label} needs a picture or a film.")
    kinds = {"picture": limits.pictures, "animation": limits.animations, "film": limits.films}
    for kind, most in kinds.items():
        used = sum(1 for piece in outgoing.media if piece.kind == kind)
        if used > most:
            yield Problem("media", f"{network.label} takes {_many(most, kind)}; this has {used}.")
    if not limits.mixed and len({piece.kind for piece in outgoing.media}) > 1:
        yield Problem("media", f"{network.label} does not mix pictures with films or animations in one post.")
    for place, piece in enumerate(outgoing.media):
        yield from _piece(network, limits, piece, f"media-{place}")


def _many(most: int, kind: str) -> str:
    return {0: f"no {kind}s", 1: f"one {kind}"}.get(most, f"at most {most} {kind}s")


def _piece(network: type[Network], limits: Limits, piece: Rendition, where: str) -> Iterator[Problem]:
    if piece.kind not in ("picture", "animation", "film"):
        yield Problem(where, f"{network.label} does not take files of type {piece.mime}.")
    if piece.kind == "film":
        yield from _film(network, limits, piece, where)
    if piece.kind == "animation" and limits.animations and piece.size > limits.animation_bytes:
        yield Problem(where, f"This animation is larger than {_megabytes(limits.animation_bytes)}.")
    if len(piece.alt) > limits.alt:
        yield Problem(where, f"The description is longer than {limits.alt} characters.")


def _film(network: type[Network], limits: Limits, piece: Rendition, where: str) -> Iterator[Problem]:
    shortest, longest = limits.film_seconds
    if longest and piece.seconds > longest:
        has = f"this one has {piece.seconds:.0f}"
        yield Problem(where, f"{network.label} takes films up to {longest:g} seconds; {has}.")
    if piece.seconds and piece.seconds < shortest:
        yield Problem(where, f"{network.label} takes films from {shortest:g} seconds.")
    if piece.mime not in limits.film_types:
        yield Problem(where, f"{network.label} does not take films of type {piece.mime}.")
    if limits.film_bytes and piece.size > limits.film_bytes:
        yield Problem(where, f"This film is larger than {_megabytes(limits.film_bytes)}.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


def _options(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    known = {option.name: option for option in network.options}
    for name, value in outgoing.options.items():
        if name not in known:
            yield Problem(name, f"{network.label} has no option {name!r}.")
        elif value not in (None, "", known[name].default):
            yield from _option(limits, known[name], value, outgoing)


def _option(limits: Limits, option: Option, value: Any, outgoing: Outgoing) -> Iterator[Problem]:
    if option.kind == "choice" and value not in dict(option.choices):
        yield Problem(option.name, f"{option.label}: choose one of {', '.join(dict(option.choices).values())}.")
    if option.kind == "flag" and not isinstance(value, bool):
        yield Problem(option.name, f"{option.label} is on or off.")
    if option.kind == "text" and (not isinstance(value, str) or len(value) > option.longest):
        yield Problem(option.name, f"{option.label}: at most {option.longest} characters.")
    if option.kind == "poll":
        yield from _poll(limits, value, outgoing)


def _poll(limits: Limits, value: Any, outgoing: Outgoing) -> Iterator[Problem]:
    poll = limits.poll
    choices = value.get("choices") if isinstance(value, dict) else None
    minutes = value.get("minutes") if isinstance(value, dict) else None
    if poll is None or not isinstance(choices, list) or not isinstance(minutes, int):
        yield Problem("poll", "A poll needs its choices and how long it is open.")
        return
    written = [str(choice) for choice in choices if str(choice).strip()]
    if not 2 <= len(written) <= poll.choices:
        yield Problem("poll", f"A poll has 2 to {poll.choices} choices.")
    if any(len(choice) > poll.characters for choice in written):
        yield Problem("poll", f"A choice has at most {poll.characters} characters.")
    if len(set(written)) != len(written):
        yield Problem("poll", "Two choices are the same.")
    if not poll.shortest <= minutes <= poll.longest:
        yield Problem("poll", f"A poll is open from {poll.shortest} to {poll.longest} minutes.")
    if outgoing.media:
        yield Problem("poll", "A poll cannot have pictures or films.")
