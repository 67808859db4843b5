"""The media library's page."""

from tests import people
from tidings.media.models import Media
from tidings.workspaces.models import Member


def media(owner: Member, name: str, **fields: object) -> Media:
    return Media.objects.create(
        **{"workspace": owner.workspace, "name": name, "kind": "picture", "mime": "image/png", "size": 1234, **fields}
    )


def page(owner: Member, **query: str) -> str:
    return str(people.signed_in(owner).get(f"{people.home(owner)}/media", query).content.decode())


def test_everything_is_shown_and_what_lacks_a_description_is_counted() -> None:
    owner = people.owner()
    media(owner, "cat.png", alt="A cat")
    media(owner, "dog.png", thumbnail="t/1")

    shown = page(owner)

    assert "cat.png" in shown
    assert "/thumbnail" in shown
    assert "1 without a description" in shown


def test_search_looks_in_names_and_descriptions() -> None:
    owner = people.owner()
    media(owner, "a.png", alt="A red boat")
    media(owner, "boat.png")
    media(owner, "tree.png")

    shown = page(owner, q="boat")

    assert ("a.png" in shown, "boat.png" in shown, "tree.png" in shown) == (True, True, False)


def test_another_workspace_s_media_are_not_there() -> None:
    media(people.owner(), "theirs.png")

    shown = page(people.owner())

    assert "theirs.png" not in shown
    assert "No pictures or films yet" in shown


def test_a_reader_may_not_upload() -> None:
    owner = people.owner()

    assert "data-upload" in page(owner)
    assert "data-upload" not in page(people.member(owner, "client"))
