"""`tidings move-database`: everything arrives as it left, or nothing does and a sentence says why."""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tests.house.source import ROOT

TIDINGS = Path(sys.executable).with_name("tidings")
Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
WORKING = "UPDATE deliveries_node SET beat_at = strftime('%Y-%m-%d %H:%M:%f', 'now')"
FILL = "from tidings.commands import start; start.awake(); from tests.commands.fill import fill; fill()"


def environment(home: Path, **settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
    return clean | {"TIDINGS_HOME": str(home)} | {f"TIDINGS_{name.upper()}": value for name, value in settings.items()}


def call(home: Path, *words: str, **settings: str) -> Done:
    """`tidings` with these words."""
    env = environment(home, **settings)
    return subprocess.run([TIDINGS, *words], env=env, capture_output=True, text=True, timeout=100)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database has rows in every table."""
    home = tmp_path_factory.mktemp("filled") / "home"
    assert call(home, "migrate").returncode == 0
    subprocess.run([sys.executable, "-c", FILL], env=environment(home), cwd=ROOT, check=True)
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(filled, tmp_path / "home"))


@pytest.fixture
def source(home: Path) -> Path:
    return home / "tidings.sqlite3"


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of an empty PostgreSQL database on the server that this run uses."""
    if connection.vendor != "postgresql":
        pytest.skip("this run has no PostgreSQL")
    name, own = f"move_{secrets.token_hex(4)}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


on_postgres = pytest.mark.django_db(transaction=True)


def rows(database: Path) -> dict[str, list[str]]:
    """Every row of every table but SQLite's and the migrations' own, JSON as what it says."""
    with sqlite3.connect(database) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: [_said(row) for row in file.execute(f"SELECT * FROM {table}")] for table in tables}
    own = ("django_migrations", "sqlite_sequence")
    return {table: sorted(lines) for table, lines in found.items() if table not in own}


def _said(row: tuple[Any, ...]) -> str:
    return "\x1f".join(_value(value) for value in row)


def _value(value: Any) -> str:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.dumps(_numbers(json.loads(value)), sort_keys=True)
        except ValueError:
            return repr(value)
    return repr(value)


def _numbers(value: Any) -> Any:
    """JSON knows one kind of number, and one zero."""
    if isinstance(value, list):
        return [_numbers(each) for each in value]
    if isinstance(value, dict):
        return {name: _numbers(each) for name, each in value.items()}
    return value + 0.0 if isinstance(value, int | float) and not isinstance(value, bool) else value


def change(database: Path, statement: str, *values: Any) -> None:
    with sqlite3.connect(database) as file:
        file.execute(statement, values)


def one_sentence(done: Done, *parts: str) -> None:
    """It failed with one line that has these parts, and without a traceback."""
    assert done.returncode == 1, done.stdout
    (said,) = [line for line in done.stderr.strip().splitlines() if line.startswith("Error")]
    assert "Traceback" not in done.stderr
    assert [part for part in parts if part not in said] == [], said


def test_what_is_filled_is_every_table(source: Path) -> None:
    nothing = {table for table, lines in rows(source).items() if not lines}
    assert nothing <= {"auth_user_groups", "auth_user_user_permissions"}


@on_postgres
def test_from_sqlite_to_postgresql_and_back_every_row_is_as_it_was(
    home: Path, source: Path, empty: str, tmp_path: Path
) -> None:
    there = call(home, "move-database", str(source), empty, "--json")
    assert there.returncode == 0, there.stderr
    back = call(home, "move-database", empty, f"sqlite:///{tmp_path}/back.sqlite3", "--json")
    assert back.returncode == 0, back.stderr
    assert rows(tmp_path / "back.sqlite3") == rows(source)
    sums = [{table["table"]: table for table in json.loads(done.stdout)["tables"]} for done in (there, back)]
    assert sums[0] == sums[1]
    assert sums[0]["deliveries_delivery"]["rows"] == len(rows(source)["deliveries_delivery"])


