"""From schedule to receipt: order, gates, leases, fences, back-off, threads."""

import os
import time
from datetime import timedelta

import pytest

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.cores import ALL
from tidings.core.http import Answer, Door, Request
from tidings.deliveries.claim import claim
from tidings.deliveries.late import hold_late
from tidings.deliveries.models import Attempt, Delivery
from tidings.deliveries.record import Save, record
from tidings.deliveries.schedule import NotReady, Refused, cancel, move, publish_now, resolve, retry, schedule
from tidings.deliveries.send import Outcome
from tidings.deliveries.wake import wake
from tidings.deliveries.worker import Worker
from tidings.networks.base import Receipt
from tidings.workspaces.models import Member

MINUTE = timedelta(minutes=1)


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_a_scheduled_post_goes_out_at_its_time_and_leaves_a_receipt(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    (delivery,) = schedule(member, write([channel], "Hello"), clock.now() + MINUTE)
    assert worker.run_until_idle() == 0
    with clock.shifted(MINUTE):
        assert worker.run_until_idle() == 1
    assert state(delivery) == "delivered"
    assert delivery.receipt["url"].startswith(town.url)
    assert [post["content"] for post in town["mastodon"].posts.values()] == ["<p>Hello</p>"]
    assert [attempt.outcome for attempt in delivery.attempts.all()] == ["delivered"]


def test_a_thread_goes_out_part_by_part_each_hanging_on_the_one_before(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    publish_now(member, write([channel], "One", "Two", "Three"))
    worker.run_until_idle()
    one, two, three = town["mastodon"].posts.values()
    assert [one["in_reply_to_id"], two["in_reply_to_id"], three["in_reply_to_id"]] == [None, one["id"], two["id"]]


def test_a_channel_keeps_its_order_and_never_has_two_in_flight(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    for n in range(12):
        schedule(member, write([channel], f"Number {n}"), clock.now() + timedelta(milliseconds=n))
    with clock.shifted(MINUTE):
        claimed = claim("one", MINUTE, 10)
        assert len(claimed) == 1
        wake([channel])
        assert claim("two", MINUTE, 10) == []
        Delivery.objects.filter(id=claimed[0].id).update(state="waiting")
        worker.run_until_idle()
    said = [post["content"] for post in town["mastodon"].posts.values()]
    assert said == [f"<p>Number {n}</p>" for n in range(12)]


def test_a_paused_channel_waits_and_a_resumed_one_goes_on(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    town["mastodon"].oauth.tokens[0].revoked = True
    (delivery,) = publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    channel.refresh_from_db()
    assert channel.paused
    assert state(delivery) == "waiting"
    with clock.shifted(timedelta(hours=1)):
        assert worker.run_until_idle() == 0
    channel.keep_secrets(town["mastodon"].access().secrets)
    channel.paused = ""
    channel.save()
    worker.run_until_idle()  # at once: it need not wait as after a fault
    assert state(delivery) == "delivered"
    assert len(town["mastodon"].posts) == 1


def test_retry_after_is_kept_to(member: Member, channel: Channel, write: Write, worker: Worker, town: Town) -> None:
    town["mastodon"].trick("limit", "POST /api/v1/statuses", seconds=90)
    (delivery,) = publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert 80 < (delivery.again_at - clock.now()).total_seconds() <= 90
    with clock.shifted(timedelta(seconds=91)):
        worker.run_until_idle()
    assert state(delivery) == "delivered"


def test_a_refused_post_fails_with_the_networks_words_and_takes_its_thread_along(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    deliveries = publish_now(member, write([channel], "x" * 400, "Two", "Three"))
    town["mastodon"].longest = 100
    worker.run_until_idle()
    assert [state(delivery) for delivery in deliveries] == ["failed", "cancelled", "cancelled"]
    assert "character limit" in deliveries[0].reason
    town["mastodon"].longest = 500
    retry(member, deliveries[0])
    worker.run_until_idle()
    assert [state(delivery) for delivery in deliveries] == ["delivered"] * 3


def test_a_worker_that_was_only_slow_cannot_save_or_record_after_its_heir(
    member: Member, channel: Channel, write: Write
) -> None:
    publish_now(member, write([channel], "Hello"))
    (slow,) = claim("slow", timedelta(seconds=5), 1)
    with clock.shifted(timedelta(seconds=6)):
        (heir,) = claim("heir", MINUTE, 1)
    assert heir.id == slow.id
    late, ours = (Save(one.id, one.fence, {}, MINUTE) for one in (slow, heir))
    assert not late()
    assert not record(slow, Outcome("delivered", receipt=Receipt("1", "")), {}, clock.now())()
    assert Save.together([late, ours, late]) == [False, True, False]


def test_a_worker_that_wakes_up_after_its_lease_makes_no_second_post(
    member: Member, channel: Channel, write: Write, door: Door, town: Town
) -> None:
    """The slow worker is stopped just before its commit; the heir publishes; then the slow one goes on."""
    publish_now(member, write([channel], "Hello"))
    heir = Worker(door, senders=1)
    woken: list[str] = []

    def slow_door(request: Request) -> Answer:
        if not woken:
            woken.append(request.url)
            with clock.shifted(timedelta(minutes=5)):
                heir.run_until_idle()
        return door(request)

    slow = Worker(slow_door, senders=1)
    try:
        slow.run_until_idle()
        with clock.shifted(timedelta(hours=2)):
            heir.run_until_idle()
    finally:
        slow.stop()
        heir.stop()
    assert woken
    assert len(town["mastodon"].posts) == 1


def test_a_lost_answer_is_looked_for_and_found(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    town["mastodon"].keeps_keys = False
    Channel.objects.update(server={**channel.server, "software": "takahe"})
    town["mastodon"].trick("lose", "POST /api/v1/statuses")
    (delivery,) = publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    assert state(delivery) == "settling"
    with clock.shifted(timedelta(minutes=5)):
        worker.run_until_idle()
    assert state(delivery) == "delivered"
    assert delivery.receipt["id"] in town["mastodon"].posts
    assert len(town["mastodon"].posts) == 1


def test_what_cannot_be_known_is_asked_of_a_person_who_settles_it_either_way(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    town["mastodon"].keeps_keys = False
    Channel.objects.update(server={**channel.server, "software": "takahe"})
    deliveries = []
    for text in ("Seen", "Unseen"):
        town["mastodon"].trick("lose", "POST /api/v1/statuses")
        deliveries += publish_now(member, write([channel], text))
        worker.run_until_idle()
        town["mastodon"].posts.clear()
        with clock.shifted(timedelta(minutes=5)):
            worker.run_until_idle()
        assert state(deliveries[-1]) == "unsure"
    with pytest.raises(Refused):
        resolve(member, deliveries[0], out=True, url="https://elsewhere.example.org/1")
    resolve(member, deliveries[0], out=True, url=f"{channel.server['url']}/@demo/4711")
    resolve(member, deliveries[1], out=False)
    with clock.shifted(timedelta(minutes=30)):
        worker.run_until_idle()
    assert [state(delivery) for delivery in deliveries] == ["delivered", "delivered"]
    assert deliveries[0].receipt["id"] == "4711"
    assert [post["content"] for post in town["mastodon"].posts.values()] == ["<p>Unseen</p>"]


def test_too_late_is_held_back_when_the_workspace_wants_it_so(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    member.workspace.late_policy = "hold"
    member.workspace.save()
    (delivery,) = schedule(member, write([channel], "Hello"), clock.now())
    with clock.shifted(timedelta(hours=3)):
        assert hold_late(clock.now()) == 1
        assert worker.run_until_idle() == 0
    assert state(delivery) == "held"


def test_moving_and_cancelling_are_refused_with_a_reason_once_it_is_under_way(
    member: Member, channel: Channel, write: Write
) -> None:
    post = write([channel], "Hello")
    (delivery,) = publish_now(member, post)
    claim("worker", MINUTE, 1)
    with pytest.raises(Refused, match="being published"):
        cancel(member, delivery)
    with pytest.raises(Refused, match="being published"):
        move(member, post, clock.now() + MINUTE)


def test_a_post_that_a_network_would_refuse_is_not_scheduled(member: Member, channel: Channel, write: Write) -> None:
    with pytest.raises(NotReady):
        publish_now(member, write([channel], "x" * 501))
    with pytest.raises(Refused, match="channel"):
        publish_now(member, write([], "Hello"))
    with pytest.raises(Refused, match="passed"):
        schedule(member, write([channel], "Hello"), clock.now() - timedelta(hours=1))
    assert not Delivery.objects.exists()


def test_two_workers_by_mistake_send_each_post_once(
    member: Member, write: Write, door: Door, town: Town
) -> None:
    channels = [connect(member, town, "mastodon", f"name{n}") for n in range(4)]
    for n in range(10):
        publish_now(member, write(channels, f"Number {n}"))
    workers = [Worker(door, senders=4), Worker(door, senders=4)]
    for one in workers:
        one.start()
    deadline = time.monotonic() + 30
    while Delivery.objects.exclude(state="delivered").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    for one in workers:
        one.stop()
    assert len(town["mastodon"].posts) == 40
    assert Attempt.objects.count() == 40


@pytest.mark.alone
def test_a_hundred_posts_due_in_one_second_are_called_within_two(
    member: Member, write: Write, door: Door, town: Town
) -> None:
    channels = [connect(member, town, "mastodon", f"name{n}") for n in range(100)]
    for channel in channels:
        schedule(member, write([channel], f"From {channel}"), clock.now() + 10 * MINUTE)
    due = clock.now() + timedelta(seconds=2)
    Delivery.objects.update(due_at=due, again_at=due)
    calls: list[float] = []

    def noting(request: Request) -> Answer:
        calls.append((clock.now() - due).total_seconds())
        return door(request)

    worker = Worker(noting)
    worker.start()
    deadline = time.monotonic() + 30
    while Delivery.objects.exclude(state="delivered").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    worker.stop()
    assert len(calls) == 100
    assert sorted(calls)[98] <= 2.0


def test_what_fails_after_the_post_is_out_is_not_posted_again_by_a_retry_nor_cancelled(
    member: Member, write: Write, worker: Worker, town: Town
) -> None:
    """Bluesky's reply gate comes after the post: when it is refused, only the gate is missing."""
    channel = connect(member, town, "bluesky")
    post = write([channel], "Hello")
    post.items.get().variants.create(channel=channel, options={"who_can_reply": "nobody"})
    (delivery,) = publish_now(member, post)
    delivery.journal = {"commit": {"first": "2026-01-01T00:00:00+00:00", "last": "2026-01-01T00:00:00+00:00",
                                   "tries": 1, "looks": 0, "absent": 0, "result": {"uri": "at://x/y/z", "cid": "c"}}}
    delivery.state = "failed"
    delivery.save()
    with pytest.raises(Refused):
        cancel(member, delivery)
    retry(member, delivery)
    worker.run_until_idle()
    assert not town["bluesky"].posts
    assert "commit" in Delivery.objects.get(id=delivery.id).journal


@pytest.mark.skipif(len(ALL) < 2, reason="one core, or not Linux")
def test_many_deliveries_are_sent_on_one_core(
    member: Member, town: Town, write: Write, door: Door
) -> None:
    """Threads that share one lock; a single delivery moves nothing."""
    channels = [connect(member, town, "mastodon", f"name{n}") for n in range(12)]
    where: list[set[int]] = []

    def noting(request: Request) -> Answer:
        where.append(os.sched_getaffinity(0))
        return door(request)

    publish_now(member, write(channels, "Hello"))
    worker = Worker(noting, senders=16)
    worker.start()
    ends = time.monotonic() + 20
    while Delivery.objects.exclude(state="delivered").exists() and time.monotonic() < ends:
        time.sleep(0.05)
    worker.stop()
    assert len(where) == len(channels)
    assert len(set(map(frozenset, where))) == 1
    assert len(where[0]) == 1
