"""Clocks that are set, machines that sleep, databases that know better."""

from datetime import UTC, datetime, timedelta

import pytest

from tidings.core import clock

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
Patch = pytest.MonkeyPatch


def machine(patch: Patch, seconds: float) -> None:
    """The machine has counted this many seconds more than it has."""
    count = clock._steady()
    patch.setattr(clock, "steady", lambda: count() + seconds)


@pytest.mark.parametrize("by", [HOUR, -HOUR, 2 * MINUTE, -2 * MINUTE])
def test_what_is_done_every_so_often_is_due_at_once_when_the_clock_was_set_either_way(by: timedelta) -> None:
    pace = clock.Pace(MINUTE)
    assert (pace.turn(), pace.turn()) == (True, False)
    with clock.shifted(by):
        assert (pace.turn(), pace.turn()) == (True, False)
    assert (pace.turn(), pace.turn()) == (True, False)


def test_what_is_done_every_so_often_is_due_when_the_machine_has_counted_enough(monkeypatch: Patch) -> None:
    """Though its clock was set back by just as much in the meantime."""
    pace = clock.Pace(MINUTE)
    pace.turn()
    machine(monkeypatch, 59)
    assert not pace.due()
    machine(monkeypatch, 61)
    assert pace.due()


def test_a_clock_that_was_set_back_makes_nothing_younger(monkeypatch: Patch) -> None:
    since, up = clock.now(), clock.uptime()
    machine(monkeypatch, 3600)
    counted = clock.passed(since, up, since)
    assert counted is not None
    assert timedelta(minutes=59) < counted < timedelta(minutes=61)
    assert clock.passed(since, up, since + 2 * HOUR) == 2 * HOUR


def test_of_another_run_of_the_machine_only_the_clock_of_the_database_is_believed(monkeypatch: Patch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "_told", None)
    assert clock.passed(now - HOUR, "another:17", now) is None
    clock.follow(now, clock.steady())
    assert clock.passed(now - HOUR, "another:17", now) == HOUR
    assert clock.passed(now + HOUR, "another:17", now) is None


def test_a_node_goes_by_the_database_s_clock_and_no_more_by_its_own(monkeypatch: Patch) -> None:
    monkeypatch.setattr(clock, "_told", None)
    ours = clock.now()
    clock.follow(datetime.now(UTC) + 5 * MINUTE, clock.steady())
    assert ours + 5 * MINUTE <= clock.now() < ours + 5 * MINUTE + SECOND
    machine(monkeypatch, 3600)
    assert clock.now() - ours > timedelta(hours=1, minutes=5)
    with clock.shifted(-HOUR):
        assert clock.now() - ours < timedelta(minutes=6)


def test_a_slow_answer_and_a_trifle_change_nothing(monkeypatch: Patch) -> None:
    monkeypatch.setattr(clock, "_told", None)
    clock.follow(datetime.now(UTC) + HOUR, clock.steady() - 5)
    assert clock._told is None
    clock.follow(datetime.now(UTC), clock.steady())
    known = clock._told
    clock.follow(datetime.now(UTC) + SECOND / 10, clock.steady())
    assert clock._told is known
    clock.follow(datetime.now(UTC) - MINUTE, clock.steady())
    assert clock._told is not known