@on_postgres
def test_what_was_moved_to_postgresql_is_used_and_added_to(home: Path, source: Path, empty: str) -> None:
    """Numbers go on after the last one, sealed values open with the same keys, people sign in as before."""
    assert call(home, "move-database", str(source), empty).returncode == 0
    assert call(home, "doctor", "--json", database=empty, contact="a@example.org").returncode == 0
    script = (
        "from tidings.commands import start; start.awake()\n"
        "from tidings.channels.models import Channel; from tidings.workspaces.models import User\n"
        "from allauth.account.models import EmailAddress\n"
        "assert all(c.access().secrets['access_token'].startswith('secret-token') for c in Channel.objects.all())\n"
        "assert Channel.objects.exclude(app=None).get().access().app.client_secret == 'app secret'\n"
        "before = EmailAddress.objects.latest('id').id\n"
        "made = EmailAddress.objects.create(user=User.objects.get(), email='other@example.org')\n"
        "assert made.id == before + 1, (made.id, before)\n"
        "Channel.objects.first().posts.clear(); Channel.objects.first().posts.through.objects.create(\n"
        "    post_id=Channel.objects.last().posts.first().id, channel_id=Channel.objects.first().id)\n"
    )
    env = environment(home, database=empty)
    done = subprocess.run([sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@on_postgres
@pytest.mark.parametrize(
    ("statement", "table", "said"),
    [
        ("UPDATE posts_item SET text = 'a' || char(0) || 'b' WHERE id = ?", "posts_item", "NUL"),
        ("UPDATE posts_item SET media = json_array(char(0)) WHERE id = ?", "posts_item", "Unicode"),
        ("UPDATE posts_item SET media = '[\"\\ud800\"]' WHERE id = ?", "posts_item", ""),
        ("UPDATE deliveries_delivery SET reason = printf('%.600c', 'x') WHERE id = ?", "deliveries_delivery", "500"),
    ],
)
def test_a_row_that_postgresql_cannot_keep_is_named_and_nothing_is_moved(
    home: Path, source: Path, empty: str, statement: str, table: str, said: str
) -> None:
    with sqlite3.connect(source) as file:
        ids = [id for (id,) in file.execute(f"SELECT id FROM {table} ORDER BY id")]
        file.execute(statement, [ids[len(ids) // 3]])
    named = str(UUID(ids[len(ids) // 3]))
    one_sentence(call(home, "move-database", str(source), empty), table, named, said, "Nothing was moved")
    with psycopg.connect(empty) as line:
        assert line.execute("SELECT count(*) FROM workspaces_user").fetchone() == (0,)
    assert call(home, "doctor", contact="a@example.org").returncode == 0, "the source is in use as before"


@on_postgres
def test_after_a_refusal_the_same_target_is_taken(home: Path, source: Path, empty: str) -> None:
    change(source, "UPDATE workspaces_user SET name = name || char(0)")
    one_sentence(call(home, "move-database", str(source), empty), "workspaces_user")
    change(source, "UPDATE workspaces_user SET name = ''")
    assert call(home, "move-database", str(source), empty).returncode == 0


@on_postgres
def test_a_postgresql_that_is_not_empty_is_refused(home: Path, source: Path, empty: str) -> None:
    with psycopg.connect(empty) as line:
        line.execute("CREATE TABLE letters (id int)")
    one_sentence(call(home, "move-database", str(source), empty), "not empty", "letters")


def test_from_sqlite_to_sqlite_every_row_is_as_it_was(home: Path, source: Path, tmp_path: Path) -> None:
    done = call(home, "move-database", str(source), str(tmp_path / "there.sqlite3"), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert rows(tmp_path / "there.sqlite3") == rows(source)
    assert report["rows"] == sum(len(lines) for lines in rows(source).values())
    assert "deliveries_delivery" in done.stderr, "progress is told"


def test_the_source_is_marked_so_that_nothing_goes_out_twice(home: Path, source: Path, tmp_path: Path) -> None:
    assert call(home, "move-database", str(source), str(tmp_path / "there.sqlite3")).returncode == 0
    for command in ("work", "serve", "migrate"):
        one_sentence(call(home, command), "moved away", "TIDINGS_DATABASE")
    one_sentence(call(home, "move-database", str(source), str(tmp_path / "again.sqlite3")), "moved away")


def test_a_rehearsal_leaves_the_source_in_use(home: Path, source: Path, tmp_path: Path) -> None:
    change(source, WORKING)
    assert call(home, "move-database", "--copy", str(source), str(tmp_path / "there.sqlite3")).returncode == 0
    assert call(home, "migrate").returncode == 0


def test_a_target_that_is_not_empty_is_refused(home: Path, source: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(source, tmp_path / "other.sqlite3"))
    before = rows(other)
    one_sentence(call(home, "move-database", str(source), str(other)), str(other), "not empty")
    one_sentence(call(home, "move-database", str(source), str(source)), "not empty")
    assert rows(other) == before


def test_a_migrated_target_that_nobody_has_used_is_empty(home: Path, source: Path, tmp_path: Path) -> None:
    assert call(tmp_path / "fresh", "migrate").returncode == 0
    target = tmp_path / "fresh" / "tidings.sqlite3"
    assert call(home, "move-database", str(source), str(target)).returncode == 0
    assert rows(target) == rows(source)


def test_a_target_that_cannot_be_reached_is_said(home: Path, source: Path) -> None:
    target = "postgresql://somebody:hunter2@127.0.0.1:1/nowhere"
    done = call(home, "move-database", str(source), target)
    one_sentence(done, "postgresql://127.0.0.1:1/nowhere", "refused")
    assert "hunter2" not in done.stderr


def test_a_source_that_is_not_there_is_said_and_not_made(home: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.sqlite3"
    one_sentence(call(home, "move-database", str(nowhere), str(tmp_path / "there.sqlite3")), str(nowhere))
    assert not nowhere.exists()


@pytest.mark.parametrize("address", ["mysql://localhost/tidings", "postgresql:/half"])
def test_an_address_of_no_kind_that_we_know_is_said(home: Path, source: Path, address: str) -> None:
    done = call(home, "move-database", address, str(source))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_source_that_is_something_else_is_said(home: Path, tmp_path: Path) -> None:
    letters, text = tmp_path / "letters.sqlite3", tmp_path / "letter.txt"
    change(letters, "CREATE TABLE letters (id INTEGER)")
    text.write_text("dear aunt " * 100)
    one_sentence(call(home, "move-database", str(letters), str(tmp_path / "there")), "not a database of Tidings")
    one_sentence(call(home, "move-database", str(text), str(tmp_path / "there")), "cannot be used")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '9999_later', '2030-01-01')", "newer"),
        ("DELETE FROM django_migrations WHERE app = 'usersessions'", "tidings migrate"),
    ],
)
def test_a_source_of_another_version_is_refused(
    home: Path, source: Path, tmp_path: Path, statement: str, said: str
) -> None:
    change(source, statement)
    one_sentence(call(home, "move-database", str(source), str(tmp_path / "there.sqlite3")), said)


def test_a_source_that_somebody_works_with_is_refused(home: Path, source: Path, tmp_path: Path) -> None:
    change(source, WORKING)
    one_sentence(call(home, "move-database", str(source), str(tmp_path / "there.sqlite3")), "gone:1", "stop Tidings")
