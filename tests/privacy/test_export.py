"""A person asks for everything that is held about them, watches it being made, and fetches it; nobody else does."""

import stat
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core import mail
from django.test import Client

from tests import people
from tests.media.s3 import S3, s3  # noqa: F401 -- a fixture
from tests.media.stack import Answer, Browser, served
from tests.privacy import canary, lives
from tests.web.people import PASSWORD, browser, person
from tidings.core import clock
from tidings.media.refuse import AWAY
from tidings.privacy import datamap, export, lines
from tidings.privacy.models import Export
from tidings.privacy.scope import MADE_BY, tables
from tidings.settings import settings as ours
from tidings.workspaces.models import SecurityEvent, User

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/settings/export"


def signed_in(user: User) -> Client:
    """A browser in which somebody has just shown once more who they are."""
    client = browser(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def end_the_last() -> None:
    export.end(Export.objects.order_by("-asked_at")[0])


def made(user: User) -> Export:
    """An export that is ready."""
    export.ask(user)
    assert export.write_next()
    return Export.objects.get(user=user, state="ready")


def test_every_personal_column_is_in_the_archive_and_no_sealed_one() -> None:
    life = canary.live("Marzipanheron")
    Export.objects.all().delete()
    path = export.file_of(made(life.user).pk)
    with ZipFile(path) as file:
        inside = {name: file.read(name) for name in file.namelist()}
    told = {name.partition("/")[2].removesuffix(".jsonl"): text for name, text in inside.items()}
    for table in tables():
        for column, kind in table.columns().items():
            stands = f'"{column}":'.encode() in told[table.model]
            assert stands == (kind in ("personal", "points")) or kind == "plain", f"{table.model}.{column}"
    everything = b"".join(inside.values())
    for row in life.rows:
        for column in row._meta.local_concrete_fields:
            value = getattr(row, column.name) if f"{row._meta.label}.{column.name}" in life.columns else None
            kind = next((t for t in tables() if t.rows is type(row)), None)
            if kind and isinstance(value, str) and kind.columns()[column.name] in ("personal", "sealed"):
                assert (value.encode() in everything) == (kind.columns()[column.name] == "personal"), (kind, column)


def test_a_workspace_of_others_says_only_what_one_made_there() -> None:
    assert set(MADE_BY) == {table.model for table in tables() if table.owner == "workspace"}
    owner = lives.whole()
    with ZipFile(export.file_of(made(owner.user).pk)) as file:
        text = b"".join(file.read(name) for name in file.namelist())
    assert b"Mine in another's workspace" in text
    assert b"Not mine at all" not in text
    assert b"sealed-" not in text
    assert b"secret-token" not in text


def test_what_is_left_out_is_nothing_personal() -> None:
    kinds = {table.model: table.columns() for table in datamap.TABLES}
    left_out = {(model, column) for model, (columns, _why) in lines.LEFT_OUT.items() for column in columns.split()}
    assert {kinds[model][column] for model, column in left_out} == {"plain"}


def test_one_asks_after_a_password_watches_and_deletes() -> None:
    ann = person()
    client = signed_in(ann)
    assert client.post(f"{PAGE}/make").status_code == 302
    assert b"It begins in a moment" in client.get(f"{PAGE}/progress").content
    assert SecurityEvent.objects.filter(user=ann, kind="export").exists()
    assert export.write_next()
    page = client.get(PAGE)
    assert b"/archive" in page.content
    assert "no-store" in page.headers["Cache-Control"]
    (ready,) = Export.objects.all()
    path = export.file_of(ready.pk)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    client.post(f"{PAGE}/{ready.pk}/delete")
    assert not path.exists()
    assert b"/archive" not in client.get(PAGE).content


def test_who_has_not_given_a_password_lately_is_asked_for_it_first() -> None:
    ann = person()
    client = browser(ann)
    asked = client.post(f"{PAGE}/make")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not Export.objects.exists()
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert Export.objects.filter(user=ann).count() == 1


def test_one_is_under_way_at_most_and_three_are_made_a_day() -> None:
    ann = person()
    client = signed_in(ann)
    client.post(f"{PAGE}/make")
    assert "being made already" in client.post(f"{PAGE}/make", follow=True).content.decode()
    for _n in range(2):
        end_the_last()
        client.post(f"{PAGE}/make")
    end_the_last()
    assert "last export for today" in client.post(f"{PAGE}/make", follow=True).content.decode()


def test_nobody_deletes_another_s() -> None:
    mine = made(person())
    other = signed_in(person("ben@example.org"))
    assert other.post(f"{PAGE}/{mine.pk}/delete").status_code == 404
    assert export.file_of(mine.pk).exists()


def test_when_its_time_is_over_the_file_is_gone() -> None:
    ready = made(person())
    with clock.shifted(timedelta(days=ours().export_days)):
        export.end_due(clock.now())
        assert not export.file_of(ready.pk).exists()
    assert not Export.objects.exists()


def test_the_file_of_a_person_who_is_gone_goes_too() -> None:
    ann = person()
    path = export.file_of(made(ann).pk)
    ann.delete()
    export.end_due(clock.now())
    assert not path.exists()


def test_a_worker_that_died_is_followed_by_another_and_two_do_not_write_one() -> None:
    asked = export.ask(person())
    Export.objects.filter(pk=asked.pk).update(state="writing", lease_until=clock.now() + timedelta(minutes=1))
    assert not export.write_next(), "somebody holds it"
    with clock.shifted(timedelta(minutes=2)):
        assert export.write_next()
    assert Export.objects.get().state == "ready"


def test_who_gives_an_export_up_gets_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = export.ask(people.owner().user)
    keep = export._keep
    monkeypatch.setattr(export, "_keep", lambda one, coming: (export.end(one), keep(one, coming)))
    assert export.write_next()
    assert Export.objects.get().state == "failed"
    assert not list(export.file_of(asked.pk).parent.glob(f"{asked.pk}*"))


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    ann = person()
    export.ask(ann)
    monkeypatch.setattr(export, "pack", full)
    assert export.write_next()
    assert b"not enough room" in browser(ann).get(PAGE).content


def test_the_mail_says_where_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    ann, ben = person(), person("ben@example.org", mailed=False)
    monkeypatch.setattr(ours(), "mail", "smtp://mail.example.org")
    made(ann)
    made(ben)
    (letter,) = mail.outbox
    assert letter.to == [ann.email]
    assert f"{ours().url}{PAGE}" in letter.body
    assert letter.extra_headers["List-Unsubscribe"].strip("<>") in letter.body
    assert "Ann" not in letter.body


def test_the_archive_comes_in_parts_to_its_owner_only_and_until_its_end() -> None:
    ann = person()
    ready = made(ann)
    whole = export.file_of(ready.pk).read_bytes()
    with served() as port:
        path = f"{PAGE}/{ready.pk}/archive"

        def got(client: Client, **headers: str) -> Answer:
            session = client.cookies["session"].value if "session" in client.cookies else ""
            return Browser(port, session).ask("GET", path, **headers)

        fetched = got(signed_in(ann), Range="bytes=10-19")
        assert (fetched.status, fetched.body) == (206, whole[10:20])
        assert "no-store" in fetched.headers["cache-control"]
        assert fetched.headers["content-disposition"] == 'attachment; filename="export.zip"'
        assert got(browser(ann)).headers["location"].startswith("/accounts/reauthenticate/")
        assert [got(who).status for who in (browser(), signed_in(person("ben@example.org")))] == [404, 404]
        Export.objects.update(ends_at=clock.now())
        assert got(signed_in(ann)).status == 404


def test_films_of_a_bucket_are_in_it_and_one_that_is_away_is_the_reason(s3: S3) -> None:  # noqa: F811
    life = canary.live("Marzipanheron")
    Export.objects.all().delete()
    with ZipFile(export.file_of(made(life.user).pk)) as file:
        inside = {file.read(name) for name in file.namelist() if name.startswith("media/")}
    assert {s3.objects[key][0] for key in life.keys} & inside
    s3.down = True
    export.ask(life.user)
    assert export.write_next()
    assert Export.objects.get(state="failed").reason == AWAY
