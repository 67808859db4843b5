"""Access is asked about where a network's terms want that; what cannot be confirmed for too long is forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from tests import people
from tests.channels.signed import connected
from tests.conftest import Town
from tidings.channels.forget import EXPIRED, expire_due
from tidings.channels.models import Channel, Portrait
from tidings.channels.verify import verify_due
from tidings.core import clock
from tidings.simulators.youtube import YouTubeBox
from tidings.workspaces.models import Member


@pytest.fixture
def member() -> Member:
    return people.owner()


@pytest.fixture
def channel(town: Town, member: Member) -> Channel:
    (made,) = connected(town, member, "youtube")
    Portrait.objects.create(channel=made, picture=b"a face")
    return made


@pytest.fixture
def youtube(town: Town) -> YouTubeBox:
    one = town["youtube"]
    assert isinstance(one, YouTubeBox)
    return one


def asked(one: YouTubeBox) -> int:
    return one.requests("GET /youtube/v3/channels")


def after(days: float) -> Any:
    return clock.shifted(timedelta(days=days))


def test_access_is_asked_about_in_time_and_what_was_told_is_renewed(youtube: YouTubeBox, channel: Channel) -> None:
    Channel.objects.update(name="An old name")
    before = asked(youtube)
    with after(24):
        assert verify_due(clock.now()) == 0
    assert asked(youtube) == before
    with after(26):
        assert verify_due(clock.now()) == 1
        assert verify_due(clock.now()) == 0
        assert expire_due(clock.now() + timedelta(days=5)) == 0
    channel.refresh_from_db()
    assert (channel.name, channel.paused) == ("Demo", "")
    assert channel.verified_at > clock.now() + timedelta(days=25)


def test_access_that_has_ended_pauses_and_is_forgotten_when_nobody_connects_again(
    youtube: YouTubeBox, channel: Channel
) -> None:
    youtube.lock_out()
    with after(26):
        assert verify_due(clock.now()) == 0
        channel.refresh_from_db()
        assert channel.paused
        assert channel.name == "Demo"
        assert expire_due(clock.now()) == 0
    with after(31):
        assert expire_due(clock.now()) == 1
        assert expire_due(clock.now()) == 0
    channel.refresh_from_db()
    assert (channel.name, channel.handle, channel.avatar, channel.sealed, channel.paused) == ("", "", "", "", EXPIRED)
    assert not Portrait.objects.exists()


def test_who_connects_again_finds_the_channel_as_it_was(town: Town, member: Member, channel: Channel) -> None:
    with after(31):
        expire_due(clock.now())
        (again,) = connected(town, member, "youtube")
    assert (again.pk, again.name, again.paused) == (channel.pk, "Demo", "")


def test_a_network_that_is_away_says_nothing_about_the_access(youtube: YouTubeBox, channel: Channel) -> None:
    with after(26):
        youtube.trick("down", "GET /youtube/v3/channels")
        assert verify_due(clock.now()) == 0
        channel.refresh_from_db()
        assert channel.paused == ""
        assert verify_due(clock.now()) == 1


def test_what_stands_still_is_not_asked_about(youtube: YouTubeBox, channel: Channel) -> None:
    Channel.objects.update(paused="Frozen.")
    before = len(youtube.seen)
    with after(26):
        assert verify_due(clock.now()) == 0
    assert len(youtube.seen) == before


def test_a_network_whose_terms_want_none_of_this_is_left_alone(town: Town, member: Member) -> None:
    (made,) = connected(town, member, "x")
    before = len(town["x"].seen)
    with after(400):
        assert (verify_due(clock.now()), expire_due(clock.now())) == (0, 0)
    made.refresh_from_db()
    assert made.sealed
    assert len(town["x"].seen) == before
