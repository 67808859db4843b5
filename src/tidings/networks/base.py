"""The network contract: what is always true of a network is data, what talks is a few methods.

Nothing here knows of a database or a page. docs/adding-a-network.md walks through writing one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO, Any, ClassVar, Literal, Protocol, TypeVar

from tidings.core import clock, http
from tidings.core.http import Answer, Purpose, Transport
from tidings.networks import errors
from tidings.networks.errors import Reaction, Rejected, Unsure

T = TypeVar("T")
FOR_EVER = timedelta(days=36_500)  # a network that never takes a second commit for a new post
Kind = Literal["picture", "animation", "film", "sound", "document"]


@dataclass(frozen=True)
class Rendition:
    """A picture or film as this network gets it. Sizes in bytes, pixels and seconds."""

    kind: Kind
    mime: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    alt: str = ""
    name: str = ""
    id: str = ""
    open: Callable[[], IO[bytes]] | None = field(default=None, repr=False, compare=False)

    def read(self) -> bytes:
        """All its bytes; films are streamed from `open` instead."""
        if self.open is None:
            raise ValueError("this rendition has no bytes; it only describes some")
        with self.open() as file:
            return file.read()


@dataclass(frozen=True)
class Receipt:
    """Proof that it is out: the network's id, its public address, and what a reply to it needs."""

    id: str
    url: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """What one channel says: the same object for preview, `check` and sending."""

    text: str
    media: tuple[Rendition, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    reply_to: Receipt | None = None
    root: Receipt | None = None
    position: int = 0  # in its thread


@dataclass(frozen=True)
class Profile:
    """Who a channel is, as the network says."""

    id: str
    handle: str
    name: str
    avatar: str = ""
    url: str = ""


@dataclass(frozen=True)
class App:
    """What the network knows our program as."""

    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Access:
    """What lets us speak for a profile. `server` is what its server announced; nothing secret in it."""

    profile: Profile
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    server: Mapping[str, Any] = field(default_factory=dict)
    app: App | None = None


@dataclass(frozen=True)
class Grant:
    """What a sign-in or a refresh gives: secrets to keep, and when they end (None: never by themselves)."""

    secrets: Mapping[str, str] = field(repr=False)
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Site:
    """This instance, as a network sees it."""

    name: str
    base_url: str
    redirect_uri: str


@dataclass(frozen=True)
class Field:
    """One thing to type when connecting."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    default: str = ""


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
class Option:
    """One choice an author has on this network. Choices are (value, label)."""

    name: str
    label: str
    kind: Literal["choice", "text", "flag", "poll"] = "text"
    choices: tuple[tuple[str, str], ...] = ()
    default: str | bool = ""
    help: str = ""
    longest: int = 500


class Sending(Protocol):
    """The journal as `publish` sees it. Results must be JSON; two steps of one name raise."""

    key: str  # this delivery's own key, the same at every try
    due_at: datetime
    first_try: datetime
    known: frozenset[str]  # ids that other deliveries of this channel have put out; `find` adopts none of them

    def once(self, step: str, call: Callable[[], T], lasts: timedelta | None = None) -> T:
        """Do it, or give what it gave before; made anew once `lasts` has passed."""
        ...

    def until(self, seconds: float, ready: Callable[[], T | None]) -> T:
        """What `ready` gives; None hands the worker back and asks again in `seconds`."""
        ...

    def commit(self, call: Callable[[], T]) -> T:
        """The one irreversible step: remembered before it is made, never made twice blindly."""
        ...

    def recall(self, step: str) -> Any:
        """What an earlier step left, or None."""
        ...

    def forget(self, *steps: str) -> None:
        """Steps whose results the network no longer knows; they are made anew at the next try."""
        ...


class Network:
    """One network, bound to one channel's access and to the purpose of the calls made through it."""

    name: ClassVar[str]
    label: ClassVar[str]
    docs: ClassVar[str]
    policy: ClassVar[str]
    checked: ClassVar[date]  # when its documentation was last looked at
    connect: ClassVar[tuple[OAuth2 | Password, ...]]
    hosts: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Limits]
    options: ClassVar[tuple[Option, ...]] = ()
    metrics: ClassVar[Mapping[str, str]] = {}
    words: ClassVar[Mapping[str, type[Reaction]]] = {}  # a part of their error text -> our reaction
    repeatable: ClassVar[timedelta] = timedelta(0)  # a second commit under one key makes no second post
    one_text_once: ClassVar[bool] = False  # its rules forbid the same text from two profiles
    settle: ClassVar[timedelta] = timedelta(seconds=60)  # a lost commit is looked into after this

    def __init__(self, access: Access, door: Transport, purpose: Purpose) -> None:
        self.access = access
        self.door = door
        self.purpose: Purpose = purpose

    def on(self, purpose: Purpose) -> "Network":
        """The same access, for calls of another purpose."""
        return type(self)(self.access, self.door, purpose)

    # what a server of this network says of itself

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        """Look at the server the person named: its address, limits and habits. Kept with the channel."""
        return {}

    @classmethod
    def limits_at(cls, server: Mapping[str, Any]) -> Limits:
        """The limits of this server."""
        return cls.limits

    @classmethod
    def repeatable_at(cls, server: Mapping[str, Any]) -> timedelta:
        """How long this server takes a second commit under one key for the first."""
        return cls.repeatable

    # connecting

    @classmethod
    def register(cls, server: Mapping[str, Any], site: Site, door: Transport) -> App:
        """Make ourselves known to the server; networks where an operator does that by hand refuse."""
        raise Rejected(f"{cls.label} needs app credentials from its developer pages.")

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """Where this server's OAuth lives."""
        raise NotImplementedError

    @classmethod
    def assertion(cls, app: App, audience: str) -> str:
        """Proof to the server `audience` that we are `app` (private_key_jwt); empty: none is needed."""
        return ""

    @classmethod
    def documents(cls, site: Site, app: App) -> Mapping[str, Any]:
        """JSON documents the network fetches from us, by file name (client metadata, public keys)."""
        return {}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        """Turn what was typed into secrets (Password ways only)."""
        raise NotImplementedError

    def renew(self) -> Grant:
        """Fresh secrets before the old ones end; networks with OAuth get this from networks.oauth."""
        raise NotImplementedError

    def revoke(self) -> None:
        """Tell the network to forget our access."""
        raise NotImplementedError

    def profile(self) -> Profile:
        """Whose access this is."""
        raise NotImplementedError

    def announced(self) -> Mapping[str, Any]:
        """What the server says of itself to somebody who is signed in; kept in place of what `server` said."""
        return self.access.server

    def channels(self) -> list[Profile]:
        """Every profile this access may post to."""
        return [self.profile()]

    # publishing

    def publish(self, outgoing: Outgoing, sending: Sending) -> Receipt:
        """Make the post. The one story every network tells."""
        raise NotImplementedError

    def find(self, outgoing: Outgoing, sending: Sending) -> Receipt | None:
        """Is it out? Later raised: surely not. None: cannot say."""
        raise NotImplementedError

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """The receipt of a post that a person found, from its address alone; raises Rejected for a strange one."""
        raise Rejected(f"{cls.label} posts are not known by their address.")

    def delete(self, receipt: Receipt) -> None:
        """Take the post back."""
        raise NotImplementedError

    @classmethod
    def has(cls, feature: str) -> bool:
        """Whether this network does more here than the contract's bare minimum."""
        return _function(cls, feature) is not _function(Network, feature)

    # speaking

    def headers(self, method: str, url: str) -> dict[str, str]:
        """What proves that we may; most networks want a bearer token."""
        return {"Authorization": f"Bearer {self.access.secrets['access_token']}"}

    def call(
        self, method: str, url: str, *, json: Any = None, form: Mapping[str, str] | None = None,
        body: bytes | IO[bytes] | Iterable[bytes] | None = None, headers: Mapping[str, str] | None = None,
        seconds: float = http.READ_SECONDS,
    ) -> Answer:
        """One request; raises a Reaction unless it succeeded."""
        extra: dict[str, str] = {}
        if json is not None:
            body, extra = http.json_body(json)
        elif form is not None:
            body, extra = http.form(form)
        sent = {**self.headers(method, url), **extra, **(headers or {})}
        try:
            answer = ask(self.door, http.Request(method, url, self.purpose, sent, body, seconds))
            self.judge(answer)
        except errors.Later as later:
            if self.purpose != "find":
                raise
            raise _unknown(later) from later
        return answer

    def judge(self, answer: Answer) -> None:
        """Raise the reaction this answer calls for: their words first, then its status."""
        said = self.said(answer)
        if answer.status >= 300:
            for word, reaction in self.words.items():
                if word in said:
                    raise reaction(said)
        problem = errors.by_status(answer, said)
        if problem:
            raise problem

    def said(self, answer: Answer) -> str:
        """Their own sentence about what is wrong, for the author and the log."""
        body = answer.json()
        if not isinstance(body, dict):
            return ""
        return next((str(body[k]) for k in ("error_description", "message", "detail", "error") if body.get(k)), "")


def _function(network: type[Network], feature: str) -> Any:
    method = getattr(network, feature)
    return getattr(method, "__func__", method)


def _unknown(later: errors.Later) -> errors.NotYet:
    """In `find`, Later means "surely not out": a server that is only busy has not said that."""
    wait = (later.at - clock.now()).total_seconds() if later.at else 60.0
    return errors.NotYet(later.reason, max(wait, 1.0))


def ask(door: Transport, request: http.Request) -> Answer:
    """The door's answer, with its silences turned into reactions."""
    try:
        return door(request)
    except http.NotSent as error:
        raise errors.Later(f"The network could not be reached ({error}).") from error
    except http.NoAnswer as error:
        raise Unsure(f"The network did not answer ({error}).") from error
