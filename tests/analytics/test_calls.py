"""A hundred channels over ninety days: no network is asked more than it allows, and no post waits for a reading.

What one `measure` and one `audience` cost is declared by each network, and tests/contract/test_numbers.py holds them to
it; here those costs are counted as the engine incurs them.
"""

import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import people
from tidings import networks, outside
from tidings.analytics.collect import collect_due
from tidings.analytics.models import Meter, Standing
from tidings.analytics.take_up import meter_of
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.core.http import Answer, Request
from tidings.deliveries import limits
from tidings.deliveries.models import Delivery
from tidings.networks.base import Network
from tidings.networks.metrics import Reading
from tidings.networks.seam import Receipt
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member

CHANNELS, DAYS = 100, 90
EVERY = timedelta(days=15)  # between two posts of a channel
ROUND = timedelta(hours=8)  # between two rounds; what is due meanwhile comes all at once, which is the worst for limits
START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Ledger:
    """Every question, when and of whose account: what the networks would count."""

    asked: dict[tuple[str, str, object], list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))
    channels: dict[str, Channel] = field(default_factory=dict)
    posts: int = 0

    def note(self, network: Network, calls: int) -> None:
        channel = self.channels[network.access.profile.id]
        for scope, whose in (("channel", channel.pk), ("app", channel.app_id), ("network", "")):
            self.asked[network.name, scope, whose].append((clock.now(), calls))

    def most(self, network: str, scope: str, span: timedelta) -> int:
        """The most that was asked within any such span, of any one account."""
        found = [rows for (name, of, _whose), rows in self.asked.items() if (name, of) == (network, scope)]
        return max((_densest(rows, span) for rows in found), default=0)


def _densest(rows: Sequence[tuple[datetime, int]], span: timedelta) -> int:
    times, sums = [at for at, _calls in rows], [0]
    for _at, calls in rows:
        sums.append(sums[-1] + calls)
    first = [bisect_left(times, at - span + timedelta(microseconds=1)) for at in times]
    return max(sums[n + 1] - sums[begins] for n, begins in enumerate(first))


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Networks that answer everything and write down what that costs."""
    made = Ledger()

    def measure(self: Network, receipts: Sequence[Receipt]) -> dict[str, dict[str, int]]:
        assert 1 <= len(receipts) <= self.counting.batch
        made.note(self, self.counting.calls)
        made.posts += len(receipts)
        return {receipt.id: {metric.theirs: 1 for metric in self.metrics} for receipt in receipts}

    def audience(self: Network, since: date) -> list[Reading]:
        made.note(self, self.counting.crowd_calls)
        return [Reading(metric.theirs, 1) for metric in self.crowd if metric.per == "total"]

    for speaks in networks.every().values():
        for name, stands_in in (("measure", measure), ("audience", audience)):
            if speaks.has(name):
                monkeypatch.setattr(speaks, name, stands_in)
    return made


def silent(request: Request) -> Answer:
    """No request is really made."""
    raise AssertionError(request.url)


def town(member: Member, ledger: Ledger) -> list[Channel]:
    """Channels on all networks with numbers, those of one network sharing its app."""
    names = [name for name, one in networks.every().items() if one.has("measure") or one.has("audience")]
    apps = {name: AppCredential(workspace=member.workspace, network=name, client_id=name) for name in names}
    for app in apps.values():
        app.keep_secret("secret")
        app.save()
    made = []
    for n in range(CHANNELS):
        name = names[n % len(names)]
        channel = people.channel(member, name, app=apps[name], remote_id=f"{name}-{n}")
        meter_of(channel)
        ledger.channels[channel.remote_id] = channel
        made.append(channel)
    Meter.objects.update(wanted=True, budget=10**6, audience_at=START, again_at=START)
    return made


def due(channels: Sequence[Channel]) -> list[tuple[datetime, Channel]]:
    """When each posts."""
    chance = random.Random(7)
    first = [(START + EVERY * chance.random(), channel) for channel in channels]
    return sorted((at + n * EVERY, channel) for at, channel in first for n in range(DAYS // EVERY.days))


def put_out(channel: Channel, at: datetime) -> None:
    """A post goes out, and waits for nothing."""
    ask = limits.Ask(channel.pk, channel.network, channel.app_id)
    assert limits.allow([ask], at)[channel.pk] is None
    post = Post.objects.create(workspace=channel.workspace, stage="approved")
    item = Item.objects.create(post=post, position=0, text="Hello")
    Delivery.objects.create(
        workspace=channel.workspace, post=post, item=item, channel=channel, state="delivered", due_at=at, again_at=at,
        delivered_at=at, receipt={"id": str(post.pk), "url": ""},
    )  # fmt: skip


@pytest.mark.alike
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_a_hundred_channels_are_read_for_ninety_days_within_every_limit_and_no_post_waits_for_it(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.analytics.collect.ROUND", timedelta(days=1))  # this machine's time is not the clock's
    monkeypatch.setattr("tidings.analytics.collect.CHANNELS", CHANNELS)
    outside.use(silent)
    channels = town(people.owner(), ledger)
    coming = due(channels)
    now = START
    while now < START + timedelta(days=DAYS):
        now += ROUND
        with clock.use(lambda now=now: now):
            while coming and coming[0][0] <= now:
                put_out(coming[0][1], coming.pop(0)[0])
            collect_due(now)
    outside.use(None)
    _nothing_was_forgotten(ledger, channels)
    no_limit_was_passed(ledger, 30)


def _nothing_was_forgotten(ledger: Ledger, channels: Sequence[Channel]) -> None:
    read = [channel for channel in channels if channel.speaks.has("measure")]
    assert ledger.posts > len(read) * (DAYS / EVERY.days) * 4, "most posts were read at most of their times"
    late = Standing.objects.filter(next_at__lt=START + timedelta(days=DAYS - 1))
    assert not late.exists(), "nobody waits longer than a day for a limit"
    assert not Meter.objects.exclude(trouble="").exists()


def no_limit_was_passed(ledger: Ledger, least: int) -> None:
    """At most half of any declared limit in any of its spans; `least`: so many of them are looked at."""
    checked: dict[str, Any] = {}
    for name, speaks in networks.every().items():
        for rate in speaks.counting.reads:
            most = ledger.most(name, rate.scope, rate.per)
            checked[f"{name} {rate.scope} {rate.per}"] = (most, rate.most)
            bundle = max(speaks.counting.calls, speaks.counting.crowd_calls, speaks.hearing.calls)
            assert most <= max(rate.most / 2, bundle), f"{name}: {most} of {rate.most} in {rate.per} per {rate.scope}"
    assert len([one for one in checked.values() if one[0]]) >= least
