"""A person's word counts until a person says something else: no edit, no poll and no clock speaks in their place."""

from datetime import timedelta

import pytest

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.claim import claim
from tidings.deliveries.journal import Journal
from tidings.deliveries.models import Delivery, Lane
from tidings.deliveries.record import TRIES, record
from tidings.deliveries.revise import revise
from tidings.deliveries.schedule import cancel, retry, schedule
from tidings.deliveries.send import Outcome, after
from tidings.networks.errors import Later, NotYet
from tidings.posts.compose import Draft, ItemDraft
from tidings.posts.models import Post
from tidings.workspaces.models import Member

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def two(member: Member, town: Town) -> list[Channel]:
    """Two channels."""
    return [connect(member, town, "mastodon"), connect(member, town, "bluesky")]


def edit(member: Member, post: Post, channels: list[Channel], *texts: str) -> None:
    items = tuple(ItemDraft(text) for text in texts)
    revise(member, Draft(tuple(channel.id for channel in channels), items), Post.objects.get(id=post.id), None)


@pytest.mark.parametrize("state", ["failed", "held", "cancelled"])
def test_an_edit_does_not_send_what_waits_for_a_person(
    member: Member, two: list[Channel], write: Write, state: str
) -> None:
    post = write(two, "Hello")
    one, _other = schedule(member, post, clock.now() + HOUR)
    if state == "cancelled":
        cancel(member, one)
    else:
        Delivery.objects.filter(id=one.id).update(state=state)
    edit(member, post, two, "Hello again")
    assert sorted(post.deliveries.values_list("state", flat=True)) == sorted([state, "waiting"])


def test_a_channel_that_is_taken_away_and_chosen_again_gets_its_delivery(
    member: Member, two: list[Channel], write: Write
) -> None:
    post = write(two, "Hello")
    schedule(member, post, clock.now() + HOUR)
    edit(member, post, two[:1], "Hello")
    edit(member, post, two, "Hello")
    assert sorted(post.deliveries.values_list("state", flat=True)) == ["cancelled", "waiting", "waiting"]


def test_a_part_that_is_added_behind_one_that_failed_comes_back_with_it(
    member: Member, two: list[Channel], write: Write
) -> None:
    post = write(two, "One")
    one, _other = schedule(member, post, clock.now() + HOUR)
    Delivery.objects.filter(id=one.id).update(state="failed")
    edit(member, post, two, "One", "Two")
    added = Delivery.objects.get(channel=one.channel_id, item__position=1)
    assert added.state == "cancelled"
    retry(member, one)
    added.refresh_from_db()
    assert (added.state, added.after_id) == ("waiting", one.id)


def test_to_ask_a_network_again_and_again_whether_it_is_ready_is_no_failed_try(
    member: Member, channel: Channel, write: Write
) -> None:
    (delivery,) = schedule(member, write([channel], "A film"), clock.now())
    outcomes = [Outcome("settling", "at work", clock.now())] * (TRIES + 3) + [Outcome("waiting", "a passing fault")]
    for outcome in outcomes:
        Delivery.objects.filter(id=delivery.id).update(again_at=clock.now())
        Lane.objects.update(wake_at=clock.now())
        (claimed,) = claim("node", HOUR, 1)
        assert record(claimed, outcome, {}, clock.now())()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 1)


def saved(data: dict[str, object]) -> None:
    """Nothing is kept here."""


def test_a_network_has_a_day_for_what_it_was_given_and_not_since_the_first_try(channel: Channel) -> None:
    long_ago = (clock.now() - 3 * DAY).isoformat()
    journal = Journal("key", clock.now(), saved, {"first_try": long_ago, "steps": {}})
    journal.once("upload", lambda: "film")
    assert after(channel.speaks, journal, NotYet("at work", 5)).state == "settling"
    with clock.shifted(DAY + HOUR):
        assert after(channel.speaks, journal, NotYet("at work", 5)).state == "failed"


def test_what_is_sent_again_after_days_is_looked_for_a_day_before_anybody_is_asked(channel: Channel) -> None:
    long_ago = (clock.now() - 3 * DAY).isoformat()
    mark = {"first": clock.now().isoformat(), "last": clock.now().isoformat(), "up": clock.uptime(), "tries": 1}
    journal = Journal("key", clock.now(), saved, {"first_try": long_ago, "steps": {}, "commit": mark})
    assert after(channel.speaks, journal, Later("busy")).state == "settling"
    with clock.shifted(DAY + HOUR):
        assert after(channel.speaks, journal, Later("busy")).state == "unsure"
