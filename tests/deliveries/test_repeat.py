"""Posts that repeat: copies at the wall time, across changes of the clocks, once each, and never against a refusal."""

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests import people
from tidings.channels.models import Channel
from tidings.channels.slots import set_slots
from tidings.core import clock
from tidings.deliveries.copies import copy_due
from tidings.deliveries.models import Delivery
from tidings.deliveries.recur import following, occurrences
from tidings.deliveries.repeat import Plan, repeat, stop
from tidings.deliveries.schedule import Refused, schedule
from tidings.posts.compose import Draft, ItemDraft, compose, discard
from tidings.posts.models import Post, Repeat
from tidings.workspaces.models import Member

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def first(owner: Member, *channels: Channel, days: float = 1) -> Post:
    draft = Draft(tuple(channel.id for channel in channels), (ItemDraft("Fresh bread"),), tags=("Bread",))
    post = compose(owner, draft)
    schedule(owner, post, clock.now() + DAY * days)
    return post


def copies(post: Post) -> list[Post]:
    return list(Post.objects.filter(copy_of=post).order_by("wish_at"))


def walls(begun: datetime, unit: str, number: int, every: int = 1) -> list[str]:
    found = occurrences(begun, every, unit, BERLIN)
    return [f"{next(found).astimezone(BERLIN):%d %b %H:%M}" for _n in range(number)]


def test_the_time_of_day_stays_when_the_clocks_change() -> None:
    begun = datetime(2026, 3, 22, 7, 0, tzinfo=UTC)  # 08:00, a week before summer time
    assert walls(begun, "week", 2) == ["29 Mar 08:00", "05 Apr 08:00"]
    assert following(begun, 1, "week", BERLIN, begun) - begun == timedelta(days=7, hours=-1)
    skipped = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)  # 02:30: the clocks skip it the day after
    assert walls(skipped, "day", 2) == ["29 Mar 03:30", "30 Mar 02:30"]


def test_a_month_that_is_too_short_ends_with_its_last_day() -> None:
    begun = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
    assert walls(begun, "month", 3) == ["28 Feb 09:00", "31 Mar 09:00", "30 Apr 09:00"]


@pytest.mark.django_db
def test_copies_stand_on_the_calendar_a_week_ahead_once_each_until_they_end() -> None:
    owner = people.owner()
    post = first(owner, people.channel(owner))
    repeat(owner, post, Plan("every", every=3, unit="day", zone="Europe/Berlin", times=3))
    for hours in (0, 1, 24 * 5, 24 * 30):
        with clock.shifted(timedelta(hours=hours)):
            copy_due(clock.now())
        if hours == 1:
            assert len(copies(post)) == 2
    made = copies(post)
    begun = post.deliveries.get().due_at
    assert [round((one.wish_at - begun) / DAY) for one in made if one.wish_at] == [3, 6, 9]
    assert [(one.stage, one.author, one.tags.get().name) for one in made] == [("approved", owner.user, "Bread")] * 3
    assert Delivery.objects.filter(post__in=made, state="waiting").count() == 3
    assert Repeat.objects.get().next_at is None


@pytest.mark.django_db
def test_a_copy_that_was_deleted_does_not_come_back() -> None:
    owner = people.owner()
    post = first(owner, people.channel(owner))
    repeat(owner, post, Plan("every", unit="day", zone="UTC", times=2))
    copy_due(clock.now())
    discard(owner, copies(post)[0])
    copy_due(clock.now())
    assert len(copies(post)) == 1


@pytest.mark.django_db
def test_what_stands_in_the_way_is_told_and_the_next_time_is_tried() -> None:
    owner = people.owner()
    editor, channel = people.member(owner, "editor"), people.channel(owner)
    post = first(editor, channel)
    repeat(editor, post, Plan("every", unit="week", zone="UTC"))
    editor.role = "client"
    editor.save()
    with clock.shifted(2 * DAY):
        copy_due(clock.now())
    assert "may not publish any more" in Repeat.objects.get().reason
    assert not copies(post)
    told = people.signed_in(owner).get("/notifications").content.decode()
    assert "A post could not be repeated: Fresh bread" in told
    page = people.signed_in(owner).get(f"{people.home(owner)}/posts/{post.id}").content.decode()
    assert "The last copy was not scheduled" in page
    editor.role = "editor"
    editor.save()
    with clock.shifted(9 * DAY):
        copy_due(clock.now())
    assert len(copies(post)) == 1
    assert Repeat.objects.get().reason == ""


@pytest.mark.django_db
def test_a_paused_channel_is_left_out_and_all_paused_is_a_reason() -> None:
    owner = people.owner()
    live, other = people.channel(owner), people.channel(owner, paused="no access")
    post = first(owner, live, other)
    repeat(owner, post, Plan("every", unit="week", zone="UTC", times=5))
    with clock.shifted(2 * DAY):
        copy_due(clock.now())
    (made,) = copies(post)
    assert list(made.channels.all()) == [live]
    Channel.objects.update(paused="no access")
    with clock.shifted(9 * DAY):
        copy_due(clock.now())
    assert "paused" in Repeat.objects.get().reason


@pytest.mark.django_db
def test_the_evergreen_post_that_rested_longest_fills_the_free_slot() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    set_slots(owner, channel, [(day, time(12, 0)) for day in range(7)])
    old, young = first(owner, channel, days=0.01), first(owner, channel, days=0.02)
    for post in (young, old):
        repeat(owner, post, Plan("evergreen", rest_days=10))
    Repeat.objects.filter(post=young).update(last_at=clock.now() + DAY)
    with clock.shifted(5 * DAY):
        copy_due(clock.now())
    assert not Post.objects.exclude(copy_of=None)
    with clock.shifted(20 * DAY):
        copy_due(clock.now())
        copy_due(clock.now())
        assert (len(copies(old)), len(copies(young))) == (1, 0)
        assert copies(old)[0].deliveries.get().due_at - clock.now() < DAY
    with clock.shifted(21.5 * DAY):
        copy_due(clock.now())
    assert (len(copies(old)), len(copies(young))) == (1, 1)


@pytest.mark.django_db
def test_it_is_set_up_looked_at_and_stopped_by_a_program() -> None:
    owner = people.owner()
    post, client = first(owner, people.channel(owner)), people.signed_in(owner)
    address = f"{people.api(owner)}/posts/{post.id}/repeat"
    assert client.get(address).json() is None
    kept = client.put(address, {"kind": "every", "every": 2, "zone": "Europe/Berlin"}, "application/json").json()
    assert round((clock.from_iso(kept["next"]) - post.deliveries.get().due_at) / DAY) == 14
    assert client.put(address, {"kind": "every", "every": 0}, "application/json").status_code == 422
    assert client.delete(address).status_code == 204
    with pytest.raises(Refused):
        stop(owner, post)


@pytest.mark.django_db(transaction=True)
def test_two_nodes_make_one_copy() -> None:
    owner = people.owner()
    post, meet = first(owner, people.channel(owner)), threading.Barrier(2)
    repeat(owner, post, Plan("every", unit="week", zone="UTC", times=1))

    def node() -> None:
        meet.wait()
        copy_due(clock.now() + 2 * DAY)
        connection.close()

    threads = [threading.Thread(target=node) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(copies(post)) == 1
