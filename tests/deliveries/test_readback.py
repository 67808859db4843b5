"""What went out is looked at again where reading is free: a minute later, and a day later."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings import outside
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries import readback
from tidings.deliveries.models import Delivery
from tidings.deliveries.readback import EACH, read_back
from tidings.deliveries.schedule import publish_now, resolve, schedule
from tidings.deliveries.worker import Worker
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _way_out(door: Door) -> Iterator[None]:
    outside.use(door)
    yield
    outside.use(None)


def put_out(member: Member, write: Write, worker: Worker, channel: Channel, *texts: str) -> list[Delivery]:
    """Posts that are out; the requests that made them are forgotten."""
    for text in texts:
        publish_now(member, write([channel], text))
        worker.run_until_idle()
    return list(Delivery.objects.filter(channel=channel, state="delivered").order_by("delivered_at"))


def looks(one: Simulator) -> int:
    return one.requests("GET /")


def back_after(wait: timedelta) -> int:
    """A round of the chore, so much later."""
    with clock.shifted(wait):
        return read_back(clock.now())


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_a_post_is_seen_again_a_minute_and_a_day_after_it_went_out_and_then_left_in_peace(
    member: Member, write: Write, worker: Worker, town: Town, network: str
) -> None:
    (out,) = put_out(member, write, worker, connect(member, town, network), "Hello")
    town[network].seen.clear()
    assert [back_after(wait) for wait in (30 * timedelta(seconds=1), 2 * MINUTE, 3 * MINUTE, 23 * HOUR)] == [0, 1, 0, 0]
    out.refresh_from_db()
    first = out.seen_at
    assert first is not None
    assert [back_after(wait) for wait in (25 * HOUR, 26 * HOUR, 900 * HOUR)] == [1, 0, 0]
    out.refresh_from_db()
    assert out.seen_at is not None
    assert out.seen_at - first > 23 * HOUR
    assert (out.gone_at, out.look_at, looks(town[network])) == (None, None, 2)


def test_where_reading_costs_money_nothing_is_read_back(
    member: Member, write: Write, worker: Worker, town: Town
) -> None:
    (out,) = put_out(member, write, worker, connect(member, town, "x"), "Hello")
    town["x"].seen.clear()
    assert [back_after(wait) for wait in (2 * MINUTE, 25 * HOUR)] == [0, 0]
    assert (town["x"].seen, out.look_at) == ([], None)


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_a_post_that_was_deleted_over_there_is_gone_when_it_was_missed_twice(
    member: Member, write: Write, worker: Worker, town: Town, network: str
) -> None:
    (out,) = put_out(member, write, worker, connect(member, town, network), "Hello")
    assert back_after(2 * MINUTE) == 1
    town[network].drop(out.receipt["id"])
    assert back_after(25 * HOUR) == 1
    out.refresh_from_db()
    assert (out.gone_at is not None, out.look_at is not None) == (True, True), "once may be a mistake"
    assert back_after(26 * HOUR) == 1
    out.refresh_from_db()
    assert (out.state, out.look_at) == ("delivered", None)
    assert out.gone_at > out.seen_at
    assert back_after(99 * HOUR) == 0


def test_a_post_that_was_missed_once_and_is_there_again_is_not_gone(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    (out,) = put_out(member, write, worker, channel, "Hello")
    kept = town["mastodon"].posts.pop(out.receipt["id"])
    back_after(2 * MINUTE)
    town["mastodon"].posts[out.receipt["id"]] = kept
    back_after(10 * MINUTE)
    out.refresh_from_db()
    assert (out.gone_at, out.seen_at is not None) == (None, True)


@pytest.mark.parametrize("misdeed", ["down", "broken", "lose", "limit"])
def test_a_network_with_a_bad_day_is_asked_once_and_then_not_for_a_while(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, misdeed: str
) -> None:
    out = put_out(member, write, worker, channel, "One", "Two", "Three")
    town["mastodon"].seen.clear()
    town["mastodon"].trick(misdeed, times=99, seconds=600)  # type: ignore[arg-type]
    back_after(2 * MINUTE)
    assert looks(town["mastodon"]) == 1
    for delivery in out:
        delivery.refresh_from_db()
        assert (delivery.seen_at, delivery.gone_at) == (None, None)
    back_after(2 * MINUTE + timedelta(seconds=30))
    assert looks(town["mastodon"]) == 1


def test_what_a_network_asks_to_wait_is_waited(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    (out,) = put_out(member, write, worker, channel, "Hello")
    town["mastodon"].seen.clear()
    town["mastodon"].trick("limit", seconds=7200)
    back_after(2 * MINUTE)
    back_after(110 * MINUTE)
    assert looks(town["mastodon"]) == 1
    back_after(125 * MINUTE)
    out.refresh_from_db()
    assert (looks(town["mastodon"]), out.seen_at is not None) == (2, True)


def test_after_days_of_trouble_nobody_asks_any_more(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    (out,) = put_out(member, write, worker, channel, "Hello")
    town["mastodon"].trick("down", times=999)
    for hours in range(1, 100):
        back_after(hours * HOUR)
    out.refresh_from_db()
    assert (out.look_at, out.gone_at, out.seen_at) == (None, None, None)
    town["mastodon"].seen.clear()
    assert (back_after(200 * HOUR), looks(town["mastodon"])) == (0, 0)


def test_a_round_asks_few_things_of_one_channel_and_the_next_rounds_go_on(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    put_out(member, write, worker, channel, *(f"Number {n}" for n in range(8)))
    town["mastodon"].seen.clear()
    back_after(2 * MINUTE)
    assert looks(town["mastodon"]) == EACH
    for minutes in (4, 6):
        back_after(minutes * MINUTE)
    assert Delivery.objects.filter(seen_at__isnull=False).count() == looks(town["mastodon"]) == 8


def test_a_channel_with_much_to_read_back_does_not_stand_before_another(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readback, "AT_ONCE", 4)
    put_out(member, write, worker, channel, *(f"Number {n}" for n in range(8)))
    (late,) = put_out(member, write, worker, connect(member, town, "bluesky"), "Hello")
    for round_ in range(3):
        back_after(2 * MINUTE + round_ * timedelta(seconds=20))
    late.refresh_from_db()
    assert late.seen_at is not None


@pytest.mark.parametrize("state", ["sending", "waiting"])
def test_publishing_comes_first(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, state: str
) -> None:
    (out,) = put_out(member, write, worker, channel, "Hello")
    town["mastodon"].seen.clear()
    with clock.shifted(2 * MINUTE):
        (due,) = publish_now(member, write([channel], "And now this"))
        Delivery.objects.filter(id=due.id).update(state=state)
        read_back(clock.now())
        assert looks(town["mastodon"]) == 0
        Delivery.objects.filter(id=due.id).update(state="cancelled")
    back_after(4 * MINUTE)
    out.refresh_from_db()
    assert out.seen_at is not None


def test_a_delivery_that_waits_for_a_person_does_not_keep_its_channel_from_being_read_back(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    (out,) = put_out(member, write, worker, channel, "Hello")
    schedule(member, write([channel], "Later"), clock.now() + 2 * HOUR)
    first, _second = publish_now(member, write([channel], "One", "Two"))
    Delivery.objects.filter(id=first.id).update(state="unsure")
    back_after(30 * MINUTE)
    out.refresh_from_db()
    assert out.seen_at is not None


def test_a_channel_without_access_is_not_asked(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    (out,) = put_out(member, write, worker, channel, "Hello")
    Channel.objects.update(paused="Access was taken away.", sealed="")
    town["mastodon"].seen.clear()
    back_after(2 * MINUTE)
    out.refresh_from_db()
    assert (town["mastodon"].seen, out.gone_at) == ([], None)


def test_what_a_person_found_is_read_back_too_and_what_has_no_address_is_not(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    (there,) = put_out(member, write, worker, channel, "Hello")
    Delivery.objects.update(state="unsure", receipt=None)
    resolve(member, there, out=True, url=f"{channel.server['url']}/@demo/{next(iter(town['mastodon'].posts))}")
    (nowhere,) = publish_now(member, write([channel], "Somewhere"))
    Delivery.objects.filter(id=nowhere.id).update(state="unsure")
    resolve(member, nowhere, out=True)
    assert back_after(2 * MINUTE) == 1
    assert dict(Delivery.objects.values_list("receipt__id", "seen_at"))[""] is None


def test_two_nodes_do_not_both_ask(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_out(member, write, worker, channel, "Hello")
    town["mastodon"].seen.clear()
    inner, rounds = readback._present, iter((1, 2))

    def meanwhile(delivery: Delivery) -> bool:
        """Another node has its round while we wait for the answer."""
        if next(rounds) == 1:
            read_back(clock.now())
        return inner(delivery)

    monkeypatch.setattr(readback, "_present", meanwhile)
    back_after(2 * MINUTE)
    assert looks(town["mastodon"]) == 1


def test_finding_what_is_to_be_read_back_uses_its_own_index(member: Member) -> None:
    now = clock.now()
    due = Delivery.objects.filter(state="delivered", look_at__lte=now, delivered_at__lte=now).order_by("look_at")[:10]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # any plan is good enough for no rows: leave what only this index can
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = due.explain()
    assert "delivery_look" in plan
