"""What reading may cost: posts read in a month, where a network charges for each."""

from datetime import datetime

from tidings.analytics.models import Meter

POSTS = 500  # a month's budget until somebody sets another


def spend(meter: Meter, posts: int, now: datetime) -> datetime | None:
    """None, and so many posts are counted; or when the next month begins, since this one's budget is used up."""
    if not meter.channel.speaks.counting.price:
        return None
    month = f"{now:%Y-%m}"
    spent = meter.spent if meter.spent_in == month else 0
    if spent + posts > (POSTS if meter.budget is None else meter.budget):
        return next_month(now)
    meter.spent, meter.spent_in = spent + posts, month
    Meter.objects.filter(pk=meter.pk).update(spent=meter.spent, spent_in=month)
    return None


def next_month(now: datetime) -> datetime:
    """The beginning of the next month, UTC."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.replace(year=now.year + now.month // 12, month=now.month % 12 + 1)
