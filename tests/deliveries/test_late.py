"""A machine that slept past the time of its posts: sent, held back, or asked about, as each workspace wants it."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.ask import tell_due
from tidings.deliveries.late import hold_late
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import move, publish_now, retry, schedule
from tidings.deliveries.worker import Worker
from tidings.workspaces.models import Member

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def policy(member: Member, name: str, minutes: int = 60) -> None:
    member.workspace.late_policy, member.workspace.late_minutes = name, minutes
    member.workspace.save()


def states() -> list[str]:
    return list(Delivery.objects.order_by("due_at").values_list("state", flat=True))


def until(true: Callable[[], object]) -> None:
    for _ in range(300):
        if true():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not come about in time")


# a machine that sleeps


@pytest.mark.parametrize(("name", "sent"), [("send", 20), ("hold", 4), ("ask", 4)])
def test_a_worker_that_slept_five_hours_sends_what_its_workspace_still_wants(
    member: Member, channel: Channel, write: Write, door: Door, town: Town, name: str, sent: int
) -> None:
    """The process is not told: its wall clock stands elsewhere all at once, its steady clock has stood still."""
    policy(member, name)
    began = clock.now()
    for n in range(20):
        schedule(member, write([channel], f"Number {n}"), began + 15 * MINUTE * (n + 1) - 5 * SECOND)
    worker = Worker(door, senders=4)
    worker.start()
    try:
        with clock.shifted(5 * HOUR):
            until(lambda: not Delivery.objects.filter(state__in=("waiting", "sending", "settling")).exists())
    finally:
        worker.stop()
    assert states() == ["held"] * (20 - sent) + ["delivered"] * sent
    said = [post["content"] for post in town["mastodon"].posts.values()]
    assert said == [f"<p>Number {n}</p>" for n in range(20 - sent, 20)]


def test_two_workers_that_wake_together_send_nothing_that_is_too_late(
    member: Member, write: Write, door: Door, town: Town
) -> None:
    policy(member, "hold")
    channels = [connect(member, town, "mastodon", f"name{n}") for n in range(8)]
    for n in range(3):
        schedule(member, write(channels, f"Number {n}"), clock.now() + MINUTE)
    workers = [Worker(door, senders=4), Worker(door, senders=4)]
    for one in workers:
        one.start()
    try:
        with clock.shifted(5 * HOUR):
            until(lambda: town["mastodon"].posts or not Delivery.objects.exclude(state="held").exists())
    finally:
        for one in workers:
            one.stop()
    assert not town["mastodon"].posts


# what is held, and what is not


def test_each_workspace_is_held_to_its_own_policy_and_minutes(member: Member, channel: Channel, write: Write) -> None:
    policy(member, "hold", 30)
    others = {name: people.owner() for name in ("send", "hold", "ask")}
    for name, owner in others.items():
        policy(owner, name, 300)
    deliveries = {"hold 30": publish_now(member, write([channel], "Hello"))[0]}
    for name, owner in others.items():
        deliveries[name] = _waits(owner)
    with clock.shifted(HOUR):
        assert hold_late(clock.now()) == 1
    with clock.shifted(6 * HOUR):
        assert hold_late(clock.now()) == 2
    found = {name: Delivery.objects.get(id=one.id) for name, one in deliveries.items()}
    assert {name: one.state for name, one in found.items()} == {
        "hold 30": "held", "send": "waiting", "hold": "held", "ask": "held"
    }
    assert found["hold 30"].reason == "More than 30 minutes late, so it was held back."
    assert found["ask"].reason == "More than 300 minutes late, so it was held back."


def _waits(owner: Member, text: str = "Hello") -> Delivery:
    channel = people.channel(owner)
    post = owner.workspace.posts.create(author=owner.user, stage="approved")
    item = post.items.create(position=0, text=text)
    post.channels.add(channel)
    now = clock.now()
    return Delivery.objects.create(
        workspace=owner.workspace, post=post, item=item, channel=channel, due_at=now, again_at=now
    )


def test_what_was_tried_already_is_not_held_back_however_long_the_network_is_down(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    policy(member, "hold")
    town["mastodon"].trick("limit", "POST /api/v1/statuses", seconds=4 * 3600)
    publish_now(member, write([channel], "Hello"))
    worker.run_until_idle()
    with clock.shifted(5 * HOUR):
        assert hold_late(clock.now()) == 0
        worker.run_until_idle()
    assert states() == ["delivered"]


@pytest.mark.parametrize("decision", ["send now", "new time"])
def test_what_a_person_decided_on_is_not_held_back_again(
    member: Member, channel: Channel, write: Write, worker: Worker, decision: str
) -> None:
    policy(member, "hold")
    (delivery,) = publish_now(member, write([channel], "Hello"))
    with clock.shifted(5 * HOUR):
        hold_late(clock.now())
        assert states() == ["held"]
        if decision == "send now":
            retry(member, delivery)
        else:
            move(member, delivery.post, clock.now() + MINUTE)
    with clock.shifted(5 * HOUR + 2 * MINUTE):
        hold_late(clock.now())
        worker.run_until_idle()
    assert states() == ["delivered"]


def test_the_rest_of_a_thread_counts_from_when_the_part_before_it_went_out(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    policy(member, "hold")
    publish_now(member, write([channel], "One", "Two", "Three", delay=1800))
    worker.run_until_idle()
    with clock.shifted(31 * MINUTE):
        worker.run_until_idle()
    assert states() == ["delivered", "delivered", "waiting"]
    with clock.shifted(6 * HOUR):
        hold_late(clock.now())
        worker.run_until_idle()
    assert states() == ["delivered", "delivered", "held"]


def test_holding_back_never_undoes_what_another_node_has_just_claimed(
    member: Member, channel: Channel, write: Write
) -> None:
    policy(member, "hold")
    (delivery,) = publish_now(member, write([channel], "Hello"))
    looked, may_end = threading.Event(), threading.Event()

    def claims() -> None:
        with transaction.atomic():
            Delivery.objects.filter(id=delivery.id).update(state="sending", lease_until=clock.now() + 9 * HOUR)
            looked.set()
            may_end.wait(10)
        connection.close()

    def holds() -> None:
        hold_late(clock.now())
        connection.close()

    with clock.shifted(5 * HOUR):
        node = threading.Thread(target=claims)
        node.start()
        looked.wait(10)
        other = threading.Thread(target=holds)
        other.start()
        other.join(0.5)  # it waits for the row
        may_end.set()
        node.join()
        other.join()
    assert states() == ["sending"]


def test_looking_for_what_is_late_costs_one_small_question_while_no_workspace_holds_anything_back(
    member: Member, channel: Channel, write: Write
) -> None:
    publish_now(member, write([channel], "Hello"))
    with clock.shifted(5 * HOUR), CaptureQueriesContext(connection) as asked:
        assert hold_late(clock.now()) == 0
    assert len([query for query in asked if query["sql"].startswith("SELECT")]) == 1
    assert not [query for query in asked if query["sql"].startswith("UPDATE")]


# asking


def held(owner: Member, posts: int = 1) -> None:
    """Posts of this workspace that have just been held back."""
    for _ in range(posts):
        _waits(owner)
    with clock.shifted(5 * HOUR):
        hold_late(clock.now())


def tell(after: timedelta = timedelta(0)) -> list[Any]:
    """The mails of one round, this long after the posts were held back."""
    before = len(mail.outbox)
    with clock.shifted(5 * HOUR + MINUTE + after):
        tell_due(clock.now())
    return mail.outbox[before:]


@pytest.fixture
def asking(transactional_db: None) -> Member:
    """The owner of a workspace that asks."""
    owner = people.owner()
    policy(owner, "ask")
    return owner


def test_everybody_who_may_publish_is_asked_once_by_one_mail_for_all_that_was_held_back(asking: Member) -> None:
    editor, _reader = people.member(asking, "editor"), people.member(asking, "client")
    held(asking, 3)
    mails = tell()
    assert sorted(one.to[0] for one in mails) == sorted([asking.user.email, editor.user.email])
    text = mails[0].body
    assert "3 posts wait for you" in text
    assert mails[0].extra_headers["List-Unsubscribe"].strip("<>") in text
    assert f"/w/{asking.workspace.slug}/attention" in text
    assert tell(after=HOUR) == []


def test_a_workspace_that_only_holds_back_sends_no_mail(asking: Member) -> None:
    policy(asking, "hold")
    held(asking)
    assert tell() == []


def test_somebody_in_two_workspaces_gets_one_mail_about_both(asking: Member) -> None:
    other = people.owner()
    policy(other, "ask")
    Member.objects.create(workspace=asking.workspace, user=other.user, role="admin")
    held(asking)
    held(other, 2)
    (both,) = [one for one in tell() if one.to == [other.user.email]]
    assert asking.workspace.name in both.body
    assert other.workspace.name in both.body


def test_nobody_gets_a_second_mail_within_a_quarter_of_an_hour_and_then_one_about_all_the_new(asking: Member) -> None:
    held(asking)
    assert len(tell()) == 1
    with clock.shifted(5 * MINUTE):
        held(asking)
    assert tell(after=6 * MINUTE) == []
    assert len(tell(after=16 * MINUTE)) == 1
    assert tell(after=HOUR) == []


def test_a_mail_that_does_not_go_is_tried_again_and_ends_the_round(
    asking: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that has just woken up has no network yet."""
    people.member(asking, "editor")
    held(asking)
    tries: list[str] = []

    def unreachable(subject: str, text: str, to: str, headers: Mapping[str, str]) -> bool:
        tries.append(to)
        return False

    with monkeypatch.context() as patch:
        patch.setattr("tidings.deliveries.ask.deliver", unreachable)
        tell()
    assert len(tries) == 1
    assert len(tell(after=MINUTE)) == 2


def test_a_clock_that_was_set_back_keeps_nobody_from_being_asked(asking: Member) -> None:
    with clock.shifted(24 * HOUR):
        held(asking)
        assert len(tell()) == 1
    Delivery.objects.all().delete()
    held(asking)
    assert len(tell()) == 1
