"""Every setting that contradicts another or lets somebody in is found, with how to mend it; serving is refused."""

import os
import shutil
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from tests import people
from tests.commands.test_tls import Authority
from tidings.commands import doctor, prove, serve
from tidings.commands.start import Stop
from tidings.core import clock
from tidings.instance import checks, copies, exposed, kept, lines, logged
from tidings.instance.finding import Check, Finding
from tidings.settings import settings as ours
from tidings.workspaces.append_only import OFF, ON
from tidings.workspaces.security import note

HTTPS = "https://social.example.org"
LONG = "Zr4vKq9wXn2LbT7yPc5mHd8sGf3jUa6eRo1iWu0Q"
PUBLIC = {"base_url": HTTPS, "contact": "admin@example.org", "trusted_proxies": "127.0.0.1"}
Set = Callable[..., None]

WRONG: list[tuple[Check, dict[str, Any], str, str]] = [
    (exposed.address, {"base_url": "http://social.example.org"}, "error", "use https"),
    (exposed.address, {"base_url": "http://203.0.113.9.example"}, "error", "use https"),
    (exposed.address, {"base_url": "", "host": "0.0.0.0"}, "warning", "TIDINGS_BASE_URL"),
    (exposed.contact, {"contact": ""}, "error", "TIDINGS_CONTACT"),
    (exposed.contact, {"contact": "the admin"}, "error", "no e-mail address"),
    (exposed.proxies, {"base_url": HTTPS, "trusted_proxies": ""}, "error", "TIDINGS_TLS_CERT"),
    (exposed.proxies, {"base_url": HTTPS, "host": "0.0.0.0"}, "warning", "TIDINGS_HOST=127.0.0.1"),
    (exposed.proxies, {"trusted_proxies": "*"}, "error", "anybody"),
    (exposed.proxies, {"trusted_proxies": "127.0.0.1, 0.0.0.0/0"}, "error", "far too wide"),
    (exposed.proxies, {"trusted_proxies": "::/0"}, "error", "far too wide"),
    (exposed.proxies, {"trusted_proxies": "proxy.example.org"}, "error", "neither an address nor a network"),
    (exposed.private_hosts, {"private_hosts": "nas:443,169.254.169.254"}, "error", "take it out"),
    (exposed.private_hosts, {"private_hosts": "10.0.0.0/8"}, "error", "is no host"),
    (exposed.private_hosts, {"private_hosts": "*.lan"}, "error", "is no host"),
    (exposed.private_hosts, {"private_hosts": "nas"}, "warning", "nas:443"),
    (exposed.metrics, {"metrics_token": "prometheus"}, "warning", "TIDINGS_METRICS_TOKEN"),
    (exposed.metrics, {"metrics_token": "prometheus", "base_url": HTTPS}, "error", "TIDINGS_METRICS_TOKEN"),
    (exposed.demo, {"demo": True, "base_url": HTTPS}, "error", "TIDINGS_BASE_URL"),
    (exposed.registration, {"registration": "open", "mail": ""}, "warning", "TIDINGS_MAIL"),
    (exposed.registration, {"registration": "open", "mail": "", "base_url": HTTPS}, "error", "TIDINGS_MAIL"),
    (lines.mail_line, {"mail": "smtp://me:word@mail.example.org:25?tls=no"}, "error", "?tls=no"),
    (lines.database_line, {"database": "postgresql://me@db.example.org/t"}, "error", "sslmode=verify-full"),
    (lines.database_line, {"database": "postgresql://me@db.example.org/t?sslmode=prefer"}, "error", "verify-full"),
    (lines.database_line, {"database": "postgresql:///t?host=db.example.org"}, "error", "verify-full"),
    (lines.database_line, {"database": "postgresql://me@db.example.org/t?sslmode=require"}, "warning", "verify-full"),
    (lines.media_line, {"media": "s3://key:word@s3.example.org/b?tls=no"}, "error", "tls=no"),
    (kept.certificate, {"tls_cert": "chain.pem", "tls_key": ""}, "error", "go together"),
    (kept.certificate, {"tls_cert": "/nowhere/chain.pem", "tls_key": "key.pem"}, "error", "no certificate"),
    (kept.log_days, {"log_days": 90, "log_gone_days": 30}, "error", "TIDINGS_LOG_GONE_DAYS"),
]
RIGHT: list[tuple[Check, dict[str, Any]]] = [
    (exposed.address, {"base_url": HTTPS}),
    (exposed.address, {"base_url": "http://127.0.0.1:8000"}),
    (exposed.address, {"base_url": "http://nas:8000"}),
    (exposed.address, {"base_url": "http://10.1.2.3"}),
    (exposed.contact, {"contact": "admin@example.org"}),
    (exposed.proxies, {"base_url": HTTPS, "trusted_proxies": "10.0.0.0/24, fd00::/64"}),
    (exposed.proxies, {"base_url": HTTPS, "trusted_proxies": "", "tls_cert": "chain.pem", "host": "0.0.0.0"}),
    (exposed.private_hosts, {"private_hosts": "nas:443, [fd00::1]:8080"}),
    (exposed.metrics, {"metrics_token": LONG, "base_url": HTTPS}),
    (exposed.demo, {"demo": True, "base_url": "http://127.0.0.1:8000"}),
    (exposed.registration, {"registration": "open", "mail": "smtps://mail.example.org"}),
    (exposed.registration, {"registration": "invitation", "mail": "", "base_url": HTTPS}),
    (lines.mail_line, {"mail": "smtp://localhost:25?tls=no"}),
    (lines.mail_line, {"mail": "smtp://me:word@mail.example.org"}),
    (lines.database_line, {"database": ""}),
    (lines.database_line, {"database": "postgresql://me@db/t"}),
    (lines.database_line, {"database": "postgresql:///t?host=/run/postgresql"}),
    (lines.database_line, {"database": "postgresql://me@db.example.org/t?sslmode=verify-full"}),
    (lines.media_line, {"media": "s3://key:word@s3.example.org/b?region=x"}),
    (lines.media_line, {"media": "s3://key:word@minio/b?tls=no"}),
    (kept.certificate, {"tls_cert": "", "tls_key": ""}),
    (kept.log_days, {"log_days": 30, "log_gone_days": 30}),
]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Change settings for this test."""

    def change(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setattr(ours(), name, value)

    return change


@pytest.fixture
def home(tmp_path: Path, put: Set) -> Path:
    """A data folder as the program makes it."""
    tmp_path.chmod(0o700)
    put(home=tmp_path)
    return tmp_path


def found(check: Check) -> list[Finding]:
    return list(check())


@pytest.mark.parametrize(("check", "values", "level", "words"), WRONG)
def test_what_is_wrong_is_found_with_how_to_mend_it(
    put: Set, check: Check, values: dict[str, Any], level: str, words: str
) -> None:
    put(**values)
    (finding,) = found(check)
    assert finding.level == level
    assert words in finding.sentence
    assert finding.name == check.__name__.replace("_", "-")


@pytest.mark.parametrize(("check", "values"), RIGHT)
def test_what_is_right_is_left_alone(put: Set, check: Check, values: dict[str, Any]) -> None:
    put(**values)
    assert found(check) == []


@pytest.mark.parametrize(
    "key", ["short", "a" * 64, "django-insecure-2wq$v7!k9x_p4m8z", "please-change-me-please-change-me-42", "0" * 32]
)
def test_a_secret_that_can_be_guessed_is_found_and_not_repeated(settings: Any, key: str) -> None:
    settings.SECRET_KEY = key
    (finding,) = found(exposed.secret)
    assert finding.level == "error"
    assert key not in finding.sentence
    settings.SECRET_KEY = LONG
    assert found(exposed.secret) == []


def test_what_others_on_the_machine_may_read_is_found(home: Path) -> None:
    for name in ("keys.json", "secret.key"):
        (home / name).write_text("{}")
        (home / name).chmod(0o600)
    assert [found(check) for check in (kept.home, kept.key_file, kept.secret_file)] == [[], [], []]
    files = {home: kept.home, home / "keys.json": kept.key_file, home / "secret.key": kept.secret_file}
    for path, check in files.items():
        path.chmod(0o755 if path == home else 0o640)
        (finding,) = found(check)
        assert f"chmod {'750' if path == home else '600'} {path}" in finding.sentence
    home.chmod(0o777)
    assert [finding.level for finding in found(kept.home)] == ["warning", "error"]


def test_a_second_key_ring_that_is_not_used_is_found(home: Path, put: Set) -> None:
    put(keys="{}")
    assert found(kept.key_twice) == []
    (home / "keys.json").write_text("{}")
    assert "move the file away" in found(kept.key_twice)[0].sentence


def test_copies_from_which_nobody_is_erased_are_found(home: Path, put: Set) -> None:
    put(media="s3://key:word@s3.example.org/b")
    assert found(copies.copies) == []
    for name in ("tidings.sqlite3", "tidings.sqlite3.before-2026", ".tidings.sqlite3.coming", "media/aa/bb/c"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(b"rows")

    told = found(copies.copies)

    assert [finding.level for finding in told] == ["warning"] * 4
    assert sum(f"{home / 'media'} is not used" in finding.sentence for finding in told) == 1
    with clock.shifted(timedelta(days=8)):
        assert {finding.level for finding in found(copies.copies)} == {"error"}


@pytest.mark.parametrize(("free", "levels"), [(10**11, []), (10**9, ["warning"]), (10**8, ["error"])])
def test_a_disk_that_is_nearly_full_is_found(
    home: Path, monkeypatch: pytest.MonkeyPatch, free: int, levels: list[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: namedtuple("Usage", "free")(free))
    assert [finding.level for finding in found(kept.room)] == levels


@pytest.mark.parametrize(("days", "said"), [(30, []), (5, ["ends on"]), (-1, ["has ended on"])])
def test_a_certificate_that_ends_is_found(home: Path, put: Set, days: int, said: list[str]) -> None:
    chain, key = Authority().write(home, days)
    put(tls_cert=str(chain), tls_key=str(key))
    assert [words in finding.sentence for words, finding in zip(said, found(kept.certificate), strict=True)] == (
        [True] * len(said)
    )


@pytest.mark.django_db
def test_a_network_s_terms_shorten_the_time_until_an_erasure(put: Set) -> None:
    put(erase_days=3)
    owner = people.owner()
    people.channel(owner)
    assert found(kept.erase_days) == []
    people.channel(owner, "x")
    assert "X wants things gone within 1 days" in found(kept.erase_days)[0].sentence
    put(erase_days=1)
    assert found(kept.erase_days) == []


@pytest.mark.django_db
def test_a_proxy_that_does_not_say_for_whom_it_asks_is_found(put: Set) -> None:
    user = people.person()

    def visit(address: str) -> None:
        note("signed_in", RequestFactory(REMOTE_ADDR=address, HTTP_USER_AGENT="Browser").get("/"), user)

    note("operator", None, user)
    visit("127.0.0.1")
    put(**PUBLIC)
    visit("198.51.100.7")
    assert found(exposed.visitors) == [], "at home 127.0.0.1 is somebody, and a command line comes from nowhere"
    visit("127.0.0.1")
    visit("unix:")
    (finding,) = found(exposed.visitors)
    assert (finding.name, finding.level) == ("visitors", "warning")
    assert "of 4 entries" in finding.sentence
    assert "2 have no address" in finding.sentence
    assert "X-Forwarded-For" in finding.sentence
    with clock.shifted(timedelta(days=8)):
        assert found(exposed.visitors) == []


@pytest.mark.django_db
def test_an_audit_log_that_is_not_as_it_was_written_is_found() -> None:
    owner = people.owner()
    assert list(logged.audit_logs()) == []
    with connection.cursor() as cursor:
        for statement in OFF[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("UPDATE workspaces_auditentry SET verb = 'changed'")
        changed, unguarded = logged.audit_logs()
        for statement in ON[connection.vendor]:
            cursor.execute(statement)
    assert f"{owner.workspace_id} is not as it was written from entry 1 on" in changed.sentence
    assert "audit_" in unguarded.sentence
    assert {changed.level, unguarded.level} == {"error"}


@pytest.mark.django_db
def test_an_instance_with_people_and_no_fresh_backup_is_found(home: Path) -> None:
    assert found(kept.backups) == []
    people.person()
    assert "never backed up" in found(kept.backups)[0].sentence
    file = home / "keys.backup.json"
    file.write_text("{}")
    assert found(kept.backups) == []
    os.utime(file, (file.stat().st_mtime - 8 * 86_400,) * 2)
    assert "The last backup is of" in found(kept.backups)[0].sentence


REFUSED = [
    ({"base_url": "http://social.example.org"}, "use https"),
    ({"contact": ""}, "TIDINGS_CONTACT"),
    ({"trusted_proxies": "*"}, "anybody"),
    ({"trusted_proxies": ""}, "No proxy is believed"),
    ({"demo": True}, "The demo signs in everybody"),
    ({"tls_cert": "chain.pem"}, "go together"),
]


@pytest.mark.parametrize(("values", "words"), REFUSED)
def test_nothing_is_served_on_a_public_address_that_lets_anybody_in(
    put: Set, values: dict[str, Any], words: str
) -> None:
    put(**PUBLIC | values)
    with pytest.raises(Stop, match=words):
        serve.main(None, False)  # type: ignore[arg-type]


def test_nothing_is_served_on_a_public_address_with_a_secret_that_can_be_guessed(put: Set, settings: Any) -> None:
    put(**PUBLIC)
    settings.SECRET_KEY = "secret"
    with pytest.raises(Stop, match="TIDINGS_SECRET_KEY"):
        serve.main(None, False)  # type: ignore[arg-type]


def test_at_home_nothing_of_this_keeps_anybody_from_serving(put: Set) -> None:
    put(base_url="http://nas:8000", contact="", trusted_proxies="*")
    assert [finding for check in checks.before_serving() for finding in check()] == []


def test_a_database_that_is_away_is_said_to_be_and_not_waited_for_again_and_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here nothing may touch the database: pytest would stop it."""
    monkeypatch.setattr(checks, "away", lambda *_on: "Connection refused")
    with pytest.raises(SystemExit):
        doctor.main(as_json=False)
    said = capsys.readouterr().out
    assert "The database cannot be used: Connection refused. Start it, or look at TIDINGS_DATABASE." in said
    with pytest.raises(Stop, match="Connection refused"):
        prove.main(as_json=False)


def test_doctor_looks_at_everything_that_serving_asks() -> None:
    assert {*exposed.BEFORE_SERVING, *kept.BEFORE_SERVING} <= set(checks.EVERY)
