"""What an author looks for on a network while writing: boards, and people to mention."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from tests import people
from tests.channels.toy import ToyBox, town_of_toys
from tidings.channels.lookup import LOOKS
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[ToyBox]:
    cache.clear()
    with town_of_toys(monkeypatch) as box:
        yield box


@pytest.fixture
def channel(toy: ToyBox) -> Channel:
    return people.channel(people.owner(), network="toy")


def look(channel: Channel, what: str, q: str = "", as_: Member | None = None) -> Any:
    member = as_ or channel.workspace.members.get(role="owner")
    return people.signed_in(member).get(f"{people.api(member)}/channels/{channel.id}/{what}", {"q": q})


def test_choices_of_an_option_come_from_the_network(channel: Channel) -> None:
    assert look(channel, "options/board", "board 12").json() == [{"value": "12", "label": "Board 12"}]


def test_no_more_than_fifty_are_given(channel: Channel) -> None:
    assert len(look(channel, "options/board").json()) == 50


def test_people_are_found_as_they_are_mentioned_there(channel: Channel) -> None:
    assert look(channel, "mentions", "ann").json() == [{"text": "@[ann](urn:1)", "label": "Ann of Toy town"}]


@pytest.mark.parametrize("what", ["options/tags", "options/nothing", "options/board/more"])
def test_an_option_that_is_not_looked_up_is_not_there(channel: Channel, what: str) -> None:
    assert look(channel, what).status_code == 404


def test_a_network_without_people_to_mention_has_none(toy: ToyBox) -> None:
    assert look(people.channel(people.owner()), "mentions", "ann").status_code == 404


def test_a_network_that_sleeps_is_said_to_sleep(channel: Channel) -> None:
    answer = look(channel, "mentions", "nobody")

    assert answer.status_code == 503
    assert answer.json()["detail"] == "Toy town could not be asked just now: The town sleeps."


@pytest.mark.parametrize(("misdeed", "status"), [("down", 503), ("broken", 503), ("slow down", 503)])
def test_a_network_that_fails_is_a_problem_and_no_fault_of_ours(
    toy: ToyBox, channel: Channel, misdeed: Any, status: int
) -> None:
    toy.trick(misdeed, "/boards")

    answer = look(channel, "options/board")

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert "Toy town" in answer.json()["detail"]


def test_a_channel_that_lost_its_access_says_so_without_asking(toy: ToyBox, channel: Channel) -> None:
    Channel.objects.update(paused="The token was revoked.")

    answer = look(channel, "options/board")

    assert answer.status_code == 409
    assert "Connect it again. The token was revoked." in answer.json()["detail"]
    assert toy.requests("/boards") == 0


def test_who_only_looks_looks_nothing_up_and_strangers_find_no_channel(channel: Channel) -> None:
    owner = channel.workspace.members.get(role="owner")

    assert look(channel, "options/board", as_=people.member(owner, "client")).status_code == 403
    assert look(channel, "mentions", as_=people.member(owner, "client")).status_code == 403
    assert look(channel, "options/board", as_=people.owner()).status_code == 404


def test_one_member_cannot_keep_asking_but_the_others_can(channel: Channel) -> None:
    owner = channel.workspace.members.get(role="owner")
    now = clock.now().replace(second=1)
    with clock.shifted(now - clock.now() + timedelta(minutes=1)):
        answers = [look(channel, "mentions", "ann").status_code for _ in range(LOOKS + 1)]
        other = look(channel, "mentions", "ann", as_=people.member(owner, "editor")).status_code

    assert answers == [200] * LOOKS + [429]
    assert other == 200


def test_the_secrets_of_a_channel_are_in_no_answer(channel: Channel) -> None:
    token = channel.access().secrets["access_token"]

    for what in ("options/board", "mentions"):
        assert token not in look(channel, what, "ann").content.decode()


def test_a_channel_says_all_that_the_composer_draws(channel: Channel) -> None:
    owner = channel.workspace.members.get(role="owner")

    (said,) = people.signed_in(owner).get(f"{people.api(owner)}/channels").json()

    assert (said["threads"], said["markup"], said["mentions"]) == ("comments", "markdown", True)
    assert (said["limits"]["needs"], said["limits"]["needs_text"], said["limits"]["hashtags"]) == ("picture", True, 3)
    board, tags, link = said["options"]
    assert (board["kind"], board["needed"]) == ("lookup", True)
    assert (tags["kind"], tags["most"], tags["longest"]) == ("tags", 3, 20)
    assert link["kind"] == "url"
