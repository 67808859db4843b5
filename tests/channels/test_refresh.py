"""Keeping tokens alive: in time, one at a time, and a passing fault never disconnects."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import people
from tidings import networks
from tidings.channels.connect import next_time
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel
from tidings.channels.refresh import due, fresh, refresh, refresh_due
from tidings.core import clock
from tidings.networks.base import Grant, Network
from tidings.networks.errors import Later, Reconnect

HOUR = timedelta(hours=1)
Renewing = Callable[[Callable[[Network], Grant]], None]


@pytest.fixture
def renewing(monkeypatch: pytest.MonkeyPatch) -> Renewing:
    """Make the network renew in this way."""

    def become(act: Callable[[Network], Grant]) -> None:
        monkeypatch.setattr(networks.get("mastodon"), "renew", act)

    return become


def channel(**fields: Any) -> Channel:
    soon = clock.now() + timedelta(minutes=5)
    made = people.channel(people.owner(), **{"token_ends_at": soon, "refresh_again_at": clock.now(), **fields})
    made.keep_secrets({"access_token": "old", "refresh_token": "r"})
    made.save()
    return made


def given(token: str) -> Callable[[Network], Grant]:
    return lambda network: Grant({"access_token": token}, clock.now() + HOUR)


def raising(error: Exception) -> Callable[[Network], Grant]:
    def act(network: Network) -> Grant:
        raise error

    return act


def test_a_token_about_to_end_is_renewed_and_the_rest_of_the_secrets_kept(renewing: Renewing) -> None:
    renewing(given("new"))
    row = channel()

    assert refresh_due(clock.now()) == 1

    row.refresh_from_db()
    assert row.access().secrets == {"access_token": "new", "refresh_token": "r"}
    assert row.refresh_again_at is not None
    assert timedelta(minutes=40) < row.refresh_again_at - clock.now() < timedelta(minutes=51)
    assert refresh_due(clock.now()) == 0


def test_two_at_once_renew_once(renewing: Renewing) -> None:
    """Refresh tokens that serve once would be lost by the second."""
    row = channel()
    seen = []

    def act(network: Network) -> Grant:
        seen.append(refresh(Channel.objects.get(pk=row.pk)))
        return given("new")(network)

    renewing(act)

    assert refresh(row)
    assert seen == [False]


def test_what_somebody_renewed_since_it_was_looked_at_is_not_renewed_again(renewing: Renewing) -> None:
    """A second renewal would end the token that is being sent with this moment."""
    row = channel()
    stale = Channel.objects.get(pk=row.pk)
    renewing(given("new"))
    assert refresh(row)

    renewing(given("one too many"))
    assert not refresh(stale)

    row.refresh_from_db()
    assert (row.access().secrets["access_token"], row.refresh_lease) == ("new", None)
    assert stale.access().secrets["access_token"] == "new", "whoever looked knows the new one by then"


def test_a_worker_that_died_while_renewing_is_replaced_after_a_minute(renewing: Renewing) -> None:
    renewing(given("new"))
    row = channel(refresh_lease=clock.now() + timedelta(seconds=60))

    assert not refresh(row)
    with clock.shifted(timedelta(seconds=61)):
        assert refresh(row)


def test_a_passing_fault_keeps_the_channel_and_is_tried_again_later(renewing: Renewing) -> None:
    renewing(raising(Later("The server is down.")))
    row = channel()

    assert refresh_due(clock.now()) == 0

    row.refresh_from_db()
    assert (row.paused, row.access().secrets["access_token"]) == ("", "old")
    assert due(clock.now()) == []
    assert due(clock.now() + timedelta(minutes=2)) == [row]


def test_an_ended_grant_pauses_the_channel_with_the_reason(renewing: Renewing) -> None:
    renewing(raising(Reconnect("The person revoked it.")))
    row = channel()

    refresh(row)

    row.refresh_from_db()
    assert row.paused == "The person revoked it."
    assert row.paused_at is not None
    assert due(clock.now() + HOUR) == []


def test_what_was_disconnected_meanwhile_gets_no_secret_back(renewing: Renewing) -> None:
    row = channel()
    owner = row.workspace.members.get()

    def act(network: Network) -> Grant:
        disconnect(owner, Channel.objects.get(pk=row.pk))
        return given("new")(network)

    renewing(act)

    assert not refresh(row)
    assert not Channel.objects.exclude(sealed="").exists()


def test_before_sending_an_ended_token_is_renewed_or_the_delivery_waits(renewing: Renewing) -> None:
    renewing(given("new"))
    row = channel(token_ends_at=clock.now() - HOUR)
    assert fresh(row).access().secrets["access_token"] == "new"

    busy = channel(token_ends_at=clock.now() - HOUR, refresh_lease=clock.now() + timedelta(seconds=60))
    with pytest.raises(Later) as waits:
        fresh(busy)
    assert waits.value.at is not None

    renewing(raising(Reconnect("gone")))
    with pytest.raises(Reconnect, match="gone"):
        fresh(channel(token_ends_at=clock.now() - HOUR))


@pytest.mark.parametrize(
    ("life", "before"),
    [
        (timedelta(days=60), timedelta(days=12)),
        (HOUR, timedelta(minutes=12)),
        (timedelta(minutes=10), timedelta(minutes=2)),
    ],
)
def test_a_token_is_renewed_in_the_last_fifth_of_its_life(life: timedelta, before: timedelta) -> None:
    ends = clock.now() + life

    when = next_time(ends)

    assert when is not None
    assert abs((ends - when) - before) < timedelta(seconds=1)
    assert next_time(None) is None
