"""Folders of the library: made, renamed, moved and deleted over HTTP, and nothing in them is ever lost."""

import json
from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.media.library import put
from tidings.media.models import Folder, Media
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


def told(client: Client, method: str, at: str, **body: Any) -> Any:
    return client.generic(method, at, json.dumps(body), "application/json")


def made(of: Member, name: str, parent: str | None = None) -> str:
    answer = told(people.signed_in(of), "POST", f"{people.api(of)}/folders", name=name, parent=parent)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_a_folder_is_made_renamed_and_moved_and_media_is_found_in_it() -> None:
    owner = people.owner()
    client, at = people.signed_in(owner), people.api(owner)
    summer, year = made(owner, " Sommer  2026 🌞 "), made(owner, "2026")
    media, _data = put(owner)
    assert told(client, "PATCH", f"{at}/media/{media.id}", folder=summer).json()["folder"] == summer
    changed = told(client, "PATCH", f"{at}/folders/{summer}", name="صيف", parent=year).json()
    assert (changed["name"], changed["parent"], changed["media"]) == ("صيف", year, 1)
    found = {where: client.get(f"{at}/media", query).json()["total"] for where, query in {
        "inside": {"folder": summer}, "above": {"folder": year}, "above, not deep": {"folder": year, "deep": "false"},
        "top": {"folder": "top"},
    }.items()}
    assert found == {"inside": 1, "above": 1, "above, not deep": 0, "top": 0}
    page = client.get(f"{people.home(owner)}/media?folder={summer}").content.decode()
    assert "corner.jpg" in page
    assert f"?folder={year}" in page


@pytest.mark.parametrize("name", ["SUMMER", "  summer ", "", " \t"])
def test_names_beside_one_another_differ_whatever_their_case(name: str) -> None:
    owner = people.owner()
    made(owner, "Summer")
    refused = told(people.signed_in(owner), "POST", f"{people.api(owner)}/folders", name=name)
    assert (refused.status_code, Folder.objects.count()) == (422, 1)


def test_letters_beyond_ascii_have_their_case_too() -> None:
    owner = people.owner()
    made(owner, "Übung")
    assert told(people.signed_in(owner), "POST", f"{people.api(owner)}/folders", name="übung").status_code == 422


def test_folders_go_three_deep_and_never_into_themselves() -> None:
    owner = people.owner()
    client, at = people.signed_in(owner), f"{people.api(owner)}/folders"
    one = made(owner, "1")
    two = made(owner, "2", one)
    three = made(owner, "3", two)
    assert told(client, "POST", at, name="4", parent=three).status_code == 422
    assert told(client, "PATCH", f"{at}/{one}", parent=three).status_code == 422
    beside = made(owner, "beside")
    assert told(client, "PATCH", f"{at}/{two}", parent=beside).status_code == 200
    assert told(client, "PATCH", f"{at}/{beside}", parent=one).status_code == 422
    assert told(client, "PATCH", f"{at}/{three}", parent=one).status_code == 200


def test_what_is_in_a_deleted_folder_goes_to_the_one_above_under_a_name_that_is_free() -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    above = made(owner, "Above")
    gone, _other = made(owner, "Gone", above), made(owner, "Same", above)
    inside = [made(owner, name, gone) for name in ("same", "Gone", "free")]
    put(owner)
    Media.objects.update(folder=gone)
    answer = client.post(f"{people.home(owner)}/media/folders/{gone}/delete", follow=True)
    assert "All 4 are in “Above” now." in answer.content.decode()
    assert str(Media.objects.get().folder_id) == above
    rows = Folder.objects.in_bulk(inside)
    assert sorted((one.name, str(one.parent_id)) for one in rows.values()) == [
        ("Gone", above), ("free", above), ("same (2)", above),
    ]


def test_an_upload_lands_in_the_folder_it_was_begun_in_and_at_the_top_when_that_is_gone() -> None:
    owner = people.owner()
    other = people.owner()
    client, at = people.signed_in(owner), f"{people.home(owner)}/media"
    mine, theirs = made(owner, "Mine"), made(other, "Theirs")
    with open(__file__, "rb") as no_picture:
        assert client.post(f"{at}/upload", {"folder": theirs, "file": no_picture}).status_code == 404
    assert client.post(f"{at}/folders", {"name": "x", "folder": theirs}).status_code == 404
    assert told(client, "POST", f"{people.api(owner)}/folders", name="x", parent=theirs).status_code == 404
    media, _data = put(owner)
    assert told(client, "PATCH", f"{people.api(owner)}/media/{media.id}", folder=theirs).status_code == 404
    ids, bulk = [str(media.id)], f"{people.api(owner)}/media/bulk"
    assert told(client, "POST", bulk, ids=ids, do="move", folder=theirs).status_code == 404
    assert told(client, "POST", bulk, ids=ids, do="move", folder=mine).json()["done"] == 1
    assert told(client, "DELETE", f"{people.api(owner)}/folders/{mine}").json() == {
        "into": None, "media": 1, "folders": 0,
    }
    assert Media.objects.get(id=media.id).folder is None
