"""Needs attention: everything that waits for a person, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.web.test_post import sent
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries import nodes
from tidings.deliveries.models import Delivery
from tidings.deliveries.tally import Counts
from tidings.web.attention import waiting_for
from tidings.workspaces.models import Member


def page(owner: Member) -> str:
    return str(people.signed_in(owner).get(f"{people.home(owner)}/attention").content.decode())


@pytest.mark.parametrize("state", ["failed", "unsure", "held"])
def test_what_waits_for_a_person_is_listed_with_its_reason_and_a_button(state: str) -> None:
    owner = people.owner()
    delivery = sent(owner, text="words of mine", state=state, reason="because of this")

    shown = page(owner)

    assert "words of mine" in shown
    assert "because of this" in shown
    assert f"/deliveries/{delivery.id}/{'resolve' if state == 'unsure' else 'retry'}" in shown


def test_one_click_decides_and_leads_back_to_the_list() -> None:
    owner = people.owner()
    delivery = sent(owner, state="failed", reason="no")

    answer = people.signed_in(owner).post(
        f"{people.home(owner)}/deliveries/{delivery.id}/retry", {"from": "attention"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == f"{people.home(owner)}/attention"
    assert "Nothing waits for you" in answer.content.decode()


def test_a_paused_channel_is_listed_with_its_reason() -> None:
    owner = people.owner()
    people.channel(owner, paused="The token was revoked.")

    assert "The token was revoked." in page(owner)


def test_a_channel_whose_access_ends_soon_is_listed_while_there_is_time() -> None:
    owner = people.owner()
    people.channel(owner, token_ends_at=clock.now() + timedelta(days=3))
    people.channel(owner, token_ends_at=clock.now() + timedelta(days=30))

    assert page(owner).count("Access ends soon") == 1


def test_a_channel_that_was_disconnected_on_purpose_is_mentioned_only_while_posts_wait_for_it() -> None:
    owner = people.owner()
    waiting, out = sent(owner), sent(owner, state="delivered")
    for delivery in (waiting, out):
        disconnect(owner, delivery.channel)

    shown = page(owner).partition("<main")[2]

    assert waiting.channel.handle in shown
    assert out.channel.handle not in shown


def test_when_all_is_well_the_page_says_so() -> None:
    owner = people.owner()
    sent(owner, state="delivered")

    assert "Nothing waits for you" in page(owner)


def test_the_side_bar_counts_channels_that_lost_their_access_too() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    client = people.signed_in(owner)
    assert client.get(f"{people.home(owner)}/channels").context["attention_count"] == 0
    Channel.objects.filter(pk=channel.pk).update(paused="The network no longer accepts our access.")
    assert client.get(f"{people.home(owner)}/channels").context["attention_count"] == 1


def overdue(owner: Member, **fields: Any) -> Delivery:
    long_ago = clock.now() - timedelta(hours=1)
    return sent(owner, text="late words", due_at=long_ago, again_at=long_ago, **fields)


def test_what_should_be_out_by_now_is_listed_with_what_it_waits_for() -> None:
    owner = people.owner()
    nodes.beat("here:1", Counts())
    overdue(owner, state="settling")

    shown = page(owner)

    assert "late words" in shown
    assert 'data-state="overdue"' in shown
    assert "The network is still working on it." in shown


def test_without_a_worker_the_page_says_so_of_what_waits() -> None:
    owner = people.owner()
    delivery = overdue(owner)

    shown = page(owner)

    assert "No worker is running." in shown
    assert f"/deliveries/{delivery.id}/cancel" in shown


def test_what_is_gone_over_there_is_told_once() -> None:
    owner = people.owner()
    receipt = {"id": "1", "url": "http://mastodon.invalid/@ana/1", "extra": {}}
    seen, now = clock.now() - timedelta(days=1), clock.now()
    gone = {"delivered_at": seen, "seen_at": seen, "gone_at": now, "look_at": None}
    delivery = sent(owner, state="delivered", receipt=receipt, **gone)
    client = people.signed_in(owner)
    assert client.get(f"{people.home(owner)}/channels").context["attention_count"] == 1
    assert "It is no longer there. It was seen last on" in page(owner)

    client.post(f"{people.home(owner)}/deliveries/{delivery.id}/know", {"from": "attention"})

    assert "Nothing waits for you" in page(owner)
    post = client.get(f"{people.home(owner)}/posts/{delivery.post_id}").content.decode()
    assert "It is no longer there. It was seen last on" in post
    assert "/know" not in post
    told = client.get(f"{people.api(owner)}/deliveries/{delivery.id}").json()
    assert (told["state"], told["gone_at"] is not None, told["seen_at"] is not None) == ("delivered", True, True)


def test_what_was_missed_once_is_not_called_gone() -> None:
    owner = people.owner()
    now = clock.now()
    delivery = sent(owner, state="delivered", delivered_at=now, gone_at=now, look_at=now + timedelta(minutes=5))
    client = people.signed_in(owner)

    assert "Nothing waits for you" in page(owner)
    assert client.get(f"{people.api(owner)}/deliveries/{delivery.id}").json()["gone_at"] is None
    client.post(f"{people.home(owner)}/deliveries/{delivery.id}/know")
    delivery.refresh_from_db()
    assert not delivery.gone_known


def test_another_workspace_sees_nothing_of_it() -> None:
    owner, other = people.owner(), people.owner()
    overdue(owner)
    sent(owner, text="gone words", state="delivered", delivered_at=clock.now(), gone_at=clock.now(), look_at=None)

    assert "Nothing waits for you" in page(other)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by what the table holds")
def test_counting_what_waits_does_not_look_through_all_that_is_out() -> None:
    owner = people.owner()
    with CaptureQueriesContext(connection) as asked:
        waiting_for(owner)

    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            assert not [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN deliveries_delivery")]
