"""Posts that went out and whose numbers were read, made as collecting would, without a network."""

from datetime import datetime, timedelta

from tidings.analytics.models import Measurement, Meter, Series, Standing
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member


def out(member: Member, channel: Channel, text: str, at: datetime, likes: int) -> Standing:
    """A post of this member that went out then, and has so many likes."""
    post = Post.objects.create(workspace=member.workspace, author=member.user, stage="approved")
    post.channels.add(channel)
    item = Item.objects.create(post=post, position=0, text=text)
    delivery = Delivery.objects.create(
        workspace=member.workspace, post=post, item=item, channel=channel, due_at=at, again_at=at, state="delivered",
        delivered_at=at,
    )
    Meter.objects.get_or_create(channel=channel, workspace=member.workspace, defaults={"read_at": clock.now()})
    return Standing.objects.create(
        delivery=delivery, workspace=member.workspace, channel=channel, post=post, out_at=at, shape="words",
        read_at=clock.now(), likes=likes, engaged=likes,
    )  # fmt: skip


def followed(channel: Channel, at: datetime, *counts: int) -> None:
    """The profile had so many followers from that day on, read once a day."""
    series = Series.objects.create(
        workspace=channel.workspace, channel=channel, theirs="followers_count", ours="followers"
    )
    for n, count in enumerate(counts):
        Measurement.objects.create(series=series, at=at + n * timedelta(days=1), value=count)
