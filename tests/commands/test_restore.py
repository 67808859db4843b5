"""`tidings restore`: everything is back as it was, on either database, or nothing is; and nobody who was erased."""

import filecmp
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_move_database import (  # noqa: F401 -- a fixture among them
    Done,
    call,
    empty,
    environment,
    on_postgres,
    one_sentence,
    rows,
)  # fmt: skip
from tests.house.source import ROOT
from tests.media.s3 import running

ERASED, STAYS = "canary of whom was erased", "canary of who stays"  # as in tests/commands/scene.py
MADE_ANEW = {
    "django_session", "usersessions_usersession", "deliveries_node", "media_rendition", "media_upload",
    "privacy_export", "workspaces_invitation",
}  # fmt: skip
DECIDED = {"deliveries_delivery", "deliveries_lane", "privacy_erasure"}


def run(home: Path, what: str) -> Done:
    """A function of tests/commands/scene.py."""
    script = f"from tidings.commands import start; start.awake(); from tests.commands import scene; scene.{what}"
    done = [sys.executable, "-c", script]
    return subprocess.run(done, env=environment(home), cwd=ROOT, capture_output=True, text=True, timeout=100)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a backup in it."""
    home = tmp_path_factory.mktemp("kept") / "home"
    done = run(home, "make()")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def later(kept: Path) -> Path:
    """The same folder after one of the two was erased."""
    home = Path(shutil.copytree(kept, kept.with_name("later")))
    done = run(home, "purge()")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(kept, tmp_path / "home"))


def archive(home: Path) -> Path:
    (path,) = (home / "backups").glob("*.tidings")
    return path


def fresh(home: Path, name: str = "fresh") -> Path:
    """A new data folder with what an operator keeps beside a backup."""
    made = home.with_name(name)
    made.mkdir()
    for file in ("keys.json", "keys.backup.json", "erased.jsonl"):
        if (home / file).exists():
            shutil.copy(home / file, made)
    return made


def same(there: Path, here: Path) -> None:
    """Every row but those that are made anew, or decided about, is as it was; every file is."""
    was, now = rows(there / "tidings.sqlite3"), rows(here / "tidings.sqlite3")
    assert [t for t in was if t not in MADE_ANEW | DECIDED and was[t] != now[t]] == []
    assert {table for table in MADE_ANEW if now[table]} == set()
    assert len(now["deliveries_delivery"]) == len(was["deliveries_delivery"])
    files = [str(path.relative_to(there)) for path in (there / "media").rglob("*.mp4")]
    assert len(files) == 2
    assert filecmp.cmpfiles(there, here, files, shallow=False) == (files, [], [])


def hits(home: Path, words: str) -> list[str]:
    """The files of a data folder that hold these words, the archives aside."""
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".tidings"]
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_in_a_new_folder_every_row_and_file_is_as_it_was(home: Path) -> None:
    new = fresh(home)
    done = call(new, "restore", str(archive(home)), "--json")
    assert done.returncode == 0, done.stderr
    same(home, new)
    report = json.loads(done.stdout)
    with sqlite3.connect(new / "tidings.sqlite3") as file:
        states = dict(file.execute("SELECT state, count(*) FROM deliveries_delivery GROUP BY state"))
        late = list(file.execute("SELECT 1 FROM deliveries_delivery WHERE state = 'waiting' AND due_at < '2026'"))
    assert (states["waiting"], late) == (report["waiting"], [])
    assert report["held"] > 0


def test_its_files_go_into_a_bucket_where_that_holds_media(home: Path) -> None:
    was = sorted(path.read_bytes() for path in (home / "media").rglob("*.mp4"))
    with running() as s3:
        done = call(fresh(home), "restore", str(archive(home)), media=s3.address)
        assert done.returncode == 0, done.stderr
        assert sorted(data for data, _at in s3.objects.values()) == was


@on_postgres
def test_from_sqlite_to_postgresql_and_back_every_row_and_file_is_as_it_was(home: Path, empty: str) -> None:  # noqa: F811
    there, back = fresh(home, "there"), fresh(home, "back")
    done = call(there, "restore", str(archive(home)), "--hold-all", database=empty)
    assert done.returncode == 0, done.stderr
    again = call(there, "restore", str(archive(home)), "--replace", database=empty)
    assert again.returncode == 0, again.stderr
    assert call(there, "backup", database=empty).returncode == 0
    shutil.copy(there / "keys.backup.json", back)
    assert call(back, "restore", str(archive(there))).returncode == 0
    same(home, back)


@pytest.mark.parametrize("keeps", ["erased.jsonl", "keys.backup.json"])
def test_who_was_erased_does_not_come_back(home: Path, later: Path, keeps: str) -> None:
    """By the ledger alone, with the keys of that time; and by today's keys alone, without a ledger."""
    before = fresh(home)
    shutil.copy(later / keeps, before)
    done = call(before, "restore", str(archive(home)), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["erased"] == 2, "a person and a workspace"
    assert hits(before, ERASED) == []
    assert len(hits(before, STAYS)) == 2


def test_in_the_place_of_another_the_other_is_kept_beside(later: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(later, tmp_path / "home"))
    done = call(home, "restore", "--replace", str(archive(home)))
    assert done.returncode == 0, done.stderr
    (aside,) = home.glob("tidings.sqlite3.before-*")
    assert hits(home, ERASED) == []
    assert {path.name for path in home.glob("*sqlite3*")} == {"tidings.sqlite3", aside.name}


def test_one_that_fails_leaves_everything_as_it_was(home: Path) -> None:
    new = fresh(home)
    done = run(new, f"fail({str(archive(home))!r})")
    assert "Nothing was restored: no space left on device." in done.stderr
    assert [path for path in new.rglob("*") if path.is_file() and path.suffix in (".sqlite3", ".mp4")] == []
    assert not (new / ".tidings.sqlite3.coming").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ("not empty", "--replace")),
        (["--replace"], ("Somebody is connected", "stop Tidings")),
    ],
)
def test_what_is_in_the_way_is_said_and_nothing_is_changed(home: Path, words: list[str], said: tuple[str, ...]) -> None:
    reader, was = sqlite3.connect(home / "tidings.sqlite3"), rows(home / "tidings.sqlite3")
    reader.execute("SELECT count(*) FROM posts_post").fetchone()
    one_sentence(call(home, "restore", *words, str(archive(home))), *said)
    reader.close()
    assert rows(home / "tidings.sqlite3") == was


