"""The watchdog: nothing that should be out stays silent for longer than a quarter of an hour."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from tests.deliveries.conftest import Write
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import nodes, watch
from tidings.deliveries.models import MOVES, UNDER_WAY, Delivery, Lane, Node
from tidings.deliveries.schedule import publish_now, retry
from tidings.deliveries.tally import Counts
from tidings.posts.models import Post
from tidings.workspaces.models import Member, Workspace

MINUTE = timedelta(minutes=1)


@pytest.fixture
def late(member: Member, channel: Channel, write: Write) -> Delivery:
    """A delivery that was due sixteen minutes ago, in a program where somebody works."""
    (delivery,) = publish_now(member, write([channel], "Hello"))
    return put(delivery, due_at=clock.now() - 16 * MINUTE, again_at=clock.now() - 16 * MINUTE)


@pytest.fixture(autouse=True)
def _somebody_works(transactional_db: None) -> None:
    nodes.beat("here:1", Counts())


def put(delivery: Delivery, **fields: Any) -> Delivery:
    Delivery.objects.filter(id=delivery.id).update(**fields)
    return Delivery.objects.get(id=delivery.id)


def reason() -> str:
    """Why the only overdue delivery is."""
    (delivery,) = watch.overdue(clock.now())
    return watch.why(delivery)


@pytest.mark.parametrize("state", sorted(MOVES))
def test_whatever_is_under_way_is_overdue_a_quarter_of_an_hour_after_its_time(late: Delivery, state: str) -> None:
    put(late, state=state, tries=2)
    assert watch.overdue(clock.now()).exists() == (state in UNDER_WAY)
    put(late, due_at=clock.now() - 14 * MINUTE)
    assert not watch.overdue(clock.now()).exists()


def test_only_what_is_of_a_workspace_is_overdue_in_it(late: Delivery) -> None:
    other = Workspace.objects.create(name="Other", slug="other")
    assert list(watch.overdue(clock.now(), late.workspace)) == [late]
    assert not watch.overdue(clock.now(), other).exists()


def test_what_a_person_called_up_gets_its_time_from_then(member: Member, late: Delivery) -> None:
    retry(member, put(late, state="failed"))
    assert not watch.overdue(clock.now()).exists()
    put(late, state="sending", tries=1)
    assert not watch.overdue(clock.now()).exists(), "nor while its first try is under way"
    with clock.shifted(16 * MINUTE):
        assert watch.overdue(clock.now()).exists()


def test_what_is_put_off_before_its_first_try_is_overdue_all_the_same(late: Delivery) -> None:
    put(late, again_at=clock.now() + 60 * MINUTE)
    assert watch.overdue(clock.now()).exists()


def test_a_paused_channel_is_the_reason(late: Delivery) -> None:
    Channel.objects.update(paused="Access was taken away.")
    assert reason() == "The channel is paused: Access was taken away."


def test_a_post_that_is_not_approved_is_the_reason(late: Delivery) -> None:
    Post.objects.update(stage="review")
    assert reason() == "The post is not approved."


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("unsure", "The part before it waits for a decision."),
        ("failed", "The part before it waits for a decision."),
        ("held", "The part before it waits for a decision."),
        ("cancelled", "The part before it was cancelled."),
        ("waiting", "The part before it is not out yet."),
    ],
)
def test_the_part_before_is_the_reason(
    member: Member, channel: Channel, write: Write, state: str, sentence: str
) -> None:
    first, second = publish_now(member, write([channel], "One", "Two"))
    put(first, state=state)
    put(second, due_at=clock.now() - 16 * MINUTE, again_at=clock.now() - 16 * MINUTE)
    assert reason() == sentence


def test_a_network_that_asks_us_to_wait_is_the_reason_with_the_time_in_the_reader_s_zone(late: Delivery) -> None:
    again = clock.now().replace(hour=12, minute=5) + timedelta(days=1)
    put(late, again_at=again, tries=1, reason="The network asks us to slow down.")
    with timezone.override("Asia/Tokyo"):
        said = reason()
    assert said.startswith("The network asks us to slow down. It is tried again at ")
    assert said.endswith("21:05.")


def test_the_day_is_spelled_as_the_language_of_the_reader_has_it(late: Delivery) -> None:
    again = clock.now().replace(year=clock.now().year + 1, month=3, day=4, hour=12, minute=5)
    put(late, again_at=again, tries=1, reason="")
    with timezone.override("UTC"), translation.override("de"):
        assert ", 4. Mär, 12:05" in reason()


def test_a_network_that_still_works_on_it_is_the_reason(late: Delivery) -> None:
    put(late, state="settling", tries=3)
    assert reason() == "The network is still working on it."


def test_one_under_way_says_so(late: Delivery) -> None:
    put(late, state="sending", tries=3)
    assert reason() == "It is being published just now."


def test_a_channel_that_has_to_wait_is_the_reason_with_the_time(late: Delivery) -> None:
    at = clock.now().replace(hour=12, minute=5) + timedelta(days=1)
    Lane.objects.filter(channel=late.channel).update(wake_at=at)
    with timezone.override("Asia/Tokyo"):
        said = reason()
    assert said.startswith("Others of its channel come first, or the network takes no more; it goes on by ")
    assert said.endswith("21:05.")


def test_one_whose_turn_it_is_says_so(late: Delivery) -> None:
    assert reason() == "Its turn has come; others are ahead of it."


def test_that_nobody_works_is_the_reason(late: Delivery) -> None:
    Node.objects.update(beat_at=clock.now() - MINUTE)
    assert reason() == "No worker is running."
