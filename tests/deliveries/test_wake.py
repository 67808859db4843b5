"""Who changes a delivery wakes its lane, and a worker looks at once: nobody waits for a poll."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection, connections, transaction

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import schedule as scheduling
from tidings.deliveries import worker as working
from tidings.deliveries.claim import claim
from tidings.deliveries.ear import Ear
from tidings.deliveries.models import Delivery, Lane
from tidings.deliveries.record import record
from tidings.deliveries.schedule import cancel, move, publish_now, retry, schedule, unschedule
from tidings.deliveries.send import Outcome
from tidings.deliveries.wake import mend, soonest, wake
from tidings.deliveries.worker import Worker
from tidings.framework import database
from tidings.posts.models import Post
from tidings.posts.outgoing import Found
from tidings.workspaces.models import Member

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
notified = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no NOTIFY: it has one machine")


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that polls once in half a minute."""
    monkeypatch.setattr(working, "PAUSE", 30.0)


def delivered_within(seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if Delivery.objects.filter(state="delivered").exists():
            return True
        time.sleep(0.02)
    return False


def test_what_is_published_now_does_not_wait_for_the_next_poll(
    member: Member, channel: Channel, write: Write, worker: Worker, asleep: None
) -> None:
    worker.start()
    time.sleep(1.5)  # it has looked, and sleeps
    publish_now(member, write([channel], "Hello"))
    assert delivered_within(5)


def test_what_is_due_in_a_moment_goes_out_then_and_not_at_the_next_poll(
    member: Member, channel: Channel, write: Write, worker: Worker, asleep: None
) -> None:
    worker.start()
    schedule(member, write([channel], "Hello"), clock.now() + timedelta(seconds=2))
    assert not delivered_within(1)
    assert delivered_within(6)


@pytest.fixture
def heard() -> Iterator[threading.Event]:
    """Rung when another node would be called."""
    bell = threading.Event()
    ear = Ear(bell)
    ear.start()
    assert bell.wait(10), "it says once that it listens"
    bell.clear()
    yield bell
    ear.stop()


@notified
def test_another_node_is_called_when_the_change_is_committed_and_not_before(
    member: Member, channel: Channel, heard: threading.Event
) -> None:
    with transaction.atomic():
        wake([channel])
        assert not heard.wait(0.5)
    assert heard.wait(2)


@notified
def test_a_change_that_is_rolled_back_calls_nobody(member: Member, channel: Channel, heard: threading.Event) -> None:
    with transaction.atomic():
        wake([channel])
        transaction.set_rollback(True)
    assert not heard.wait(0.5)


@notified
def test_a_node_that_lost_its_line_listens_again(
    member: Member, channel: Channel, heard: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.deliveries.ear.AGAIN", 0.1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN tidings_due'")
    assert heard.wait(10), "it looks once after it has come back"
    heard.clear()
    time.sleep(0.2)
    wake([channel])
    assert heard.wait(2)


def test_every_verb_wakes_the_lanes_it_may_have_opened(member: Member, channel: Channel, write: Write) -> None:
    """Each time the lane has been told to sleep for good, whatever a claim would have said."""
    first, second = write([channel], "One"), write([channel], "Two")
    schedule(member, first, clock.now() + HOUR)
    (two,) = schedule(member, second, clock.now() + 2 * HOUR)
    for verb in (
        lambda: move(member, first, clock.now() + 3 * HOUR), lambda: publish_now(member, second),
        lambda: cancel(member, two), lambda: retry(member, two), lambda: unschedule(member, first),
        lambda: schedule(member, first, clock.now() + HOUR),
    ):
        Lane.objects.update(wake_at=None)
        verb()
        assert Lane.objects.get().wake_at is not None


def test_a_lane_sleeps_for_good_only_when_nothing_of_it_is_under_way(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    (delivery,) = schedule(member, write([channel], "Hello"), clock.now() + HOUR)
    assert claim("one", MINUTE, 10) == []
    assert soonest() == delivery.due_at
    with clock.shifted(HOUR):
        worker.run_until_idle()
        claim("one", MINUTE, 10)
    assert Lane.objects.get().wake_at is None
    post = write([channel], "Not to be")
    schedule(member, post, clock.now() + 2 * HOUR)
    unschedule(member, post)
    assert Lane.objects.get().wake_at is not None
    claim("one", MINUTE, 10)
    assert Lane.objects.get().wake_at is None


def test_a_lane_that_sleeps_too_long_is_found_and_a_missing_one_is_made(
    member: Member, channel: Channel, write: Write
) -> None:
    publish_now(member, write([channel], "Hello"))
    Lane.objects.update(wake_at=clock.now() + HOUR)
    assert claim("one", MINUTE, 10) == []
    mend(clock.now())
    assert len(claim("one", MINUTE, 10)) == 1
    Delivery.objects.update(state="waiting")
    Lane.objects.all().delete()
    mend(clock.now())
    assert len(claim("one", MINUTE, 10)) == 1


def test_the_line_that_is_listened_on_is_as_safe_as_the_settings_want_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands behind the question mark of TIDINGS_DATABASE holds for it, too."""
    told, called = threading.Event(), {}

    def refuse(**how: object) -> None:
        called.update(how)
        told.set()
        raise psycopg.OperationalError

    address = "postgresql://me@db.example.org/t?sslmode=verify-full&sslrootcert=ca.pem"
    theirs = SimpleNamespace(vendor="postgresql", settings_dict=database(address))
    monkeypatch.setattr("tidings.deliveries.ear.connection", theirs)
    monkeypatch.setattr("tidings.deliveries.ear.psycopg.connect", refuse)
    ear = Ear(threading.Event())
    ear.start()
    assert told.wait(5)
    ear.stop()
    assert called == {
        "autocommit": True, "dbname": "t", "user": "me", "host": "db.example.org", "sslmode": "verify-full",
        "sslrootcert": "ca.pem",
    }  # fmt: skip


def test_an_overheard_wake_is_not_put_off_by_a_record_that_comes_after_it(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    """Somebody publishes now while another delivery of the channel is on its way and will be tried again in an hour."""
    publish_now(member, write([channel], "One"))
    (taken,) = claim("one", MINUTE, 1)
    wake([channel])
    woken = Lane.objects.get().wake_at
    assert record(taken, Outcome("waiting", "busy", clock.now() + HOUR), {}, clock.now())()
    assert Lane.objects.get().wake_at == woken


def test_mending_never_waits_in_a_circle_with_somebody_who_schedules(
    member: Member, town: Town, write: Write
) -> None:
    """Whoever schedules takes lanes in their order; to mend is to pass over what is taken."""
    first, *others = sorted((connect(member, town, "mastodon", f"name{n}") for n in range(12)), key=lambda c: c.id)
    publish_now(member, write([first, *others], "Hello"))
    Lane.objects.all().delete()
    for channel in (*others, first):  # the order in which they lie in the table, and are come upon
        Lane.objects.create(channel=channel, workspace=member.workspace, wake_at=None)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            wake([first])
            mending = pool.submit(lambda: (mend(clock.now()), connections.close_all()))
            time.sleep(0.3)
            wake(others)
        mending.result(10)
    assert Lane.objects.filter(wake_at__lte=clock.now()).count() == 12


def test_two_people_who_schedule_posts_for_each_others_channels_do_not_wait_in_a_circle(
    member: Member, town: Town, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each post has one of two channels so far, and is to have both."""
    two = [connect(member, town, "mastodon", name) for name in ("one", "two")]
    posts = [write([channel], "Hello") for channel in two]
    later = clock.now() + HOUR
    for post in posts:
        schedule(member, post, later)
        post.channels.set(two)
    checked, meet = scheduling.problems, threading.Barrier(2)

    def checking(post: Post) -> list[Found]:
        with suppress(threading.BrokenBarrierError):
            meet.wait(1)
        return checked(post)

    monkeypatch.setattr(scheduling, "problems", checking)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(lambda post=post: (schedule(member, post, later), connections.close_all()))  # type: ignore[misc]
                for post in posts]
        for one in both:
            one.result(20)
    assert Delivery.objects.filter(state="waiting").count() == 4
