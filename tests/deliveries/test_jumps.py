"""Clocks that are set by an hour, either way, while a worker works: nothing twice, nothing lost, nothing stuck longer
than the clock was set by. Leaving `clock.shifted` sets the clock back."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tests.deliveries.test_late import policy, until
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Answer, Door, Request
from tidings.deliveries.claim import claim
from tidings.deliveries.models import Delivery, Lane
from tidings.deliveries.schedule import publish_now, schedule
from tidings.deliveries.wake import mend
from tidings.deliveries.worker import Worker
from tidings.workspaces.models import Member

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
Patch = pytest.MonkeyPatch


def states() -> list[str]:
    return list(Delivery.objects.order_by("due_at", "id").values_list("state", flat=True))


def out(n: int) -> Callable[[], bool]:
    return lambda: Delivery.objects.filter(state="delivered").count() == n


def said(town: Town) -> list[str]:
    return [str(post["content"]) for post in town["mastodon"].posts.values()]


@pytest.fixture
def working(member: Member, door: Door) -> Iterator[Worker]:
    """A worker at work."""
    made = Worker(door, senders=4)
    made.start()
    yield made
    made.stop()


def test_a_clock_that_is_set_forward_and_back_again_sends_everything_once(
    member: Member, write: Write, working: Worker, town: Town
) -> None:
    channels = [connect(member, town, "mastodon", f"name{n}") for n in range(3)]
    for n in range(6):
        schedule(member, write([channels[n % 3]], f"Number {n}"), clock.now() + 20 * MINUTE * n + SECOND)
    with clock.shifted(HOUR):
        until(out(3))
    publish_now(member, write(channels[:1], "Said after it was set back"))
    until(out(4))
    with clock.shifted(2 * HOUR):
        until(out(7))
    wanted = [f"<p>Number {n}</p>" for n in range(6)] + ["<p>Said after it was set back</p>"]
    assert sorted(said(town)) == sorted(wanted)


def test_what_waited_to_be_tried_again_waits_no_longer_than_the_clock_was_set_back(
    member: Member, channel: Channel, write: Write, working: Worker, town: Town
) -> None:
    with clock.shifted(HOUR):
        town["mastodon"].trick("limit", "POST /api/v1/statuses", seconds=60)
        publish_now(member, write([channel], "Hello"))
        until(lambda: Delivery.objects.filter(tries=1, state="waiting").exists())
    assert Delivery.objects.get().again_at <= clock.now() + HOUR + MINUTE
    with clock.shifted(HOUR + 2 * MINUTE):
        until(out(1))
    assert len(said(town)) == 1


def test_a_worker_s_own_rounds_do_not_stand_still_until_a_clock_that_was_set_back_has_caught_up(
    member: Member, channel: Channel, write: Write, working: Worker
) -> None:
    """It goes on holding back what is too late, and looking for lanes that sleep too long."""
    policy(member, "hold")
    with clock.shifted(HOUR):
        until(lambda: working.beat > clock.now() - MINUTE)
        first = working.beat
        until(lambda: working.beat > first)  # a whole round
    publish_now(member, write([channel], "Sleeps"))
    Lane.objects.update(wake_at=clock.now() + HOUR)
    until(out(1))
    schedule(member, write([channel], "Late"), clock.now() + 10 * MINUTE)
    past = clock.now() - 5 * HOUR
    Delivery.objects.filter(state="waiting").update(due_at=past, again_at=past)
    until(lambda: "waiting" not in states())
    assert sorted(states()) == ["delivered", "held"]


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_what_is_being_sent_while_the_clock_is_set_is_neither_taken_over_nor_lost(
    member: Member, channel: Channel, write: Write, door: Door, town: Town, by: timedelta
) -> None:
    """Neither by its own worker nor by another that sees the leases run out all at once."""
    under_way, may_go_on = threading.Event(), threading.Event()

    def slow(request: Request) -> Answer:
        if request.url.endswith("/api/v1/statuses"):
            under_way.set()
            may_go_on.wait(20)
        return door(request)

    worker, other = Worker(slow, senders=4), Worker(door, senders=4)
    worker.start()
    try:
        publish_now(member, write([channel], "Hello"))
        assert under_way.wait(10)
        other.start()
        with clock.shifted(by):
            threading.Event().wait(2.5)  # a few rounds of both
            may_go_on.set()
            until(out(1))
    finally:
        worker.stop()
        other.stop()
    (delivery,) = Delivery.objects.all()
    assert (delivery.tries, delivery.attempts.count(), len(said(town))) == (1, 1, 1)


def test_what_a_worker_held_that_died_as_the_clock_was_set_back_is_free_after_as_long_and_its_lease(
    member: Member, channel: Channel, write: Write
) -> None:
    publish_now(member, write([channel], "Hello"))
    with clock.shifted(HOUR):
        assert claim("dead", MINUTE, 1)
    assert claim("heir", MINUTE, 1) == []
    with clock.shifted(HOUR + MINUTE + SECOND):
        mend(clock.now())
        (taken,) = claim("heir", MINUTE, 1)
    assert (taken.state, taken.fence) == ("sending", 2)


def test_no_second_commit_is_risked_under_a_key_that_is_young_only_because_the_clock_was_set_back(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, monkeypatch: Patch
) -> None:
    """Mastodon forgets keys after an hour. The clock says three minutes, the machine has counted seventy."""
    town["mastodon"].trick("lose", "POST /api/v1/statuses")
    publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    assert states() == ["settling"]
    town["mastodon"].keys.clear()
    count = clock.steady
    monkeypatch.setattr(clock, "steady", lambda: count() + 70 * 60)
    with clock.shifted(3 * MINUTE):
        worker.run_until_idle()
    assert (states(), len(said(town))) == (["delivered"], 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's clock goes on")
def test_no_second_commit_is_risked_after_the_machine_was_started_anew(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, monkeypatch: Patch
) -> None:
    """Many have no clock that goes on without power: after a night they say that a minute has passed."""
    town["mastodon"].trick("lose", "POST /api/v1/statuses")
    publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    town["mastodon"].keys.clear()
    monkeypatch.setattr(clock, "_run", "another")
    with clock.shifted(MINUTE):
        worker.run_until_idle()
    assert (states(), len(said(town))) == (["delivered"], 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own")
def test_two_nodes_whose_clocks_differ_go_by_the_database_s(
    member: Member, channel: Channel, write: Write, monkeypatch: Patch
) -> None:
    """What this node's own clock says is ten minutes ahead, until the database is asked."""
    here = clock.now()
    monkeypatch.setattr(clock, "_told", (here + 10 * MINUTE, clock.steady()))
    monkeypatch.setattr("tidings.database.postgres.base._ask", clock.Pace(SECOND))
    assert clock.now() > here + 9 * MINUTE
    connection.close()
    Channel.objects.exists()
    assert abs(clock.now() - here) < 10 * SECOND
    schedule(member, write([channel], "Hello"), here + 5 * MINUTE)
    assert claim("node", MINUTE, 1) == []
