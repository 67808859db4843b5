"""The queue: the next free slot, shown before it is taken, and never given twice."""

import threading
from datetime import time, timedelta

import pytest
from django.db import connection

from tests import people
from tidings.channels.models import Channel
from tidings.channels.slots import set_slots
from tidings.core import clock
from tidings.deliveries.enqueue import enqueue
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import Refused
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member


def slotted(owner: Member) -> Channel:
    """A channel that likes half past nine, every day."""
    channel = people.channel(owner)
    set_slots(owner, channel, [(day, time(9, 30)) for day in range(7)])
    return channel


def queued(owner: Member, *channels: Channel) -> Post:
    return compose(owner, Draft(tuple(channel.id for channel in channels), (ItemDraft("next"),)))


@pytest.mark.django_db
def test_it_goes_out_at_the_slot_that_was_shown_and_the_next_one_a_day_later() -> None:
    owner = people.owner()
    channel, client = slotted(owner), people.signed_in(owner)
    shown = client.get(f"{people.api(owner)}/next-slot", {"channel": str(channel.id)}).json()
    answers = [
        client.post(f"{people.api(owner)}/posts/{post.id}/schedule", {"queue": True}, "application/json")
        for post in (queued(owner, channel), queued(owner, channel))
    ]
    first, second = (clock.from_iso(answer.json()["deliveries"][0]["due_at"]) for answer in answers)

    assert first == clock.from_iso(shown["at"])
    assert (shown["zone"], shown["without"]) == ("Europe/Lisbon", [])
    assert timedelta(hours=22) < second - first < timedelta(hours=26)


@pytest.mark.django_db
def test_a_channel_without_slots_says_so() -> None:
    owner = people.owner()
    bare = people.channel(owner)
    with pytest.raises(Refused, match="free slot"):
        enqueue(owner, queued(owner, bare))
    shown = people.signed_in(owner).get(f"{people.api(owner)}/next-slot", {"channel": str(bare.id)}).json()
    assert (shown["at"], shown["without"]) == (None, [str(bare.id)])


@pytest.mark.django_db(transaction=True)
def test_two_who_queue_at_once_get_two_slots() -> None:
    owner = people.owner()
    channel = slotted(owner)
    posts, meet = [queued(owner, channel) for _n in range(2)], threading.Barrier(2)

    def add(post: Post) -> None:
        meet.wait()
        enqueue(owner, post)
        connection.close()

    threads = [threading.Thread(target=add, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    due = set(Delivery.objects.filter(post__in=posts).values_list("due_at", flat=True))
    assert len(due) == 2
