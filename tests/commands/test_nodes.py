"""Pages in one process, workers in others, one PostgreSQL between them: everything goes out once."""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.commands.test_serving import TIDINGS, Site, serving
from tests.conftest import Town
from tests.deliveries.conftest import connect
from tests.people import owner
from tidings.deliveries.models import Delivery, Node
from tidings.deliveries.schedule import publish_now
from tidings.posts.models import Item, Post
from tidings.settings import settings

POSTS = 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared(town: Town) -> dict[str, str]:
    """The settings with which other processes use this test's database, keys and networks."""
    if connection.vendor != "postgresql":
        pytest.skip("several processes share a PostgreSQL")
    own = connection.settings_dict
    return {
        "TIDINGS_HOME": str(settings().home),
        "TIDINGS_DATABASE": f"postgresql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}",
        "TIDINGS_PRIVATE_HOSTS": town.url.removeprefix("http://"),
    }


@contextmanager
def working(shared: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """`tidings work`, told to end when the block does."""
    process = subprocess.Popen([TIDINGS, "work"], env=os.environ | shared, stderr=subprocess.PIPE, text=True)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1]
        assert process.returncode == 0, said
        assert "Traceback" not in said
    finally:
        process.kill()
        process.wait()


def write(town: Town) -> list[Post]:
    """Posts of two parts for four channels each, all due now."""
    member = owner()
    channels = [connect(member, town, "mastodon", name) for name in ("ana", "ben", "cho", "demo")]
    posts = []
    for n in range(POSTS):
        post = Post.objects.create(workspace=member.workspace, author=member.user)
        for position in (0, 1):
            Item.objects.create(post=post, position=position, text=f"post {n} part {position}")
        post.channels.set(channels)
        publish_now(member, post)
        posts.append(post)
    return posts


def until(done: Callable[[], bool]) -> bool:
    end = time.monotonic() + 90
    while not done() and time.monotonic() < end:
        time.sleep(0.2)
    return done()


def ready(site: Site) -> tuple[int, dict[str, bool]]:
    status, _, said = site.get("/readyz")
    return status, json.loads(said)


def test_pages_and_two_nodes_on_one_database_publish_everything_once(shared: dict[str, str], town: Town) -> None:
    with serving("serve", settings().home, "--no-work", **shared) as site:
        assert ready(site) == (503, {"database": True, "worker": False})
        with working(shared), working(shared):
            assert until(lambda: Node.objects.count() == 2)
            assert ready(site) == (200, {"database": True, "worker": True})
            write(town)
            assert until(lambda: not Delivery.objects.exclude(state="delivered").exists())
        assert ready(site) == (503, {"database": True, "worker": False}), "they said that they left"
    out = Counter((made["account"], made["content"]) for made in town["mastodon"].posts.values())
    assert len(out) == POSTS * 2 * 4
    assert set(out.values()) == {1}
    counted = [node.counts["networks"].get("mastodon", {"tries": {}})["tries"] for node in Node.objects.all()]
    assert sum(tries.get("delivered", 0) for tries in counted) == POSTS * 2 * 4, "both together, to the last try"
