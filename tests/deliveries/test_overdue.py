"""What is late and not out yet is told to who may publish: after a quarter of an hour, once, and not what they know."""

from datetime import timedelta
from html import unescape

import pytest
from django.core import mail as outbox
from django.test import Client

from tests import people
from tests.deliveries.test_queue import due
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.overdue import tell_overdue
from tidings.instance.notices import send_notices
from tidings.notifications.models import Notification
from tidings.workspaces.models import Member

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _kept_mails(settings: object, transactional_db: None) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    outbox.outbox = []


@pytest.fixture
def browser(member: Member) -> Client:
    return people.signed_in(member)


def minutes_later(minutes: int) -> int:
    """How many posts the chore tells of then."""
    with clock.shifted(minutes * MINUTE):
        return tell_overdue(clock.now())


def shown(browser: Client) -> str:
    return unescape(browser.get("/notifications").content.decode())


def test_a_post_that_is_not_out_is_told_after_a_quarter_of_an_hour_once_and_leads_to_why(
    member: Member, channel: Channel, browser: Client
) -> None:
    people.member(member, "client")
    due(channel, clock.now())
    assert minutes_later(14) == 0
    assert "A post is late" not in shown(browser)
    assert [minutes_later(minutes) for minutes in (16, 17, 90)] == [1, 0, 0]
    assert "A post is late and not out yet: Bread" in shown(browser)
    row = Notification.objects.get()  # a client may do nothing about it
    assert browser.post(f"/notifications/{row.pk}/open").url == f"{people.home(member)}/attention"


def test_it_is_mailed_at_once_once_a_day_or_never_as_each_person_wishes(member: Member, channel: Channel) -> None:
    daily, never = people.member(member, "editor"), people.member(member, "editor")
    for person, wish in ((daily, "digest"), (never, "off")):
        wishes = {"page-overdue": "on", "mail-overdue": wish}
        assert people.signed_in(person).post("/settings/notifications", wishes).status_code == 302
    due(channel, clock.now())
    minutes_later(16)
    with clock.shifted(19 * MINUTE):
        send_notices(clock.now())
    assert [letter.to for letter in outbox.outbox] == [[member.user.email]]
    with clock.shifted(timedelta(days=1, hours=1)):
        send_notices(clock.now())
    assert [letter.to for letter in outbox.outbox] == [[member.user.email], [daily.user.email]]
    assert "/attention" in outbox.outbox[1].body
    assert "A post is late" in shown(people.signed_in(never))


def test_one_that_is_late_again_at_another_time_is_told_again(member: Member, channel: Channel) -> None:
    late = due(channel, clock.now())
    minutes_later(16)
    moved = clock.now() + 60 * MINUTE
    Delivery.objects.filter(pk=late.pk).update(due_at=moved, again_at=moved)
    assert [minutes_later(minutes) for minutes in (70, 76, 77)] == [0, 1, 0]


def test_what_people_were_told_of_already_is_not_told_once_more(member: Member, channel: Channel) -> None:
    paused = people.channel(member, "bluesky", paused="Access was taken away.")
    due(paused, clock.now())
    first, second = due(channel, clock.now(), "failed"), due(channel, clock.now())
    Delivery.objects.filter(pk=second.pk).update(after=first)
    assert minutes_later(20) == 0
    Delivery.objects.filter(pk=first.pk).update(state="delivered")
    assert minutes_later(20) == 1
