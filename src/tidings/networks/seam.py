"""The values that pass between the program and a network. Frozen: nobody changes what somebody else holds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Literal

Kind = Literal["picture", "animation", "film", "sound", "document"]
Wish = Literal["ended", "erase"]  # what a network tells us unasked: a person has ended our access, wants to be erased


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
    public: Callable[..., str] | None = field(default=None, repr=False, compare=False)

    def stream(self) -> IO[bytes]:
        """Its bytes, to be read once from the first on: no film stands in memory as a whole."""
        if self.open is None:
            raise ValueError("this rendition has no bytes; it only describes some")
        return self.open()

    def read(self) -> bytes:
        """All its bytes; films are streamed instead."""
        with self.stream() as file:
            return file.read()

    def link(self, for_ever: bool = False) -> str:
        """A public address of its bytes that lives a day, or as long as the medium does, for networks that fetch."""
        if self.public is None:
            raise ValueError("this rendition has no public address")
        return self.public(lasts=None) if for_ever else self.public()


@dataclass(frozen=True)
class Receipt:
    """Proof that it is out: the network's id, its public address, what a reply to it needs, and what its author should
    still know or do."""

    id: str
    url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Seen:
    """One of a profile's own posts as the network lists it: its receipt, its words, and since when it is there."""

    receipt: Receipt
    text: str
    at: datetime


@dataclass(frozen=True)
class Outgoing:
    """What one channel says: the same object for preview, `check` and sending."""

    text: str
    media: tuple[Rendition, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    reply_to: Receipt | None = None
    root: Receipt | None = None
    position: int = 0  # in its thread

    def words(self) -> Iterator[str]:
        """All that a person wrote into it."""
        yield self.text
        yield from self.text.splitlines()
        yield from (piece.alt for piece in self.media)
        yield from (value for value in self.options.values() if isinstance(value, str))


@dataclass(frozen=True)
class Profile:
    """Who a channel is, as the network says.

    `secrets` and `server` are what this profile has beside what its sign-in gave to all of them (a page's own token).
    """

    id: str
    handle: str
    name: str
    avatar: str = ""
    url: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    server: Mapping[str, Any] = field(default_factory=dict)
    person: str = ""  # who signed in; known once it is connected


@dataclass(frozen=True)
class App:
    """What the network knows our program as."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    more: Mapping[str, str] = field(default_factory=dict, repr=False)  # what Console.more asked for


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
class Pending:
    """A sign-in under way: where the person goes, and what must be kept (sealed) until they come back."""

    url: str
    keep: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Notice:
    """What somebody sent us who says to be a network. Header names are in lower case; nothing in it is proven."""

    wish: Wish
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Heard:
    """What a network said of whom, and when. Nobody: nothing is to be done."""

    people: tuple[str, ...]
    at: datetime
    reply: str = ""  # what it wants to read back, to know that this address is ours
    id: str = ""  # of the message, where its time is that of its sending: said again, it is not about what came since
    written: tuple[tuple[str, str], ...] = ()  # where somebody wrote just now: the profile's id, and our post's there


@dataclass(frozen=True)
class Mention:
    """Somebody who can be mentioned: what goes into the text, and who that is."""

    text: str
    label: str


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (text, media, media-2, an option's name), and a sentence for the author."""

    where: str
    message: str
    level: Literal["error", "warning"] = "error"
    ratio: float = 0.0  # of a picture of the wrong shape: the nearest width by height that is taken
