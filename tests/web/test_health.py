"""What machines are told: that the process lives, whether it is ready, and figures for those who know the token."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from prometheus_client.parser import text_string_to_metric_families

from tests import people
from tests.media.library import put
from tests.media.stack import Answer, browser, served
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import nodes, watch
from tidings.deliveries.models import IS_UNDER_WAY, WITHOUT_END, Delivery, Node
from tidings.deliveries.schedule import schedule
from tidings.deliveries.tally import Counts, Tally
from tidings.posts.models import Item, Post
from tidings.settings import settings as ours
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "figures for nobody else"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def port() -> Iterator[int]:
    with served() as at:
        yield at


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """The instance has a token for figures."""
    monkeypatch.setattr(ours(), "metrics_token", TOKEN)
    return TOKEN


def ask(port: int, path: str, **headers: str) -> Answer:
    return browser(port, None).ask("GET", path, **headers)


Labels = tuple[str, ...]


def figures(port: int) -> dict[str, dict[Labels, float]]:
    """What a scrape says: by name, then by the labels' values in the order of their names."""
    answer = ask(port, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200, answer.body
    said: dict[str, dict[Labels, float]] = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            values = tuple(value for _, value in sorted(sample.labels.items()))
            said.setdefault(sample.name, {})[values] = sample.value
    return said


def deliveries(owner: Member, channel: Channel, *states: str, ago: timedelta = timedelta(0)) -> list[Delivery]:
    """A delivery in each of these states, due so long ago."""
    made = []
    for state in states:
        post = Post.objects.create(workspace=owner.workspace, author=owner.user)
        Item.objects.create(post=post, position=0, text="Words of somebody")
        post.channels.set([channel])
        (delivery,) = schedule(owner, post, clock.now())
        due = clock.now() - ago
        Delivery.objects.filter(id=delivery.id).update(state=state, due_at=due, again_at=due)
        made.append(delivery)
    return made


def test_pages_are_ready_once_some_node_works(port: int) -> None:
    answer = ask(port, "/readyz")
    assert (answer.status, json.loads(answer.body)) == (503, {"database": True, "worker": False})
    nodes.beat("elsewhere:1", Counts())
    answer = ask(port, "/readyz")
    assert (answer.status, json.loads(answer.body)) == (200, {"database": True, "worker": True})


def test_pages_are_not_ready_when_the_last_node_fell_silent_or_left(port: int) -> None:
    nodes.beat("elsewhere:1", Counts())
    with clock.shifted(timedelta(seconds=29)):
        assert ask(port, "/readyz").status == 200
    with clock.shifted(timedelta(seconds=31)):
        assert ask(port, "/readyz").status == 503
    nodes.leave("elsewhere:1", Counts())
    assert ask(port, "/readyz").status == 503
    assert ask(port, "/healthz").status == 200, "the process itself lives"


def test_a_database_that_does_not_answer_is_said(port: int) -> None:
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE deliveries_node RENAME TO elsewhere")
    try:
        answer = ask(port, "/readyz")
    finally:
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE elsewhere RENAME TO deliveries_node")
    assert (answer.status, json.loads(answer.body)) == (503, {"database": False})


def test_a_node_that_was_silent_for_a_day_is_forgotten() -> None:
    nodes.beat("gone:1", Counts())
    with clock.shifted(timedelta(hours=23)):
        nodes.beat("here:1", Counts())
        assert Node.objects.count() == 2
    with clock.shifted(timedelta(hours=25)):
        nodes.beat("here:1", Counts())
        assert [node.name for node in Node.objects.all()] == ["here:1"]


def test_a_node_that_began_anew_under_its_old_name_says_so() -> None:
    nodes.beat("here:1", Counts())
    with clock.shifted(MINUTE):
        nodes.beat("here:1", Counts())
    (node,) = Node.objects.all()
    assert node.beat_at == pytest.approx(node.started_at, abs=timedelta(seconds=10))


def test_without_a_token_there_are_no_figures(port: int) -> None:
    assert ask(port, "/metrics").status == 404
    assert ask(port, "/metrics", Authorization="Bearer ").status == 404


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer \xe9"])
def test_figures_are_for_those_who_know_the_token(port: int, token: str, said: str) -> None:
    answer = ask(port, "/metrics", Authorization=said)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"tidings_" not in answer.body


def test_deliveries_are_counted_by_state_with_what_is_overdue_and_unsure(port: int, token: str) -> None:
    owner = people.owner()
    here, there = people.channel(owner), people.channel(owner)
    deliveries(owner, here, "waiting", "settling", "failed", "held", "delivered", "cancelled", ago=16 * MINUTE)
    deliveries(owner, there, "waiting", "sending", "unsure", ago=14 * MINUTE)
    said = figures(port)
    assert said["tidings_deliveries"] == {
        ("waiting",): 2, ("sending",): 1, ("settling",): 1, ("unsure",): 1, ("failed",): 1, ("held",): 1,
    }
    assert said["tidings_overdue"][()] == 2


def test_the_queue_is_as_old_as_what_could_go_out_now(port: int, token: str) -> None:
    owner = people.owner()
    live, paused = people.channel(owner), people.channel(owner, paused="Access was taken away.")
    assert figures(port)["tidings_queue_age_seconds"][()] == 0
    deliveries(owner, paused, "waiting", ago=60 * MINUTE)
    before, after = deliveries(owner, live, "failed", "waiting", ago=50 * MINUTE)
    Delivery.objects.filter(id=after.id).update(after=before)
    assert figures(port)["tidings_queue_age_seconds"][()] == 0, "a channel and a person are waited for"
    deliveries(owner, live, "waiting", ago=10 * MINUTE)
    assert figures(port)["tidings_queue_age_seconds"][()] == pytest.approx(600, abs=10)


def test_tries_of_every_node_are_told_by_network_and_outcome(port: int, token: str) -> None:
    tally = Tally()
    for state, lag, tries in (("waiting", 0.05, 1), ("delivered", 0.7, 2), ("delivered", 0.5, 1)):
        tally.tried("mastodon", state, lag, tries)
    tally.tried("x", "failed", 4000.0, 1)
    nodes.beat("here:1", tally.counts())
    said = figures(port)
    assert said["tidings_tries_total"] == {
        ("mastodon", "here:1", "waiting"): 1, ("mastodon", "here:1", "delivered"): 2, ("x", "here:1", "failed"): 1,
    }
    assert said["tidings_retries_total"] == {("mastodon", "here:1"): 1, ("x", "here:1"): 0}
    buckets = {labels[0]: value for labels, value in said["tidings_lag_seconds_bucket"].items() if "mastodon" in labels}
    assert (buckets["0.1"], buckets["0.5"], buckets["1.0"], buckets["3600.0"], buckets["+Inf"]) == (1, 2, 3, 3, 3)
    assert said["tidings_lag_seconds_count"][("mastodon", "here:1")] == 3
    assert said["tidings_lag_seconds_sum"][("mastodon", "here:1")] == pytest.approx(1.25)
    assert said["tidings_lag_seconds_bucket"][("+Inf", "x", "here:1")] == 1
    assert said["tidings_lag_seconds_bucket"][("3600.0", "x", "here:1")] == 0
    assert said["tidings_nodes"][()] == 1


def test_paused_channels_and_the_size_of_the_library_are_told(port: int, token: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("tidings.web.metrics.REMEMBERED", timedelta(0))
    owner = people.owner()
    people.channel(owner), people.channel(owner, paused="Access was taken away.")
    with clock.shifted(10 * MINUTE):  # what an earlier scrape remembered does not count any more
        media, data = put(owner)
        said = figures(port)
    assert said["tidings_channels_paused"] == {("mastodon",): 1}
    assert said["tidings_media_bytes"][()] == media.size == len(data)


def test_figures_tell_nothing_of_anybody(port: int, token: str) -> None:
    owner = people.owner(name="Somebody Else")
    channel = people.channel(owner)
    deliveries(owner, channel, "waiting", "unsure", ago=60 * MINUTE)
    body = ask(port, "/metrics", Authorization=f"Bearer {TOKEN}").body.decode()
    known = (owner.user.email, owner.user.name, owner.workspace.name, owner.workspace.slug, channel.handle, "Words")
    assert [word for word in known if word in body] == []
    assert str(owner.workspace.id) not in body


def test_what_waits_is_counted_no_further_than_a_bound(
    port: int, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.web.metrics.COUNTED", 2)
    monkeypatch.setattr("tidings.web.metrics.LOOKED_AT", 2)
    owner = people.owner()
    deliveries(owner, people.channel(owner), *["waiting"] * 5, ago=60 * MINUTE)
    said = figures(port)
    assert said["tidings_deliveries"][("waiting",)] == 2
    assert said["tidings_overdue"][()] == 2
    assert said["tidings_queue_age_seconds"][()] == pytest.approx(3600, abs=10)


def test_what_has_no_end_is_found_by_its_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are, and here are none")
    waiting = Delivery.objects.filter(WITHOUT_END, state="waiting").values("state")
    for found in (waiting, watch.overdue(clock.now())):
        assert "delivery_without_end" in found.explain()


def test_what_waits_for_a_channel_is_found_by_its_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are, and here are none")
    waiting = Delivery.objects.filter(IS_UNDER_WAY, channel=OuterRef("pk"))
    counted = Subquery(waiting.order_by().values("channel").annotate(n=Count("pk")).values("n"))
    assert "delivery_order" in Channel.objects.annotate(n=counted).explain()
