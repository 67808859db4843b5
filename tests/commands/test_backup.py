"""`tidings backup`: one instant of everything, unreadable without its keys, refused when a byte of it is changed."""

import os
import shutil
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connections, transaction

from tests import people
from tests.media.s3 import S3, s3  # noqa: F401 -- a fixture
from tidings.commands import backup, keys
from tidings.commands.backups import frames, owners, read, write
from tidings.commands.backups.decide import decide
from tidings.commands.start import Stop
from tidings.core import clock, secrets
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.media.store import store
from tidings.posts.models import Item, Post
from tidings.privacy import keyfile, ledger
from tidings.privacy.models import Erasure
from tidings.settings import settings
from tidings.workspaces.members import invite
from tidings.workspaces.models import Invitation, Member, SecurityEvent, User, Workspace

committed = pytest.mark.django_db(transaction=True)
FILM = bytes(range(256)) * 1000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of the test's own, with a key ring."""
    monkeypatch.setattr(settings(), "home", tmp_path)
    monkeypatch.setattr(secrets, "_held", secrets._Held())
    monkeypatch.setattr(keys, "_wait", lambda *_: None)
    secrets.use(secrets.Ring.at(tmp_path / "keys.json"), tmp_path / "keys.json")
    store.cache_clear()
    yield tmp_path
    store.cache_clear()


def instance() -> list[Member]:
    """Two people with a workspace each, a channel, a film and a post."""
    made = [people.owner(name=f"Canary {n}") for n in (1, 2)]
    for each in made:
        channel, post = people.channel(each), Post.objects.create(workspace=each.workspace, author=each.user)
        item = Item.objects.create(post=post, position=0, text="canary text")
        at = {"due_at": clock.now(), "again_at": clock.now()}
        Delivery.objects.create(workspace=each.workspace, post=post, item=item, channel=channel, **at)
        key = store().put(BytesIO(b"canary film" + FILM), "mp4")
        common = {"workspace": each.workspace, "by": each.user, "name": "canary.mp4", "kind": "film"}
        Media.objects.create(**common, mime="video/mp4", size=1, key=key)
        invite(each, "canary@example.org", "editor")
    SecurityEvent.objects.create(kind="failed", whom="somebody")
    return made


@pytest.fixture
def archive(transactional_db: None, home: Path) -> Path:
    instance()
    backup.main(home / "made.tidings", None, False)
    return home / "made.tidings"


def checked(path: Path) -> read.Found:
    with read.opened(path, keyfile.path()) as archive:
        return archive.check()


def contents(path: Path) -> tuple[Counter[str], bytes]:
    """How many rows of each table are in it, and the bytes of its files."""
    counts, film, tables = Counter[str](), b"", {table.model: table for table in owners.tables()}
    with read.opened(path, keyfile.path()) as archive:
        for letter, content in (frame for part in archive.manifest.parts for frame in archive.frames(part)):
            if letter == b"T":
                table, rows = frames.rows_of(content, tables)
                counts[table.model] += len(rows)
            film += content if letter == b"D" else b""
    return counts, film


def test_everything_is_in_it(archive: Path) -> None:
    found = checked(archive)
    assert (found.files, found.unreadable) == (2, [])
    counts, film = contents(archive)
    expected = {table.model: table.rows._base_manager.count() for table in owners.tables()}
    expected["workspaces.SecurityEvent"] -= 1  # a stranger's, who is nobody here
    assert counts == {model: many for model, many in expected.items() if many}
    assert Invitation.objects.exists()
    assert "workspaces.Invitation" not in counts, "nobody can find there whom it names"
    assert film == 2 * (b"canary film" + FILM)


@committed
def test_media_in_a_bucket_are_in_it_whole_or_not_at_all(home: Path, s3: S3) -> None:  # noqa: F811
    instance()
    gone = Media.objects.order_by("id").first()
    assert gone
    store().delete(gone.key)
    path = home / "made.tidings"
    backup.main(path, None, False)
    assert checked(path).files == 1
    assert contents(path)[1] == b"canary film" + FILM
    s3.down = True
    with pytest.raises(Stop, match=r"No backup was made: .*503"):
        backup.main(home / "more.tidings", None, False)
    assert not (home / "more.tidings").exists()


