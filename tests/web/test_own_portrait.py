"""A picture of oneself: brought on the profile, shown to whom one works with, gone with the person."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import people
from tidings.privacy import purge
from tidings.workspaces.models import Member, UserPortrait

pytestmark = pytest.mark.django_db(transaction=True)
BRING = "/settings/profile/picture"


def brought(who: Member, size: tuple[int, int] = (900, 600)) -> str:
    """The address under which somebody's new picture is served."""
    picture = io.BytesIO()
    Image.new("RGB", size, "blue").save(picture, "JPEG")
    file = SimpleUploadedFile("me.jpg", picture.getvalue(), "image/jpeg")
    assert people.signed_in(who).post(BRING, {"picture": file}).status_code == 302
    who.user.refresh_from_db()
    return who.user.face


def test_a_picture_of_oneself_is_kept_small_and_shown_to_fellow_members_only() -> None:
    owner, stranger = people.owner(), people.owner()
    colleague = people.member(owner, "client")
    address = brought(owner)
    seen = people.signed_in(colleague).get(address)
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/webp")
    assert max(Image.open(io.BytesIO(seen.content)).size) <= 480
    assert people.signed_in(stranger).get(address).status_code == 404
    assert address in people.signed_in(owner).get("/settings/profile").content.decode()
    beside = people.signed_in(owner).get(f"{people.home(owner)}/settings/members").content.decode()
    assert beside.count(address) == 2  # in the menu, and in the list


def test_another_picture_has_another_address_and_without_one_the_initial_is_back() -> None:
    owner = people.owner()
    first, second = brought(owner), brought(owner, (300, 200))
    assert first != second
    client = people.signed_in(owner)
    assert client.post(BRING, {"do": "remove"}).status_code == 302
    assert client.get(second).status_code == 404
    assert "/people/" not in client.get("/settings/profile").content.decode()


@pytest.mark.parametrize("bytes_", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff cut off"])
def test_what_is_no_picture_changes_nothing_and_is_said(bytes_: bytes) -> None:
    owner = people.owner()
    before = brought(owner)
    file = SimpleUploadedFile("me.jpg", bytes_, "image/jpeg")
    page = people.signed_in(owner).post(BRING, {"picture": file}, follow=True).content.decode()
    assert "This is your picture now." not in page
    owner.user.refresh_from_db()
    assert owner.user.face == before


def test_who_is_erased_leaves_no_picture() -> None:
    owner = people.owner()
    brought(owner)
    purge.person(owner.user_id)
    assert not UserPortrait.objects.exists()
