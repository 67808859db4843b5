"""A workspace's logo: brought on its settings, kept small, for reports; gone with the workspace."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import people
from tidings.privacy import purge
from tidings.workspaces.models import AuditEntry, Member, WorkspaceLogo

pytestmark = pytest.mark.django_db(transaction=True)


def at(of: Member) -> str:
    """Where it is brought, and looked at."""
    return f"{people.home(of)}/settings/logo"


def brought(who: Member, size: tuple[int, int] = (1800, 600), colour: tuple[int, ...] = (200, 0, 0, 0)) -> str:
    """What the settings say then."""
    picture = io.BytesIO()
    Image.new("RGBA", size, colour).save(picture, "PNG")
    file = SimpleUploadedFile("logo.png", picture.getvalue(), "image/png")
    return people.signed_in(who).post(at(who), {"picture": file}, follow=True).content.decode()


def kept(of: Member) -> Image.Image:
    """The picture as it is kept."""
    return Image.open(io.BytesIO(WorkspaceLogo.objects.get(workspace=of.workspace).picture))


def test_a_logo_is_kept_small_with_what_shows_through_and_shown_on_the_settings() -> None:
    owner = people.owner()
    assert "Reports carry this logo from now on." in brought(owner)
    assert (kept(owner).format, kept(owner).size, kept(owner).mode) == ("WEBP", (480, 160), "RGBA")
    client = people.signed_in(owner)
    assert f'src="{at(owner)}"' in client.get(f"{people.home(owner)}/settings").content.decode()
    seen = client.get(at(owner))
    assert (seen.status_code, seen["Content-Type"], seen["Cache-Control"]) == (200, "image/webp", "private, no-cache")


def test_another_logo_takes_its_place_and_it_can_be_taken_away() -> None:
    owner = people.owner()
    brought(owner)
    brought(owner, (300, 300))
    assert kept(owner).size == (300, 300)
    client = people.signed_in(owner)
    assert "The logo is gone." in client.post(at(owner), {"do": "remove"}, follow=True).content.decode()
    assert client.get(at(owner)).status_code == 404
    assert at(owner) + '" alt' not in client.get(f"{people.home(owner)}/settings").content.decode()
    entries = AuditEntry.objects.filter(workspace=owner.workspace, thing="workspace", verb="changed")
    assert [one.details["fields"] for one in entries] == [["logo"]] * 3


@pytest.mark.parametrize("bytes_", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff cut off"])
def test_what_is_no_picture_changes_nothing_and_is_said(bytes_: bytes) -> None:
    owner = people.owner()
    brought(owner)
    before = kept(owner).tobytes()
    file = SimpleUploadedFile("logo.png", bytes_, "image/png")
    page = people.signed_in(owner).post(at(owner), {"picture": file}, follow=True).content.decode()
    assert 'role="alert"' in page
    assert "Reports carry this logo" not in page
    assert kept(owner).tobytes() == before


def test_only_who_manages_the_workspace_gives_it_a_logo() -> None:
    owner = people.owner()
    editor = people.member(owner, "editor")
    assert people.signed_in(editor).post(at(owner), {"do": "remove"}).status_code == 403
    brought(editor)
    assert not WorkspaceLogo.objects.exists()


def test_a_workspace_that_is_erased_leaves_no_logo() -> None:
    owner = people.owner()
    brought(owner)
    purge.workspace(owner.workspace_id)
    assert not WorkspaceLogo.objects.exists()
