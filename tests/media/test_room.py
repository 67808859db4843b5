"""What a person's libraries may take: counted, shown, and never more, whichever way files come."""

import json
import threading
from typing import Any

import pytest
from django.db import connection

from tests import people
from tests.media.library import put
from tests.media.stack import browser
from tests.media.test_pictures import cornered, encoded
from tidings.media import room, upload
from tidings.media.fit import fit
from tidings.media.models import Media, Upload
from tidings.media.store import store
from tidings.networks.base import Limits
from tidings.settings import Settings, settings
from tidings.workspaces.members import found_workspace
from tidings.workspaces.models import Member, User

PICTURE = encoded(cornered(), "PNG")


def limited(of: Member, most: int) -> None:
    User.objects.filter(pk=of.user_id).update(storage=most)


@pytest.mark.parametrize(("said", "bytes_"), [("10 GB", 10 << 30), ("1.5mb", 3 << 19), ("700", 700), ("", 0)])
def test_the_setting_is_written_as_people_write_sizes(said: str, bytes_: int) -> None:
    assert Settings(storage=said).storage == bytes_


@pytest.mark.parametrize("said", ["much", "10 GBB", "-1"])
def test_what_is_no_size_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="storage"):
        Settings(storage=said)


@pytest.mark.django_db
def test_originals_copies_and_thumbnails_are_counted_as_they_lie_in_the_storage() -> None:
    owner = people.owner()
    media, _data = put(owner)
    fit(media, Limits(text=1, pictures=1, picture_types=("image/jpeg",), picture_pixels=500))
    lies = sum(store().look(key).size for key, _since in store().kept())
    assert room.of_workspace(owner.workspace).kept == lies
    limited(owner, 10_000_000)
    said = people.signed_in(owner).get(f"{people.api(owner)}/storage").json()
    assert (said["kept"], said["most"]) == (lies, 10_000_000)
    page = people.signed_in(owner).get(f"{people.home(owner)}/media").content.decode()
    assert "of 10.0\N{NO-BREAK SPACE}MB used" in page


@pytest.mark.django_db
def test_a_workspace_counts_for_its_first_owner_alone() -> None:
    owner, invited = people.owner(), people.owner()
    Member.objects.create(workspace=owner.workspace, user=invited.user, role="owner")
    found_workspace(owner.user, "A second one", "UTC")
    media, _data = put(Member.objects.get(workspace=owner.workspace, user=invited.user))
    taken = media.size + media.thumbnail_size
    assert room.of_owner(owner.workspace).kept == taken
    assert room.of_owner(Member.objects.exclude(workspace=owner.workspace).get(user=owner.user).workspace).kept == taken
    assert room.of_owner(invited.workspace).kept == 0


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_has_no_room_is_refused_before_a_byte_is_sent(port: int) -> None:
    owner = people.owner()
    limited(owner, 1000)
    who = browser(port, owner.user)
    assert who.begin(owner, 600).status == 201
    refused = who.begin(owner, 600)
    assert (refused.status, refused.headers["Content-Type"]) == (413, "application/problem+json")
    assert "no room" in json.loads(refused.body)["detail"]
    assert Upload.objects.count() == 1


@pytest.mark.django_db
def test_what_turns_out_larger_than_announced_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = people.owner()
    begun = upload.begin(owner, "a.png", len(PICTURE))
    upload.append(begun, 0, [PICTURE])
    limited(owner, len(PICTURE))  # the thumbnail does not fit any more
    assert "no room" in upload.finish(begun).problem
    assert (Media.objects.count(), list(store().kept()), list(upload.arrivals())) == (0, [], [])
    monkeypatch.setattr(settings(), "storage", 1)
    limited(owner, 10_000_000)  # what is said of the person goes before what is said of all
    again = upload.begin(owner, "a.png", len(PICTURE))
    upload.append(again, 0, [PICTURE])
    assert upload.finish(again).media is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_only_one_gets_the_last_room() -> None:
    owner, outcomes = people.owner(), []
    limited(owner, 1000)
    ready = threading.Barrier(4)

    def begin(_n: Any) -> None:
        ready.wait()
        try:
            upload.begin(owner, "a.png", 900)
            outcomes.append("begun")
        except room.NoRoom:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["begun", "refused", "refused", "refused"]
