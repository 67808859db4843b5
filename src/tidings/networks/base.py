"""The network contract: what is always true of a network is data, what talks is a few methods.

Nothing here knows of a database or a page. docs/adding-a-network.md walks through writing one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import IO, Any, ClassVar, Literal, Protocol, TypeVar
from urllib.parse import urlencode

from tidings.core import clock, http
from tidings.core.http import Answer, Purpose, Transport
from tidings.networks import errors
from tidings.networks.answered import Answered
from tidings.networks.counted import Counted
from tidings.networks.declare import Console, Endpoints, Field, Limits, Link, OAuth2, Option, Password, Poll, Rate
from tidings.networks.errors import Reaction, Rejected, Unsure
from tidings.networks.granted import Granted
from tidings.networks.look import Look
from tidings.networks.seam import (
    Access,
    App,
    Grant,
    Kind,
    Mention,
    Outgoing,
    Pending,
    Problem,
    Profile,
    Receipt,
    Rendition,
    Seen,
    Site,
)

__all__ = [  # what a network's file needs, from one place
    "FOR_EVER",
    "Access",
    "App",
    "Console",
    "Endpoints",
    "Field",
    "Grant",
    "Kind",
    "Limits",
    "Link",
    "Mention",
    "Network",
    "OAuth2",
    "Option",
    "Outgoing",
    "Password",
    "Pending",
    "Poll",
    "Problem",
    "Profile",
    "Rate",
    "Receipt",
    "Rendition",
    "Seen",
    "Sending",
    "Site",
    "ask",
]

T = TypeVar("T")
FOR_EVER = timedelta(days=36_500)  # a network that never takes a second commit for a new post


class Sending(Protocol):
    """The journal as `publish` sees it. Results must be JSON; two steps of one name raise."""

    key: str  # this delivery's own key, the same at every try
    due_at: datetime
    known: frozenset[str]  # ids that other deliveries of this channel have put out; `find` adopts none of them

    @property
    def first_try(self) -> datetime:
        """When the first try began."""
        ...

    @property
    def again(self) -> bool:
        """Asked within the commit: whether it was begun before, and what became of that is not known."""
        ...

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


class Network(Granted, Counted, Answered):
    """One network, bound to one channel's access and to the purpose of the calls made through it."""

    name: ClassVar[str]
    label: ClassVar[str]
    docs: ClassVar[str]
    policy: ClassVar[str]
    checked: ClassVar[date]  # when its documentation was last looked at
    connect: ClassVar[tuple[OAuth2 | Password | Link, ...]]
    console: ClassVar[Console | None] = None  # where app credentials come from, if any are needed
    hosts: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[Limits]
    look: ClassVar[Look]  # how a reader sees a post there
    rates: ClassVar[tuple[Rate, ...]] = ()
    options: ClassVar[tuple[Option, ...]] = ()
    codes: ClassVar[Mapping[str, type[Reaction]]] = {}  # their error code -> our reaction, whatever the status
    words: ClassVar[Mapping[str, type[Reaction]]] = {}  # a part of their error text -> our reaction
    repeatable: ClassVar[timedelta] = timedelta(0)  # a second commit under one key makes no second post
    one_text_once: ClassVar[bool] = False  # its rules forbid the same text from two profiles
    settle: ClassVar[timedelta] = timedelta(seconds=60)  # a lost commit is looked into after this
    reads_free: ClassVar[bool] = False  # reading costs nothing: what went out may be read back
    threads: ClassVar[Literal["thread", "comments", ""]] = "thread"  # what a second item becomes; empty: not taken
    fetches: ClassVar[bool] = False  # it fetches media from an address of ours, which must be public
    markup: ClassVar[Literal["plain", "markdown"]] = "plain"  # what the author's text is read as

    def __init__(self, access: Access, door: Transport, purpose: Purpose) -> None:
        self.access = access
        self.door = door
        self.purpose: Purpose = purpose
        self.shut: dict[str, datetime] = {}  # whose limit the network's answers called used up, and until when

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
    def limits_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> Limits:
        """The limits of this very post, where they hang on its kind or its place in a thread."""
        return cls.limits_at(server)

    @classmethod
    def objections(cls, outgoing: Outgoing, server: Mapping[str, Any]) -> Iterable[Problem]:
        """What else the network would refuse, said without a request."""
        return ()

    @classmethod
    def repeatable_at(cls, server: Mapping[str, Any]) -> timedelta:
        """How long this server takes a second commit under one key for the first."""
        return cls.repeatable

    @classmethod
    def repeatable_for(cls, server: Mapping[str, Any], outgoing: Outgoing) -> timedelta:
        """The same for this very post, where it hangs on its kind or its place in a thread."""
        return cls.repeatable_at(server)

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
    def trial(cls, app: App, site: Site, door: Transport) -> list[str]:
        """What is wrong with app credentials, in sentences; networks that a plain OAuth question misreads say more."""
        raise NotImplementedError

    @classmethod
    def leave(cls, server: Mapping[str, Any], app: App | None, site: Site) -> Pending:
        """Where to send the person (Link ways only), and what to keep until they come back."""
        raise NotImplementedError

    @classmethod
    def arrive(
        cls, server: Mapping[str, Any], app: App | None, door: Transport, keep: Mapping[str, str],
        query: Mapping[str, str],
    ) -> Grant:
        """Secrets for the person who came back with `query`; raises Rejected when it answers another question."""
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

    def lengthen(self) -> Grant:
        """Exchange what the sign-in gave for access that lives longer."""
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

    def the_one(self, found: Sequence[Receipt], seconds: float = 0) -> Receipt | None:
        """What `find` says of those in a list that fit. Lists lag: none is not yet. Which of several, nobody knows."""
        if not found:
            raise errors.NotYet("It is not listed yet.", seconds or self.settle.total_seconds())
        return found[0] if len(found) == 1 else None

    def recent(self, since: datetime) -> list[Seen]:
        """The profile's own posts since then, as far as they are listed: a person picks the one that was lost."""
        raise NotImplementedError

    def present(self, receipt: Receipt) -> bool:
        """Whether it is still there. False: the network itself says that it is gone; who cannot say raises."""
        raise NotImplementedError

    @classmethod
    def recognise(cls, profile: Profile, server: Mapping[str, Any], url: str) -> Receipt:
        """The receipt of a post that a person found, from its address alone; raises Rejected for a strange one."""
        raise Rejected(f"{cls.label} posts are not known by their address.")

    def delete(self, receipt: Receipt) -> None:
        """Take the post back."""
        raise NotImplementedError

    def edit(self, receipt: Receipt, outgoing: Outgoing) -> None:
        """Change what is out; a repetition changes nothing more."""
        raise NotImplementedError

    # what an author may look for

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        """Choices of an option of kind "lookup", as (value, label); an empty query asks for the likeliest."""
        raise NotImplementedError

    def mentions(self, query: str) -> list[Mention]:
        """Who could be meant."""
        raise NotImplementedError

    @classmethod
    def has(cls, feature: str) -> bool:
        """Whether this network does more here than the contract's bare minimum."""
        return _function(cls, feature) is not _function(Network, feature)

    # speaking

    def headers(self, method: str, url: str) -> dict[str, str]:
        """What proves that we may; most networks want a bearer token."""
        return {"Authorization": f"Bearer {self.access.secrets['access_token']}"}

    def url(self, path: str, **query: Any) -> str:
        """An address of its API."""
        return f"{self.hosts['api']}{path}" + (f"?{urlencode(query)}" if query else "")

    def get(self, path: str, **query: Any) -> Any:
        """What its API has at this path."""
        return self.call("GET", self.url(path, **query)).json()

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
            self.shut |= errors.shut(answer)
            self.judge(answer)
        except Reaction as reaction:
            reaction.hide(self.access.secrets.values())
            if self.purpose != "find" or not isinstance(reaction, errors.Later):
                raise
            raise _unknown(reaction) from reaction
        return answer

    def there(self, url: str) -> bool:
        """Whether their API has something at this address. An answer that is no JSON is not theirs: it says nothing."""
        answer = ask(self.door, http.Request("GET", url, self.purpose, self.headers("GET", url)))
        spoken = isinstance(answer.json(), dict)
        if answer.status == 404 and spoken:
            return False
        self.judge(answer)
        if not spoken:
            raise Unsure(f"Something answered in place of {self.label}.")
        return True

    def judge(self, answer: Answer) -> None:
        """Raise the reaction this answer calls for: by their code, their words, its status."""
        code, said = self.code(answer), self.said(answer)
        kind = self.codes.get(code) or self._by_words(answer, said)
        if kind:
            raise errors.reaction(kind, said or code, self.again_at(answer))
        problem = errors.by_status(answer, said, self.again_at(answer))
        if problem:
            raise problem
        if code:
            raise Rejected(said or code)

    def _by_words(self, answer: Answer, said: str) -> type[Reaction] | None:
        if answer.status < 300:
            return None
        return next((kind for word, kind in self.words.items() if word in said), None)

    def code(self, answer: Answer) -> str:
        """Their code for what is wrong. One that comes with a success is an error all the same."""
        body = answer.json() if answer.status >= 300 else None
        if not isinstance(body, dict):
            return ""
        inner = body["error"] if isinstance(body.get("error"), dict) else body
        return next((str(inner[k]) for k in ("code", "errcode", "error", "type") if inner.get(k)), "")

    def again_at(self, answer: Answer) -> datetime | None:
        """When they say to come back."""
        return errors.retry_at(answer)

    def said(self, answer: Answer) -> str:
        """Their own sentence about what is wrong, for the author and the log."""
        body = answer.json()
        if not isinstance(body, dict):
            return ""
        inner = body["error"] if isinstance(body.get("error"), dict) else body
        words = (inner.get(k) for k in ("error_description", "message", "detail", "description", "error"))
        return next((word for word in words if word and isinstance(word, str)), "")


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
