"""Versions: what is kept of what a post said before, and that it comes back."""

from datetime import timedelta

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.schedule import schedule
from tidings.posts import versions
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post, Version
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=11)


def write(member: Member, text: str, post: Post | None = None, **more: object) -> Post:
    channels = tuple(post.channels.values_list("id", flat=True)) if post else ()
    return compose(member, Draft(channels, (ItemDraft(text),), **more), post)  # type: ignore[arg-type]


def said(post: Post) -> list[tuple[int, str]]:
    return [(version.revision, version.draft["items"][0]["text"]) for version in post.versions.all()]


def test_what_an_author_types_in_ten_minutes_is_one_version() -> None:
    owner = people.owner()
    post = write(owner, "H")
    write(owner, "Hello", post)
    with clock.shifted(LATER):
        write(owner, "Hello world", post)
        write(owner, "Hello world!", post)
    assert said(post) == [(4, "Hello world!"), (2, "Hello")]


def test_somebody_elses_words_do_not_replace_mine() -> None:
    owner = people.owner()
    post = write(owner, "mine")
    write(people.member(owner, "editor"), "theirs", post)
    write(owner, "mine again", post)
    assert [text for _revision, text in said(post)] == ["mine again", "theirs", "mine"]


def test_what_was_scheduled_stays_to_be_seen() -> None:
    owner = people.owner()
    post = compose(owner, Draft((people.channel(owner).id,), (ItemDraft("as scheduled"),)))
    schedule(owner, post, clock.now() + timedelta(hours=1))
    write(owner, "changed since", post)
    write(owner, "changed since, twice", post)
    assert [text for _revision, text in said(post)] == ["changed since, twice", "as scheduled"]


def test_another_time_alone_is_no_other_version() -> None:
    owner = people.owner()
    post = write(owner, "same")
    with clock.shifted(LATER):
        write(owner, "same", post, wish_at=clock.now() + timedelta(days=1))
    assert said(post) == [(1, "same")]


def test_a_post_of_before_there_were_versions_keeps_what_it_said() -> None:
    owner = people.owner()
    post = write(owner, "from long ago")
    Version.objects.all().delete()
    with clock.shifted(LATER):
        write(owner, "from today", post)
    assert said(post) == [(2, "from today"), (1, "from long ago")]


def test_the_oldest_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST", 3)
    owner = people.owner()
    other = people.member(owner, "editor")
    post = write(owner, "0")
    for n in range(1, 6):
        write(other if n % 2 else owner, str(n), post)
    assert [text for _revision, text in said(post)] == ["5", "4", "3"]


def test_tags_are_part_of_what_it_says() -> None:
    owner = people.owner()
    post = write(owner, "x", tags=("Sale",))
    write(people.member(owner, "editor"), "x", post, tags=("sale", "News"))
    assert [version.draft["tags"] for version in post.versions.all()] == [["News", "Sale"], ["Sale"]]
    write(owner, "y", post)
    assert sorted(tag.name for tag in post.tags.all()) == ["News", "Sale"]
