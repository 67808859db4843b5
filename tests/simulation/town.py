"""The people's side of it: workspaces of different sizes, their channels, and the posts they plan by routine."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tests.simulation.heap import Time
from tests.simulation.ledger import Ledger
from tests.simulation.networks import NETWORKS
from tests.simulation.world import World
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.wake import wake
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member, User, Workspace

SIZES = (1, 1, 3, 11, 24)  # channels of each workspace
THREADS = 0.1  # share of posts that have more than one part
OPEN = (8, 20)  # hours of the day; people post then, and at full or half hours


class Town:
    """Who is there."""

    def __init__(self, time: Time, ledger: Ledger, world: World) -> None:
        self._time, self._ledger, self._world = time, ledger, world
        self._chance = time.chance("town")
        self._count = 0
        self.channels: dict[Member, list[Channel]] = {}
        for number, size in enumerate(SIZES):
            member = _member(number)
            self.channels[member] = [self._channel(member, number, n) for n in range(size)]

    def words(self) -> str:
        """A text that no other item has."""
        self._count += 1
        return f"Text {self._count}"

    def times(self, day: datetime, posts: int) -> list[datetime]:
        """So many round ones."""
        start, end = (hour * 2 for hour in OPEN)
        return [day + timedelta(minutes=30 * self._chance.randrange(start, end)) for _ in range(posts)]

    @transaction.atomic
    def plan(self, member: Member, times: Sequence[datetime]) -> None:
        """Posts for these times, with the rows that `schedule` makes (a test compares them)."""
        rows = [self._post(member, due) for due in times]
        Post.objects.bulk_create(post for post, _, _, _ in rows)
        Item.objects.bulk_create(item for _, items, _, _ in rows for item in items)
        through = Post.channels.through
        through.objects.bulk_create(
            through(post=post, channel=channel) for post, _, channels, _ in rows for channel in channels
        )
        wake({channel.id: channel for _, _, channels, _ in rows for channel in channels}.values())
        Delivery.objects.bulk_create(one for _, _, _, deliveries in rows for one in deliveries)

    def _post(self, member: Member, due: datetime) -> tuple[Post, list[Item], list[Channel], list[Delivery]]:
        channels = some(self._chance, self.channels[member])
        post = Post(workspace=member.workspace, author=member.user, stage="approved", wish_at=due)
        parts = self._chance.choice((2, 3)) if self._chance.random() < THREADS else 1
        delay = self._chance.choice((0, 0, 60)) if parts > 1 else 0
        items = [Item(post=post, position=n, text=self.words(), delay=delay if n else 0) for n in range(parts)]
        deliveries = []
        for channel in channels:
            before = None
            for item in items:
                self._ledger.texts[item.id, channel.id] = item.text
                at = due + timedelta(seconds=delay * item.position)
                before = Delivery(
                    workspace=member.workspace, post=post, item=item, channel=channel, after=before,
                    due_at=at, again_at=at,
                )
                deliveries.append(before)
        return post, items, channels, deliveries

    def _channel(self, member: Member, workspace: int, number: int) -> Channel:
        network = NETWORKS[(workspace + number) % len(NETWORKS)].name
        profile = f"{network}-{workspace}-{number}"
        channel = Channel(
            workspace=member.workspace, network=network, remote_id=profile, handle=profile, name=profile,
            server={"name": network},
        )
        channel.keep_secrets({"access_token": self._world.token(profile)})
        if channel.speaks.has("renew"):
            channel.token_ends_at = clock.now() + timedelta(hours=2)
            channel.refresh_again_at = clock.now() + timedelta(hours=1)
        channel.save()
        return channel


def some(chance: random.Random, channels: Sequence[Channel]) -> list[Channel]:
    """One to three of them."""
    return chance.sample(channels, min(chance.choice((1, 1, 1, 1, 2, 3)), len(channels)))


def _member(number: int) -> Member:
    user = User.objects.create(email=f"person{number}@example.org")
    workspace = Workspace.objects.create(name=f"Workspace {number}", slug=f"workspace-{number}")
    return Member.objects.create(workspace=workspace, user=user, role="owner")
