"""What an author may choose, one choice after the other: the posts that show every field a network sends."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tidings.core import clock
from tidings.networks.base import Network, Option, Outgoing
from tidings.networks.errors import Reaction


def variants(speaker: Network, shapes: Iterable[Outgoing]) -> Iterator[Outgoing]:
    """The first shape without media and the first with, each with every value of every option."""
    plain = list(shapes)
    stems = {bool(one.media): one for one in reversed(plain)}
    for option in speaker.options:
        for value in _values(option, speaker):
            for stem in stems.values():
                yield replace(stem, text=f"{stem.text}: {option.name}", options={**stem.options, option.name: value})


def _values(option: Option, speaker: Network) -> list[Any]:
    if option.kind == "lookup":
        return _found(speaker, option.name)
    tomorrow = (clock.now() + timedelta(days=1)).replace(microsecond=0).isoformat()
    kinds: dict[str, list[Any]] = {
        "choice": [value for value, _label in option.choices],
        "flag": [True, False],
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
