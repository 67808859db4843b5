"""What the worker does in one transaction, beside what people do in theirs."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from tests.conftest import Town
from tests.deliveries.conftest import connect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import writer
from tidings.deliveries.models import Lane
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