def test_even_opened_it_holds_no_key_of_an_owner(archive: Path) -> None:
    wrapped = [key for model in (User, Workspace) for key in model.objects.values_list("data_key", flat=True)]
    with read.opened(archive, keyfile.path()) as opened:
        held = [content for part in opened.manifest.parts for letter, content in opened.frames(part) if letter == b"T"]
    said = b"".join(zlib.decompress(content) for content in held).decode()
    assert "Canary 1" in said
    assert [key for key in wrapped if key in said] == []


def test_it_is_ours_alone_and_nothing_can_be_read_in_it(archive: Path) -> None:
    raw = archive.read_bytes()
    texts = [*User.objects.values_list("email", flat=True), "canary", "secret-token", *_data_keys()]
    assert [text for text in texts if text.encode() in raw] == []
    with ZipFile(archive) as file:
        parts = [file.read(name) for name in file.namelist() if name.endswith(".sealed")]
    assert [part for part in parts if len(zlib.compress(part)) < len(part) * 0.99] == [], "something is not random"
    assert [path.stat().st_mode & 0o777 for path in (archive, keyfile.path())] == [0o600, 0o600]


def _data_keys() -> list[str]:
    return [key for held in keyfile.read().values() for key in held.values()]


@committed
def test_it_is_of_one_instant_while_others_write(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (one, _), done, told = instance(), threading.Event(), write._Told.frames

    def write_pairs() -> None:
        while not done.is_set():
            with transaction.atomic():
                post = Post.objects.create(workspace=one.workspace)
                Item.objects.create(post=post, position=0)
        connections.close_all()

    def frames_between_writes(self: write._Told) -> Iterator[bytes]:
        for each in told(self):
            before = Post.objects.count()
            yield each
            while Post.objects.count() == before:
                pass

    writer = threading.Thread(target=write_pairs)
    monkeypatch.setattr(write._Told, "frames", frames_between_writes)
    writer.start()
    try:
        backup.main(home / "made.tidings", None, False)
    finally:
        done.set()
        writer.join()
    counts, _ = contents(home / "made.tidings")
    assert counts["posts.Post"] == counts["posts.Item"]
    assert Post.objects.count() >= counts["posts.Post"] + 5, "others wrote meanwhile"


def _flipped(path: Path, at: float) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * at)] ^= 1
    path.write_bytes(raw)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _rewritten(change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        with ZipFile(path) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        with ZipFile(path, "w") as file:
            for name, content in change(parts).items():
                file.writestr(name, content)

    return rewrite


def _swapped(parts: dict[str, bytes]) -> dict[str, bytes]:
    return parts | {"000001.sealed": parts["000002.sealed"], "000002.sealed": parts["000001.sealed"]}


def _later(parts: dict[str, bytes]) -> dict[str, bytes]:
    return parts | {"manifest.json": parts["manifest.json"].replace(b'"version"', b'"version" ')}


DAMAGES: dict[str, Callable[[Path], None]] = {
    **{f"a bit at {at}": lambda path, at=at: _flipped(path, at) for at in (0.0005, 0.3, 0.7, 0.995)},  # type: ignore[misc]
    "cut off": _cut,
    "emptied": lambda path: os.truncate(path, 0),
    "parts swapped": _rewritten(_swapped),
    "a part taken out": _rewritten(lambda parts: {n: c for n, c in parts.items() if n != "000002.sealed"}),
    "a part put in": _rewritten(lambda parts: {**parts, "000009.sealed": b"more"}),
    "the manifest changed": _rewritten(_later),
}


@pytest.mark.django_db(transaction=True)
def test_a_damaged_one_is_refused(archive: Path, tmp_path: Path) -> None:
    for how, damage in DAMAGES.items():
        other = Path(shutil.copy(archive, tmp_path / "other.tidings"))
        damage(other)
        with pytest.raises(Stop, match="damaged") as stopped:
            backup.check(other, None, False)
        assert stopped.value, how


def test_what_is_missing_or_does_not_fit_is_said(archive: Path, home: Path, tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"nowhere\.json is missing"):
        backup.check(archive, tmp_path / "nowhere.json", False)
    old = Path(shutil.copy(keyfile.path(), tmp_path / "old.json"))
    backup.main(home / "second.tidings", None, False)
    with pytest.raises(Stop, match="does not know this backup"):
        backup.check(home / "second.tidings", old, False)
    secrets.use(secrets.Ring({}).grown())
    with pytest.raises(Stop, match=r"key ring does not fit.*not in the key ring"):
        backup.check(archive, None, False)


def test_after_keys_were_rotated_it_opens_with_the_new_ring(archive: Path, home: Path) -> None:
    keys.rotate(True, 0)
    secrets.use(secrets.Ring.at(home / "keys.json"))
    assert checked(archive).unreadable == []


def test_who_is_forgotten_in_the_file_of_keys_cannot_be_read(archive: Path) -> None:
    one, other = User.objects.order_by("pk")
    keyfile.forget("user", one.pk)
    keyfile.forget("network", other.pk)
    assert checked(archive).unreadable == [f"user:{one.pk}"]


def test_who_is_erased_while_it_is_made_stays_forgotten(transactional_db: None, home: Path) -> None:
    one, other = instance()
    ledger.put("user", one.user.pk)
    backup.main(home / "made.tidings", None, False)
    assert f"user:{one.user.pk}" not in keyfile.read()
    assert f"user:{other.user.pk}" in keyfile.read()


@committed
def test_only_old_backups_are_deleted_and_only_ours(home: Path) -> None:
    people.owner()
    folder = home / "somewhere"
    folder.mkdir()
    others = [folder / "letter.txt", folder / "backup-of-mine.tidings"]
    for other in others:
        other.touch()
    for minutes in (-3, -2, -1):
        with clock.shifted(timedelta(minutes=minutes)):
            backup.main(folder, 2, False)
    assert len(set(folder.iterdir()) - set(others)) == 2
    assert all(other.exists() for other in others)


@committed
def test_a_backup_that_fails_leaves_no_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people.owner()

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(write, "_part", full)
    with pytest.raises(Stop, match="No backup was made: no space left"):
        backup.main(home / "to", None, False)
    assert list((home / "to").iterdir()) == []


MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON, BEFORE = clock.now() + timedelta(days=1), clock.now() - timedelta(minutes=1)
COMMITTED = {"commit": {"at": "x"}}


@pytest.mark.parametrize(
    ("state", "due", "journal", "hold_all", "becomes"),
    [
        ("waiting", BEFORE, {}, False, "held"), ("waiting", SOON, {}, False, "waiting"),
        ("waiting", SOON, {}, True, "held"), ("waiting", SOON, COMMITTED, False, "unsure"),
        ("sending", BEFORE, {}, False, "unsure"), ("settling", BEFORE, COMMITTED, False, "unsure"),
        ("failed", BEFORE, {}, False, "failed"), ("held", BEFORE, {}, False, "held"),
        ("cancelled", BEFORE, {}, True, "cancelled"), ("delivered", BEFORE, COMMITTED, True, "delivered"),
    ],
)  # fmt: skip
def test_what_may_have_gone_out_since_waits_for_a_person(
    db: None, state: str, due: datetime, journal: dict[str, object], hold_all: bool, becomes: str
) -> None:
    (one, _) = instance()
    Delivery.objects.update(state=state, due_at=due, journal=journal, reason="As it was.", lease_owner="gone:1")
    decide(MADE, hold_all)
    found = Delivery.objects.filter(workspace=one.workspace).get()
    assert found.state == becomes
    assert ("Restored from a backup of 2026-03-01 12:00" in found.reason) == (becomes in ("held", "unsure", "failed"))
    assert found.lease_owner == "" or becomes == state


def test_a_wish_to_be_erased_that_may_have_been_taken_back_has_its_days_again(db: None) -> None:
    subject = people.person().pk
    Erasure.objects.create(kind="user", subject=subject, code="c", due_at=BEFORE)
    decide(MADE, False)
    assert Erasure.objects.get().due_at > clock.now() + timedelta(hours=23)
