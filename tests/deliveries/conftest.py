"""A workspace with channels on the simulators, ready to send."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Town
from tidings.channels.models import Channel
from tidings.core.http import Door
from tidings.deliveries.worker import Worker
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member, User, Workspace


@pytest.fixture
def member(transactional_db: None) -> Member:
    """An owner of a fresh workspace."""
    user = User.objects.create_user("owner@example.org", "a long password")
    workspace = Workspace.objects.create(name="Harbour", slug="harbour")
    return Member.objects.create(workspace=workspace, user=user, role="owner")


def connect(member: Member, town: Town, network: str, name: str = "demo") -> Channel:
    """A channel of this account on the simulator."""
    access = town[network].access(name)
    who = access.profile
    channel = Channel(
        workspace=member.workspace, network=network, remote_id=who.id, handle=who.handle, name=who.name,
        server=dict(access.server),
    )
    channel.keep_secrets(access.secrets)
    channel.save()
    return channel


@pytest.fixture
def channel(member: Member, town: Town) -> Channel:
    """One channel on the Mastodon simulator."""
    return connect(member, town, "mastodon")


Write = Callable[..., Post]


@pytest.fixture
def write(member: Member) -> Write:
    """Makes a post of these texts (more than one: a thread) for these channels."""

    def make(channels: list[Channel], *texts: str, delay: int = 0) -> Post:
        post = Post.objects.create(workspace=member.workspace, author=member.user)
        for position, text in enumerate(texts):
            Item.objects.create(post=post, position=position, text=text, delay=delay if position else 0)
        post.channels.set(channels)
        return post

    return make


@pytest.fixture
def worker(door: Door, transactional_db: None) -> Iterator[Worker]:
    """A worker that is driven by hand."""
    made = Worker(door, senders=8)
    yield made
    made.stop()
