"""What a network declares of itself: how to connect, what it takes, which choices it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True)
class Field:
    """One thing to type when connecting."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    default: str = ""
    optional: bool = False


@dataclass(frozen=True)
class OAuth2:
    """Connect by the network's consent page. `needs_app`: an operator enters app credentials first."""

    scopes: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    needs_app: bool = False
    label: str = "Sign in there"


@dataclass(frozen=True)
class Password:
    """Connect by typing something the network gave for programs (app password, token)."""

    fields: tuple[Field, ...]
    label: str = "App password"


@dataclass(frozen=True)
class Endpoints:
    """Where and how a network's OAuth 2 speaks (RFC 6749, 7636, 9126, 9449, 9207)."""

    authorize: str
    token: str
    revoke: str = ""
    pushed: str = ""  # pushed authorization requests; empty: none
    issuer: str = ""  # what `iss` in the callback must be; empty: not sent
    client_auth: Literal["basic", "post", "none", "private_key_jwt"] = "post"
    dpop: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Poll:
    """Limits of a poll; lasting in minutes."""

    choices: int
    characters: int
    shortest: int
    longest: int


@dataclass(frozen=True)
class Limits:
    """What the network takes. Sizes in bytes, lengths in seconds."""

    text: int
    count: Callable[[str], int] = len
    unit: str = "characters"
    text_bytes: int | None = None
    pictures: int = 0
    picture_types: tuple[str, ...] = ("image/jpeg", "image/png")
    picture_bytes: int = 5_000_000
    picture_pixels: int = 0  # width × height; 0: no limit
    animations: int = 0
    animation_bytes: int = 0
    films: int = 0
    film_types: tuple[str, ...] = ("video/mp4",)
    film_bytes: int = 0
    film_seconds: tuple[float, float] = (0, 0)
    mixed: bool = False  # pictures and films in one post
    needs_media: bool = False
    alt: int = 1000
    poll: Poll | None = None
    per_day: int | None = None


@dataclass(frozen=True)
class Rate:
    """So many posts in a span, for each channel, each app credential, or the network as a whole."""

    posts: int
    per: timedelta
    scope: Literal["channel", "app", "network"] = "channel"


@dataclass(frozen=True)
class Option:
    """One choice an author has on this network. Choices are (value, label)."""

    name: str
    label: str
    kind: Literal["choice", "text", "flag", "poll"] = "text"
    choices: tuple[tuple[str, str], ...] = ()
    default: str | bool = ""
    help: str = ""
    longest: int = 500
