"""What a newcomer finds in the demo: a few channels, and every other network ready to be connected."""

import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from tests import people
from tests.conftest import Town
from tidings import networks, outside
from tidings.channels.credentials import entered
from tidings.channels.models import Channel
from tidings.commands import furnish
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.models import Delivery
from tidings.inbox.models import Conversation, Message
from tidings.media.models import Media
from tidings.notifications.kinds import KINDS
from tidings.notifications.models import Notification
from tidings.posts.models import Post
from tidings.web.connect_forms import Example, examples
from tidings.web.networks import is_open
from tidings.workspaces.models import Member


@pytest.fixture
def newcomer(db: None, town: Town, door: Door) -> Iterator[Member]:
    outside.use(door)
    member = furnish.newcomer()
    furnish.furnish(member, town, small=True)
    yield member
    outside.use(None)
    examples.clear()


def test_the_small_demo_begins_with_a_few_channels_and_with_posts(newcomer: Member, town: Town) -> None:
    channels = Channel.objects.filter(workspace=newcomer.workspace)

    assert sorted(channel.network for channel in channels) == sorted(n for n, one in town.items() if one.in_demo)
    assert all(Delivery.objects.filter(channel=channel).count() == 4 for channel in channels)


def test_every_network_is_open_in_the_demo_and_what_its_page_asks_for_is_known(newcomer: Member) -> None:
    kept = set(entered(newcomer.workspace))

    assert [network.name for network in networks.every().values() if not is_open(network, kept)] == []
    for name, network in networks.every().items():
        example = examples.get(name, Example({}))
        fields = [field for way in network.connect for field in way.fields]
        asked = {field.name for field in fields if not (field.optional or field.default or field.shown)}
        assert asked <= set(example.typed), name
        assert bool(example.place) == any(field.shown for field in fields), name


def test_the_full_demo_has_channels_pictures_and_posts_of_every_kind(db: None, town: Town, door: Door) -> None:
    outside.use(door)
    furnish.furnish(furnish.newcomer(), town)
    outside.use(None)
    examples.clear()

    channels, deliveries = Channel.objects.all(), Delivery.objects.all()
    assert channels.count() == 12
    assert channels.exclude(group="").exclude(portrait="").count() == 12
    assert len(channels.exclude(paused="")) == 1
    assert set(Media.objects.values_list("kind", flat=True)) == {"picture", "animation", "film"}
    assert set(deliveries.values_list("state", flat=True)) >= {
        "waiting", "delivered", "failed", "unsure", "held", "cancelled"
    }
    assert deliveries.filter(gone_at__isnull=False).exists()
    assert deliveries.filter(due_at__lt=clock.now() - timedelta(days=80)).exists()
    assert Post.objects.filter(stage="draft", wish_at=None).exists()
    out = deliveries.filter(state="delivered", channel__network="mastodon").order_by("due_at").first()
    assert out
    assert urllib.request.urlopen(out.receipt["url"], timeout=5).status == 200  # the oldest link leads somewhere
    _was_told_of_every_kind(Member.objects.get())
    _was_written_to()


def _was_written_to() -> None:
    """By others, gathered from the networks: something is new, answered, given to somebody, noted, done."""
    talks = Conversation.objects.all()
    assert len(set(talks.values_list("channel__network", flat=True))) > 1
    for some in ({"seen_at": None}, {"answers__isnull": False}, {"notes__isnull": False}, {"done_at__isnull": False},
                 {"assigned__isnull": False}):  # fmt: skip
        assert talks.filter(**some).exists(), some
    assert Message.objects.filter(reply_to__in=Message.objects.values("remote_id")).exists()


def _was_told_of_every_kind(newcomer: Member) -> None:
    shown = unescape(people.signed_in(newcomer).get("/notifications").content.decode())
    assert [kind.name for kind in KINDS.values() if str(kind.label) not in shown] == []
    assert "It is not there any more." not in shown
    read = Notification.objects.exclude(seen_at=None).count()
    assert 2 < read < Notification.objects.count() - 2
    assert not Notification.objects.exclude(mail_at=None).exists()
