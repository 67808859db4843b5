"""Every network that gives numbers, from publishing to what is kept: equal to the curve its simulator grows by."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.analytics.conftest import Write, collected, connect, signed_in, trouble
from tests.conftest import Town
from tests.contract.drive import Case
from tidings import networks
from tidings.analytics.models import Measurement, Meter, Series, Standing
from tidings.analytics.timetable import STEPS
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.models import Delivery
from tidings.networks.metrics import OF_POSTS
from tidings.posts.models import Item
from tidings.simulators import _growth
from tidings.workspaces.models import Member

pytestmark = pytest.mark.alike  # what networks say is the same whichever database keeps it
COUNTED = [name for name, one in networks.every().items() if one.has("measure")]
FOLLOWED = [name for name, one in networks.every().items() if one.has("audience")]
DAY = timedelta(days=1)


def put_out(door: Door, write: Write, channel: Channel, town: Town) -> Delivery:
    """A post of the first kind that the network takes, and its delivery."""
    one = town[channel.network]
    outcome = Case(one, one.access(channel.remote_id), next(iter(one.shapes().values())), door).drive()
    assert outcome.receipt, outcome.reason
    since = one.posts.since[outcome.receipt.id]
    receipt: Any = vars(outcome.receipt) | {"extra": dict(outcome.receipt.extra)}
    item = Item.objects.get(post=write([channel], "Good morning"))
    return Delivery.objects.create(
        workspace=channel.workspace, post=item.post, item=item, channel=channel, state="delivered", due_at=since,
        again_at=since, delivered_at=since, receipt=receipt,
    )  # fmt: skip


def told(out: Delivery, name: str, at: datetime, town: Town) -> dict[str, int]:
    """What the curve says of a post at a time, by the network's names."""
    born = town[name].posts.since[out.receipt["id"]]
    declared = [metric.theirs for metric in networks.get(name).metrics]
    return {theirs: _growth.of_post(out.receipt["id"], theirs, at - born) for theirs in declared}


def kept(delivery: UUID | None, at: datetime, channel: Channel) -> dict[str, int]:
    """The same as it was kept."""
    rows = Measurement.objects.filter(series__delivery=delivery, series__channel=channel, at=at)
    return dict(rows.values_list("series__theirs", "value"))


def moments(out: Delivery) -> list[datetime]:
    """When it is read, by the timetable; on whole seconds."""
    return [(out.delivered_at + step + timedelta(seconds=1)).replace(microsecond=0) for step in STEPS]


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_kept_of_a_post_is_what_the_network_counted_at_that_moment(
    member: Member, write: Write, town: Town, door: Door, name: str
) -> None:
    channel = connect(member, town, name)
    Meter.objects.create(channel=channel, workspace=member.workspace)
    out = put_out(door, write, channel, town)
    meant = {metric.theirs: metric.ours for metric in networks.get(name).metrics}
    for at in moments(out):
        signed_in(channel, town)
        Meter.objects.update(again_at=at)
        with clock.use(lambda at=at: at):
            expected = told(out, name, at, town)
        assert collected(at) >= 1, trouble(channel)
        found = kept(out.pk, at, channel)
        assert found, trouble(channel)
        assert found == {theirs: expected[theirs] for theirs in found}
        standing = Standing.objects.get(delivery=out)
        words = {meant[theirs] for theirs in found} - {""}
        sums = {word: sum(value for theirs, value in found.items() if meant[theirs] == word) for word in words}
        assert {word: value for word in OF_POSTS if (value := getattr(standing, word)) is not None} == sums
        assert standing.read_at == at
    assert set(Series.objects.filter(delivery=out).values_list("theirs", flat=True)) <= set(expected)
    assert any(expected.values())


@pytest.mark.parametrize("name", COUNTED)
def test_a_number_that_is_taken_back_is_a_new_reading_and_changes_none_before(
    member: Member, write: Write, town: Town, door: Door, name: str
) -> None:
    channel = connect(member, town, name)
    Meter.objects.create(channel=channel, workspace=member.workspace)
    out = put_out(door, write, channel, town)
    first, second = moments(out)[:2]  # later, some numbers are not given any more
    signed_in(channel, town)
    collected(first)
    before = kept(out.pk, first, channel)
    theirs = max(before, key=lambda one: before[one])
    now = told(out, name, second, town)[theirs]
    town[name].corrected[out.receipt["id"], theirs] = -min(3, now)
    signed_in(channel, town)
    Meter.objects.update(again_at=second)
    collected(second)
    assert kept(out.pk, first, channel) == before
    assert kept(out.pk, second, channel)[theirs] == now - min(3, now)


@pytest.mark.parametrize("name", COUNTED)
def test_a_post_that_was_deleted_over_there_gets_no_number_after_that(
    member: Member, write: Write, town: Town, door: Door, name: str
) -> None:
    channel = connect(member, town, name)
    Meter.objects.create(channel=channel, workspace=member.workspace)
    out = put_out(door, write, channel, town)
    first, second = moments(out)[-2:]
    signed_in(channel, town)
    collected(first)
    assert kept(out.pk, first, channel)
    town[name].drop(out.receipt["id"])
    signed_in(channel, town)
    Meter.objects.update(again_at=second)
    collected(second)
    assert not kept(out.pk, second, channel)
    standing, out = Standing.objects.get(delivery=out), Delivery.objects.get(pk=out.pk)
    assert (standing.gone_at is None) == (out.gone_at is None)
    if standing.gone_at:
        assert standing.next_at is None
        assert bool(kept(out.pk, first, channel)) is not networks.get(name).counting.erases


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_is_kept_of_a_profile_is_what_the_network_counted(
    member: Member, town: Town, name: str
) -> None:
    channel = connect(member, town, name)
    Meter.objects.create(channel=channel, workspace=member.workspace)
    declared, counting = networks.get(name).crowd, networks.get(name).counting
    start = clock.now().replace(microsecond=0) + timedelta(seconds=5)
    for at in (start, start + DAY, start + 2 * DAY, start + 3 * DAY, start + 4 * DAY):
        signed_in(channel, town)
        Meter.objects.update(again_at=at, audience_at=at)
        assert collected(at) == 1, trouble(channel)
        totals = kept(None, at, channel)
        assert totals == {
            metric.theirs: _growth.of_profile(channel.remote_id, metric.theirs, at)
            for metric in declared if metric.per == "total" and metric.theirs in totals
        }  # fmt: skip
        assert totals or any(metric.per == "day" for metric in declared), trouble(channel)
    for metric in (metric for metric in declared if metric.per == "day"):
        rows = Measurement.objects.filter(series__channel=channel, series__theirs=metric.theirs).order_by("at")
        days = {row.at.astimezone(UTC).date(): row.value for row in rows}
        assert len(days) == rows.count() >= 5, "each day once, however often it was read"
        known = (channel.remote_id, metric.theirs)
        assert days == {day: _growth.of_day(*known, day, at, counting.behind, counting.zone) for day in days}
