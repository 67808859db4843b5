"""What others write is listed as they wrote it, in few requests; an answer to it is never out twice."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points, put_out
from tests.contract.test_contract import explained
from tests.near import Near
from tidings import networks
from tidings.core import clock
from tidings.core.http import Answer, Door, NoAnswer, NotSent, Request, Transport
from tidings.networks.answered import Cut, Message
from tidings.networks.base import Network, Outgoing, Receipt
from tidings.networks.errors import Reaction

EVERY = networks.every()
HEARING = [name for name, network in EVERY.items() if network.has("inbox")]
ANSWERING = [name for name in HEARING if EVERY[name].answerable]
UNDER_POSTS = [name for name in HEARING if "comment" in EVERY[name].hearing.kinds]
FLAT = ("tumblr",)  # says what post a remark is under, and never which other it follows
KINDS = [(name, kind) for name in HEARING for kind in EVERY[name].hearing.kinds]
LEAST = 24  # networks with an inbox; only raised
WORDS = "What a lovely day this has been over here"


@pytest.fixture(params=HEARING)
def name(request: pytest.FixtureRequest) -> str:
    return cast(str, request.param)


def heard(town: Town, door: Transport, name: str, *posts: Receipt) -> Sequence[Message]:
    """What its inbox lists, asked as the program asks it."""
    network = networks.get(name)(town[name].access(), door, "inbox")
    under = posts if network.hearing.batch else ()
    return network.inbox(clock.now() - timedelta(days=1), under)


def said(town: Town, door: Transport, name: str, kind: str = "") -> tuple[Receipt, Message]:
    """A post of ours, and the message that somebody wrote under it, or about us."""
    post = put_out(town, door, name)
    kind = kind or EVERY[name].hearing.kinds[0]
    on = post.id if kind == "comment" else ""
    id = town[name].remark(WORDS, on=on, kind=kind, stars=4 if kind == "review" else 0)  # type: ignore[arg-type]
    (message,) = [one for one in heard(town, door, name, post) if one.receipt.id == id]
    return post, message


def test_what_others_write_is_listed_for_many_networks() -> None:
    assert len(HEARING) >= LEAST


@pytest.mark.parametrize("network", EVERY.values(), ids=EVERY)
def test_a_network_lists_what_others_write_or_says_why_it_does_not(network: type[Network]) -> None:
    assert network.has("inbox") != bool(network.unheard)
    assert network.has("inbox") or not network.answerable
    assert not network.unheard or network.unheard.endswith(".")
    assert network.hearing.kinds
    assert network.hearing.batch > 0 or not network.hearing.whole


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_what_somebody_wrote_is_listed_as_they_wrote_it(town: Town, door: Door, name: str, kind: str) -> None:
    before = clock.now() - timedelta(seconds=2)  # some networks know whole seconds only
    post, message = said(town, door, name, kind)
    assert message.text == WORDS
    assert message.kind == kind
    assert not message.ours
    assert "reader" in f"{message.author} {message.name}".lower()
    assert before <= message.at <= clock.now() + timedelta(seconds=2)
    assert message.on == (post.id if kind == "comment" else "")
    assert (message.stars == 4) == (kind == "review")


def test_where_nobody_wrote_nothing_is_listed(town: Town, door: Door, name: str) -> None:
    post = put_out(town, door, name)
    assert [one for one in heard(town, door, name, post) if not one.ours] == []


@pytest.mark.parametrize("name", [name for name in UNDER_POSTS if name not in FLAT])
def test_one_remark_below_another_says_so(town: Town, door: Door, name: str) -> None:
    post, first = said(town, door, name, "comment")
    id = town[name].remark("I think so too, and by far", on=post.id, reply_to=first.receipt.id, author="another")
    (second,) = [one for one in heard(town, door, name, post) if one.receipt.id == id]
    assert first.reply_to in ("", post.id)
    assert second.reply_to == first.receipt.id


def test_listing_costs_no_more_requests_than_declared_and_changes_nothing(town: Town, door: Door, name: str) -> None:
    hearing = EVERY[name].hearing
    posts = [put_out(town, door, name) for _ in range(min(max(hearing.batch, 1), 3))]
    kind = hearing.kinds[0]
    for post in posts:
        town[name].remark(WORDS, on=post.id if kind == "comment" else "", kind=kind)
    before, remarks = dict(town[name].posts), dict(town[name].remarks)
    town[name].seen.clear()
    listed = heard(town, door, name, *posts)
    assert len([one for one in listed if not one.ours]) == len(posts)
    assert 1 <= len(town[name].seen) <= hearing.calls
    assert (town[name].posts, dict(town[name].remarks)) == (before, remarks)


@pytest.mark.parametrize("name", [name for name in HEARING if EVERY[name].hearing.whole])
def test_what_is_missing_from_a_list_was_deleted_or_the_list_says_that_it_is_cut(
    town: Town, door: Door, name: str
) -> None:
    post = put_out(town, door, name)
    ids = [town[name].remark(f"Remark {n}", on=post.id) for n in range(3)]
    del town[name].remarks[ids[1]]
    listed = heard(town, door, name, post)
    assert {one.receipt.id for one in listed} == {ids[0], ids[2]}
    assert not isinstance(listed, Cut)
    ids += [town[name].remark(f"Remark {n}", on=post.id) for n in range(3, 620)]
    listed = heard(town, door, name, post)
    assert len(listed) >= 100
    assert (len(listed) < 619) == isinstance(listed, Cut)


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down", "limit"])
def test_a_network_with_a_bad_day_lists_nothing_and_says_that_it_could_not(
    town: Town, door: Door, name: str, misdeed: str
) -> None:
    post, _message = said(town, door, name)
    town[name].trick(misdeed, times=20, seconds=2)  # type: ignore[arg-type]
    with pytest.raises((Reaction, ValueError, LookupError, TypeError, AttributeError)):
        heard(town, door, name, post)


@pytest.mark.parametrize("status", [200, 403, 404, 500])
def test_a_page_of_whatever_stands_before_the_server_is_not_taken_for_an_empty_list(
    town: Town, door: Door, name: str, status: int
) -> None:
    def gateway(request: Request) -> Answer:
        return Answer(status, {"content-type": "text/html"}, b"<h1>Nothing here</h1>")

    post = put_out(town, door, name)
    with pytest.raises((Reaction, ValueError, LookupError, TypeError, AttributeError)):
        heard(town, gateway, name, post)


@pytest.mark.parametrize("silence", [NoAnswer, NotSent])
def test_silence_is_not_taken_for_an_empty_list(town: Town, door: Door, name: str, silence: type[NoAnswer]) -> None:
    def silent(request: Request) -> Answer:
        raise silence("nobody there")

    post = put_out(town, door, name)
    with pytest.raises(Reaction):
        heard(town, silent, name, post)


def answering(town: Town, door: Transport, name: str, post: Receipt, message: Message) -> Case:
    """An answer on its way: what the program publishes when a member answers this message."""
    root = post if message.on else None
    words = Outgoing("Thank you, that is kind of you", reply_to=message.receipt, root=root, position=1)
    return Case(town[name], town[name].access(), words, door)


@pytest.mark.parametrize("name", ANSWERING)
def test_an_answer_goes_out_once_and_is_listed_below_what_it_answers_as_ours(
    town: Town, door: Door, name: str
) -> None:
    post, message = said(town, door, name)
    one = answering(town, door, name, post, message)
    outcome = one.drive()
    assert outcome.state == "delivered", outcome.reason
    assert len(one.out()) == 1
    assert outcome.receipt
    listed = {own.receipt.id: own for own in heard(town, door, name, post) if own.ours}
    assert listed[outcome.receipt.id].reply_to == message.receipt.id
    assert listed[outcome.receipt.id].text == "Thank you, that is kind of you"


@pytest.mark.parametrize("name", ANSWERING)
def test_killed_anywhere_an_answer_is_never_out_twice_and_never_lost_without_a_word(
    town: Town, near: Near, name: str
) -> None:
    post, message = said(town, near, name)
    clean = Points()
    answering(town, near, name, post, message).drive(clean)
    assert len(clean.passed) >= 4
    for death in range(1, len(clean.passed) + 1):
        post, message = said(town, near, name)
        one = answering(town, near, name, post, message)
        explained(one, one.drive(Points(frozenset({death}))))


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down", "limit"])
@pytest.mark.parametrize("name", ANSWERING)
def test_whatever_answer_of_the_network_is_lost_ours_is_never_out_twice(
    town: Town, near: Near, name: str, misdeed: str
) -> None:
    post, message = said(town, near, name)
    one = answering(town, near, name, post, message)
    one.simulator.trick(misdeed, times=1, seconds=2)  # type: ignore[arg-type]
    explained(one, one.drive())


@pytest.mark.parametrize("name", ANSWERING)
def test_an_answer_to_what_was_deleted_meanwhile_is_refused_or_goes_out_once(
    town: Town, door: Door, name: str
) -> None:
    post, message = said(town, door, name)
    del town[name].remarks[message.receipt.id]
    one = answering(town, door, name, post, message)
    explained(one, one.drive())
