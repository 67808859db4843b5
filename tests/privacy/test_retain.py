"""What is kept for a time only: the security log, browsers, sessions, invitations, mails in the folder."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from tests.web.people import browser, person, team
from tidings.core import clock
from tidings.privacy.chores import PACES
from tidings.privacy.retain import BATCH, BATCHES, retain
from tidings.settings import settings
from tidings.workspaces.members import invite
from tidings.workspaces.models import Invitation, Knock, SecurityEvent, User
from tidings.workspaces.rates import Rate, knock

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
V4, V6 = "203.0.113.77", "2001:db8:77:1234:5678::9"


def event(user: User, ip: str = V4, **age: float) -> SecurityEvent:
    """Something that happened so long ago."""
    return SecurityEvent.objects.create(
        user=user, kind="signed_in", ip=ip, place=ip, browser=FIREFOX, at=clock.now() - timedelta(**age)
    )


def test_the_log_is_kept_in_full_then_truncated_then_gone() -> None:
    ann = person()
    young, old, old6, gone = (
        event(ann, days=29),
        event(ann, days=31),
        event(ann, V6, days=31),
        event(ann, days=181),
    )
    retain(clock.now())
    for row in (young, old, old6):
        row.refresh_from_db()
    assert (young.ip, young.place, young.browser) == (V4, V4, FIREFOX)
    assert (old.ip, old.place, old.browser) == ("203.0.113.0", "", "")
    assert (old6.ip, old6.place, old6.browser) == ("2001:db8:77::", "", "")
    assert not SecurityEvent.objects.filter(pk=gone.pk).exists()


def test_the_days_are_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "log_days", 2)
    monkeypatch.setattr(settings(), "log_gone_days", 5)
    ann = person()
    old, gone = event(ann, days=3), event(ann, days=6)
    retain(clock.now())
    old.refresh_from_db()
    assert (old.ip, old.browser) == ("203.0.113.0", "")
    assert not SecurityEvent.objects.filter(pk=gone.pk).exists()


def test_the_worker_does_it_and_a_second_time_there_is_nothing_to_do() -> None:
    event(person(), days=40)
    assert retain in {chore for chore, _every in PACES}
    assert retain(clock.now())["events_truncated"] == 1
    assert not any(retain(clock.now()).values())


def test_a_mountain_of_old_entries_is_carried_away_a_little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidings.privacy.retain.BATCH", 3)
    monkeypatch.setattr("tidings.privacy.retain.BATCHES", 2)
    ann = person()
    SecurityEvent.objects.bulk_create(
        SecurityEvent(user=ann, kind="signed_in", at=clock.now() - timedelta(days=200)) for _ in range(8)
    )
    assert [retain(clock.now())["events_gone"] for _ in range(3)] == [6, 2, 0]
    assert BATCH * BATCHES >= 10_000


def test_browsers_that_are_signed_out_or_were_not_seen_for_long_are_forgotten() -> None:
    ann = person()
    client = browser(ann)
    client.get("/settings/profile", REMOTE_ADDR=V4, HTTP_USER_AGENT=FIREFOX)
    gone = UserSession.objects.create(user=ann, ip=V4, user_agent=FIREFOX, session_key="no such session")
    UserSession.objects.exclude(pk=gone.pk).update(last_seen_at=clock.now() - timedelta(days=31))
    retain(clock.now())
    left = UserSession.objects.get()
    assert (left.ip, left.user_agent) == ("203.0.113.0", "")
    assert client.get("/settings/profile").status_code == 200


def test_sessions_past_their_end_are_deleted() -> None:
    live, over = browser(person()), browser(person("ben@example.org"))
    Session.objects.filter(pk=over.session.session_key).update(expire_date=clock.now() - timedelta(seconds=1))
    retain(clock.now())
    assert [row.pk for row in Session.objects.all()] == [live.session.session_key]


def test_invitations_go_a_month_after_their_end() -> None:
    owner = team().members["owner"]
    invite(owner, "new@example.org", "editor")
    retain(clock.now() + timedelta(days=36))
    assert Invitation.objects.count() == 1
    retain(clock.now() + timedelta(days=38))
    assert not Invitation.objects.exists()


def test_mails_in_the_folder_go_when_the_log_is_truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "home", tmp_path)
    (tmp_path / "mail").mkdir()
    young, old, other = (tmp_path / "mail" / name for name in ("1.eml", "2.eml", "note.txt"))
    for path, days in ((young, 29), (old, 31), (other, 31)):
        path.write_text("To: ann@example.org")
        at = (clock.now() - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    retain(clock.now())
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["1.eml", "note.txt"]


def test_counts_of_knocks_go_with_their_time(client: Client) -> None:
    knock(Rate(3, timedelta(minutes=1)), "somebody")
    retain(clock.now())
    assert Knock.objects.count() == 1
    retain(clock.now() + timedelta(minutes=2))
    assert not Knock.objects.exists()
