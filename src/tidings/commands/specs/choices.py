"""What an author may choose, one choice after the other: the posts that show every field a network sends."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tidings.core import clock
from tidings.networks.base import Network, Option, Outgoing
from tidings.networks.errors import Reaction


def variants(speaker: Network, shapes: Iterable[Outgoing], fits: Callable[[Outgoing], bool]) -> Iterator[Outgoing]:
    """The first shape of each kind of media with every value of every option, and with all options together.

    `fits` says whether a post would be sent at all.
    """
    stems = {frozenset(piece.kind for piece in one.media): one for one in reversed(list(shapes))}
    choices = [(option.name, _values(option, speaker)) for option in speaker.options]
    for stem in stems.values():
        together = stem
        for name, values in choices:
            chosen = [post for value in values if fits(post := _with(stem, name, value))]
            yield from chosen
            if chosen and fits(more := _with(together, name, chosen[-1].options[name])):
                together = more
        yield together


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
