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
    shown: bool = False  # not typed: a fresh code of ours, shown for the person to carry over there
    choices: tuple[tuple[str, str], ...] = ()  # (value, label): one of these instead of anything typed


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
class Link:
    """Connect by an address that is no OAuth 2: the network says where to `leave` for, and who `arrived`."""

    fields: tuple[Field, ...] = ()
    needs_app: bool = False
    label: str = "Sign in there"


@dataclass(frozen=True)
class Terms:
    """What a network wants people to be told before they connect: whose interface this is, and under which terms."""

    api: str  # what the interface is called
    service: str  # whose terms are agreed to
    keeper: str  # whose privacy policy applies
    link: str  # to the terms


@dataclass(frozen=True)
class Console:
    """Where an operator gets app credentials. "{redirect_uri}", "{base_url}" and the like in `steps` are filled in."""

    url: str
    steps: tuple[str, ...]
    id: str = "Client ID"
    secret: str = "Client secret"  # noqa: S105 -- what the network calls it; empty: such an app has none
    more: tuple[Field, ...] = ()  # further secrets of the app, kept in App.more
    gate: str = ""  # what the network must review or be paid for, and what works before that


@dataclass(frozen=True)
class Answers:
    """Statuses that a network wants for what it tells us: when it was taken, and when it was not proven."""

    taken: int = 200
    unproven: int = 403


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
    pkce: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)
    separator: str = " "  # between scopes
    client: str = "client_id"  # what the client id is called
    by: Literal["form", "json", "query"] = "form"  # how the token endpoint is asked; query: by GET
    keeps: tuple[str, ...] = ()  # more of the token answer, kept with the secrets
    brings: tuple[str, ...] = ()  # of the callback's query: goes along to the token endpoint, and is kept
    sends: tuple[str, ...] = ()  # kept secrets that go along with a refresh


@dataclass(frozen=True)
class Poll:
    """Limits of a poll; lasting in minutes."""

    choices: int
    characters: int
    shortest: int
    longest: int


@dataclass(frozen=True)
class Limits:
    """What the network takes. Sizes in bytes, lengths in seconds, ratios as width / height."""

    text: int
    count: Callable[[str], int] = len
    unit: str = "characters"
    text_bytes: int | None = None
    hashtags: int | None = None
    mentions: int | None = None
    links: int | None = None
    needs_text: bool = False
    needs: Literal["", "media", "picture", "film"] = ""
    pictures: int = 0
    pictures_least: int = 0
    picture_types: tuple[str, ...] = ("image/jpeg", "image/png")
    picture_bytes: int = 5_000_000
    picture_pixels: int = 0  # width × height; 0: no limit
    picture_least: tuple[int, int] = (0, 0)  # width, height
    picture_ratio: tuple[float, float] = (0, 0)  # lowest, highest; (0, 0): any
    animations: int = 0
    animation_bytes: int = 0
    films: int = 0
    film_types: tuple[str, ...] = ("video/mp4",)
    film_bytes: int = 0
    film_seconds: tuple[float, float] = (0, 0)
    film_ratio: tuple[float, float] = (0, 0)
    mixed: bool = False  # pictures and films in one post
    alt: int = 1000
    poll: Poll | None = None
    per_day: int | None = None


@dataclass(frozen=True)
class Rate:
    """So many posts, or requests, in a span, for each channel, each app credential, or the network as a whole."""

    most: int
    per: timedelta
    scope: Literal["channel", "app", "network"] = "channel"


@dataclass(frozen=True)
class Option:
    """One choice an author has on this network. Choices are (value, label).

    A value is text, but: a flag is on or off; tags are a list of texts; a time is ISO 8601 with its zone; a look-up's
    value is one of those that the network's `lookup` gives.
    """

    name: str
    label: str
    kind: Literal["choice", "text", "flag", "poll", "lookup", "tags", "url", "number", "time"] = "text"
    choices: tuple[tuple[str, str], ...] = ()
    default: str | bool = ""
    help: str = ""
    longest: int = 500  # of a text, and of each tag
    needed: bool = False
    most: int = 0  # tags at most; 0: any number
    count: Callable[[str], int] = len
