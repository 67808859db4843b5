"""From due to call: posts that are all due in one second, each on a channel of its own; how late the network is called.

Run as `python -m tests.bench.due POSTS PORT`, in a home of its own; prints one line of JSON.
"""

import json
import os
import resource
import sys
import time
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"

import django

django.setup()

import structlog  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tidings.channels.models import Channel  # noqa: E402
from tidings.core import clock  # noqa: E402
from tidings.core.http import Answer, Door, Request  # noqa: E402
from tidings.deliveries.models import Delivery  # noqa: E402
from tidings.deliveries.worker import Worker  # noqa: E402
from tidings.posts.models import Item, Post  # noqa: E402
from tidings.workspaces.models import User, Workspace  # noqa: E402

AHEAD = timedelta(seconds=3)
LIMITS = {"text": 500, "pictures": 4, "picture_bytes": 1, "film_bytes": 1, "choices": 4}


def ask(posts: int, port: int) -> float:
    """Schedule them all for one instant; gives it, in seconds since 1970."""
    user = User.objects.create_user("operator@example.org", "a long password")
    workspace = Workspace.objects.create(name="Bench", slug="bench")
    key, url = workspace.key(), f"http://127.0.0.1:{port}"
    server = {"url": url, "domain": "bench", "software": "mastodon", **LIMITS}
    made = [Channel(workspace=workspace, network="mastodon", remote_id=f"name{n}", handle=f"@name{n}", name="n",
                    server=server) for n in range(posts)]
    for n, channel in enumerate(made):
        channel.sealed = key.seal(json.dumps({"access_token": f"token{n}"}), f"channel:{channel.id}:sealed")
    Channel.objects.bulk_create(made)
    written = Post.objects.bulk_create([Post(workspace=workspace, author=user, stage="approved") for _ in made])
    items = Item.objects.bulk_create([Item(post=post, position=0, text="Good morning") for post in written])
    due = clock.now() + AHEAD
    rows = zip(written, items, made, strict=True)
    Delivery.objects.bulk_create([
        Delivery(workspace=workspace, post=p, item=i, channel=c, due_at=due, again_at=due) for p, i, c in rows
    ])
    return due.timestamp()


def measure(posts: int, port: int) -> dict[str, float]:
    """Drain them and look at the clock at each call; seconds, deliveries a second, and megabytes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    call_command("migrate", verbosity=0)
    due, calls = ask(posts, port), []
    door = Door(private=[f"127.0.0.1:{port}"])

    def noting(request: Request) -> Answer:
        calls.append(time.time())
        return door(request)

    worker = Worker(noting)
    worker.start()
    while Delivery.objects.exclude(state="delivered").exists():
        time.sleep(0.1)
    took = time.time() - due
    worker.stop()
    late = sorted(call - due for call in calls)
    return {
        "posts": len(late), "p50": late[len(late) // 2], "p99": late[int(len(late) * 0.99) - 1], "max": late[-1],
        "per_second": posts / took, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
