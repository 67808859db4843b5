"""What may be sent now: a network's declared rates as token buckets, its daily caps counted from what went out, and
what it said itself (Retry-After, rate-limit headers). All in the database, so all nodes share them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tidings import networks
from tidings.channels.models import Channel
from tidings.database import sql
from tidings.networks.declare import Rate

DAY = timedelta(hours=24)
APART = timedelta(seconds=1)  # more than two nodes' clocks differ by
KEPT = timedelta(days=2)  # a bucket that was not touched for longer is full, and so is one that is not there

READ = "SELECT key, tokens, counted_at, closed_until FROM deliveries_allowance WHERE key IN ({marks}) ORDER BY key"
SPEND = """
INSERT INTO deliveries_allowance (key, tokens, counted_at)
SELECT v.key, v.tokens, v.counted FROM jsonb_to_recordset(%s) AS v(key text, tokens float8, counted timestamptz)
WHERE true
ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, counted_at = excluded.counted_at"""
CLOSE = """
INSERT INTO deliveries_allowance (key, tokens, counted_at, closed_until) VALUES (%s, 0, %s, %s)
ON CONFLICT (key) DO UPDATE SET closed_until = excluded.closed_until"""
OUT = """
SELECT delivered_at FROM deliveries_delivery
WHERE channel_id = %s AND state = 'delivered' AND delivered_at > %s ORDER BY delivered_at DESC LIMIT %s"""


@dataclass(frozen=True)
class Ask:
    """Whether one delivery may go: its channel, network, and app credential."""

    channel: UUID
    network: str
    app: UUID | None


@dataclass
class Bucket:
    """Tokens as they are now; filled again as time goes by."""

    rate: Rate
    tokens: float

    def next(self, now: datetime, wanted: int = 1) -> datetime:
        """When the next token is there, or so many."""
        return now + (wanted - self.tokens) * (self.rate.per / self.rate.most)


def allow(asked: Sequence[Ask], now: datetime) -> dict[UUID, datetime | None]:
    """For each channel None, and its tokens are spent; or the instant until which it has to wait."""
    kept = _kept({key for ask in asked for key in _keys(ask)})
    buckets: dict[str, Bucket] = {}
    answers = {ask.channel: _closed(_shut_by(ask), kept, now) or _capped(ask, now) or _spend(ask, kept, buckets, now)
               for ask in asked}
    spent = [{"key": k, "tokens": b.tokens, "counted": _counted(kept.get(k), now)} for k, b in sorted(buckets.items())]
    if spent:
        sql.run(SPEND, spent)
    return answers


def close(channel: Channel, scope: str, until: datetime, now: datetime) -> None:
    """Its network wants nothing of this channel (or of all that share its app) before then."""
    ask = Ask(channel.id, channel.network, channel.app_id)
    sql.run(CLOSE, _key(ask.network, scope, _whose(ask, scope)), now, until)


@transaction.atomic
def read(ask: Ask, reads: Sequence[Rate], requests: int, now: datetime) -> datetime | None:
    """None, and so many requests are spent of what reading numbers may take; or until when it has to wait.

    Publishing goes first: a small part of each rate is all that reading ever takes, from buckets of its own, and what
    publishing waits for, reading waits for as well.
    """
    rates = {_key(ask.network, f"read-{one.scope}", _whose(ask, one.scope), one.per): _part(one) for one in reads}
    shut = (*_shut_by(ask), _key(ask.network, "read", ask.channel))
    kept = _kept({*rates, *shut})
    if closed := _closed(shut, kept, now):
        return closed
    buckets = {key: Bucket(rate, _filled(rate, kept.get(key), now)) for key, rate in rates.items()}
    wanted = {key: min(requests, bucket.rate.most) for key, bucket in buckets.items()}
    empty = [bucket.next(now, wanted[key]) for key, bucket in buckets.items() if bucket.tokens < wanted[key]]
    if empty:
        return max(empty)
    sql.run(SPEND, [{"key": key, "tokens": bucket.tokens - wanted[key], "counted": _counted(kept.get(key), now)}
                    for key, bucket in sorted(buckets.items())])
    return None


def close_reading(channel: Channel, until: datetime, now: datetime) -> None:
    """Its network wants no questions about numbers before then; publishing finds out for itself."""
    sql.run(CLOSE, _key(channel.network, "read", channel.id), now, until)


def _part(rate: Rate) -> Rate:
    """A bucket may be emptied and filled again within one span: what is read is half a rate at the very most."""
    return replace(rate, most=max(rate.most // 4, 1))


def forget(now: datetime) -> int:
    """Drop what says nothing any more."""
    return sql.run("DELETE FROM deliveries_allowance WHERE counted_at < %s AND (closed_until IS NULL"
                   " OR closed_until < %s)", now - KEPT, now)


def _key(network: str, scope: str, whose: object, per: timedelta | None = None) -> str:
    key = f"{network}:{scope}:{whose or ''}"
    return f"{key}:{int(per.total_seconds())}" if per else key


def _whose(ask: Ask, scope: str) -> object:
    return {"channel": ask.channel, "app": ask.app}.get(scope)


def _rates(ask: Ask) -> Iterable[tuple[str, Rate]]:
    for rate in networks.get(ask.network).rates:
        yield _key(ask.network, rate.scope, _whose(ask, rate.scope), rate.per), rate


def _shut_by(ask: Ask) -> tuple[str, ...]:
    return tuple(_key(ask.network, scope, _whose(ask, scope)) for scope in ("channel", "app"))


def _keys(ask: Ask) -> Iterable[str]:
    yield from _shut_by(ask)
    yield from (key for key, _rate in _rates(ask))


def _kept(keys: set[str]) -> dict[str, tuple[Any, ...]]:
    """The rows of these, in the order of their keys, so that no two nodes wait for one another."""
    wanted = sorted(keys)
    found = sql.rows(READ.format(marks=sql.marks(wanted)) + sql.lock(), *wanted) if wanted else []
    return {row[0]: row for row in found}


def _closed(shut: Sequence[str], kept: dict[str, tuple[Any, ...]], now: datetime) -> datetime | None:
    ends = [sql.instant(kept[key][3]) for key in shut if key in kept]
    return max((end for end in ends if end and end > now), default=None)


def _capped(ask: Ask, now: datetime) -> datetime | None:
    """A day's cap: when the oldest of the last so many is a day old."""
    most = networks.get(ask.network).limits.per_day
    out = sql.rows(OUT, ask.channel, now - DAY, most) if most else []
    oldest = sql.instant(out[-1][0]) if most and len(out) >= most else None
    return oldest + DAY if oldest else None


def _spend(
    ask: Ask, kept: dict[str, tuple[Any, ...]], buckets: dict[str, Bucket], now: datetime
) -> datetime | None:
    """A token of each of its buckets, or of none of them."""
    mine = []
    for key, rate in _rates(ask):
        if key not in buckets:
            buckets[key] = Bucket(rate, _filled(rate, kept.get(key), now))
        mine.append(buckets[key])
    empty = [bucket.next(now) for bucket in mine if bucket.tokens < 1]
    if empty:
        return max(empty)
    for bucket in mine:
        bucket.tokens -= 1
    return None


def _filled(rate: Rate, row: tuple[Any, ...] | None, now: datetime) -> float:
    counted = sql.instant(row[2]) if row else None
    if row is None or counted is None:
        return float(rate.most)
    gone = max(now - counted, timedelta(0))  # a clock that was set back fills nothing
    return min(float(rate.most), float(row[1]) + gone / (rate.per / rate.most))


def _counted(row: tuple[Any, ...] | None, now: datetime) -> datetime:
    """Since when it fills: a moment that a node ahead of us has been given for is not given again."""
    counted = sql.instant(row[2]) if row else None
    return counted if counted and now < counted <= now + APART else now
