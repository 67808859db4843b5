"""`tidings prove` sees what it should on a live instance: each thing that is put wrong is told, and nothing else."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse

from tests import people
from tests.media.stack import served
from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import Channel
from tidings.commands import prove
from tidings.commands.proofs import Check, doors, ends, held, left, pages, rights, sealed
from tidings.commands.proofs.said import Proof
from tidings.core import clock, http, secrets
from tidings.core.ids import new_id
from tidings.deliveries.models import Attempt
from tidings.deliveries.schedule import schedule
from tidings.media.models import Media
from tidings.media.store import Folder
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.privacy import cookies, export, keyfile, ledger
from tidings.privacy.facts import switched_on
from tidings.privacy.models import Erasure, Export
from tidings.privacy.policy import IDS, policy
from tidings.settings import settings
from tidings.web import install, privacy
from tidings.workspaces.locks import Lock
from tidings.workspaces.models import AuditEntry, Member, SecurityEvent, User

pytestmark = pytest.mark.django_db(transaction=True)
Patch = pytest.MonkeyPatch
Scene = tuple[Patch, Member]


@pytest.fixture(autouse=True)
def _home(monkeypatch: Patch, tmp_path: Path) -> None:
    """A data folder without what other tests left."""
    monkeypatch.setattr(settings(), "home", tmp_path)


@pytest.fixture
def mine() -> Member:
    """Somebody with a channel."""
    made = people.owner()
    people.channel(made)
    return made


@pytest.fixture
def at_home(monkeypatch: Patch) -> Iterator[None]:
    """The instance really answers at its own address."""
    with served() as port:
        monkeypatch.setattr(settings(), "base_url", f"http://127.0.0.1:{port}")
        yield


def wrong(check: Check) -> set[str]:
    """The ids of the sentences that a check finds not kept."""
    return {proof.id for proof in prove.proven(check) if proof.kept is False}


def test_of_a_sound_instance_every_sentence_is_kept(
    mine: Member, at_home: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        prove.main(as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert [sentence for sentence in report["sentences"] if sentence["kept"] is not True] == []
    assert [sentence["id"] for sentence in report["sentences"]] == list(IDS)
    assert ended.value.code == 0
    assert all(proof["looked"] for sentence in report["sentences"] for proof in sentence["proofs"])



def test_a_report_in_words_names_every_sentence(monkeypatch: Patch, capsys: pytest.CaptureFixture[str]) -> None:
    for looks, last in (((pages.sentences,), "The policy is kept."), ((held.uses,), "What could be looked at is kept")):
        monkeypatch.setattr(prove, "EVERY", looks)
        with pytest.raises(SystemExit):
            prove.main(as_json=False)
        said = capsys.readouterr().out
        assert [sentence.title for sentence in policy("en").sentences if sentence.title not in said] == []
        assert last in said


def test_an_instance_that_does_not_answer_is_not_taken_for_a_sound_one(monkeypatch: Patch) -> None:
    monkeypatch.setattr(settings(), "base_url", "http://127.0.0.1:9")
    proofs = list(pages.live())
    assert {proof.id for proof in proofs} == {"5.tls", "6.cookies", "6.browser"}
    assert all(proof.kept is None and "does not answer" in proof.unseen for proof in proofs)
    assert prove.verdict([Proof("5.tls", "what it says", 1), *proofs]) is None, "in part seen is not seen"


def test_what_is_sealed_beside_a_token_may_stand_elsewhere(mine: Member) -> None:
    """The id of a person at the network, by which their channel is known, opens nothing."""
    channel, did = Channel.objects.get(), "did:plc:kxrmvliem3yvkckkvs6rychn"
    channel.keep_secrets({"access_token": "a-token-of-theirs", "sub": did, "scope": "atproto transition:generic"})
    channel.remote_id = channel.person_id = did
    channel.save()
    assert wrong(sealed.clear) == set()
    Channel.objects.update(url="https://bsky.social/a-token-of-theirs")
    assert wrong(sealed.clear) == {"5.rest"}


def a_token_in_clear(scene: Scene) -> None:
    Channel.objects.update(sealed='{"access_token": "in clear"}')


def a_secret_from_another_row(scene: Scene) -> None:
    first = Channel.objects.get()
    Channel.objects.filter(pk=people.channel(scene[1]).pk).update(sealed=first.sealed)


def a_token_in_another_column(scene: Scene) -> None:
    channel = Channel.objects.get()
    Channel.objects.update(name=f"Bearer {channel.access().secrets['access_token']}")


def a_table_that_nobody_declared(scene: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE strangers (email text)")


def a_password_in_clear(scene: Scene) -> None:
    User.objects.filter(pk=scene[1].user.pk).update(password="harbour")


def an_old_entry_of_the_log(scene: Scene) -> None:
    SecurityEvent.objects.create(kind="signed_in", at=clock.now() - timedelta(days=settings().log_gone_days + 3))


def a_whole_address_in_the_log(scene: Scene) -> None:
    at = clock.now() - timedelta(days=settings().log_days + 3)
    SecurityEvent.objects.create(kind="signed_in", ip="203.0.113.77", at=at)


def a_purpose_without_a_use(scene: Scene) -> None:
    scene[0].delitem(held.USES, "look")


def a_door_to_private_addresses(scene: Scene) -> None:
    scene[0].setattr(http, "is_public", lambda address: True)
    scene[0].setattr(doors, "INSIDE", ("http://127.0.0.1:9/",))


def a_network_without_a_policy(scene: Scene) -> None:
    scene[0].setattr(switched_on()[0], "policy", "")


def a_network_asked_in_clear(scene: Scene) -> None:
    found = next(network for network in switched_on() if network.hosts)
    scene[0].setattr(found, "hosts", {"api": "http://api.example.org"})


def somebody_switched_off(scene: Scene) -> None:
    User.objects.update(is_active=False)


def a_secret_of_a_disconnected_channel(scene: Scene) -> None:
    Channel.objects.update(paused=DISCONNECTED)


def an_erasure_that_is_overdue(scene: Scene) -> None:
    Erasure.objects.create(
        kind="user", subject=scene[1].user.pk, code="late", due_at=clock.now() - timedelta(days=1)
    )


def somebody_who_was_erased_and_is_there(scene: Scene) -> None:
    Erasure.objects.create(
        kind="user", subject=scene[1].user.pk, code="done", due_at=clock.now(), done_at=clock.now()
    )


def somebody_of_the_ledger_who_is_back(scene: Scene) -> None:
    scene[0].setattr(ledger, "every", lambda: (ledger.Entry("user", str(scene[1].user.pk), ""),))


def an_export_past_its_end(scene: Scene) -> None:
    made = Export.objects.create(user=scene[1].user, state="ready", ends_at=clock.now() - timedelta(days=1))
    export.file_of(made.pk).write_bytes(b"")


def no_contact(scene: Scene) -> None:
    scene[0].setattr(settings(), "contact", "")


def a_public_address_in_clear(scene: Scene) -> None:
    scene[0].setattr(settings(), "base_url", "http://social.example.invalid")


def a_page_for_corrections_that_is_gone(scene: Scene) -> None:
    scene[0].setattr(rights, "EDITED_AT", {"email": "/nowhere"})


def a_live_channel_without_a_secret(scene: Scene) -> None:
    Channel.objects.update(sealed="")


def a_file_that_is_lost(scene: Scene) -> None:
    key = "00/00/00000000-0000-4000-8000-000000000000.png"
    Media.objects.create(workspace=scene[1].workspace, kind="picture", mime="image/png", size=1, key=key)


def somebody_frozen_for_whom_something_went_out(scene: Scene) -> None:
    post = compose(scene[1], Draft((Channel.objects.get().pk,), (ItemDraft("words"),)))
    (delivery,) = schedule(scene[1], post, clock.now())
    Attempt.objects.create(delivery=delivery, started_at=clock.now(), ended_at=clock.now(), outcome="delivered")
    User.objects.filter(pk=scene[1].user.pk).update(frozen_at=clock.now() - timedelta(hours=1))


def a_channel_of_somebody_frozen_that_goes_on(scene: Scene) -> None:
    User.objects.filter(pk=scene[1].user.pk).update(frozen_at=clock.now())


def a_lock_that_lets_everybody_guess(scene: Scene) -> None:
    scene[0].setattr(left, "LOGIN", Lock(free=5, within=timedelta()))
    scene[0].setattr(Lock, "wait", lambda *_: timedelta())


def an_entry_of_an_audit_log_that_was_put_in(scene: Scene) -> None:
    mine = scene[1].workspace
    AuditEntry.objects.create(
        workspace=mine, number=99, verb="left", thing="member", before="0" * 64, hash="0" * 64
    )


def a_session_past_its_end(scene: Scene) -> None:
    Session.objects.create(session_key="s", session_data="", expire_date=clock.now() - timedelta(days=3))


def a_browser_without_a_session(scene: Scene) -> None:
    made = UserSession.objects.create(user=scene[1].user, ip="203.0.113.77", session_key="s", user_agent="b")
    UserSession.objects.filter(pk=made.pk).update(last_seen_at=clock.now() - timedelta(days=3))


def an_old_mail(scene: Scene) -> None:
    _aged(settings().home / "mail" / "old.eml", days=settings().log_days + 3)


def a_file_of_nobody(scene: Scene) -> None:
    scene[0].setattr(left, "store", lambda: Folder(settings().home))
    _aged(settings().home / "00/00/00000000-0000-4000-8000-000000000000.png", days=3)


def a_key_of_somebody_who_is_gone(scene: Scene) -> None:
    keyfile.change(lambda found: {**found, f"user:{new_id()}": {"1": "x"}})


def a_copy_of_the_database_with_who_was_erased_since(scene: Scene) -> None:
    copy = settings().home / "db.before-20260101T000000Z"
    _aged(copy, days=1)
    scene[0].setattr(left, "_copies", lambda: [copy])
    ledger.put("user", new_id())


def a_key_left_in_the_ring(scene: Scene) -> None:
    ring = secrets.ring()
    scene[0].setattr(secrets, "ring", lambda: secrets.Ring({"old": bytes(32), **ring.keys}))


def _aged(path: Path, days: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    os.utime(path, (path.stat().st_mtime - days * 86_400,) * 2)


def a_cookie_that_is_not_declared(scene: Scene) -> None:
    scene[0].setattr(cookies, "EVERY", (cookies.SESSION,))


def other_settings_than_the_running_instance(scene: Scene) -> None:
    real = privacy.document

    def document(made: Any) -> dict[str, Any]:
        return {**real(made), "facts": {"contact": "somebody-else@example.org"}}

    scene[0].setattr(privacy, "document", document)


def a_policy_page_with_a_foreign_origin(scene: Scene) -> None:
    real = privacy._spoken

    def spoken(answer: HttpResponse, language: str) -> HttpResponse:
        answer._csp_update = {"img-src": "https://tracker.example.org"}  # type: ignore[attr-defined]
        return real(answer, language)

    scene[0].setattr(privacy, "_spoken", spoken)


def a_page_that_sets_another_cookie(scene: Scene) -> None:
    real = privacy._spoken

    def spoken(answer: HttpResponse, language: str) -> HttpResponse:
        answer.set_cookie("visitor", "42")
        return real(answer, language)

    scene[0].setattr(privacy, "_spoken", spoken)


def a_worker_that_keeps_the_calendar(scene: Scene) -> None:
    scene[0].setattr(install, "OFFLINE", "/w/demo/calendar")


WRONGS: list[tuple[Callable[[Scene], None], Check, str]] = [
    (a_token_in_clear, sealed.values, "5.rest"), (a_secret_from_another_row, sealed.values, "5.rest"),
    (a_token_in_another_column, sealed.clear, "5.rest"), (a_table_that_nobody_declared, held.columns, "1.account"),
    (a_password_in_clear, held.passwords, "1.account"), (an_old_entry_of_the_log, held.log, "1.logs"),
    (a_whole_address_in_the_log, held.log, "1.logs"), (a_purpose_without_a_use, held.uses, "2.use"),
    (a_live_channel_without_a_secret, held.tokens, "1.tokens"), (a_door_to_private_addresses, doors.guard, "3.sharing"),
    (a_network_without_a_policy, doors.policies, "3.terms"), (a_network_asked_in_clear, doors.interfaces, "3.official"),
    (somebody_switched_off, ends.people, "4.retention"), (a_file_that_is_lost, ends.media, "4.retention"),
    (a_secret_of_a_disconnected_channel, ends.channels, "4.channel"),
    (an_erasure_that_is_overdue, ends.erasures, "4.account"),
    (somebody_who_was_erased_and_is_there, ends.erasures, "4.account"),
    (somebody_of_the_ledger_who_is_back, ends.remembered, "4.backup"),
    (an_export_past_its_end, rights.exports, "7.access"), (no_contact, rights.contact, "7.contact"),
    (no_contact, pages.sentences, "7.contact"), (a_public_address_in_clear, pages.sentences, "5.tls"),
    (a_page_for_corrections_that_is_gone, rights.corrections, "7.correct"),
    (somebody_frozen_for_whom_something_went_out, rights.frozen, "7.object"),
    (a_channel_of_somebody_frozen_that_goes_on, rights.frozen, "7.object"),
    (a_lock_that_lets_everybody_guess, left.locks, "1.logs"),
    (an_entry_of_an_audit_log_that_was_put_in, left.chains, "1.logs"),
    (a_session_past_its_end, left.ended, "1.logs"), (a_browser_without_a_session, left.ended, "1.logs"),
    (an_old_mail, left.ended, "1.logs"), (a_file_of_nobody, left.stored, "4.account"),
    (a_key_of_somebody_who_is_gone, left.backups, "4.backup"),
    (a_copy_of_the_database_with_who_was_erased_since, left.backups, "4.backup"),
    (a_key_left_in_the_ring, left.ring, "5.rest"),
]  # fmt: skip
SHOWN: list[tuple[Callable[[Scene], None], str]] = [
    (a_cookie_that_is_not_declared, "6.cookies"), (a_page_that_sets_another_cookie, "6.cookies"),
    (a_worker_that_keeps_the_calendar, "6.browser"),
    (other_settings_than_the_running_instance, "7.contact"), (a_policy_page_with_a_foreign_origin, "6.cookies"),
]  # fmt: skip


@pytest.mark.parametrize(("put", "check", "id"), WRONGS, ids=[f"{put.__name__} {id}" for put, _check, id in WRONGS])
def test_what_is_put_wrong_is_told_of_its_sentence(
    monkeypatch: Patch, mine: Member, put: Callable[[Scene], None], check: Check, id: str
) -> None:
    put((monkeypatch, mine))
    try:
        assert wrong(check) == {id}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS strangers")


def test_what_a_page_does_wrong_is_told(mine: Member, at_home: None) -> None:
    assert wrong(pages.live) == set()
    for put, id in SHOWN:
        with pytest.MonkeyPatch.context() as patch:
            put((patch, mine))
            assert wrong(pages.live) == {id}, put.__name__


def test_a_check_that_breaks_down_is_no_proof(monkeypatch: Patch) -> None:
    def broken() -> Iterator[Any]:
        raise RuntimeError("the disk is gone")

    broken.__module__ = sealed.__name__
    (proof,) = prove.proven(broken)
    assert proof.kept is False
    assert "the disk is gone" in proof.wrong[0]


