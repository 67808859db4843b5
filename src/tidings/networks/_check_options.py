"""What is wrong with the options of a post, from what the network declares."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tidings.networks.base import Network
from tidings.networks.declare import Limits, Option
from tidings.networks.seam import Outgoing, Problem


def options(network: type[Network], limits: Limits, outgoing: Outgoing) -> Iterator[Problem]:
    """Those that nobody knows, those that are missing, and what is wrong with each."""
    known = {option.name: option for option in network.options}
    for name, value in outgoing.options.items():
        if name not in known:
            yield Problem(name, f"{network.label} has no option {name!r}.")
        elif value not in (None, "", [], known[name].default):
            yield from _option(limits, known[name], value, outgoing)
    if not outgoing.position:
        yield from _missing(known, outgoing.options)


def _missing(known: Mapping[str, Option], chosen: Mapping[str, Any]) -> Iterator[Problem]:
    for name, option in known.items():
        if option.needed and chosen.get(name, option.default) in (None, "", []):
            if option.kind in ("choice", "lookup"):
                yield Problem(name, f"{option.label}: this must be chosen.")
            else:
                yield Problem(name, f"{option.label}: this must be filled in.")


def _option(limits: Limits, option: Option, value: Any, outgoing: Outgoing) -> Iterator[Problem]:
    if option.kind == "poll":
        yield from _poll(limits, value, outgoing)
        return
    said = KINDS[option.kind](option, value)
    if said:
        yield Problem(option.name, said)


def _choice(option: Option, value: Any) -> str:
    known = dict(option.choices)
    said = f"{option.label}: choose one of {', '.join(known.values())}."
    return "" if isinstance(value, str) and value in known else said


def _flag(option: Option, value: Any) -> str:
    return "" if isinstance(value, bool) else f"{option.label}: this is on or off."


def _text(option: Option, value: Any) -> str:
    fits = isinstance(value, str) and option.count(value) <= option.longest
    return "" if fits else f"{option.label}: at most {option.longest} characters."


def _tags(option: Option, value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(tag, str) and tag.strip() for tag in value):
        return f"{option.label}: this is a list of words."
    if option.most and len(value) > option.most:
        return f"{option.label}: at most {option.most}; these are {len(value)}."
    long = [tag for tag in value if option.count(tag) > option.longest]
    return f"{option.label}: {long[0]!r} has more than {option.longest} characters." if long else ""


def _url(option: Option, value: Any) -> str:
    if not isinstance(value, str) or len(value) > option.longest:
        return f"{option.label}: at most {option.longest} characters."
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    return "" if parts.scheme in ("http", "https") and parts.hostname else f"{option.label}: this is no web address."


def _number(option: Option, value: Any) -> str:
    return "" if str(value).strip().isdigit() else f"{option.label}: this is a number."


def _time(option: Option, value: Any) -> str:
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return f"{option.label}: this is no time."
    return "" if at.tzinfo else f"{option.label}: the time zone is missing."


KINDS: dict[str, Callable[[Option, Any], str]] = {
    "choice": _choice, "flag": _flag, "text": _text, "lookup": _text, "tags": _tags, "url": _url, "number": _number,
    "time": _time,
}


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
