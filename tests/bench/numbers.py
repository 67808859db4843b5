"""(f) What a million measurements take, and what the report of ninety days over them costs: a hundred channels, each
post read six times in five numbers, followers once a day. The room is that of the tables and indexes of analytics."""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client

from tests.bench import fill
from tidings.analytics.models import Measurement, Meter, Series, Standing
from tidings.analytics.period import Period
from tidings.analytics.report import report
from tidings.analytics.scope import Scope
from tidings.analytics.timetable import STEPS
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member, User, Workspace

CHANNELS, DAYS, BATCH = 100, 90, 5000
WORDS = ("likes", "comments", "shares", "views", "saves")
TIMES, WARM = 15, 3
DAY = timedelta(days=1)
ON_POSTGRESQL = """
SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname ~ '^analytics_'"""
ON_SQLITE = """
SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name GLOB 'analytics_*')"""


def measure(measurements: int, port: int) -> dict[str, Any]:
    """Megabytes, and milliseconds of the report and of its page."""
    member = _member()
    outs = _outs(member, port, (measurements - CHANNELS * DAYS) // (len(STEPS) * len(WORDS)))
    _kept(Standing, _standings(outs))
    _kept(Series, (_series(out.channel, out, word) for out in outs for word in WORDS))
    _kept(Series, (_series(channel, None, "followers") for channel in Channel.objects.all()))
    _kept(Measurement, _measurements())
    period = Period.until(clock.now().date(), DAYS, "Europe/Berlin")
    client = Client()
    client.force_login(member.user)
    took = _often(lambda: report(Scope(member.workspace_id), period))
    page = _often(lambda: client.get(f"/w/bench/analytics?days={DAYS}"))
    found = Measurement.objects.count()
    return {"report_ms": took, "page_ms": page, "mb_per_million": _room() / found, "rows": found, "posts": len(outs)}


def _member() -> Member:
    workspace = fill.workspace()
    Workspace.objects.filter(pk=workspace.pk).update(zone="Europe/Berlin")
    return Member.objects.create(workspace=workspace, user=User.objects.get(), role="owner")


def _outs(member: Member, port: int, posts: int) -> list[Delivery]:
    """Posts that went out over the last ninety days."""
    whose = {"workspace": member.workspace}
    channels = fill.channels(member.workspace, CHANNELS, port)
    Meter.objects.bulk_create(Meter(**whose, channel=channel, read_at=clock.now()) for channel in channels)
    chance, now = random.Random(1), clock.now()
    outs = []
    for n in range(posts):
        at = now - DAYS * DAY * chance.random()
        item = Item(post=Post(**whose, author=member.user, stage="approved"), position=0, text="Good morning, world")
        outs.append(Delivery(**whose, post=item.post, item=item, channel=channels[n % CHANNELS], state="delivered",
                             due_at=at, again_at=at, delivered_at=at, receipt={"id": str(n), "url": ""}))  # fmt: skip
    _kept(Post, (out.post for out in outs))
    _kept(Item, (out.item for out in outs))
    _kept(Delivery, iter(outs))
    return outs


def _standings(outs: list[Delivery]) -> Iterator[Standing]:
    chance = random.Random(2)
    for out in outs:
        numbers = {word: chance.randrange(500) for word in WORDS}
        yield Standing(
            delivery=out, workspace=out.workspace, channel=out.channel, post=out.post, out_at=out.delivered_at,
            shape=chance.choice(("words", "picture", "film")), read_at=clock.now(), engaged=sum(numbers.values()),
            **numbers,
        )  # fmt: skip


def _series(channel: Channel, out: Delivery | None, word: str) -> Series:
    return Series(workspace=channel.workspace, channel=channel, delivery=out, theirs=f"{word}_count", ours=word)


def _measurements() -> Iterator[Measurement]:
    chance, now = random.Random(3), clock.now().replace(microsecond=0)
    for id, out_at in Series.objects.values_list("pk", "delivery__delivered_at").iterator(BATCH):
        for at in _moments(out_at, now):
            yield Measurement(series_id=id, at=at, value=chance.randrange(500))


def _moments(out_at: datetime | None, now: datetime) -> Iterator[datetime]:
    if out_at is None:
        return (now - n * DAY for n in range(DAYS))
    return (out_at.replace(microsecond=0) + step for step in STEPS)


def _kept(model: type[Model], rows: Iterator[Any]) -> None:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            model._default_manager.bulk_create(batch)
            batch.clear()
    model._default_manager.bulk_create(batch)


def _room() -> float:
    """Bytes of our tables and their indexes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(ON_POSTGRESQL)
        else:
            cursor.execute(ON_SQLITE)
        return float(cursor.fetchone()[0])


def _often(act: Any) -> float:
    """The median in milliseconds, warm."""
    took = []
    for _ in range(WARM + TIMES):
        started = time.perf_counter()
        act()
        took.append((time.perf_counter() - started) * 1000)
    return median(took[WARM:])
