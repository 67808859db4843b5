"""Whoever runs the instance is told of checks that turned red and of missing backups: once, until it is well again."""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.test import Client

from tests import people
from tidings.commands import backup
from tidings.commands.start import Stop
from tidings.core import clock
from tidings.instance import backups, checks, red
from tidings.instance.finding import Finding
from tidings.instance.notices import send_notices
from tidings.instance.red import tell_old_backup, tell_red
from tidings.notifications.models import Notification
from tidings.workspaces.models import Member, User

HOUR = timedelta(hours=1)
RED = Finding("certificate", "error", "It has ended.")
YELLOW = Finding("films", "warning", "ffmpeg is not installed.")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, operator: Member) -> list[Finding]:
    """What the checks find; a test changes it."""
    finds: list[Finding] = []
    monkeypatch.setattr(checks, "EVERY", (lambda: iter(finds),))
    return finds


@pytest.fixture
def missing(operator: Member) -> None:
    """An instance that is some days old, and was never backed up."""
    User.objects.update(joined_at=clock.now() - timedelta(days=3))


def hours_later(hours: int) -> int:
    """How many checks the chore tells of then."""
    with clock.shifted(hours * HOUR):
        return tell_red(clock.now())


def shown(browser: Client) -> str:
    return unescape(browser.get("/notifications").content.decode())


def test_a_check_that_turns_red_is_told_once_until_it_was_green_again(browser: Client, found: list[Finding]) -> None:
    found.append(YELLOW)
    assert hours_later(1) == 0
    found.append(RED)
    assert [hours_later(hours) for hours in (2, 3, 4)] == [1, 0, 0]
    found.remove(RED)
    assert hours_later(5) == 0
    found.append(RED)
    assert [hours_later(hours) for hours in (6, 7)] == [1, 0]
    assert shown(browser).count("<bdi>Something about the instance must be mended</bdi>") == 2
    assert shown(browser).count(RED.sentence) == 2, "in words, not by the name of the check"
    assert "films" not in shown(browser)
    row = Notification.objects.latest("at")
    assert browser.post(f"/notifications/{row.pk}/open").url == "/instance"


def test_the_mail_of_a_check_says_what_it_found_and_not_what_the_check_is_called(found: list[Finding]) -> None:
    found.append(RED)
    assert hours_later(1) == 1
    with clock.shifted(HOUR + timedelta(minutes=3)):
        assert send_notices(clock.now()) == 1
    (mail,) = outbox.outbox
    assert mail.subject == "Something about the instance must be mended"
    assert RED.sentence in mail.body
    assert RED.name not in mail.subject + mail.body


def test_what_an_operator_s_own_look_found_is_told_without_another_look(found: list[Finding], browser: Client) -> None:
    with clock.shifted(HOUR):
        found.append(RED)
        browser.post("/instance/look")
        found.clear()
        assert tell_red(clock.now()) == 1


def test_nobody_looks_while_the_process_is_only_just_starting(
    found: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    found.append(RED)
    monkeypatch.setattr(red, "STARTED", clock.now())
    assert tell_red(clock.now()) == 0
    with clock.shifted(timedelta(minutes=3)):
        assert tell_red(clock.now()) == 1


def test_a_missing_backup_is_told_once_and_a_new_instance_has_two_days(operator: Member, browser: Client) -> None:
    tell_old_backup(clock.now())
    assert not Notification.objects.exists()
    User.objects.update(joined_at=clock.now() - timedelta(days=3))
    for _time in range(3):
        tell_old_backup(clock.now())
    assert shown(browser).count("None was made for two days.") == 1


def test_after_a_new_backup_the_next_one_that_is_missing_is_told_again(missing: None, home: Path) -> None:
    tell_old_backup(clock.now())
    backups.note(home / "one.tidings", 1, 1, 1)
    tell_old_backup(clock.now())
    assert Notification.objects.count() == 1
    for hours in (49, 50, 60):
        with clock.shifted(hours * HOUR):
            tell_old_backup(clock.now())
    assert Notification.objects.count() == 2


def test_a_backup_that_fails_is_told(browser: Client, home: Path) -> None:
    (home / "backups").write_text("a file where the folder should be")
    for _time in range(2):
        with pytest.raises(Stop, match="No backup was made"):
            backup.main(None, None, False)
    assert shown(browser).count("The last one could not be made.") == 1


def test_only_operators_are_told_asked_how_and_shown_it_and_only_while_they_are(missing: None, browser: Client) -> None:
    somebody = people.signed_in(people.owner())
    tell_old_backup(clock.now())
    assert "A backup failed" not in shown(somebody)
    assert 'name="mail-backup"' not in somebody.get("/settings/notifications").content.decode()
    assert 'name="mail-backup"' in browser.get("/settings/notifications").content.decode()
    User.objects.update(is_operator=False)
    assert "A backup failed" not in shown(browser)
    with clock.shifted(HOUR):
        assert send_notices(clock.now()) == 1  # taken, and nothing was said
    assert outbox.outbox == []


@pytest.mark.parametrize(("wish", "soon", "next_day"), [("at_once", 1, 0), ("digest", 0, 1), ("off", 0, 0)])
def test_it_is_mailed_as_the_operator_wishes(
    missing: None, browser: Client, operator: Member, wish: str, soon: int, next_day: int
) -> None:
    browser.post("/settings/notifications", {"page-backup": "on", "mail-backup": wish})
    User.objects.update(zone=_far_from_eight())
    tell_old_backup(clock.now())
    for after, sent in ((timedelta(minutes=3), soon), (timedelta(hours=25), next_day)):
        with clock.shifted(after):
            assert send_notices(clock.now()) == sent


def _far_from_eight() -> str:
    """A zone in which it is not about to be eight in the morning."""
    return "Etc/GMT-12" if clock.now().hour in (7, 8) else "UTC"
