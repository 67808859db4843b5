"""Composing: what is kept, what is refused, and what an edit does to deliveries."""

from datetime import timedelta

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.media.models import Media
from tidings.posts.compose import (
    Busy,
    Conflict,
    Draft,
    Invalid,
    ItemDraft,
    MediaUse,
    VariantDraft,
    compose,
    discard,
)
from tidings.posts.models import Post
from tidings.workspaces.models import Member
from tidings.workspaces.policy import Forbidden

pytestmark = pytest.mark.django_db


def said(text: str, *channels: object, **more: object) -> Draft:
    return Draft(tuple(c.id for c in channels), (ItemDraft(text),), **more)  # type: ignore[attr-defined, arg-type]


def scheduled(owner: Member, text: str, *channels: object) -> Post:
    post = compose(owner, said(text, *channels))
    schedule(owner, post, clock.now() + timedelta(hours=1))
    post.refresh_from_db()
    return post


def test_a_draft_is_kept_as_it_was_written() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    variant = VariantDraft(channel.id, "short", None, {"visibility": "unlisted"})
    draft = Draft((channel.id,), (ItemDraft("one", variants=(variant,)), ItemDraft("two", delay=60)), note="why")

    post = compose(owner, draft)

    first, second = post.items.all()
    assert (first.text, second.text, second.delay, post.note) == ("one", "two", 60, "why")
    assert [(v.text, v.options) for v in first.variants.all()] == [("short", {"visibility": "unlisted"})]
    assert list(post.channels.all()) == [channel]
    assert (post.stage, post.revision, post.author) == ("draft", 1, owner.user)


def test_text_is_kept_in_one_form() -> None:
    post = compose(people.owner(), said("Cafe\u0301\r\nline\rend\0 \ud800!"))

    assert post.items.get().text == "Café\nline\nend !"


def test_an_empty_draft_can_be_kept() -> None:
    post = compose(people.owner(), Draft(items=()))

    assert [item.text for item in post.items.all()] == [""]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(items=(ItemDraft("x" * 100_001),)), "items.0.text"),
        (Draft(items=(ItemDraft("x"),) * 51), "items"),
        (Draft(items=(ItemDraft("x", delay=-1),)), "items.0.delay"),
        (Draft(note="x" * 5_001), "note"),
        (Draft(wish_at=clock.now().replace(tzinfo=None)), "wish_at"),
    ],
)
def test_what_is_out_of_all_measure_is_refused_by_name(draft: Draft, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        compose(people.owner(), draft)

    assert list(refused.value.fields) == [field]
    assert not Post.objects.exists()


def test_another_workspace_s_channel_is_refused() -> None:
    stranger = people.channel(people.owner())

    with pytest.raises(Invalid, match="not in this workspace"):
        compose(people.owner(), said("hello", stranger))


def test_another_workspace_s_media_is_refused() -> None:
    theirs = Media.objects.create(
        workspace=people.owner().workspace, name="a", kind="picture", mime="image/png", size=1
    )

    with pytest.raises(Invalid, match="not in the library"):
        compose(people.owner(), Draft(items=(ItemDraft("x", (MediaUse(theirs.id),)),)))


def test_a_client_may_not_write() -> None:
    owner = people.owner()

    with pytest.raises(Forbidden):
        compose(people.member(owner, "client"), said("hello"))


def test_a_save_over_somebody_else_s_is_refused() -> None:
    owner = people.owner()
    post = compose(owner, said("one"))
    compose(owner, said("theirs"), post, revision=1)

    with pytest.raises(Conflict) as refused:
        compose(owner, said("mine"), post, revision=1)

    assert refused.value.revision == 2
    assert post.items.get().text == "theirs"


def test_an_edit_empties_the_journals_of_what_waits() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = scheduled(owner, "one", channel)
    post.deliveries.update(journal={"steps": {"media-0": {"result": "7", "ends": ""}}})

    compose(owner, said("two", channel), post)

    assert [d.journal for d in post.deliveries.all()] == [{}]


@pytest.mark.parametrize("state", ["sending", "settling"])
def test_an_edit_while_it_is_sent_is_refused(state: str) -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = scheduled(owner, "one", channel)
    post.deliveries.update(state=state)

    with pytest.raises(Busy):
        compose(owner, said("two", channel), post)
    with pytest.raises(Busy):
        discard(owner, post)

    assert post.items.get().text == "one"


def test_an_edit_with_a_commit_under_way_is_refused() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = scheduled(owner, "one", channel)
    post.deliveries.update(journal={"commit": {"tries": 1}})

    with pytest.raises(Busy):
        compose(owner, said("two", channel), post)


def test_what_is_out_can_no_longer_be_changed_but_its_thread_can_go_on() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = scheduled(owner, "one", channel)
    post.deliveries.update(state="delivered", receipt={"id": "1", "url": "", "extra": {}})

    with pytest.raises(Invalid, match="can no longer be changed"):
        compose(owner, said("other words", channel), post)
    with pytest.raises(Invalid, match="stays in the post"):
        compose(owner, said("one"), post)
    kept = compose(owner, Draft((channel.id,), (ItemDraft("one"), ItemDraft("and more"))), post)

    assert [item.text for item in kept.items.all()] == ["one", "and more"]


def test_a_post_of_which_something_is_out_is_not_deleted() -> None:
    owner = people.owner()
    post = scheduled(owner, "one", people.channel(owner))
    post.deliveries.update(state="delivered")

    with pytest.raises(Invalid, match="is out"):
        discard(owner, post)

    assert Post.objects.filter(pk=post.pk).exists()


def test_a_channel_that_is_taken_away_gets_nothing() -> None:
    owner = people.owner()
    one, other = people.channel(owner), people.channel(owner)
    post = scheduled(owner, "hello", one, other)

    compose(owner, said("hello", one), post)

    states = {d.channel_id: d.state for d in Delivery.objects.all()}
    assert states == {one.id: "waiting", other.id: "cancelled"}


def test_a_contributor_may_not_change_what_is_scheduled() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = scheduled(owner, "one", channel)

    with pytest.raises(Forbidden):
        compose(people.member(owner, "contributor"), said("two", channel), post)


def test_a_channel_that_is_unticked_keeps_its_words() -> None:
    owner = people.owner()
    channel = people.channel(owner)

    post = compose(owner, Draft((), (ItemDraft("long", variants=(VariantDraft(channel.id, "short"),)),)))

    assert post.items.get().variants.get().text == "short"
