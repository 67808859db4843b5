"""A newcomer's first hour: connect a channel, write, schedule, and see that it is out."""

from datetime import timedelta

import pytest

from tests import people, walk
from tests.conftest import Town
from tidings import outside
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.worker import Worker

JSON = "application/json"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_from_connecting_to_the_receipt(town: Town, door: Door, network: str) -> None:
    outside.use(door)
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town[network])
    channel = Channel.objects.get()

    draft = {"channels": [str(channel.id)], "items": [{"text": "Our first post"}]}
    post = client.post(f"{people.api(owner)}/posts", draft, JSON).json()
    at = clock.now() + timedelta(hours=1)
    client.post(f"{people.api(owner)}/posts/{post['id']}/schedule", {"at": at.isoformat()}, JSON)
    page = f"{people.home(owner)}/posts/{post['id']}"

    assert 'data-face="scheduled"' in client.get(page).content.decode()
    assert "Our first post" in client.get(f"{people.home(owner)}/calendar?view=list").content.decode()
    assert not town[network].posts

    worker = Worker(door, senders=2)
    try:
        assert worker.run_until_idle() == 0
        with clock.shifted(timedelta(hours=1, seconds=1)):
            assert worker.run_until_idle() >= 1
    finally:
        worker.stop()
        outside.use(None)

    shown = client.get(page).content.decode()
    receipt = channel.deliveries.get().receipt
    assert len(town[network].posts) == 1
    assert 'data-face="published"' in shown
    assert f'href="{receipt["url"]}"' in shown
    assert client.get(f"{people.api(owner)}/posts/{post['id']}").json()["face"] == "published"
