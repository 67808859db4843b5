"""When a post's numbers are read: often while it is young, seldom later. The first reading of an hour's growth matters;
on the tenth day nobody misses one."""

from datetime import datetime, timedelta

from tidings.networks.metrics import Counting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)  # after it went out
EARLY = 12  # a reading may come this part of a post's age too early, when others of its channel are read anyway


def next_reading(counting: Counting, out_at: datetime, now: datetime) -> datetime | None:
    """When a post is read next that is read now; None: never again."""
    age = now - out_at
    step = next((step for step in _steps(counting) if step - step / EARLY > age), None)
    if step:
        return out_at + step
    return now + counting.keeps * 5 / 6 if counting.keeps else None  # what is not read anew has to be dropped


def first_reading(counting: Counting, out_at: datetime, now: datetime) -> datetime | None:
    """The same for a post that was never read: what was missed is made up for by one reading now."""
    age = now - out_at
    steps = _steps(counting)
    if not steps or age >= steps[-1]:
        return None
    return out_at + steps[0] if age < steps[0] else now


def margin(out_at: datetime, at: datetime) -> timedelta:
    """How much earlier than planned a post may be read along."""
    return (at - out_at) / EARLY


def tomorrow(meter: str, now: datetime) -> datetime:
    """When a profile's numbers are read next: once a day, each profile at a time of its own after midnight, UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + DAY + timedelta(seconds=int(meter[-6:], 16) % 14_400)


def _steps(counting: Counting) -> tuple[timedelta, ...]:
    return tuple(step for step in STEPS if counting.lasts is None or step < counting.lasts)
