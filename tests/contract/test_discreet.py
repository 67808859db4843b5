"""Every network, every request: what a post says leaves with publishing alone, and to no host but the network's own."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case
from tests.policy.sight import Seen
from tidings import networks
from tidings.core import clock
from tidings.core.discretion import carries
from tidings.core.http import Answer, Door, NotSent, Request
from tidings.deliveries.journal import Journal
from tidings.networks.base import Network, Outgoing
from tidings.networks.errors import Reaction
from tidings.simulators.base import Simulator

TEXT, ALT, NAME, CHOICE = (f"{word}-keepers-only" for word in ("Lighthouse", "Harbourside", "Drawbridge", "Windmill"))
MARKS = (TEXT, ALT, NAME, CHOICE)
class Witness:
    """A door that lets everything through and remembers it, and what is said in a conversation."""

    def __init__(self, door: Door) -> None:
        self.door, self.seen = door, list[Seen]()

    def __call__(self, request: Request) -> Answer:
        """Remember it, then go."""
        body = request.body
        if isinstance(body, Generator):
            return self.door(replace(request, body=self._overheard(request, body)))
        if body is not None and not isinstance(body, bytes):
            body = body.read() if hasattr(body, "read") else b"".join(cast(Iterator[bytes], body))
        self._note(request, body or b"")
        return self.door(replace(request, body=body))

    def _overheard(self, request: Request, talk: Generator[bytes, Any, None]) -> Generator[bytes, Any, None]:
        message = next(talk)
        with suppress(StopIteration):
            while True:
                self._note(request, message)
                message = talk.send((yield message))

    def _note(self, request: Request, said: bytes) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append(Seen(request.method, request.url, request.purpose, said, headers))


SPEAKS = sorted(networks.every())


@pytest.fixture(params=SPEAKS)
def name(request: pytest.FixtureRequest) -> str:
    return cast(str, request.param)


def marked(network: type[Network], said: Outgoing) -> Outgoing:
    """The same with a mark wherever a person writes."""
    media = tuple(replace(piece, alt=ALT, name=f"{NAME}-{piece.name}") for piece in said.media)
    written = {one.name for one in network.options if one.kind == "text" and one.longest >= len(CHOICE)}
    options = {key: f"{CHOICE} {value}" if key in written else value for key, value in said.options.items()}
    return replace(said, text=f"{TEXT} {said.text}".strip(), media=media, options=options)


def beside(network: Network, outgoing: Outgoing, one: Case) -> Iterator[Callable[[], Any]]:
    """All that is asked of a network beside publishing."""
    journal = Journal(one.key, one.due, lambda _data: None, one.kept, frozenset())
    looking, finding = network.on("look"), network.on("find")
    yield lambda: looking.mentions("ana")
    for option in network.options:
        if option.kind == "lookup":
            yield lambda option=option: looking.lookup(option.name, "a")  # type: ignore[misc]
    yield lambda: finding.find(outgoing, journal)
    yield lambda: finding.recent(clock.now() - timedelta(days=1))
    yield lambda: network.on("connect").channels()
    yield lambda: network.on("refresh").renew()
    yield lambda: network.on("refresh").profile()
    yield lambda: network.on("revoke").revoke()


def lived(simulator: Simulator, witness: Witness) -> tuple[list[Seen], str]:
    """One life of a post and its channel: published in its largest shape, then everything else; what was seen."""
    shapes, speaks = simulator.shapes(), networks.get(simulator.name)
    shape = "a picture" if "a picture" in shapes else list(shapes)[-1]
    said = marked(speaks, shapes[shape])
    one = Case(simulator, simulator.access(), said, cast(Door, witness))
    state = one.drive().state
    network = speaks(one.access, witness, "publish")
    for ask in beside(network, said, one):
        with suppress(Reaction, NotImplementedError, StopIteration, NotSent):
            ask()
    return witness.seen, state


def carrying(seen: list[Seen]) -> list[Seen]:
    """Those that hold a mark, however it is coded."""
    return [one for one in seen
            if carries(Request(one.method, one.url, "publish", one.headers, one.said), MARKS)]


def test_what_a_post_says_leaves_with_publishing_alone_and_to_its_own_network_alone(
    town: Town, door: Door, name: str
) -> None:
    simulator = town[name]
    seen, state = lived(simulator, Witness(door))
    assert state == "delivered"
    assert {one.purpose for one in carrying(seen)} == {"publish"}
    homes = (simulator.url, *networks.get(name).hosts.values(), *_named(simulator))
    assert [one.url for one in seen if not one.url.startswith(homes)] == []


def _named(simulator: Simulator) -> Iterator[str]:
    """Places that the person named who connected."""
    for value in (*simulator.typed().values(), *simulator.access().server.values()):
        yield from (word for word in str(value).split() if "://" in word)


@pytest.mark.parametrize("name", [name for name in SPEAKS if networks.get(name).hosts])
def test_the_pages_and_tokens_of_a_sign_in_are_at_hosts_that_the_network_declares(name: str) -> None:
    network = networks.get(name)
    declared = {urlsplit(host).hostname for host in network.hosts.values()}
    with suppress(Reaction, NotImplementedError):
        ends = network.endpoints({})
        asked = {urlsplit(url).hostname for url in (ends.authorize, ends.token, ends.revoke, ends.pushed) if url}
        assert asked <= declared
