"""When a post's numbers are read: often while it is young, seldom later. The first reading of an hour's growth matters;
on the tenth day nobody misses one."""

from datetime import datetime, timedelta

from tidings.networks.metrics import Counting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)  # after it went out
EARLY = 12  # a reading may come this part of a post's age too early, when others of its channel are read anyway


def next_reading(
    counting: Counting, out_at: datetime, now: datetime, lasts: timedelta | None = None
) -> datetime | None:
    """When a post is read next that is read now; None: never again. `lasts`: until when it has numbers."""
    age = now - out_at
    step = next((step for step in _steps(lasts) if step - step / EARLY > age), None)
    if step:
        return out_at + step
    if counting.keeps is None or lasts is not None:
        return None
    return now + counting.keeps * 5 / 6  # what is not read anew has to be dropped


def first_reading(out_at: datetime, now: datetime, lasts: timedelta | None = None) -> datetime | None:
    """The same for a post that was never read: what was missed is made up for by one reading now."""
    age = now - out_at
    steps = _steps(lasts)
    if age >= steps[-1]:
        return None
    return out_at + steps[0] if age < steps[0] else now


def margin(out_at: datetime, at: datetime) -> timedelta:
    """How much earlier than planned a post may be read along."""
    return (at - out_at) / EARLY


def tomorrow(meter: str, now: datetime) -> datetime:
    """When a profile's numbers are read next: once a day, each profile at a time of its own after midnight, UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + DAY + timedelta(seconds=int(meter[-6:], 16) % 14_400)


def _steps(lasts: timedelta | None) -> tuple[timedelta, ...]:
    """The last one shortly before the end, where there is one: for a story of a day an hour."""
    if lasts is None:
        return STEPS
    last = lasts - lasts / 24
    return (*(step for step in STEPS if step < last), last)
