"""A post whose pictures are in a bucket that is away goes out later, and once."""

from datetime import timedelta

from tests.conftest import Town
from tests.deliveries.conftest import Write
from tests.media.library import put
from tests.media.s3 import S3, s3  # noqa: F401 -- a fixture
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.send import AWAY
from tidings.deliveries.worker import Worker
from tidings.workspaces.models import Member


def test_it_waits_for_the_bucket_and_is_delivered_with_its_picture(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, s3: S3  # noqa: F811
) -> None:
    media, _data = put(member)
    post = write([channel], "The quay")
    post.items.update(media=[{"id": str(media.id), "alt": "The quay at noon"}])
    (delivery,) = publish_now(member, post)
    s3.down = True
    worker.run_until_idle()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts.get().reason) == ("waiting", AWAY)
    assert not town["mastodon"].posts
    s3.down = False
    with clock.shifted(timedelta(hours=1)):
        worker.run_until_idle()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    (said,) = town["mastodon"].posts.values()
    assert len(said["media_attachments"]) == 1
