"""Who is told of what, where it happens; and the mails: once, bundled, as each person wishes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.conftest import Town
from tests.deliveries.conftest import Write
from tests.deliveries.test_queue import due
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.ask import tell_due
from tidings.deliveries.ending import tell_ending
from tidings.deliveries.late import hold_late
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.worker import Worker
from tidings.instance.notices import send_notices
from tidings.notifications import mail
from tidings.notifications.models import Notification
from tidings.notifications.read import wish
from tidings.notifications.tell import Occasion, Wish, next_digest, tell
from tidings.workspaces.models import Member, User, Workspace

MINUTES = timedelta(minutes=3)


@pytest.fixture(autouse=True)
def _kept_mails(settings: object, transactional_db: None) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    outbox.outbox = []


def mails() -> list[outbox.EmailMessage]:
    return list(outbox.outbox)


def told(kind: str = "") -> list[tuple[str, str]]:
    rows = Notification.objects.filter(**({"kind": kind} if kind else {}))
    return sorted((row.kind, str(row.user)) for row in rows.select_related("user"))


def occasion(mark: str = "one") -> list[Occasion]:
    return [Occasion("post", None, mark)]


def later(**by: int) -> datetime:
    return clock.now() + timedelta(**by)


def test_a_post_that_fails_or_is_unsure_tells_who_may_publish_and_one_that_is_out_nobody(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    people.member(member, "client")
    editor = people.member(member, "editor")
    publish_now(member, write([channel], "Fine"))
    worker.run_until_idle()
    assert told() == []
    publish_now(member, write([channel], "x" * 400))
    town["mastodon"].longest = 100
    worker.run_until_idle()
    assert told() == sorted([("failed", str(editor.user)), ("failed", str(member.user))])


def test_a_channel_that_loses_its_access_tells_who_may_connect_once(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    people.member(member, "editor")
    town["mastodon"].oauth.tokens.clear()
    publish_now(member, write([channel], "One"))
    publish_now(member, write([channel], "Two"))
    worker.run_until_idle()
    assert told("paused") == [("paused", str(member.user))]


def test_what_is_held_back_is_told_once_of_each_post_and_mailed_by_ask_alone(
    member: Member, channel: Channel, town: Town
) -> None:
    Workspace.objects.update(late_policy="ask", late_minutes=5)
    due(channel, later(minutes=-30))
    with clock.shifted(timedelta(seconds=1)):
        hold_late(clock.now())
        hold_late(clock.now())
    assert told() == [("held", str(member.user))]
    User.objects.update(told_until=later(days=-1))
    with clock.shifted(MINUTES):
        assert (send_notices(clock.now()), tell_due(clock.now())) == (0, 1)
    wish(member.user, {"held": Wish(page=True, mail="off")})
    User.objects.update(told_until=later(days=-1))
    with clock.shifted(MINUTES):
        assert tell_due(clock.now()) == 0


def test_an_access_that_ends_before_a_scheduled_post_is_told_a_week_ahead_and_once(member: Member) -> None:
    ends = later(days=7, hours=12)
    told_of = people.channel(member, "linkedin", token_ends_at=ends)
    due(told_of, later(days=9))
    unused, renewed = (people.channel(member, name, token_ends_at=ends) for name in ("linkedin", "threads"))
    due(renewed, later(days=9))
    due(unused, later(days=3))
    for _round in range(2):
        tell_ending(clock.now())
    assert list(Notification.objects.values_list("kind", "thing_id")) == [("ending", told_of.pk)]


def test_one_mail_tells_all_that_happened_within_two_minutes_and_goes_once(member: Member, channel: Channel) -> None:
    tell(member.workspace_id, "failed", [Occasion("delivery", due(channel, clock.now()).pk, "a")])
    tell(member.workspace_id, "paused", [Occasion("channel", channel.pk, "b")])
    assert send_notices(clock.now()) == 0
    with clock.shifted(MINUTES):
        assert [send_notices(clock.now()) for _time in range(3)] == [1, 0, 0]
    (sent,) = mails()
    assert sent.subject.startswith("2 things that need you")
    assert f"/w/{member.workspace.slug}/channels/{channel.pk}" in sent.body
    assert "/settings/notifications" in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_that_does_not_go_is_sent_later(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(member.workspace_id, "repeat", occasion())
    Notification.objects.update(mail_at=clock.now())
    with monkeypatch.context() as broken:
        broken.setattr(mail, "deliver", lambda *_said: False)
        assert send_notices(clock.now()) == 0
    assert send_notices(clock.now()) == 0
    with clock.shifted(timedelta(minutes=11)):
        assert send_notices(clock.now()) == 1


def test_nobody_is_told_twice_of_one_thing_nor_who_wants_nothing_nor_who_is_frozen(member: Member) -> None:
    quiet, frozen = people.member(member, "admin"), people.member(member, "admin")
    wish(quiet.user, {"failed": Wish(page=False, mail="off")})
    User.objects.filter(pk=frozen.user_id).update(frozen_at=clock.now())
    for mark in ("one", "one", "two"):
        tell(member.workspace_id, "failed", occasion(mark))
    assert told() == [("failed", str(member.user))] * 2


def test_who_left_the_workspace_is_mailed_nothing_more_of_it(member: Member) -> None:
    gone = people.member(member, "editor")
    tell(member.workspace_id, "failed", occasion(), to=gone.user_id)
    gone.delete()
    with clock.shifted(MINUTES):
        send_notices(clock.now())
    assert mails() == []


@pytest.mark.parametrize(("zone", "at", "next_at"), [
    ("Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 28, 6, tzinfo=UTC), datetime(2026, 3, 28, 7, tzinfo=UTC)),
    ("Pacific/Auckland", datetime(2026, 6, 1, 20, tzinfo=UTC), datetime(2026, 6, 2, 20, tzinfo=UTC)),
])  # fmt: skip
def test_a_digest_comes_at_eight_where_the_person_is(zone: str, at: datetime, next_at: datetime) -> None:
    assert next_digest(User(zone=zone), at) == next_at


def test_telling_costs_two_reads_and_a_write_however_many_there_are(member: Member) -> None:
    for _number in range(5):
        people.member(member, "editor")
    many = [Occasion("post", None, str(number)) for number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        tell(member.workspace_id, "failed", many)
    said = [one["sql"].split()[0] for one in asked]
    assert (Notification.objects.count(), said.count("SELECT"), said.count("INSERT")) == (18, 2, 1)
