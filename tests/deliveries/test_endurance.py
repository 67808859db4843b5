"""A worker that is stopped, starved, cut off or pulled away from under its work loses nothing and ends nothing."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings.channels.models import Channel
from tidings.core.http import Answer, Door, Request
from tidings.deliveries import worker as working
from tidings.deliveries.claim import claim
from tidings.deliveries.models import UNDER_WAY, Delivery
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.worker import Worker
from tidings.deliveries.writer import Writer
from tidings.posts.models import Post
from tidings.settings import settings
from tidings.workspaces.models import Member

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_work_that_was_rolled_back_with_its_neighbours_is_done_again_by_itself(member: Member) -> None:
    """SQLite ends the whole transaction when the disk is full; whoever shared it must not be told that it is kept."""
    writer, begun = Writer(), threading.Event()
    said: dict[str, str] = {}

    def first() -> None:
        begun.set()
        time.sleep(0.3)

    def breaks() -> None:
        connection.cursor().execute("ROLLBACK")
        raise OperationalError("database or disk is full")

    def keeps() -> None:
        Post.objects.create(workspace=member.workspace, author=member.user)

    def asked(work: Callable[[], None]) -> None:
        try:
            writer.do(work)
            said[work.__name__] = "durable"
        except DatabaseError:
            said[work.__name__] = "undone"

    threads = [threading.Thread(target=asked, args=(work,)) for work in (first, keeps, breaks)]
    threads[0].start()
    begun.wait()
    for one in threads[1:]:
        one.start()
        time.sleep(0.05)
    for one in threads:
        one.join()
    writer.stop()
    assert said == {"first": "durable", "keeps": "durable", "breaks": "undone"}
    assert Post.objects.count() == 1


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), RuntimeError("a bug of ours")])
def test_the_loop_survives_whatever_a_claim_raises(
    member: Member, channel: Channel, write: Write, worker: Worker, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    raised: list[datetime] = []

    def broken(*_asked: object) -> list[Delivery]:
        if len(raised) < 2:
            raised.append(worker.beat)
            raise fault
        return claim(*_asked)  # type: ignore[arg-type]

    monkeypatch.setattr(working, "claim", broken)
    (delivery,) = publish_now(member, write([channel], "Hello"))
    worker.start()
    until_ended()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert raised[0] == raised[1], "a round that failed counted as a sign of life"


def test_a_worker_that_is_stopped_finishes_what_it_is_sending(
    member: Member, channel: Channel, write: Write, door: Door, town: Town
) -> None:
    sending = threading.Event()

    def slow(request: Request) -> Answer:
        sending.set()
        time.sleep(0.5)
        return door(request)

    (delivery,) = publish_now(member, write([channel], "Hello"))
    worker = Worker(slow, senders=2)
    worker.start()
    assert sending.wait(10)
    worker.stop()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_a_worker_that_is_stopped_keeps_its_leases_until_it_has_finished(
    member: Member, channel: Channel, write: Write, door: Door, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = threading.Event()

    def slow(request: Request) -> Answer:
        sending.set()
        time.sleep(1.5)
        return door(request)

    publish_now(member, write([channel], "Hello"))
    monkeypatch.setattr(settings(), "lease", 1)
    worker = Worker(slow, senders=1)
    worker.start()
    assert sending.wait(10)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    time.sleep(1.3)
    heirs = claim("heir", MINUTE, 1)
    stopping.join()
    assert heirs == []
    assert len(town["mastodon"].posts) == 1


def test_secrets_that_cannot_be_opened_pause_the_channel_and_keep_the_post(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    (delivery,) = publish_now(member, write([channel], "Hello"))
    Channel.objects.update(sealed="nonsense")
    worker.run_until_idle()
    delivery.refresh_from_db()
    channel.refresh_from_db()
    assert delivery.state == "waiting"
    assert "keys" in channel.paused


def test_a_channel_that_is_disconnected_while_something_is_sent_leaves_no_delivery_behind_without_a_word(
    member: Member, channel: Channel, write: Write, door: Door, town: Town
) -> None:
    def ended(request: Request) -> Answer:
        Channel.objects.filter(id=channel.id).update(sealed="", paused="Disconnected.")
        return door(request)

    (first,) = publish_now(member, write([channel], "One"))
    (second,) = publish_now(member, write([channel], "Two"))
    worker = Worker(ended, senders=1)
    try:
        worker.run_until_idle()
    finally:
        worker.stop()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("delivered", "waiting")


def test_a_workspace_that_is_deleted_while_something_is_sent_ends_quietly(
    member: Member, channel: Channel, write: Write, door: Door, town: Town
) -> None:
    """Deleted before the commit: nothing goes out. The worker goes on with others."""
    other = connect(member, town, "bluesky")
    gone = publish_now(member, write([channel], "One"))[0]

    def deleting(request: Request) -> Answer:
        Post.objects.filter(id=gone.post_id).delete()
        return door(request)

    worker = Worker(deleting, senders=1)
    try:
        worker.run_until_idle()
        kept = publish_now(member, write([other], "Two"))[0]
        worker.run_until_idle()
    finally:
        worker.stop()
    kept.refresh_from_db()
    assert kept.state == "delivered"
    assert not Delivery.objects.filter(id=gone.id).exists()


def test_people_who_write_at_the_same_time_do_not_stop_the_worker(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    for n in range(10):
        publish_now(member, write([channel], f"Number {n}"))
    ended, failed = threading.Event(), []

    def writes() -> None:
        while not ended.is_set():
            try:
                with transaction.atomic():
                    Post.objects.create(workspace=member.workspace, author=member.user)
                time.sleep(0.02)
            except DatabaseError as error:
                failed.append(error)
        connection.close()

    people = [threading.Thread(target=writes) for _ in range(4)]
    for one in people:
        one.start()
    worker.start()
    try:
        until_ended()
    finally:
        ended.set()
        for one in people:
            one.join()
    assert failed == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert len(town["mastodon"].posts) == 10


def until_ended(patience: float = 30) -> None:
    """Wait until nothing is under way; fails the test when patience (seconds) ends first."""
    deadline = time.monotonic() + patience
    while Delivery.objects.filter(state__in=UNDER_WAY).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could be restarted")
def test_a_restart_of_the_database_server_loses_nothing(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    worker.start()
    for n in range(3):
        publish_now(member, write([channel], f"Number {n}"))
        until_ended()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE datname = current_database() AND state = 'idle' AND pid <> pg_backend_pid()")
    assert len(town["mastodon"].posts) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
