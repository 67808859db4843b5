"""A post's history over HTTP: who changed what, compared word by word, and brought back."""

from datetime import timedelta

import pytest

from tests import people
from tidings.core import clock
from tidings.posts.compose import Draft, ItemDraft, VariantDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=11)


def twice(owner: Member) -> Post:
    """A post that said something else before, on one channel too."""
    channel = people.channel(owner, handle="@ana")
    before = Draft((channel.id,), (ItemDraft("The harbour is quiet <b>"),), tags=("News",))
    post = compose(owner, before)
    there = VariantDraft(channel.id, "Quiet!", options={"visibility": "unlisted"})
    with clock.shifted(LATER):
        said = (ItemDraft("The harbour is loud <b>", variants=(there,)),)
        return compose(owner, Draft((channel.id,), said, tags=("News", "Sale")), post)


def test_a_version_is_compared_word_by_word_and_restored() -> None:
    owner = people.owner(name="Ana")
    post, client = twice(owner), people.signed_in(owner)
    address = f"{people.home(owner)}/posts/{post.id}"

    shown = client.get(f"{address}/history?version=1").content.decode()

    assert "Ana" in shown
    words = ("quiet<span", "loud<span", "&lt;b&gt;", "Sale", "visibility: unlisted", "@ana")
    assert [word for word in words if word not in shown] == []
    client.post(f"{address}/versions/1/restore")
    post.refresh_from_db()
    assert post.items.get().text == "The harbour is quiet <b>"
    assert [tag.name for tag in post.tags.all()] == ["News"]
    assert not post.items.get().variants.exists()
    client.post(f"{address}/versions/2/restore")
    assert post.items.get().text == "The harbour is loud <b>"
    assert [v.text for v in post.items.get().variants.all()] == ["Quiet!"]


def test_who_wrote_it_and_left_is_somebody() -> None:
    owner = people.owner()
    gone = people.member(owner, "editor")
    post = compose(gone, Draft(items=(ItemDraft("mine"),)))
    gone.user.delete()
    shown = people.signed_in(owner).get(f"{people.home(owner)}/posts/{post.id}/history").content.decode()
    assert "Somebody who left" in shown


def test_the_api_tells_the_same() -> None:
    owner = people.owner(name="Ana")
    post, client = twice(owner), people.signed_in(owner)
    address = f"{people.api(owner)}/posts/{post.id}"

    listed = client.get(f"{address}/versions").json()
    assert [(one["revision"], one["by"], one["current"]) for one in listed] == [(2, "Ana", True), (1, "Ana", False)]
    assert listed[0]["changed"] == ["Text", "Options", "Tags"]
    (text, *_more) = client.get(f"{address}/versions/1").json()
    pieces = [(piece["kind"], piece["text"]) for piece in text["pieces"]]
    assert pieces == [("same", "The harbour is "), ("gone", "quiet"), ("new", "loud"), ("same", " <b>")]
    mine = {"channels": [], "items": [{"text": "The harbour is loud <b>!"}]}
    kinds = [one["kind"] for one in client.post(f"{address}/compare", mine, "application/json").json()]
    assert kinds == ["text", "text", "options", "channels"]
    assert client.post(f"{address}/versions/9/restore", {}, "application/json").status_code == 404


def test_a_duplicate_says_the_same_and_is_a_draft() -> None:
    owner = people.owner()
    post, client = twice(owner), people.signed_in(owner)
    answer = client.post(f"{people.home(owner)}/posts/{post.id}/duplicate")
    made = Post.objects.exclude(pk=post.pk).get()
    assert answer["Location"].endswith(f"/posts/{made.id}/edit")
    assert (made.stage, made.wish_at, made.deliveries.count(), made.copy_of) == ("draft", None, 0, None)
    assert [v.text for v in made.items.get().variants.all()] == ["Quiet!"]
    assert sorted(tag.name for tag in made.tags.all()) == ["News", "Sale"]
