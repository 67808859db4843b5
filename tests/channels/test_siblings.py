"""One sign-in may give several channels: they share what the network gave, and so they live and end together."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests import people
from tests.conftest import Town
from tidings import networks
from tidings.channels import carry, connect, credentials
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel
from tidings.channels.refresh import due, fresh, refresh, refresh_due
from tidings.commands.allow import leads_back
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.errors import Later
from tidings.workspaces.models import Member

LATER = timedelta(hours=2)


@pytest.fixture
def member() -> Member:
    return people.owner()


@pytest.fixture
def siblings(town: Town, door: Door, member: Member) -> list[Channel]:
    """Every wall that one sign-in at VK may post to, connected as a person does. Its refresh tokens are good once."""
    one, speaks = town["vk"], networks.get("vk")
    app = one.access().app
    assert app
    credentials.enter(member, speaks, app, everywhere=False)
    url, state = connect.begin(member, "vk", 0, one.typed())
    query = dict(parse_qsl(urlsplit(leads_back(url, "demo")).query))
    found = connect.finish(member, carry.opened(member.user, state), query)
    made = connect.keep(member, found, [profile.id for profile in found.profiles])
    assert len(made) > 1
    return made


def tokens(rows: list[Channel]) -> set[str]:
    for row in rows:
        row.refresh_from_db()
    return {row.access().secrets["refresh_token"] for row in rows}


def test_a_renewal_gives_its_fresh_secrets_to_all_of_them(siblings: list[Channel]) -> None:
    before = tokens(siblings)
    with clock.shifted(LATER):
        assert refresh(siblings[0])
        after = tokens(siblings)
        assert len(after) == 1
        assert after.isdisjoint(before)
        assert refresh(siblings[1])
    assert not any(row.paused for row in siblings)


def test_they_are_renewed_once_when_their_time_has_come(siblings: list[Channel], town: Town) -> None:
    with clock.shifted(LATER):
        assert len(due(clock.now())) == 1
        assert refresh_due(clock.now()) == 1
        assert due(clock.now()) == []
        assert all(fresh(row).access().secrets for row in siblings)


def test_while_one_is_renewed_no_other_is(siblings: list[Channel]) -> None:
    with clock.shifted(LATER):
        Channel.objects.filter(pk=siblings[0].pk).update(refresh_lease=clock.now() + timedelta(seconds=30))
        assert refresh(siblings[1]) is False
        with pytest.raises(Later):
            fresh(siblings[1])


def test_access_that_has_ended_pauses_all_of_them(siblings: list[Channel], town: Town) -> None:
    town["vk"].lock_out()
    with clock.shifted(LATER):
        refresh(siblings[0])
    assert tokens(siblings)
    assert all(row.paused for row in siblings)


def test_disconnecting_one_leaves_the_others_their_access_and_says_so(
    siblings: list[Channel], member: Member, town: Town
) -> None:
    said = disconnect(member, siblings[0])
    assert "stay connected" in said
    assert town["vk"].requests("revoke") == 0
    with clock.shifted(LATER):
        assert refresh(siblings[1])


def test_disconnecting_the_last_of_them_ends_the_access(siblings: list[Channel], member: Member, town: Town) -> None:
    said = [disconnect(member, row) for row in siblings]
    assert said[-1] == ""
    assert town["vk"].requests("revoke") > 0
