"""Nothing shifts and nothing comes twice: every zone of the database, every change of its clocks in twenty years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.zones import DAY, FAMOUS, FIRST, HOUR, LAST, Change, different, every, of, shown
from tidings.core import zones

NAMES = st.sampled_from(sorted(zones.known()))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
WALLS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))


def test_the_sweep_covers_the_world() -> None:
    assert len(different()) > 300
    assert len(every()) > 4000
    assert {abs(change.gap) for change in every()} >= {HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR}


def wrongly_kept(change: Change) -> list[str]:
    """Instants that are shown, typed again, and then are others, although the clocks show them once."""
    wrong = []
    for at in change.instants():
        back = zones.instant(shown(at, change.zone), change.zone)
        twice = zones.twice(at, change.zone)
        first = twice and back == at + min(change.gap, timedelta(0)) and back < at
        if back != at and not first:
            wrong.append(f"{change.zone}: {at} became {back}")
    return wrong


def wrongly_typed(change: Change) -> list[str]:
    """Wall times that are kept and shown again as others, unless it is by as much as the clocks skip."""
    start = change.at.replace(tzinfo=None) + change.before
    wrong = []
    for wall in change.walls():
        again = shown(zones.instant(wall, change.zone), change.zone)
        skipped = start <= wall < start + change.gap
        if again != (wall + change.gap if skipped else wall):
            wrong.append(f"{change.zone}: {wall} became {again}")
    return wrong


def wrongly_parted(change: Change) -> list[str]:
    """Instants that stand in no column of a calendar, or in two, or in one of another day; and days that overlap."""
    days = change.days()
    begins = [zones.day_begins(day, change.zone) for day in days]
    wrong = [] if begins == sorted(begins) else [f"{change.zone}: {days} overlap"]
    for at in change.instants():
        columns = [day for day, start, end in zip(days, begins, begins[1:], strict=False) if start <= at < end]
        if columns != [shown(at, change.zone).date()]:
            wrong.append(f"{change.zone}: {at} stands on {columns}")
    return wrong


@pytest.mark.parametrize("wrong", [wrongly_kept, wrongly_typed, wrongly_parted])
def test_around_every_change_of_the_clocks_nothing_shifts_and_nothing_is_shown_twice(wrong: object) -> None:
    assert [line for change in every() for line in wrong(change)][:5] == []  # type: ignore[operator]


@settings(max_examples=500, deadline=None)
@given(NAMES, INSTANTS)
def test_an_instant_that_is_shown_and_typed_again_stays_itself_or_becomes_the_first_of_two(
    name: str, at: datetime
) -> None:
    zone = zones.zone(name)
    back = zones.instant(shown(at, zone), zone)
    assert back == at or (zones.twice(at, zone) and back < at)
    assert shown(back, zone) == shown(at, zone)


@settings(max_examples=500, deadline=None)
@given(NAMES, WALLS)
def test_a_typed_time_is_kept_or_comes_later_by_what_the_clocks_skip(name: str, wall: datetime) -> None:
    zone = zones.zone(name)
    again = shown(zones.instant(wall, zone), zone)
    assert wall <= again <= wall + DAY
    if again != wall:
        assert shown(zones.instant(again, zone), zone) == again


@settings(max_examples=300, deadline=None)
@given(NAMES, st.datetimes(datetime(FIRST, 1, 1), datetime(LAST, 1, 1)))
def test_the_table_that_pages_go_by_says_what_the_database_says(name: str, naive: datetime) -> None:
    zone, at = zones.zone(name), naive.replace(tzinfo=UTC)
    known = [part.split(":") for part in zones.table(zone, FIRST, LAST).split()[:-1]]
    (_, minutes) = [pair for pair in known if int(pair[0]) <= at.timestamp()][-1]
    assert timedelta(minutes=float(minutes)) == at.astimezone(zone).utcoffset()


def test_a_day_that_a_country_leaves_out_has_no_room_and_what_was_typed_for_it_comes_a_day_later() -> None:
    samoa, gone = zones.zone("Pacific/Apia"), date(2011, 12, 30)
    assert zones.day_begins(gone, samoa) == zones.day_begins(gone + DAY, samoa)
    assert shown(zones.instant(datetime(2011, 12, 30, 9), samoa), samoa) == datetime(2011, 12, 31, 9)
    assert [change.gap for change in of(samoa, 2011, 2012)] == [-HOUR, HOUR, DAY]


@pytest.mark.parametrize(("name", "day", "hours"), [
    ("Europe/Berlin", date(2026, 3, 29), 23), ("Europe/Berlin", date(2026, 10, 25), 25),
    ("Australia/Lord_Howe", date(2025, 10, 5), 23.5), ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ("Antarctica/Troll", date(2026, 3, 29), 22), ("Africa/Cairo", date(2026, 4, 24), 23),
    ("Africa/Casablanca", date(2025, 2, 23), 25), ("Asia/Pyongyang", date(2018, 5, 4), 23.5),
    ("America/Asuncion", date(2024, 10, 6), 23), ("Pacific/Apia", date(2011, 12, 30), 0),
])
def test_a_day_is_as_long_as_its_clocks_make_it(name: str, day: date, hours: float) -> None:
    zone = zones.zone(name)
    assert zones.day_begins(day + DAY, zone) - zones.day_begins(day, zone) == timedelta(hours=hours)


def test_the_zones_are_those_of_the_pinned_database_and_all_of_them_can_be_used() -> None:
    assert "Europe/Kyiv" in zones.known()
    assert {zones.zone(name).key for name in zones.known()} == zones.known()
    assert set(FAMOUS) <= zones.known()
    assert zones.zone("Nowhere/City").key == "UTC"
    assert zones.zone("../../etc/passwd").key == "UTC"
