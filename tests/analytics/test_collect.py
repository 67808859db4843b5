"""Numbers are read by the timetable, behind publishing, within limits, and only where somebody wants them."""

from datetime import timedelta

import pytest

from tests.analytics.conftest import Write, collected, connect, trouble
from tests.conftest import Town
from tidings.analytics import budget
from tidings.analytics.collect import collect
from tidings.analytics.models import Measurement, Meter, Standing
from tidings.analytics.switch import forget_numbers, measure, set_budget
from tidings.analytics.thin import thin
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import limits
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import publish_now, schedule
from tidings.deliveries.worker import Worker
from tidings.networks.declare import Rate
from tidings.networks.metrics import Counting
from tidings.workspaces.models import Member

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def out(member: Member, channel: Channel, write: Write, worker: Worker) -> Delivery:
    """A post that is out on a channel; nothing has been read of it."""
    publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    return Delivery.objects.get()


def readings(out: Delivery) -> list[timedelta]:
    """At which ages it was read."""
    ats = Measurement.objects.filter(series__delivery=out).order_by("at").values_list("at", flat=True).distinct()
    return [at - out.delivered_at.replace(microsecond=0) for at in ats if out.delivered_at]


def test_a_post_is_read_after_an_hour_then_ever_more_seldom_and_after_a_month_no_more(out: Delivery) -> None:
    for hours in (*range(25), *range(36, 33 * 24, 12)):
        collected(out.delivered_at.replace(microsecond=0) + hours * HOUR + MINUTE)
    ages = [round(age / HOUR) for age in readings(out)]
    assert ages == [1, 6, 24, 72, 168, 720]
    assert Standing.objects.get().next_at is None


def test_what_has_numbers_for_a_day_only_is_read_once_more_an_hour_before_its_end(
    channel: Channel, out: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel.speaks, "lasts_of", lambda receipt: DAY)
    start = out.delivered_at.replace(microsecond=0)
    for hours in range(72):
        collected(start + hours * HOUR + MINUTE)
    assert [round(age / HOUR) for age in readings(out)] == [1, 6, 23]
    assert Standing.objects.get().next_at is None


def test_readings_that_were_missed_are_made_up_for_by_one(out: Delivery) -> None:
    start = out.delivered_at.replace(microsecond=0)
    collected(start + 5 * DAY)
    collected(start + 5 * DAY + MINUTE)
    assert readings(out) == [5 * DAY]
    assert Standing.objects.get().next_at - out.delivered_at == 7 * DAY


def test_a_channel_that_publishes_in_a_moment_is_left_alone(
    member: Member, channel: Channel, write: Write, out: Delivery
) -> None:
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    schedule(member, write([channel], "Next"), at + timedelta(seconds=5))
    assert collected(at) == 0
    Delivery.objects.filter(state="waiting").update(state="cancelled")
    assert collected(at) == 2, "a post, and the profile"


def test_what_publishing_waits_for_reading_waits_for_as_well(channel: Channel, out: Delivery, town: Town) -> None:
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    town["mastodon"].seen.clear()
    limits.close(channel, "app", at + HOUR, at)
    assert collected(at) == 0
    assert town["mastodon"].seen == []
    assert collected(at + HOUR + MINUTE) == 2


def test_a_network_that_asks_reading_to_slow_down_does_not_stop_publishing(
    member: Member, channel: Channel, write: Write, worker: Worker, out: Delivery, town: Town
) -> None:
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    town["mastodon"].trick("limit", "GET", times=9, seconds=600)
    assert collected(at) == 0
    assert collected(at + MINUTE) == 0
    assert town["mastodon"].requests("GET") == 1, "asked once, and then as it said"
    publish_now(member, write([channel], "Meanwhile"))
    worker.run_until_idle()
    assert Delivery.objects.filter(state="delivered").count() == 2


def test_reading_takes_a_small_part_of_a_networks_requests(
    channel: Channel, out: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel.speaks, "counting", Counting(reads=(Rate(4, HOUR),)))
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    collected(at)
    assert len(readings(out)) == 1
    assert not Measurement.objects.filter(series__delivery=None).exists(), "the post took the one request of this hour"
    again = Meter.objects.get().again_at
    assert timedelta(minutes=50) < again - at <= HOUR
    assert collected(again + timedelta(seconds=1)) == 1
    assert Measurement.objects.filter(series__delivery=None).count() == 1


