"""Asking for numbers: few requests, nothing changed, and on a bad day nothing is said rather than something wrong."""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

import pytest

from tests.conftest import Town
from tests.contract.drive import put_out
from tidings import networks
from tidings.core import clock
from tidings.core.http import Answer, Door, NoAnswer, NotSent, Request
from tidings.networks.base import Network, Receipt
from tidings.networks.errors import Reaction
from tidings.networks.metrics import OF_POSTS, Numbers

EVERY = networks.every()
COUNTED = [name for name, network in EVERY.items() if network.has("measure")]
FOLLOWED = [name for name, network in EVERY.items() if network.has("audience")]
LEAST = 31  # networks with numbers of posts; only raised


@pytest.fixture(params=COUNTED)
def name(request: pytest.FixtureRequest) -> str:
    return cast(str, request.param)


def asking(town: Town, door: Door, name: str) -> Network:
    town[name].seen.clear()
    return networks.get(name)(town[name].access(), door, "measure")


def test_numbers_are_given_by_many_networks() -> None:
    assert len(COUNTED) >= LEAST


@pytest.mark.parametrize("network", EVERY.values(), ids=EVERY)
def test_a_network_declares_what_it_counts_or_says_why_it_counts_nothing(network: type[Network]) -> None:
    assert bool(network.metrics) == network.has("measure") == (not network.uncounted)
    assert bool(network.crowd) == network.has("audience")
    for metrics in (network.metrics, network.crowd):
        assert len({metric.theirs for metric in metrics}) == len(metrics)
        assert all(metric.means.endswith(".") and len(metric.means) <= 200 for metric in metrics)
        assert all(bool(metric.ours) != bool(metric.label) for metric in metrics)
    assert {metric.ours for metric in network.metrics} <= {*OF_POSTS, ""}
    assert {metric.per for metric in network.metrics} <= {"total"}
    assert network.counting.batch >= 1
    assert network.counting.price == "" or not network.reads_free


def test_numbers_are_those_that_are_declared(town: Town, door: Door, name: str) -> None:
    receipt = put_out(town, door, name)
    with clock.shifted(timedelta(hours=5)):
        said = asking(town, door, name).measure([receipt])
    assert set(said) == {receipt.id}
    numbers = said[receipt.id]
    assert numbers
    assert set(numbers) <= {metric.theirs for metric in networks.get(name).metrics}
    assert all(isinstance(value, int) and value >= 0 for value in numbers.values())


def test_asking_costs_no_more_requests_than_declared_and_changes_nothing(town: Town, door: Door, name: str) -> None:
    counting = networks.get(name).counting
    receipts = [put_out(town, door, name) for _ in range(min(counting.batch, 3))]
    before = dict(town[name].posts)
    said = asking(town, door, name).measure(receipts)
    assert set(said) == {receipt.id for receipt in receipts}
    assert 1 <= len(town[name].seen) <= counting.calls
    assert town[name].posts == before


def test_a_post_that_was_deleted_over_there_has_no_numbers_and_takes_none_from_others(
    town: Town, door: Door, name: str
) -> None:
    gone, there = put_out(town, door, name), put_out(town, door, name)
    town[name].drop(gone.id)
    wanted = [gone, there][: networks.get(name).counting.batch]
    said = asking(town, door, name).measure(wanted)
    assert not said.get(gone.id)
    if len(wanted) == 2:
        assert said.get(there.id)


def said(network: Network, receipt: Receipt) -> Mapping[str, Numbers | None]:
    """What it says of this post; whatever it raises, that is nothing."""
    try:
        return network.measure([receipt])
    except (Reaction, ValueError, LookupError, TypeError, AttributeError):
        return {}


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down", "limit"])
@pytest.mark.parametrize("there", [True, False])
def test_a_network_with_a_bad_day_says_nothing_of_a_post(
    town: Town, door: Door, name: str, misdeed: str, there: bool
) -> None:
    receipt = put_out(town, door, name)
    if not there:
        town[name].drop(receipt.id)
    network = asking(town, door, name)
    town[name].trick(misdeed, times=20, seconds=2)  # type: ignore[arg-type]
    assert said(network, receipt) == {}


@pytest.mark.parametrize("status", [200, 400, 403, 404, 410, 500])
def test_a_page_of_whatever_stands_before_the_server_says_nothing_of_a_post(
    town: Town, door: Door, name: str, status: int
) -> None:
    def gateway(request: Request) -> Answer:
        return Answer(status, {"content-type": "text/html"}, b"<h1>Nothing here</h1>")

    receipt = put_out(town, door, name)
    assert said(networks.get(name)(town[name].access(), gateway, "measure"), receipt) == {}


@pytest.mark.parametrize("silence", [NoAnswer, NotSent])
def test_silence_says_nothing_of_a_post(town: Town, door: Door, name: str, silence: type[NoAnswer]) -> None:
    def silent(request: Request) -> Answer:
        raise silence("nobody there")

    receipt = put_out(town, door, name)
    with pytest.raises(Reaction):
        networks.get(name)(town[name].access(), silent, "measure").measure([receipt])


@pytest.mark.parametrize("profile", FOLLOWED)
def test_a_profile_costs_no_more_requests_than_declared_and_is_counted_as_declared(
    town: Town, door: Door, profile: str
) -> None:
    declared = {metric.theirs: metric for metric in networks.get(profile).crowd}
    since = clock.now().date() - timedelta(days=3)
    readings = asking(town, door, profile).audience(since)
    assert readings
    assert 1 <= len(town[profile].seen) <= networks.get(profile).counting.crowd_calls
    for reading in readings:
        assert reading.value >= 0
        assert (declared[reading.theirs].per == "day") == (reading.day is not None)
        assert reading.day is None or reading.day >= since
