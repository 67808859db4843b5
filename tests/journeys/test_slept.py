"""A laptop is opened after a night: the mail, the page it leads to, and the three ways out of it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail

from tests import people, walk
from tests.conftest import Town
from tidings import outside
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.ask import tell_due
from tidings.deliveries.models import Delivery
from tidings.deliveries.worker import Worker

HOUR, JSON = timedelta(hours=1), "application/json"
SETTINGS = {"name": "Bakery", "zone": "Europe/Vienna", "late_policy": "ask", "late_minutes": "30"}
WAYS = ("retry", "move", "cancel")


@pytest.fixture
def worker(door: Door) -> Iterator[Worker]:
    """A worker that is driven by hand; pages go out by the same door."""
    outside.use(door)
    made = Worker(door, senders=2)
    yield made
    made.stop()
    outside.use(None)


@pytest.mark.django_db(transaction=True)
def test_what_was_held_back_over_night_is_sent_moved_or_left_out_by_whom_the_mail_reached(
    town: Town, door: Door, worker: Worker
) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town["mastodon"])
    channel = Channel.objects.get()
    assert client.post(f"{people.home(owner)}/settings", SETTINGS).status_code == 302
    posts = {}
    for way in WAYS:
        draft = {"channels": [str(channel.id)], "items": [{"text": f"To {way}"}]}
        posts[way] = client.post(f"{people.api(owner)}/posts", draft, JSON).json()["id"]
        at = (clock.now() + HOUR).isoformat()
        client.post(f"{people.api(owner)}/posts/{posts[way]}/schedule", {"at": at}, JSON)

    with clock.shifted(9 * HOUR):
        worker.run_until_idle()
    with clock.shifted(9 * HOUR + timedelta(minutes=1)):
        tell_due(clock.now())
        (letter,) = mail.outbox
        assert letter.to == [owner.user.email]
        (place,) = re.findall(r"https?://[^/]+(/w/\S+)", letter.body)
        page = client.get(place).content.decode()
        assert page.count("More than 30 minutes late") == 3
        assert page.count("Send now") == page.count("New time") == page.count("Do not send") == 3
        calendar = client.get(f"{people.home(owner)}/calendar?view=list&day={clock.now() - 9 * HOUR:%Y-%m-%d}")
        assert len(re.findall(r'data-post="[^>]*data-state="held"', calendar.content.decode())) == 3

        held = {way: Delivery.objects.get(post=posts[way]) for way in WAYS}
        for way in ("retry", "cancel"):
            client.post(f"{people.home(owner)}/deliveries/{held[way].id}/{way}", {"from": "attention"})
        later = (clock.now() + HOUR).isoformat()
        client.post(f"{people.api(owner)}/posts/{posts['move']}/move", {"at": later}, JSON)
        assert "Nothing waits for you" in client.get(place).content.decode()
        worker.run_until_idle()
        assert [post["content"] for post in town["mastodon"].posts.values()] == ["<p>To retry</p>"]
    with clock.shifted(10 * HOUR + timedelta(minutes=2)):
        worker.run_until_idle()
    assert {way: Delivery.objects.get(post=posts[way]).state for way in WAYS} == {
        "retry": "delivered", "move": "delivered", "cancel": "cancelled"
    }
