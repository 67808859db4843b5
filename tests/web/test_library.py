"""The media library's pages."""

from io import BytesIO

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests import people
from tidings.media.models import Media
from tidings.posts.compose import Draft, ItemDraft, MediaUse, compose
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
    assert "1 of 2 described" in shown


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


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def test_a_picture_from_a_plain_form_is_in_the_library_and_what_is_none_is_refused_by_name() -> None:
    owner = people.owner()
    files = [SimpleUploadedFile("boat.png", picture()), SimpleUploadedFile("notes.png", b"no picture")]

    answer = people.signed_in(owner).post(f"{people.home(owner)}/media/upload", {"file": files}, follow=True)

    shown = answer.content.decode()
    assert "1 file is in the library." in shown
    assert "notes.png: " in shown
    assert [(m.name, m.width, m.height) for m in Media.objects.all()] == [("boat.png", 40, 30)]


def test_a_description_is_kept_and_its_posts_are_named() -> None:
    owner = people.owner()
    cat = media(owner, "cat.png")
    compose(owner, Draft(items=(ItemDraft("Look, a cat", (MediaUse(cat.id),)),)))
    client, url = people.signed_in(owner), f"{people.home(owner)}/media/{cat.id}"

    answer = client.post(url, {"name": "cat.png", "alt": "A cat asleep"}, follow=True)

    assert "A cat asleep" in answer.content.decode()
    assert "Look, a cat" in answer.content.decode()
    cat.refresh_from_db()
    assert cat.alt == "A cat asleep"


def test_a_reader_changes_no_description() -> None:
    owner = people.owner()
    cat = media(owner, "cat.png")

    answer = people.signed_in(people.member(owner, "client")).post(
        f"{people.home(owner)}/media/{cat.id}", {"name": "x"}
    )

    assert answer.status_code == 403
    assert Media.objects.get().name == "cat.png"


def test_only_what_no_post_uses_is_deleted() -> None:
    owner = people.owner()
    used, free = media(owner, "used.png"), media(owner, "free.png")
    compose(owner, Draft(items=(ItemDraft("x", (MediaUse(used.id),)),)))
    client = people.signed_in(owner)
    for piece in (used, free):
        client.post(f"{people.home(owner)}/media/{piece.id}/delete")

    assert [m.name for m in Media.objects.all()] == ["used.png"]


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", "{home}/media/upload", "{home}/compose"])
def test_a_file_that_nobody_asked_for_is_not_written_to_disk(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form is read before it is known whether it may be sent: by strangers, and to every page."""
    written: list[object] = []
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", lambda *told: written.append(told))
    owner = people.owner()
    stranger = Client(enforce_csrf_checks=True)
    callers = [stranger] if "upload" in page else [stranger, people.signed_in(owner)]
    for client in callers:
        answer = client.post(page.format(home=people.home(owner)), {"file": SimpleUploadedFile("film.mp4", b"x" * 9)})
        assert answer.status_code < 500
    assert written == []
