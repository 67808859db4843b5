"""What is asked of the workers: channels on the simulators, and posts due over the time of the run."""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Member, User, Workspace


def ask(accounts: Sequence[dict[str, Any]], posts: int, seconds: float, chance: random.Random) -> None:
    """Connect every account and schedule `posts` posts over the next `seconds`; some are threads."""
    user = User.objects.create_user("operator@example.org", "a long password")
    workspace = Workspace.objects.create(name="Crash", slug="crash")
    member = Member.objects.create(workspace=workspace, user=user, role="owner")
    channels = [_channel(workspace, account) for account in accounts]
    for n in range(posts):
        post = Post.objects.create(workspace=workspace, author=user)
        for part in range(chance.choice((1, 1, 1, 2, 3))):
            Item.objects.create(post=post, position=part, text=f"Post {n:04d} part {part}")
        post.channels.set(_one_per_network(channels, chance))
        schedule(member, post, clock.now() + timedelta(seconds=chance.uniform(0, seconds)))


def _one_per_network(channels: list[Channel], chance: random.Random) -> list[Channel]:
    """X wants no text twice, and what is out can then be told apart by network and text."""
    chosen = {channel.network: channel for channel in chance.sample(channels, len(channels))}
    return chance.sample(list(chosen.values()), chance.randint(1, len(chosen)))


def _channel(workspace: Workspace, account: dict[str, Any]) -> Channel:
    channel = Channel(
        workspace=workspace, network=account["network"], remote_id=account["id"], handle=account["handle"],
        name=account["handle"], server=account["server"],
    )
    channel.keep_secrets(account["secrets"])
    channel.save()
    return channel


def verdict(out: dict[str, list[str]]) -> dict[str, int]:
    """Lost: delivered but not out. Duplicated: out twice. Unexplained: out, but we say it is not. Out of order: a
    part before the one it hangs on, or a channel's posts not by their time."""
    counts = {"lost": 0, "duplicated": 0, "unexplained": 0, "out_of_order": 0}
    told: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in Delivery.objects.select_related("item", "channel"):
        told.setdefault((delivery.channel.network, delivery.item.text), []).append(delivery)
    for (network, text), deliveries in told.items():
        held = sum(text in post for post in out[network])
        delivered = sum(delivery.state == "delivered" for delivery in deliveries)
        doubtful = sum(delivery.state == "unsure" for delivery in deliveries)
        counts["lost"] += max(delivered - held, 0)
        counts["duplicated"] += max(held - len(deliveries), 0)
        counts["unexplained"] += max(held - delivered - doubtful, 0) if held <= len(deliveries) else 0
    counts["out_of_order"] = _out_of_order()
    return counts


def _out_of_order() -> int:
    """Pairs of one channel that went out against the order of their times (ones that were retried later aside)."""
    wrong = 0
    for channel in Channel.objects.all():
        done = list(Delivery.objects.filter(channel=channel, state="delivered").order_by("due_at", "id"))
        wrong += sum(b.delivered_at < a.delivered_at for a, b in pairwise(done))
    return wrong
