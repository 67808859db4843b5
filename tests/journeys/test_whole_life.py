"""Somebody comes, publishes, takes their data along and goes; and no backup from before brings them back."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client

from tests import walk
from tests.commands.test_move_database import call
from tests.commands.test_restore import hits
from tests.conftest import Town
from tests.policy import life, sight
from tests.web.people import PASSWORD
from tidings import outside
from tidings.channels.models import Channel
from tidings.commands import backup
from tidings.core import secrets
from tidings.core.http import Door
from tidings.media.store import store
from tidings.privacy import export
from tidings.privacy.models import Export
from tidings.settings import settings
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = ("Quinta Quill", "quinta@example.org", "Quills-and-ink", life.TEXT)
FIRST = {"name": WORDS[0], "email": WORDS[1], "password": PASSWORD, "workspace": WORDS[2], "zone": "UTC"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: Door) -> Iterator[Path]:
    """A data folder with a key ring of its own; the process's way out leads to the simulators."""
    outside.use(door)
    monkeypatch.setattr(settings(), "home", tmp_path)
    monkeypatch.setattr(secrets, "_held", secrets._Held())
    secrets.use(secrets.Ring.at(tmp_path / "keys.json"), tmp_path / "keys.json")
    store.cache_clear()
    yield tmp_path
    outside.use(None)
    store.cache_clear()


def restored(home: Path, archive: Path, *beside: str) -> Path:
    """A new data folder, into which the backup was restored with what was kept beside it."""
    fresh = home / "-".join(["fresh", *beside])
    fresh.mkdir()
    for file in ("keys.json", *beside):
        shutil.copy(home / file, fresh)
    done = call(fresh, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    return fresh


def exported(client: Client) -> bytes:
    """What is in the archive that this person asks for."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/settings/export/make")
    assert export.write_next()
    with ZipFile(BytesIO(export.file_of(Export.objects.get().pk).read_bytes())) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_somebody_comes_publishes_takes_their_data_along_and_goes_and_no_backup_brings_them_back(
    town: Town, door: Door, home: Path
) -> None:
    client = Client()
    client.post("/first-run", FIRST)
    mine = life.Life(Member.objects.get(), client)
    walk.connect(client, mine.member, door, town["mastodon"])
    mine.schedule(mine.write(Channel.objects.get()))
    life.work(door, timedelta(hours=2))
    (given,) = town["mastodon"].oauth.tokens
    assert len(town["mastodon"].posts) == 1

    archive, before = home / "made.tidings", home / "keys-of-then.json"
    backup.main(archive, None, as_json=True)
    shutil.copy(home / "keys.backup.json", before)
    taken = exported(client)
    assert [word for word in WORDS if word.encode() not in taken] == []

    asked = client.post("/settings/privacy/erase")
    assert client.get("/settings/profile").status_code == 302, "signed out"
    assert b"It will be deleted" in Client().get(asked["Location"]).content
    life.work(door, timedelta(days=settings().erase_days, minutes=1))

    said = Client().get(asked["Location"]).content.decode()
    assert "It is deleted" in said
    assert given.revoked
    assert [word for word in WORDS if word.encode() in sight.raw() or word in said] == []
    assert not list((home / "exports").glob("*"))

    assert hits(restored(home, archive, "keys.backup.json"), WORDS[1]) == []
    shutil.copy(before, home / "keys.backup.json")  # an operator kept an old copy: then the ledger speaks
    assert hits(restored(home, archive, "keys.backup.json", "erased.jsonl"), WORDS[1]) == []
