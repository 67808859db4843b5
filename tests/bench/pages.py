"""(e) What the month costs in a workspace with ten thousand posts, three hundred of them in view: the page through
Django's test client, beside its own SQL fetched raw and a bare template with as many cards; and how large it is.
"""

import gzip
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.template import engines
from django.test import Client

from tests.bench import fill
from tidings.channels.models import Channel, Slot
from tidings.core import clock, zones
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.posts.models import Item, Post
from tidings.web.grid import grid
from tidings.workspaces.models import Member, Tag, User, Workspace

CHANNELS, TAGS, GROUPS, PICTURES = 12, 20, 4, 200
TIMES, WARM = 40, 5
DAY = timedelta(days=1)
WORDS = (
    "Fresh sourdough at seven, and the rye with walnuts that many of you asked for is back this week.",
    "Wir haben am Sonntag geöffnet: kommt vorbei, es gibt Zimtschnecken und Kaffee für alle. 🥐",
    "كل صباح خبز طازج، وابتداء من الغد نفتح قبل الموعد بنصف ساعة",
    "Thread: how we went from one oven to three without a loan, and what we would do differently.",
)
UNHAPPY = ("failed", "held", "unsure")  # one post in a hundred each
BARE = """{% for card in cards %}<li data-post="{{ card.0 }}"><a href="/w/bench/posts/{{ card.0 }}">
<time>{{ card.1 }}</time><span>{{ card.2 }}</span></a></li>{% endfor %}"""


def measure(posts: int, shown: int, port: int) -> dict[str, Any]:
    """Milliseconds of the page, of its SQL and of a bare template; bytes raw and compressed; queries."""
    member = _furnished(port)
    _written(member, posts, shown)
    client = Client()
    client.force_login(member.user)
    asked: list[tuple[str, Any]] = []
    with connection.execute_wrapper(_noting(asked)):
        page = _page(client)
    cards = page.count(b"data-post=")
    took = _often(lambda: _page(client))
    with connection.cursor() as cursor:
        raw = _often(lambda: [_fetched(cursor, *one) for one in asked])
    rows = [(str(n), "09:00", WORDS[n % len(WORDS)]) for n in range(cards)]
    template = engines["django"].from_string(BARE)
    bare = _often(lambda: template.render({"cards": rows}))
    return {
        "page_ms": took, "sql_ms": raw, "bare_ms": bare, "kb": len(page) / 1000,
        "packed_kb": len(gzip.compress(page, 6)) / 1000, "queries": len(asked), "cards": cards,
        "database": connection.vendor,
    }  # fmt: skip


def _page(client: Client) -> bytes:
    answer = client.get("/w/bench/calendar?view=month")
    assert answer.status_code == 200
    return bytes(answer.content)


def _often(act: Callable[[], object]) -> float:
    """The median in milliseconds, warm."""
    took = []
    for _ in range(WARM + TIMES):
        started = time.perf_counter()
        act()
        took.append((time.perf_counter() - started) * 1000)
    return median(took[WARM:])


def _noting(into: list[tuple[str, Any]]) -> Callable[..., Any]:
    def run(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            into.append((sql, params))
        return execute(sql, params, many, context)

    return run


def _fetched(cursor: Any, sql: str, params: Any) -> list[Any]:
    cursor.execute(sql, params)
    return list(cursor.fetchall())


def _furnished(port: int) -> Member:
    """A workspace with channels in groups that have slots, tags and pictures."""
    where = fill.workspace()
    user = User.objects.get()
    made = fill.channels(where, CHANNELS, port)
    for n, channel in enumerate(made):
        channel.group = f"Client {n % GROUPS}"
    Channel.objects.bulk_update(made, ["group"])
    slots = [Slot(channel=channel, weekday=day, at=f"{hour:02}:00") for channel in made for day in range(7)
             for hour in (9, 13, 18)]  # fmt: skip
    Slot.objects.bulk_create(slots)
    Tag.objects.bulk_create(Tag(workspace=where, name=f"tag {n}", colour=Tag.COLOURS[n % 9]) for n in range(TAGS))
    Media.objects.bulk_create(
        Media(workspace=where, by=user, name=f"{n}.jpg", kind="picture", mime="image/jpeg", size=1, key=f"k{n}",
              thumbnail=f"t{n}") for n in range(PICTURES)
    )  # fmt: skip
    return Member.objects.create(workspace=where, user=user, role="owner")


def _written(member: Member, posts: int, shown: int) -> None:
    """So many posts, each for one to three channels, some in parts, with pictures and tags; so many in view."""
    where = member.workspace
    times = _times(posts, shown)
    made = [Post(workspace=where, author=member.user, stage="draft" if n % 8 == 0 else "approved", wish_at=next(times))
            for n in range(posts)]  # fmt: skip
    Post.objects.bulk_create(made)
    pictures = [str(id) for id in Media.objects.values_list("id", flat=True)]
    items = [item for n, post in enumerate(made) for item in _items(post, n, pictures)]
    Item.objects.bulk_create(items)
    channels, tags = list(Channel.objects.all()), list(Tag.objects.all())
    chosen = {post.pk: [channels[(n + k) % CHANNELS] for k in range(1 + n % 3)] for n, post in enumerate(made)}
    Post.channels.through.objects.bulk_create(
        Post.channels.through(post=post, channel=one) for post in made for one in chosen[post.pk]
    )
    Post.tags.through.objects.bulk_create(
        Post.tags.through(post=post, tag=tags[n % TAGS]) for n, post in enumerate(made) if n % 2
    )
    states = {post.pk: _state(n, post) for n, post in enumerate(made)}
    Delivery.objects.bulk_create(
        _delivery(where, item, channel, states[item.post.pk]) for item in items
        if item.post.stage == "approved" for channel in chosen[item.post.pk]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _state(n: int, post: Post) -> str:
    if n % 100 < len(UNHAPPY):
        return UNHAPPY[n % 100]
    return "delivered" if post.wish_at and post.wish_at < clock.now() else "waiting"


def _items(post: Post, n: int, pictures: list[str]) -> Iterator[Item]:
    media = [{"id": pictures[n % len(pictures)], "alt": "A loaf"}] if n % 3 == 0 else []
    for position in range(3 if n % 10 == 0 else 1):
        text = f"{WORDS[(n + position) % len(WORDS)]} {n}"
        yield Item(post=post, position=position, text=text, media=media if position == 0 else [])


def _delivery(where: Workspace, item: Item, channel: Channel, state: str) -> Delivery:
    at = item.post.wish_at or clock.now()
    return Delivery(workspace=where, post=item.post, item=item, channel=channel, due_at=at, again_at=at, state=state)


def _times(posts: int, shown: int) -> Iterator[datetime]:
    """`shown` over the days of this month's grid, the rest before and after."""
    days = grid("month", "", clock.now().date(), 0)
    begins = zones.day_begins(days.first, zones.UTC_ZONE)
    count = (days.last - days.first).days + 1
    for n in range(posts):
        hour = timedelta(hours=6 + n % 14, minutes=n % 60)
        if n < shown:
            yield begins + DAY * (n % count) + hour
        else:
            yield begins + (DAY * (count + n % 60) if n % 9 == 0 else -DAY * (1 + n % 900)) + hour
