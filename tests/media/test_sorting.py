"""Many pieces of the library at once, and finding some among many."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests import people
from tidings.media.models import Media
from tidings.posts.models import Item, Post, Snippet, Variant, Version
from tidings.workspaces.models import Member, Tag

pytestmark = pytest.mark.django_db


def piece(of: Member, name: str = "a.jpg", **fields: Any) -> Media:
    """A row alone: no test here asks for its bytes."""
    key = f"aa/aa/{uuid4()}.jpg"
    return Media.objects.create(
        workspace=of.workspace, name=name, key=key,
        **{"kind": "picture", "mime": "image/jpeg", "size": 10, "by": of.user, **fields},
    )


def post(of: Member, media: Media | None = None, **fields: Any) -> Post:
    made = Post.objects.create(workspace=of.workspace, author=of.user, **fields)
    Item.objects.create(post=made, position=0, text="Hello", media=[{"id": str(media.id), "alt": ""}] if media else [])
    return made


def bulk(client: Client, of: Member, **body: Any) -> Any:
    return client.post(f"{people.api(of)}/media/bulk", json.dumps(body), "application/json")


def names(client: Client, of: Member, **query: Any) -> list[str]:
    return [one["name"] for one in client.get(f"{people.api(of)}/media", query).json()["media"]]


def test_the_library_is_narrowed_by_everything_it_says_of_a_piece_and_put_in_order() -> None:
    owner = people.owner()
    other = people.member(owner, "editor")
    client = people.signed_in(owner)
    tag = Tag.objects.create(workspace=owner.workspace, name="Frühling")
    tagged = piece(owner, "b.jpg", size=30, alt="Tulips")
    tagged.tags.add(tag)
    used = piece(owner, "a.mp4", kind="film", size=20)
    post(owner, used)
    piece(other, "c.gif", kind="animation", size=10)
    assert names(client, owner, sort="name") == ["a.mp4", "b.jpg", "c.gif"]
    assert names(client, owner, sort="largest") == ["b.jpg", "a.mp4", "c.gif"]
    assert names(client, owner, tag=str(tag.id)) == ["b.jpg"]
    assert names(client, owner, q="frühl tul") == ["b.jpg"]
    assert names(client, owner, by=str(other.user.pk)) == ["c.gif"]
    assert names(client, owner, plain="true", sort="name") == ["a.mp4", "c.gif"]
    assert names(client, owner, unused="true", sort="name") == ["b.jpg", "c.gif"]
    page = client.get(f"{people.home(owner)}/media?alt=none&unused=yes&sort=name").content.decode()
    assert "c.gif" in page
    assert "b.jpg" not in page
    assert "1 of 3 described" in page


@pytest.mark.parametrize("query", ["?tag=x", "?by=;", "?folder=x", f"?folder={UUID(int=7)}"])
def test_what_cannot_be_looked_for_is_not_found(query: str) -> None:
    owner = people.owner()
    assert people.signed_in(owner).get(f"{people.home(owner)}/media{query}").status_code == 404


def test_many_are_tagged_and_untagged_and_nothing_of_another_workspace() -> None:
    owner, other = people.owner(), people.owner()
    client, ours, theirs = people.signed_in(owner), [piece(owner), piece(owner)], piece(other)
    ids = [str(one.id) for one in (*ours, theirs)]
    assert bulk(client, owner, ids=ids, do="tag", tag="Summer").json()["done"] == 2
    assert bulk(client, owner, ids=ids, do="tag", tag="summer").json()["done"] == 2
    assert [one.tags.count() for one in (*ours, theirs)] == [1, 1, 0]
    assert bulk(client, owner, ids=ids[:1], do="untag", tag="SUMMER").json()["done"] == 1
    assert [one.tags.count() for one in ours] == [0, 1]
    assert bulk(client, owner, ids=ids, do="delete").json()["done"] == 2
    assert list(Media.objects.all()) == [theirs]


def test_deleting_many_first_says_what_uses_them_and_then_leaves_those_that_are_used() -> None:
    owner = people.owner()
    client, at = people.signed_in(owner), f"{people.home(owner)}/media/bulk"
    used, free = piece(owner, "used.jpg"), piece(owner, "free.jpg")
    post(owner, used)
    wish = {"act": "delete", "media": [str(used.id), str(free.id)]}
    asked = client.post(at, wish).content.decode()
    assert "in 1 post" in asked
    assert Media.objects.count() == 2
    said = client.post(at, {**wish, "sure": "unused"}, follow=True).content.decode()
    assert "1 file is deleted. 1 stays, because a post uses it." in said
    assert list(Media.objects.all()) == [used]
    client.post(at, {"act": "delete", "media": [str(used.id)], "sure": "all"})
    assert not Media.objects.exists()


def test_after_an_act_people_are_back_where_they_were_and_nowhere_else() -> None:
    owner = people.owner()
    client, home = people.signed_in(owner), f"{people.home(owner)}/media"
    wish = {"act": "tag", "tag": "x", "media": [str(piece(owner).id)]}
    assert client.post(f"{home}/bulk", {**wish, "next": f"{home}?q=a&page=2"})["Location"] == f"{home}?q=a&page=2"
    assert client.post(f"{home}/bulk", {**wish, "next": "https://example.org/"})["Location"] == home


def test_a_piece_tells_the_posts_it_is_in_by_item_variant_version_and_template() -> None:
    owner = people.owner()
    client, media = people.signed_in(owner), piece(owner)
    by_item, by_variant, once = post(owner, media), post(owner), post(owner)
    Variant.objects.create(
        item=by_variant.items.get(), channel=people.channel(owner), media=[{"id": str(media.id), "alt": ""}]
    )
    draft = {"items": [{"text": "", "media": [{"id": str(media.id), "alt": ""}]}]}
    Version.objects.create(post=once, revision=1, by=owner.user, draft=draft)
    Version.objects.create(post=by_item, revision=1, by=owner.user, draft=draft)
    Snippet.objects.create(workspace=owner.workspace, kind="template", name="Every Friday", draft=draft)
    told = client.get(f"{people.api(owner)}/media/{media.id}").json()
    assert {one["post"] for one in told["uses"]} == {str(by_item.id), str(by_variant.id)}
    assert [one["post"] for one in told["remembered"]] == [str(once.id)]
    page = client.get(f"{people.home(owner)}/media/{media.id}").content.decode()
    assert all(f"/posts/{one.id}" in page for one in (by_item, by_variant, once))
    assert "Every Friday" in page


def test_a_piece_says_what_each_network_gets_of_it() -> None:
    owner = people.owner()
    people.channel(owner, name="Large server")
    small = people.channel(owner, name="Small server")
    small.server = {**small.server, "picture_bytes": 1000}
    small.save(update_fields=("server",))
    media = piece(owner, size=5000, width=100, height=100)
    gets = people.signed_in(owner).get(f"{people.api(owner)}/media/{media.id}").json()["gets"]
    assert {(one["verdict"], one["size"]) for one in gets} == {("as it is", 0), ("will be made", 1000)}
    film = piece(owner, kind="film", mime="video/mp4", size=10**9)
    assert {
        one["verdict"] for one in people.signed_in(owner).get(f"{people.api(owner)}/media/{film.id}").json()["gets"]
    } == {"not taken"}


def test_choosing_a_frame_without_ffmpeg_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = people.owner()
    monkeypatch.setenv("PATH", "")
    film = piece(owner, kind="film", mime="video/mp4", seconds=5)
    said = people.signed_in(owner).patch(
        f"{people.api(owner)}/media/{film.id}", json.dumps({"poster_at": 2}), "application/json"
    )
    assert said.status_code == 422
    assert "ffmpeg" in said.json()["detail"]
