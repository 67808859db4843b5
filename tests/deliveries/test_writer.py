"""What the worker does in one transaction, beside what people do in theirs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries import writer
from tidings.deliveries.claim import claim
from tidings.deliveries.deliver import Desk, deliver
from tidings.deliveries.models import Lane
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.wake import wake
from tidings.deliveries.writer import Writer
from tidings.workspaces.models import Member


def test_a_batch_never_waits_in_a_circle_with_somebody_who_schedules(
    member: Member, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever schedules takes lanes in their order; a batch of the worker's takes them as its deliveries end."""
    monkeypatch.setattr(writer, "THREADS", 1)
    channels = sorted((connect(member, town, "mastodon", name) for name in ("one", "two")), key=lambda one: one.id)
    wake(channels)
    go, begun = threading.Event(), threading.Event()

    def touch(channel: Channel) -> None:
        Lane.objects.filter(channel=channel).update(wake_at=clock.now())
        begun.set()
        threading.Event().wait(0.5)

    mine = Writer()
    with ThreadPoolExecutor(3) as pool:
        waiting = pool.submit(mine.do, go.wait)
        threading.Event().wait(0.1)
        ends = [pool.submit(mine.do, lambda one=one: touch(one)) for one in reversed(channels)]  # type: ignore[misc]
        threading.Event().wait(0.1)
        go.set()
        begun.wait()
        with transaction.atomic():
            wake(channels)
        for end in (waiting, *ends):
            end.result(10)
    mine.stop()
    connections.close_all()


def test_who_sends_asks_the_database_by_the_writer_alone(
    member: Member, channel: Channel, write: Write, door: Door
) -> None:
    """One column that was not read when it was claimed costs each delivery a connection of its own."""
    lease, mine = timedelta(minutes=2), Writer()
    publish_now(member, write([channel], "Good morning"))
    (delivery,) = claim("me", lease, 1)
    with CaptureQueriesContext(connection) as asked:
        outcome = deliver(delivery, Desk(mine.do, door, lease))
    mine.stop()
    assert outcome
    assert outcome.state == "delivered"
    assert [query["sql"] for query in asked] == []
