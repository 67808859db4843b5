"""The command line as people meet it: in a process of its own, with a data folder of its own."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TIDINGS = Path(sys.executable).with_name("tidings")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Calls `tidings` with these words and settings; the data folder is `tmp_path/home`."""

    def call(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        named = {f"TIDINGS_{name.upper()}": value for name, value in settings.items()}
        env = clean | {"TIDINGS_HOME": str(tmp_path / "home")} | named
        return subprocess.run([TIDINGS, *words], env=env, capture_output=True, text=True, timeout=60)

    return call


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database is up to date and holds one workspace; copied by who changes it."""
    home = tmp_path_factory.mktemp("migrated") / "home"
    done = subprocess.run(
        [TIDINGS, "migrate"], env=os.environ | {"TIDINGS_HOME": str(home)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(migrated: Path, tmp_path: Path) -> Path:
    """A copy of that folder, at the place where `run` looks."""
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", migrated, copy], check=True)
    return copy


def _one_sentence(done: "subprocess.CompletedProcess[str]", *parts: str) -> None:
    """It failed with one line that has these parts, and without a traceback."""
    said = done.stderr.strip()
    assert done.returncode == 1
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said
    for part in parts:
        assert part in said


def _sql(home: Path, statement: str) -> None:
    with sqlite3.connect(home / "tidings.sqlite3") as database:
        database.execute(statement)


def test_help_needs_no_data_folder(run: Run, tmp_path: Path) -> None:
    for words in ([], ["serve"], ["users", "reset-link"]):
        assert run(*words, "--help").returncode == 0
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_said_in_one_sentence(run: Run, tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        _one_sentence(run(command, "--port", port), f"Port {port}", "taken", "--port")
    assert not (tmp_path / "home").exists(), "who comes second touches no data"


def test_an_address_that_is_not_this_machine_s_is_said_in_one_sentence(run: Run) -> None:
    _one_sentence(run("serve", "--host", "203.0.113.7"), "203.0.113.7")


@pytest.mark.parametrize("command", ["serve", "work", "migrate", "doctor"])
def test_a_data_folder_that_cannot_be_written_is_said_in_one_sentence(
    run: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    words = [command, "--port", _free_port()] if command == "serve" else [command]
    done = run(*words, home=str(tmp_path / "file" / "home"))
    _one_sentence(done, str(tmp_path / "file" / "home"), "cannot be written", "TIDINGS_HOME")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_data_folder_is_said_in_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    _one_sentence(run("migrate"), "cannot be written")


@pytest.mark.parametrize("command", ["serve", "work", "migrate"])
def test_a_database_of_a_newer_version_is_refused_in_one_sentence(run: Run, home: Path, command: str) -> None:
    _sql(home, "INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '9999_later', '2030-01-01')")
    words = [command, "--port", _free_port()] if command == "serve" else [command]
    _one_sentence(run(*words), "newer version", "posts.9999_later")


def test_a_file_that_is_no_database_is_said_in_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "tidings.sqlite3").write_text("this is a letter to my aunt" * 100)
    _one_sentence(run("migrate"), "database cannot be used")


def test_a_key_ring_that_is_none_is_said_in_one_sentence(run: Run) -> None:
    _one_sentence(run("migrate", keys='{"a": "c2hvcnQ"}'), "key ring", "TIDINGS_KEYS")


def test_a_key_ring_of_another_database_is_refused_at_start(run: Run, home: Path) -> None:
    _somebody(home)
    (home / "keys.json").unlink()
    _one_sentence(run("serve", "--port", _free_port()), "key ring", "keys.json")


def test_a_setting_that_makes_no_sense_is_named(run: Run) -> None:
    _one_sentence(run("serve", lease="soon"), "TIDINGS_LEASE")


def test_the_secret_in_a_wrong_setting_is_not_repeated(run: Run) -> None:
    assert "hunter2" not in run("migrate", keys="hunter2").stderr


def test_only_serving_changes_an_old_database(run: Run, home: Path) -> None:
    _sql(home, "DELETE FROM django_migrations WHERE app = 'usersessions'")
    _one_sentence(run("users", "list"), "tidings migrate")


def test_doctor_reports_a_fresh_instance_as_json(run: Run, home: Path) -> None:
    done = run("doctor", "--json")
    report = json.loads(done.stdout)
    levels = {finding["name"]: finding["level"] for finding in report["findings"]}
    assert (done.returncode, report["healthy"]) == (1, False)
    assert levels["contact"] == "error"
    assert levels["mail"] == "warning"
    assert not {"database", "keys", "home", "key-file"} & set(levels)


def test_doctor_is_content_once_somebody_can_be_reached(run: Run, home: Path) -> None:
    done = run("doctor", "--json", contact="admin@example.org")
    assert (done.returncode, json.loads(done.stdout)["healthy"]) == (0, True)


def test_doctor_says_that_a_public_address_needs_https(run: Run, home: Path) -> None:
    said = run("doctor", contact="admin@example.org", base_url="http://social.example.org")
    assert said.returncode == 1
    assert "https" in said.stdout


def test_doctor_says_that_others_may_read_the_keys(run: Run, home: Path) -> None:
    (home / "keys.json").chmod(0o644)
    assert "chmod 600" in run("doctor").stdout


def test_doctor_says_that_the_database_is_newer(run: Run, home: Path) -> None:
    _sql(home, "INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '9999_later', '2030-01-01')")
    done = run("doctor", "--json")
    assert done.returncode == 1
    assert any("newer version" in finding["sentence"] for finding in json.loads(done.stdout)["findings"])


def test_doctor_reports_as_json_even_what_keeps_it_from_looking(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("doctor", "--json", home=str(tmp_path / "file" / "home"))
    (finding,) = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert "cannot be written" in finding["sentence"]


def test_networks_are_listed_as_json(run: Run) -> None:
    rows = json.loads(run("networks", "list", "--json").stdout)
    assert rows
    assert all(row["policy"].startswith("https://") and row["connect"] for row in rows)


def test_a_reset_link_is_made_for_a_person_and_for_nobody_else(run: Run, home: Path) -> None:
    _somebody(home)
    listed = json.loads(run("users", "list", "--json").stdout)
    assert [row["email"] for row in listed] == ["somebody@example.org"]
    made = run("users", "reset-link", "Somebody@example.org", base_url="https://social.example.org")
    assert re.fullmatch(r"https://social\.example\.org/accounts/password/reset/key/\S+/\n", made.stdout)
    _one_sentence(run("users", "reset-link", "nobody@example.org"), "nobody@example.org")


def test_a_demo_does_not_throw_away_what_is_not_a_demo_s(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home" / "demo").mkdir(parents=True)
    (tmp_path / "home" / "demo" / "letter").write_text("dear aunt")
    _one_sentence(run("demo", "--port", _free_port()), "something else is in it")
    assert (tmp_path / "home" / "demo" / "letter").exists()


def test_a_certificate_needs_its_key(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("")
    done = run("serve", "--tls-cert", str(tmp_path / "cert.pem"))
    assert done.returncode == 2
    assert "--tls-key" in done.stderr


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as plug:
        return str(plug.getsockname()[1])


def _somebody(home: Path) -> None:
    """One person with a workspace in this data folder."""
    script = (
        "from tidings.commands import start; start.awake(); from tidings.workspaces.accounts import settle; "
        "settle('somebody@example.org', 'a long enough one', 'Somebody', 'Theirs', 'UTC')"
    )
    subprocess.run([sys.executable, "-c", script], env=os.environ | {"TIDINGS_HOME": str(home)}, check=True)
