"""A deliberate breakage of the promise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """`old` stands in the file once, and becomes `new`. `tests` are below tests/policy, file::start of the name."""

    name: str
    file: str  # below src/tidings
    old: str
    new: str
    tests: tuple[str, ...]
    times: int = 1  # that `old` stands there
