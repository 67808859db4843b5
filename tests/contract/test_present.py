"""What went out, looked at afterwards: there, surely gone, or nobody can say; and the list a person picks from."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case
from tidings import networks
from tidings.core import clock
from tidings.core.http import Answer, Door, NoAnswer, NotSent, Request
from tidings.networks.base import FOR_EVER, Network, Receipt
from tidings.networks.errors import Later, NotYet, Reaction

TAKES_BACK = [name for name, network in networks.every().items() if network.has("present") and network.has("delete")]
READ_BACK = [name for name, network in networks.every().items() if network.has("present")]
LISTED = [name for name, network in networks.every().items() if network.has("recent")]
FEW = 3  # requests that one look may cost


@pytest.fixture(params=READ_BACK)
def name(request: pytest.FixtureRequest) -> str:
    return cast(str, request.param)


def published(town: Town, door: Door, name: str, text: str = "Good morning, world") -> tuple[Network, Receipt]:
    """A post of this network, and who may look at it."""
    one = town[name]
    access = one.access()
    said = replace(next(iter(one.shapes().values())), text=text)
    outcome = Case(one, access, said, door).drive()
    assert outcome.receipt, outcome.reason
    one.seen.clear()
    return networks.get(name)(access, door, "find"), outcome.receipt


def test_only_networks_whose_reads_are_free_are_read_back() -> None:
    assert set(READ_BACK) == {name for name, network in networks.every().items() if network.reads_free}
    assert READ_BACK


def test_every_network_that_can_be_asked_for_a_lost_post_also_lists_its_posts_for_a_person() -> None:
    every = networks.every().items()
    guessing = {name for name, network in every if network.has("find") and network.repeatable < FOR_EVER}
    assert guessing <= set(LISTED)
    assert LISTED


def test_a_post_is_there_until_somebody_deletes_it_over_there(town: Town, door: Door, name: str) -> None:
    network, receipt = published(town, door, name)
    assert network.present(receipt) is True
    town[name].drop(receipt.id)
    assert network.present(receipt) is False


@pytest.mark.parametrize("name", TAKES_BACK)
def test_a_post_that_was_taken_back_from_here_is_gone_too(town: Town, door: Door, name: str) -> None:
    network, receipt = published(town, door, name)
    network.delete(receipt)
    assert network.present(receipt) is False


def test_a_look_costs_few_requests_and_changes_nothing(town: Town, door: Door, name: str) -> None:
    network, receipt = published(town, door, name)
    before = dict(town[name].posts)
    network.present(receipt)
    assert 1 <= len(town[name].seen) <= FEW
    assert {seen.method for seen in town[name].seen} <= {"GET", "WS"}
    assert town[name].posts == before


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down", "limit"])
@pytest.mark.parametrize("there", [True, False])
def test_a_network_with_a_bad_day_says_nothing_of_the_post(
    town: Town, door: Door, name: str, misdeed: str, there: bool
) -> None:
    network, receipt = published(town, door, name)
    if not there:
        town[name].drop(receipt.id)
    town[name].trick(misdeed, times=FEW, seconds=2)  # type: ignore[arg-type]
    with pytest.raises(Reaction):
        network.present(receipt)


def test_access_that_was_withdrawn_says_nothing_of_the_post(town: Town, door: Door, name: str) -> None:
    def locked(request: Request) -> Answer:
        return Answer(401, {}, b'{"error": "The access token was revoked"}')

    network, receipt = published(town, door, name)
    with pytest.raises(Reaction):
        type(network)(network.access, locked, "find").present(receipt)


@pytest.mark.parametrize("status", [200, 301, 400, 403, 404, 410, 500, 503])
def test_a_page_of_whatever_stands_before_the_server_says_nothing_of_the_post(
    town: Town, door: Door, name: str, status: int
) -> None:
    def gateway(request: Request) -> Answer:
        return Answer(status, {"content-type": "text/html"}, b"<h1>Nothing here</h1>")

    network, receipt = published(town, door, name)
    with pytest.raises(Reaction):
        type(network)(network.access, gateway, "find").present(receipt)


@pytest.mark.parametrize("silence", [NoAnswer, NotSent])
def test_silence_says_nothing_of_the_post(
    town: Town, door: Door, name: str, silence: type[NoAnswer]
) -> None:
    def silent(request: Request) -> Answer:
        raise silence("nobody there")

    network, receipt = published(town, door, name)
    with pytest.raises(Reaction):
        type(network)(network.access, silent, "find").present(receipt)


def test_a_network_that_asks_to_slow_down_says_when_to_come_back(town: Town, door: Door, name: str) -> None:
    network, receipt = published(town, door, name)
    town[name].trick("limit", seconds=90)
    with pytest.raises((Later, NotYet)) as asked:
        network.present(receipt)
    told = asked.value
    wait = told.seconds if isinstance(told, NotYet) else (cast(datetime, told.at) - clock.now()).total_seconds()
    assert 80 < wait <= 90


@pytest.mark.parametrize("name", LISTED)
def test_the_profiles_own_posts_are_listed_with_their_words_time_and_receipt(
    town: Town, door: Door, name: str
) -> None:
    words = "Bread & butter <b>at</b> https://example.org/a?b=1&c=2, from six"
    network, receipt = published(town, door, name, words)
    published(town, door, name, "Another one")
    since = clock.now() - timedelta(minutes=5)
    listed = network.recent(since)
    assert [seen.text for seen in listed] == ["Another one", words]
    mine = listed[1]
    assert (mine.receipt.id, mine.receipt.url) == (receipt.id, receipt.url)
    assert dict(mine.receipt.extra) == dict(receipt.extra)
    assert since < mine.at <= clock.now()


@pytest.mark.parametrize("name", LISTED)
def test_older_posts_and_other_profiles_are_not_listed(town: Town, door: Door, name: str) -> None:
    published(town, door, name, "Long ago")
    with clock.shifted(timedelta(hours=2)):
        network, _receipt = published(town, door, name, "Now")
        other = town[name].access("other")
        assert [seen.text for seen in network.recent(clock.now() - timedelta(hours=1))] == ["Now"]
        assert networks.get(name)(other, door, "find").recent(clock.now() - timedelta(hours=3)) == []
