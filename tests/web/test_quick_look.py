"""Quick look: what a post says and how far it is, over the calendar."""

from datetime import timedelta

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member
from tidings.workspaces.tags import set_tags

pytestmark = pytest.mark.django_db


def planned(of: Member) -> Post:
    """A thread of two parts, tagged, with a note, scheduled on one channel."""
    channel = people.channel(of)
    parts = (ItemDraft("Fresh bread"), ItemDraft("and rolls"))
    post = compose(of, Draft((channel.pk,), parts, None, "Ask Jo first"))
    set_tags(post, ["Sale"])
    schedule(of, post, clock.now() + timedelta(days=1))
    return post


def seen(by: Member, post: Post) -> str:
    """What this member sees of it."""
    answer = people.signed_in(by).get(f"/w/{post.workspace.slug}/posts/{post.pk}/look")
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_it_says_every_part_the_state_the_tags_and_the_note() -> None:
    ann = people.owner()
    page = seen(ann, planned(ann))
    for words in ("Fresh bread", "and rolls", "Part 2 of 2", "Scheduled", "Sale", "Ask Jo first", "Times are in"):
        assert words in page
    assert 'data-movable="true"' in page


def test_what_failed_can_be_sent_again_and_what_is_out_has_its_address() -> None:
    ann = people.owner()
    post = planned(ann)
    first, second = post.deliveries.order_by("item__position")
    Delivery.objects.filter(pk=first.pk).update(state="delivered", receipt={"id": "1", "url": "https://m.invalid/1"})
    Delivery.objects.filter(pk=second.pk).update(state="failed", reason="Too long for that server.")
    page = seen(ann, post)
    assert 'data-act="retry"' in page
    assert "Too long for that server." in page
    assert 'href="https://m.invalid/1"' in page
    assert 'data-act="delete"' not in page


def test_a_client_looks_and_does_nothing_and_a_stranger_sees_nothing() -> None:
    ann = people.owner()
    post = planned(ann)
    page = seen(people.member(ann, "client"), post)
    assert "Fresh bread" in page
    assert not [act for act in ("Delete", "Move to…", "Duplicate", "Edit") if act in page]
    assert seen(people.owner(), post) == "404"
