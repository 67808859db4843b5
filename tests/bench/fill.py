"""Fill a database with channels on the bench's network and with deliveries, by plain SQL: a million takes seconds."""

import json
import time
from datetime import datetime, timedelta

from django.db import connection

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.database import sql
from tidings.deliveries import wake
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.workspaces.models import User, Workspace

AT_ONCE = 100  # items that are copied by one statement
LIMITS = {"text": 500, "pictures": 4, "picture_bytes": 1, "film_bytes": 1, "choices": 4}
# Ids that grow, as the program's own do.
FRESH_ID = {
    "sqlite": "printf('%032x', {n})",
    "postgresql": "lpad(to_hex({n}), 32, '0')::uuid",
}

# Deliveries of these items to every channel but the first, like the first one's.
COPIES = """
INSERT INTO deliveries_delivery ({columns})
SELECT {values} FROM deliveries_delivery t CROSS JOIN channels_channel c
WHERE t.id IN ({marks}) AND c.id <> t.channel_id"""


def workspace() -> Workspace:
    """A workspace and its one person."""
    User.objects.create_user("operator@example.org", "a long password")
    return Workspace.objects.create(name="Bench", slug="bench")


def channels(where: Workspace, count: int, port: int) -> list[Channel]:
    """So many channels on the network at this port."""
    key, url = where.key(), f"http://127.0.0.1:{port}"
    server = {"url": url, "domain": "bench", "software": "mastodon", **LIMITS}
    made = [Channel(workspace=where, network="mastodon", remote_id=f"name{n}", handle=f"@name{n}", name="n",
                    server=server) for n in range(count)]
    for n, channel in enumerate(made):
        channel.sealed = key.seal(json.dumps({"access_token": f"token{n}"}), f"channel:{channel.id}:sealed")
    return Channel.objects.bulk_create(made)


def deliveries(where: Workspace, each: int, due: datetime, text: str = "Good morning") -> None:
    """So many deliveries for each channel, the first due at this instant, the others milliseconds later."""
    author, first = User.objects.get(), Channel.objects.first()
    posts = Post.objects.bulk_create([Post(workspace=where, author=author, stage="approved") for _ in range(each)])
    items = Item.objects.bulk_create([Item(post=post, position=0, text=f"{text} {n}") for n, post in enumerate(posts)])
    made = [_delivery(where, item, first, due + timedelta(milliseconds=n)) for n, item in enumerate(items)]
    Delivery.objects.bulk_create(made)
    for start in range(0, each, AT_ONCE):
        some = made[start:start + AT_ONCE]
        sql.run(_copies(some), *(one.id for one in some))
    wake.mend(clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _delivery(where: Workspace, item: Item, channel: Channel | None, at: datetime) -> Delivery:
    return Delivery(workspace=where, post=item.post, item=item, channel=channel, due_at=at, again_at=at)


def _copies(some: list[Delivery]) -> str:
    columns = [field.column for field in Delivery._meta.concrete_fields]
    fresh = FRESH_ID[connection.vendor].format(n=f"({time.time_ns()} + ROW_NUMBER() OVER ())")
    own = {"id": fresh, "channel_id": "c.id"}
    return COPIES.format(columns=", ".join(columns), values=", ".join(own.get(name, f"t.{name}") for name in columns),
                         marks=sql.marks(some))