def test_access_that_is_not_enough_for_numbers_is_said_and_stops_nothing(
    member: Member, channel: Channel, write: Write, worker: Worker, out: Delivery, town: Town
) -> None:
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    town["mastodon"].lock_out()
    assert collected(at) == 0
    assert "revoked" in trouble(channel) or trouble(channel)
    channel.refresh_from_db()
    assert channel.paused == ""
    assert collected(at + MINUTE) == 0


def test_somebody_who_objects_is_obeyed_and_nothing_is_read_until_they_want_it_again(
    member: Member, channel: Channel, out: Delivery, town: Town
) -> None:
    at = out.delivered_at.replace(microsecond=0)
    collected(at + MINUTE)
    measure(member, channel, False)
    town["mastodon"].seen.clear()
    for hours in range(1, 200, 7):
        assert collected(at + hours * HOUR) == 0
    assert town["mastodon"].seen == []
    with clock.shifted(9 * DAY):
        measure(member, channel, True)
    assert collected(at + 9 * DAY + HOUR) == 2
    assert len(readings(out)) == 1


def test_numbers_that_somebody_wants_forgotten_are_gone_with_those_of_the_profile(
    member: Member, channel: Channel, out: Delivery
) -> None:
    collected(out.delivered_at.replace(microsecond=0) + 2 * HOUR)
    assert Measurement.objects.count() >= 4
    forget_numbers(member, channel)
    standing = Standing.objects.get()
    assert (Measurement.objects.count(), standing.likes, standing.engaged, standing.read_at) == (0, None, None, None)


def test_where_reading_costs_nothing_is_read_until_somebody_wants_it_and_a_month_has_its_budget(
    member: Member, town: Town, write: Write, worker: Worker
) -> None:
    channel = connect(member, town, "x")
    for text in ("One", "Two", "Three"):
        publish_now(member, write([channel], text))
        worker.run_until_idle()
    at = clock.now().replace(microsecond=0) + 65 * MINUTE  # its access ends after two hours
    assert collected(at) == 0
    assert not Meter.objects.get().wanted
    measure(member, channel, True)
    set_budget(member, channel, 2)
    collected(at)
    assert not Measurement.objects.filter(series__delivery__isnull=False).exists(), "three at once would be too many"
    assert Meter.objects.get().again_at == budget.next_month(at)
    set_budget(member, channel, 3)
    collected(at + MINUTE)
    assert trouble(channel) == ""
    assert Measurement.objects.filter(series__delivery__isnull=False).values("series__delivery").distinct().count() == 3
    assert Meter.objects.get().spent == 3


def test_two_nodes_ask_for_a_channel_once(channel: Channel, out: Delivery, town: Town) -> None:
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    collected(at - 90 * MINUTE)
    town["mastodon"].seen.clear()
    here, there = Meter.objects.get(), Meter.objects.get()
    with clock.use(lambda: at):
        assert collect(here) == 1
        assert collect(there) == 0
    assert len(town["mastodon"].seen) == 1


def test_numbers_are_let_go_after_the_days_that_the_operator_or_a_networks_terms_allow(
    channel: Channel, out: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = out.delivered_at.replace(microsecond=0) + 2 * HOUR
    collected(at)
    kept = Measurement.objects.count()
    assert thin(at + 29 * DAY) == 0
    monkeypatch.setattr(channel.speaks, "counting", Counting(keeps=30 * DAY))
    assert thin(at + 31 * DAY) == kept
    standing = Standing.objects.get()
    assert (standing.likes, standing.read_at) == (None, None)
    monkeypatch.undo()
    thin(at + 800 * DAY)
    assert not Standing.objects.exists()


def test_where_terms_want_numbers_read_anew_a_post_is_read_before_its_numbers_have_to_go(
    channel: Channel, out: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel.speaks, "counting", Counting(keeps=30 * DAY))
    at = out.delivered_at.replace(microsecond=0) + 31 * DAY
    collected(out.delivered_at.replace(microsecond=0) + 2 * HOUR)
    for days in range(1, 120, 2):
        collected(at - 30 * DAY + days * DAY)
        thin(at - 30 * DAY + days * DAY)
        standing = Standing.objects.get()
        assert standing.likes is not None
        assert standing.read_at
        assert at - 30 * DAY + days * DAY - standing.read_at < 30 * DAY
    assert readings(out) == [age for age in readings(out) if age > 90 * DAY], "what was read before that is gone"
