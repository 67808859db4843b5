"""Fill a database with channels on the bench's network and with deliveries, by plain SQL: a million takes seconds."""

import json
from datetime import datetime, timedelta

from django.db import connection

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.database import sql
from tidings.deliveries import wake
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.workspaces.models import User, Workspace

LIMITS = {"text": 500, "pictures": 4, "picture_bytes": 1, "film_bytes": 1, "choices": 4}
FRESH_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}

# One delivery of an item to every channel but the first, like the first one's.
COPIES = """
INSERT INTO deliveries_delivery ({columns})
SELECT {values} FROM channels_channel c CROSS JOIN deliveries_delivery t WHERE t.id = %s AND c.id <> t.channel_id"""


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
    for n in range(each):
        post = Post.objects.create(workspace=where, author=author, stage="approved")
        item = Item.objects.create(post=post, position=0, text=f"{text} {n}")
        at = due + timedelta(milliseconds=n)
        made = Delivery.objects.create(workspace=where, post=post, item=item, channel=first, due_at=at, again_at=at)
        sql.run(_copies(), made.id)
    wake.mend(clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copies() -> str:
    columns = [field.column for field in Delivery._meta.concrete_fields]
    own = {"id": FRESH_ID[connection.vendor], "channel_id": "c.id"}
    return COPIES.format(columns=", ".join(columns), values=", ".join(own.get(name, f"t.{name}") for name in columns))
