"""A post's page: where each delivery stands, and the next step for every end."""

from typing import Any

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Attempt, Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member


def sent(owner: Member, text: str = "hello world", **fields: Any) -> Delivery:
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft(text),)))
    (delivery,) = schedule(owner, post, clock.now())
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
    delivery.refresh_from_db()
    return delivery


def page(owner: Member, delivery: Delivery) -> str:
    answer = people.signed_in(owner).get(f"{people.home(owner)}/posts/{delivery.post_id}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def act(owner: Member, delivery: Delivery, verb: str, **form: str) -> str:
    """Press a delivery's button; what the person sees afterwards."""
    answer = people.signed_in(owner).post(f"{people.home(owner)}/deliveries/{delivery.id}/{verb}", form, follow=True)
    return str(answer.content.decode())


def test_a_published_post_shows_where_it_is_out() -> None:
    owner = people.owner()
    receipt = {"id": "1", "url": "http://mastodon.invalid/@ana/1", "extra": {}}
    delivery = sent(owner, state="delivered", receipt=receipt, delivered_at=clock.now())

    shown = page(owner, delivery)

    assert "hello world" in shown
    assert 'href="http://mastodon.invalid/@ana/1"' in shown
    assert 'data-face="published"' in shown
    assert "hx-get" not in shown


def test_what_the_network_left_to_be_done_or_to_be_known_stands_beside_it() -> None:
    owner = people.owner()
    receipt = {"id": "1", "url": "", "extra": {}, "note": "Waiting for you in the app <b>"}
    shown = page(owner, sent(owner, state="delivered", receipt=receipt, delivered_at=clock.now()))
    assert "Waiting for you in the app &lt;b&gt;" in shown
    assert "Nobody has noted its address" not in shown


def test_every_attempt_is_told_with_its_reason() -> None:
    owner = people.owner()
    delivery = sent(owner, state="failed", reason="The text is too long.")
    for reason in ("The network had a fault.", "The text is too long."):
        Attempt.objects.create(
            delivery=delivery, started_at=clock.now(), ended_at=clock.now(), outcome="waiting", reason=reason
        )

    shown = page(owner, delivery)

    assert "2 attempts" in shown
    assert "To be tried again: The network had a fault." in shown


@pytest.mark.parametrize("state", ["sending", "settling", "waiting"])
def test_the_page_refreshes_itself_while_something_is_under_way(state: str) -> None:
    owner = people.owner()
    delivery = sent(owner, state=state)

    shown = page(owner, delivery)
    part = people.signed_in(owner).get(f"{people.home(owner)}/posts/{delivery.post_id}/progress")

    assert f'hx-get="{people.home(owner)}/posts/{delivery.post_id}/progress" hx-trigger="every 10s"' in shown
    assert part.content.decode().startswith('<div id="progress"')


def test_a_delivery_of_a_paused_channel_says_why_it_waits_and_how_to_go_on() -> None:
    owner = people.owner()
    delivery = sent(owner)
    delivery.channel.paused = "The access has ended."
    delivery.channel.save()

    shown = page(owner, delivery)

    assert "The access has ended." in shown
    assert f"{people.home(owner)}/channels/connect/mastodon" in shown
    assert "hx-get" not in shown


def test_a_failed_one_is_sent_again_by_its_button() -> None:
    owner = people.owner()
    delivery = sent(owner, state="failed", reason="no")

    assert "/retry" in page(owner, delivery)
    assert "It is sent again now." in act(owner, delivery, "retry")
    assert Delivery.objects.get().state == "waiting"


def test_a_person_says_that_an_unsure_one_is_out() -> None:
    owner = people.owner()
    delivery = sent(owner, state="unsure")
    url = "http://mastodon.invalid/@ana/115"

    assert "did this appear?" in page(owner, delivery)
    assert "Noted: it is out." in act(owner, delivery, "resolve", out="yes", url=url)
    assert Delivery.objects.get().receipt["url"] == url


def test_a_strange_address_is_refused_in_a_sentence() -> None:
    owner = people.owner()
    delivery = sent(owner, state="unsure")

    shown = act(owner, delivery, "resolve", out="yes", url="https://elsewhere.invalid/1")

    assert "This is not the address of a post on mastodon.invalid." in shown
    assert Delivery.objects.get().state == "unsure"


def test_a_person_has_an_unsure_one_sent_again() -> None:
    owner = people.owner()
    delivery = sent(owner, state="unsure")

    act(owner, delivery, "resolve", out="no")

    assert Delivery.objects.get().state == "waiting"


def test_what_is_out_already_is_not_cancelled_and_the_person_is_told() -> None:
    owner = people.owner()
    delivery = sent(owner, state="delivered")

    assert "cannot be cancelled" in act(owner, delivery, "cancel")
    assert Delivery.objects.get().state == "delivered"


def test_the_schedule_is_cancelled_and_the_draft_stays() -> None:
    owner = people.owner()
    delivery = sent(owner)
    url = f"{people.home(owner)}/posts/{delivery.post_id}"

    answer = people.signed_in(owner).post(f"{url}/cancel", follow=True)

    assert "The post is a draft again." in answer.content.decode()
    assert Post.objects.get().stage == "draft"


def test_a_draft_that_would_be_refused_is_not_published_and_the_problem_is_told() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("x" * 600),)))

    answer = people.signed_in(owner).post(f"{people.home(owner)}/posts/{post.id}/publish", follow=True)

    assert "100 characters too long" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_draft_is_deleted_from_its_page() -> None:
    owner = people.owner()
    post = compose(owner, Draft(items=(ItemDraft("hello"),)))

    answer = people.signed_in(owner).post(f"{people.home(owner)}/posts/{post.id}/delete", follow=True)

    assert "The post is deleted." in answer.content.decode()
    assert not Post.objects.exists()


def test_a_reader_sees_no_button_that_would_be_refused() -> None:
    owner = people.owner()
    delivery = sent(owner, state="failed", reason="no")

    shown = page(people.member(owner, "client"), delivery)

    assert "hello world" in shown
    assert "/retry" not in shown
    assert "/edit" not in shown


def test_an_author_s_markup_stays_text() -> None:
    owner = people.owner()
    delivery = sent(owner, text="<script>alert(1)</script>")

    assert "<script>alert" not in page(owner, delivery)
