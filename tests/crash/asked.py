"""What is asked of the workers, written down beside the database; and what the database tells of it afterwards."""

import io
import random
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from PIL import Image

from tests.crash.checker import Asked, Told, words
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.media.models import Media
from tidings.media.take import take
from tidings.posts.models import Item, Post, Variant
from tidings.settings import settings
from tidings.workspaces.models import Member, User, Workspace

Profile = dict[str, Any]  # as the networks' window shows it


@dataclass(frozen=True)
class Shape:
    """How many parts, whether the first has a picture, and whether every choice is made otherwise than by default:
    some networks then have something to do after the post is out."""

    name: str
    parts: int = 1
    picture: bool = False
    chosen: bool = False


SHAPES = (
    Shape("words"), Shape("a picture", picture=True), Shape("a thread of two", 2), Shape("with options", chosen=True),
)
MIXED = (SHAPES[0], *SHAPES, Shape("a thread of three with a picture", 3, True))


@dataclass
class Desk:
    """Asks in the name of one member, and remembers every delivery it asked for, in their order."""

    member: Member
    media: Media
    asked: list[Asked] = field(default_factory=list)
    posts: int = 0
    due: datetime = field(default_factory=clock.now)

    def ask(self, channels: Sequence[Channel], shape: Shape, due: datetime) -> None:
        """A post of this shape to all these channels, due then: never before what was asked before it."""
        self.due = max(self.due + timedelta(microseconds=1), due)
        post = Post.objects.create(workspace_id=self.member.workspace_id, author=self.member.user)
        for part in range(shape.parts):
            said, alt = words(self.posts, part), f"Picture {self.posts:05d}" if shape.picture and not part else ""
            media = [{"id": str(self.media.id), "alt": alt}] if alt else []
            item = Item.objects.create(post=post, position=part, text=said, media=media)
            for one in channels if shape.chosen else ():
                Variant.objects.create(item=item, channel=one, options=_otherwise(one))
            before = words(self.posts, part - 1) if part else ""
            self.asked += [Asked(one.network, one.remote_id, said, alt, before) for one in channels]
        post.channels.set(channels)
        schedule(self.member, post, self.due)
        self.posts += 1

    def ask_some(self, channels: Sequence[Channel], posts: int, seconds: float, chance: random.Random) -> None:
        """Posts of all shapes over the next `seconds`, each to some channels of different networks."""
        start = clock.now() + timedelta(seconds=0.1)
        with transaction.atomic() if connection.vendor == "sqlite" else nullcontext():  # one wait for the one writer
            for at in sorted(chance.uniform(0, seconds) for _ in range(posts)):
                chosen = {one.network: one for one in chance.sample(channels, 4)}  # X wants no text from two profiles
                self.ask(list(chosen.values()), chance.choice(MIXED), start + timedelta(seconds=at))


def _otherwise(channel: Channel) -> dict[str, Any]:
    return {option.name: option.choices[-1][0] for option in channel.speaks.options if option.kind == "choice"}


def desk() -> Desk:
    """In a workspace of its own, with one picture in its library."""
    user = User.objects.create_user("operator@example.org", "a long password")
    workspace = Workspace.objects.create(name="Crash", slug="crash", late_policy="send")
    member = Member.objects.create(workspace=workspace, user=user, role="owner")
    with tempfile.NamedTemporaryFile(dir=settings().home, delete=False) as file:
        raw = io.BytesIO()
        Image.new("RGB", (64, 48), (30, 90, 160)).save(raw, "JPEG")
        file.write(raw.getvalue())
    return Desk(member, take(workspace, user, "blue.jpg", Path(file.name)))


def connect(desk: Desk, profiles: Sequence[Profile]) -> list[Channel]:
    """A channel for each profile."""
    made = []
    for one in profiles:
        named = {"remote_id": one["id"], "handle": one["handle"], "name": one["handle"]}
        channel = Channel(workspace=desk.member.workspace, network=one["network"], server=one["server"], **named)
        channel.keep_secrets(one["secrets"])
        made.append(channel)
    return Channel.objects.bulk_create(made)


def told() -> dict[tuple[str, str, str], Told]:
    """What the database tells of every delivery, under what it was asked by."""
    found = {}
    for one in Delivery.objects.select_related("item", "channel"):
        mark = one.journal.get("commit")
        receipt = (one.receipt or {}).get("id", "")
        key = (one.channel.network, one.channel.remote_id, one.item.text)
        found[key] = Told(one.state, receipt, one.reason, mark is not None and "result" not in mark)
    return found
