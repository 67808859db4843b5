"""What an author may choose, one choice after the other: the posts that show every field a network sends."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tidings.core import clock
from tidings.networks.base import Network, Option, Outgoing
from tidings.networks.errors import Reaction

Fits = Callable[[Outgoing], bool]  # whether a post would be sent at all


def variants(speaker: Network, shapes: Iterable[Outgoing], fits: Fits) -> Iterator[Outgoing]:
    """The first shape of each kind of media, with every value of every option, each alone."""
    for stem in _stems(shapes):
        for option in speaker.options:
            for value in _values(option, speaker):
                if fits(post := _with(stem, option.name, value)):
                    yield post


def together(speaker: Network, shapes: Iterable[Outgoing], fits: Fits) -> Iterator[Outgoing]:
    """The same shapes with as many options as go together, each with its last value."""
    for stem in _stems(shapes):
        for option in speaker.options:
            for value in _values(option, speaker)[-1:]:
                if fits(post := _with(stem, option.name, value)):
                    stem = post
        yield stem


def _stems(shapes: Iterable[Outgoing]) -> list[Outgoing]:
    return list({frozenset(piece.kind for piece in one.media): one for one in reversed(list(shapes))}.values())


def _with(post: Outgoing, name: str, value: Any) -> Outgoing:
    return replace(post, text=f"{post.text} – {name}", options={**post.options, name: value})


def _values(option: Option, speaker: Network) -> list[Any]:
    """Those that make a difference come last."""
    if option.kind == "lookup":
        return _found(speaker, option.name)
    tomorrow = (clock.now() + timedelta(days=1)).replace(microsecond=0).isoformat()
    kinds: dict[str, list[Any]] = {
        "choice": [value for value, _label in option.choices],
        "flag": [False, True],
        "text": ["en" if option.longest < 8 else "Morning"],
        "tags": [["morning"]],
        "url": ["https://example.org/morning"],
        "number": ["1"],
        "time": [tomorrow],
        "poll": [{"choices": ["Yes", "No"], "minutes": 1440}],
    }
    return kinds[option.kind]


def _found(speaker: Network, name: str) -> list[Any]:
    try:
        return [value for value, _label in speaker.lookup(name, "")[:1]]
    except Reaction:
        return []
