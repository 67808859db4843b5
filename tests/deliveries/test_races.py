"""What happens when two things happen at once, or in an order nobody meant: never twice, never lost, never stuck."""

from datetime import timedelta

import pytest

from tests.conftest import Town
from tests.deliveries.conftest import Write
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.late import hold_late
from tidings.deliveries.models import Delivery
from tidings.deliveries.revise import revise
from tidings.deliveries.schedule import NotReady, Refused, cancel, publish_now, resolve, retry, schedule, unschedule
from tidings.deliveries.worker import Worker
from tidings.media.models import Media
from tidings.posts.compose import Draft, ItemDraft
from tidings.posts.models import Post
from tidings.workspaces.models import Member

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OUT = {"first": "2026-01-01T00:00:00+00:00", "last": "2026-01-01T00:00:00+00:00", "tries": 1, "looks": 0, "absent": 0,
       "result": {"id": "1", "url": "http://mastodon.invalid/1"}}


def states(post: Post) -> list[str]:
    return list(post.deliveries.order_by("item__position").values_list("state", flat=True))


def thread(channel: Channel, *parts: tuple[str, int]) -> Draft:
    return Draft((channel.id,), tuple(ItemDraft(text, delay=delay) for text, delay in parts))


# what people decide, while others decide or the worker works


def test_a_retry_that_comes_late_does_not_forget_that_the_post_is_out(
    member: Member, channel: Channel, write: Write
) -> None:
    """Two people press the button; the worker has sent it for the first before the second one's request is served."""
    (seen_by_both,) = publish_now(member, write([channel], "Hello"))
    Delivery.objects.filter(id=seen_by_both.id).update(state="failed", journal={"commit": OUT})
    retry(member, seen_by_both)
    assert Delivery.objects.get().journal["commit"] == OUT


def test_an_answer_to_an_older_question_is_not_taken_for_the_present_one(
    member: Member, channel: Channel, write: Write
) -> None:
    (delivery,) = publish_now(member, write([channel], "Hello"))
    Delivery.objects.filter(id=delivery.id).update(state="unsure", fence=1, journal={"commit": {}})
    older = Delivery.objects.get()
    Delivery.objects.filter(id=delivery.id).update(fence=2)  # sent again meanwhile, and lost again
    with pytest.raises(Refused):
        resolve(member, older, out=False)
    assert Delivery.objects.get().state == "unsure"


def test_what_was_cancelled_and_scheduled_anew_is_not_brought_back_beside_it(
    member: Member, channel: Channel, write: Write
) -> None:
    post = write([channel], "Hello")
    (old,) = schedule(member, post, clock.now() + HOUR)
    unschedule(member, post)
    schedule(member, post, clock.now() + HOUR)
    with pytest.raises(Refused):
        retry(member, old)
    assert sorted(states(post)) == ["cancelled", "waiting"]


def test_a_thread_that_failed_twice_can_still_be_sent_again(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    post = write([channel], "x" * 400, "Two")
    town["mastodon"].longest = 100
    for _time in range(2):
        first, *_rest = publish_now(member, post)
        worker.run_until_idle()
    town["mastodon"].longest = 500
    retry(member, first)
    worker.run_until_idle()
    assert sorted(states(post)) == ["cancelled", "delivered", "delivered"]
    assert len(town["mastodon"].posts) == 2


def test_a_part_is_not_sent_again_before_the_one_it_hangs_on(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    """It would wait for ever, and look as if it were scheduled."""
    first, second = publish_now(member, write([channel], "x" * 400, "Two"))
    town["mastodon"].longest = 100
    worker.run_until_idle()
    with pytest.raises(Refused, match="part before"):
        retry(member, second)
    assert states(first.post) == ["failed", "cancelled"]


def test_a_part_that_others_hang_on_is_only_known_to_be_out_by_its_address(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    first, _second = publish_now(member, write([channel], "One", "Two"))
    Delivery.objects.filter(id=first.id).update(state="unsure")
    first.refresh_from_db()
    with pytest.raises(Refused, match="address"):
        resolve(member, first, out=True)
    resolve(member, first, out=True, url=f"{channel.server['url']}/@demo/4711")
    assert Delivery.objects.get(id=first.id).receipt["id"] == "4711"


def test_a_part_whose_predecessor_has_no_address_fails_with_a_reason_instead_of_standing_alone(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    first, second = publish_now(member, write([channel], "One", "Two"))
    cancel(member, second)
    Delivery.objects.filter(id=first.id).update(state="unsure")
    first.refresh_from_db()
    resolve(member, first, out=True)
    retry(member, second)
    worker.run_until_idle()
    second.refresh_from_db()
    assert (second.state, town["mastodon"].posts) == ("failed", {})
    assert "address" in second.reason


def test_an_edit_of_a_half_published_thread_does_not_put_its_rest_off(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    post = write([channel], "One", "Two", delay=3600)
    _one, two = publish_now(member, post)
    worker.run_until_idle()
    for text in ("Two, mended", "Two, mended again"):
        post.refresh_from_db()
        revise(member, thread(channel, ("One", 0), (text, 3600)), post, post.revision)
    assert Delivery.objects.get(id=two.id).due_at == two.due_at
    assert states(post) == ["delivered", "waiting"]


def test_a_new_part_of_a_half_published_thread_follows_at_its_delay(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    post = write([channel], "One", "Two", delay=3600)
    _one, two = publish_now(member, post)
    worker.run_until_idle()
    revise(member, thread(channel, ("One", 0), ("Two", 3600), ("Three", 600)), post, post.revision)
    due = dict(post.deliveries.values_list("item__text", "due_at"))
    assert (due["Two"], due["Three"]) == (two.due_at, two.due_at + timedelta(minutes=10))


def test_a_late_thread_is_held_as_a_whole_and_called_up_as_a_whole(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    member.workspace.late_policy = "hold"
    member.workspace.save()
    first, *_rest = publish_now(member, write([channel], "One", "Two"))
    with clock.shifted(3 * HOUR):
        hold_late(clock.now())
        worker.run_until_idle()
        assert states(first.post)[0] == "held"
        retry(member, first)
        hold_late(clock.now())
        worker.run_until_idle()
    assert states(first.post) == ["delivered", "delivered"]


# the library


def test_a_post_whose_picture_was_deleted_does_not_go_out_without_it(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    media = Media.objects.create(workspace=member.workspace, name="quay.png", kind="picture", mime="image/png", size=1)
    post = write([channel], "Look at this")
    post.items.update(media=[{"id": str(media.id), "alt": "The quay"}])
    (delivery,) = schedule(member, post, clock.now())
    media.delete()
    with pytest.raises(NotReady):
        publish_now(member, post)
    worker.run_until_idle()
    delivery.refresh_from_db()
    assert (delivery.state, town["mastodon"].posts) == ("failed", {})
    assert "library" in delivery.reason


# the database
