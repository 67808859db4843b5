"""The library through its API: found, described, deleted with every copy; swept when forgotten."""

import errno
import json
import os
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from tests import people
from tests.media.library import put
from tidings.core import clock
from tidings.media.fit import fit
from tidings.media.models import Media, Upload
from tidings.media.remove import sweep
from tidings.media.store import store
from tidings.media.upload import append, arrivals, begin
from tidings.networks.base import Limits
from tidings.posts.models import Item, Post, Variant
from tidings.settings import settings

pytestmark = pytest.mark.django_db

SMALL = Limits(text=1, pictures=1, picture_types=("image/jpeg",), picture_pixels=500)


def kept() -> int:
    return len(list(store().kept()))


def test_the_library_is_found_by_name_description_and_kind() -> None:
    owner = people.owner()
    first, _data = put(owner, name="beach.jpg")
    second, _data = put(owner, name="meadow.jpg")
    put(people.owner(), name="beach of somebody else.jpg")
    client, at = people.signed_in(owner), f"{people.api(owner)}/media"
    said = client.get(at).json()
    assert [m["id"] for m in said["media"]] == [str(second.id), str(first.id)]
    assert (said["total"], said["pages"]) == (2, 1)
    assert [m["name"] for m in client.get(at, {"q": "BEACH"}).json()["media"]] == ["beach.jpg"]
    assert client.get(at, {"kind": "film"}).json()["media"] == []
    changed = client.patch(f"{at}/{second.id}", json.dumps({"alt": "Grass by the beach"}), "application/json").json()
    assert (changed["alt"], changed["name"]) == ("Grass by the beach", "meadow.jpg")
    assert len(client.get(at, {"q": "beach"}).json()["media"]) == 2


def test_deleting_media_deletes_every_copy_of_its_bytes() -> None:
    owner = people.owner()
    media, _data = put(owner)
    fit(media, SMALL)
    assert kept() == 3
    answer = people.signed_in(owner).delete(f"{people.api(owner)}/media/{media.id}")
    assert (answer.status_code, kept(), Media.objects.count()) == (204, 0, 0)


@pytest.mark.parametrize("where", ["item", "variant"])
def test_media_a_post_uses_is_only_deleted_when_forced(where: str) -> None:
    owner = people.owner()
    media, _data = put(owner)
    post = Post.objects.create(workspace=owner.workspace, author=owner.user)
    use = [{"id": str(media.id), "alt": ""}]
    item = Item.objects.create(post=post, position=0, media=use if where == "item" else [])
    if where == "variant":
        Variant.objects.create(item=item, channel=people.channel(owner), media=use)
    client, at = people.signed_in(owner), f"{people.api(owner)}/media/{media.id}"
    assert client.delete(at).status_code == 409
    assert kept() == 2
    assert client.delete(f"{at}?force=true").status_code == 204


def test_others_neither_see_nor_change_the_library() -> None:
    owner, other = people.owner(), people.owner()
    media, _data = put(owner)
    at = f"{people.api(owner)}/media"
    theirs = f"{people.api(other)}/media/{media.id}"
    stranger, reader = people.signed_in(other), people.signed_in(people.member(owner, "client"))
    assert stranger.get(at).status_code == 404
    assert stranger.delete(theirs).status_code == 404
    assert stranger.patch(theirs, json.dumps({"alt": "x"}), "application/json").status_code == 404
    assert reader.get(at).status_code == 200
    assert reader.delete(f"{at}/{media.id}").status_code == 403
    assert reader.patch(f"{at}/{media.id}", json.dumps({"alt": "x"}), "application/json").status_code == 403
    assert kept() == 2


def test_uploads_nobody_finished_go_after_a_week() -> None:
    owner = people.owner()
    upload = begin(owner, "a.jpg", 100)
    append(upload, 0, [bytes(10)])
    sweep(clock.now() + timedelta(days=6))
    assert Upload.objects.count() == 1
    sweep(clock.now() + timedelta(days=8))
    assert (Upload.objects.count(), list(arrivals())) == (0, [])


def test_files_no_row_knows_go_after_a_day_and_all_others_stay() -> None:
    owner = people.owner()
    media, _data = put(owner)
    fit(media, SMALL)
    gone, _data = put(owner)
    begin(owner, "a.jpg", 100)
    Media.objects.filter(id=gone.id).delete()
    Upload.objects.all().delete()
    sweep(clock.now())
    assert (kept(), len(list(arrivals()))) == (5, 1)
    sweep(clock.now() + timedelta(days=2))
    assert (kept(), len(list(arrivals()))) == (3, 0)


def test_what_a_killed_process_leaves_half_done_is_swept_up_wherever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    home, owner = settings().home, people.owner()
    there = set(home.iterdir())
    for ending in ("__exit__", "_cleanup"):  # nothing is tidied up: as after a SIGKILL
        monkeypatch.setattr(tempfile.TemporaryDirectory, ending, lambda *_, **__: None)
    media, _data = put(owner)
    fit(media, SMALL)
    monkeypatch.undo()
    for name in (f"uploads/{uuid.uuid4()}.mp4", f"media/.coming-{uuid.uuid4()}"):
        (home / name).write_bytes(b"half a film")
    assert list((home / "cache").iterdir())

    sweep(clock.now() + timedelta(days=2))

    left = [path for path in home.rglob("*") if path.parts[-2] in ("cache", "uploads") or ".coming" in path.name]
    assert left == []
    assert set(home.iterdir()) - there <= {home / name for name in ("cache", "uploads", "media")}
    assert kept() == 3


def test_storage_takes_no_name_but_its_own() -> None:
    for key in ("../keys.json", "/etc/passwd", "ab/cd/../../../keys.json", ""):
        with pytest.raises(ValueError, match="storage key"):
            store().open(key)


def test_an_unfinished_copy_is_never_a_file_of_the_storage() -> None:
    class Breaks:
        def read(self, size: int) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        store().put(Breaks(), "jpg")  # type: ignore[arg-type]
    assert [found for found in store().root.rglob("*") if found.is_file()] == []


def test_a_media_folder_on_a_disk_of_its_own_takes_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def across(source: Path, target: Path) -> None:
        if tmp_path in source.parents:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "replace", across)
    coming = tmp_path / "coming"
    coming.write_bytes(b"bytes")
    key = store().adopt(coming, "jpg")
    assert store().open(key).read() == b"bytes"
    assert not coming.exists()
