"""Reports by mail: to whom, when, what they say, and that nobody gets one twice."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.test import Client

from tests import people
from tests.analytics.counted import followed, out
from tidings.analytics import mailing
from tidings.analytics.mailing import mail_reports
from tidings.analytics.models import ReportMail, ReportReader
from tidings.analytics.rhythm import last_due, next_due, period_before
from tidings.core import clock
from tidings.instance.chores import PACES
from tidings.workspaces.models import Member, User, Workspace

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)  # eight in the morning in Berlin
OFF = re.compile(r"https?://[^/]+(/reports/off/\S+)")


@pytest.fixture(autouse=True)
def _letters() -> None:
    outbox.outbox = []  # type: ignore[attr-defined]


@pytest.fixture
def owner() -> Member:
    """Somebody in Lisbon with a workspace in Berlin, whose channel has numbers of the week before."""
    owner = reachable(people.owner(name="Ana", zone="Europe/Lisbon"))
    Workspace.objects.filter(pk=owner.workspace_id).update(zone="Europe/Berlin", name="Harbour bakery")
    owner.workspace.refresh_from_db()
    with clock.use(lambda: MONDAY - HOUR):
        channel = people.channel(owner, handle="@harbour@one.example")
        for n in range(3):
            out(owner, channel, f"Bread of day {n}", MONDAY - (n + 2) * DAY, 1000 + n)
        out(owner, channel, "Long ago", MONDAY - 8 * DAY, 1500)
        followed(channel, MONDAY - 4 * DAY, 40, 42, 47)
    return owner


def reachable(member: Member, verified: bool = True) -> Member:
    EmailAddress.objects.create(user=member.user, email=member.user.email, verified=verified, primary=True)
    return member


def set_up(owner: Member, *readers: Member, **wish: str) -> Any:
    """By the page, on the Friday before."""
    body = {
        "about": "everything", "every": "week", "hour": "8", "readers": [str(one.pk) for one in readers or (owner,)],
        **wish,
    }  # fmt: skip
    with clock.use(lambda: MONDAY - 3 * DAY):
        return people.signed_in(owner).post(f"{people.home(owner)}/analytics/mails", body)


def round_at(at: datetime) -> list[list[str]]:
    """To whom mail went in a round at that time."""
    before = len(outbox.outbox)
    with clock.use(lambda: at):
        sent = mail_reports(at)
    went = [letter.to for letter in outbox.outbox[before:]]
    assert len(went) == sent
    return went


def letter(at: datetime = MONDAY) -> Any:
    (_one,) = round_at(at)
    return outbox.outbox[-1]


def test_on_monday_at_its_hour_each_reader_gets_the_figures_of_the_week_that_is_over(owner: Member) -> None:
    colleague = reachable(people.member(owner, "client"))
    set_up(owner, owner, colleague)
    assert round_at(MONDAY - timedelta(minutes=1)) == []
    assert sorted(round_at(MONDAY)) == sorted([[owner.user.email], [colleague.user.email]])
    said = outbox.outbox[0]
    assert said.subject == "Harbour bakery: what came of 23 Nov 2026 – 29 Nov 2026"
    for words in (
        "Everything of Harbour bakery", "by the clocks of Europe/Berlin", "Posts: 3 (+200 % against 16 Nov 2026",
        "Interactions: 3,003 (+100 %", "Likes: 3,003", "1,002 – Bread of day 2 (@harbour@one.example, Mastodon)",
        "@harbour@one.example (Mastodon): 3 posts; Followers: 47 (+7); read Mon 30 Nov, 06:00",
        "3 posts are younger than a week: their numbers still grow.",
        f"{people.home(owner)}/analytics?from=2026-11-23&to=2026-11-29",
    ):  # fmt: skip
        assert words in said.body, said.body
    assert "Long ago" not in said.body


def test_workers_look_every_minute_whether_one_is_due() -> None:
    assert dict(PACES)[mail_reports] == timedelta(minutes=1)


def test_the_link_in_the_mail_shows_the_same_figures(owner: Member) -> None:
    set_up(owner)
    path = re.search(r"https?://[^/]+(/w/\S+)", letter().body)
    assert path
    page = people.signed_in(owner).get(path[1]).content.decode()
    assert ">3,003<" in page
    assert "23 – 29 Nov 2026" in page


def test_nobody_gets_it_twice_and_the_next_comes_in_a_week(owner: Member) -> None:
    set_up(owner)
    assert len(round_at(MONDAY)) == 1
    assert round_at(MONDAY + HOUR) == []
    assert len(round_at(MONDAY + 7 * DAY)) == 1


def test_of_two_nodes_that_come_at_once_one_sends(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(owner)
    read = mailing._due(MONDAY)
    assert len(read) == 1  # both have read that it is due
    assert len(round_at(MONDAY)) == 1
    monkeypatch.setattr(mailing, "_due", lambda _now: read)
    assert round_at(MONDAY) == []


@pytest.mark.parametrize(("late", "goes"), [(23 * HOUR, True), (25 * HOUR, False)])
def test_late_by_less_than_a_day_it_goes_later_it_is_skipped(owner: Member, late: timedelta, goes: bool) -> None:
    set_up(owner)
    assert len(round_at(MONDAY + late)) == goes
    assert len(round_at(MONDAY + 7 * DAY)) == 1


def test_a_mail_that_does_not_go_is_tried_again_until_a_day_is_over(
    owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(owner)
    refused = [False] * 2
    with monkeypatch.context() as broken:
        broken.setattr(mailing, "deliver", lambda *_said: refused.pop())
        assert round_at(MONDAY) == round_at(MONDAY + timedelta(minutes=5)) == []
        assert len(refused) == 1
        assert round_at(MONDAY + timedelta(minutes=11)) == []
    assert refused == []
    assert "23 Nov 2026 – 29 Nov 2026" in letter(MONDAY + 2 * HOUR).subject


def test_one_whose_mail_does_not_go_does_not_keep_the_others_waiting_for_long(
    owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = reachable(people.member(owner, "editor"))
    set_up(owner, owner, colleague)
    bad = ReportReader.objects.order_by("next_at", "pk").values_list("member__user__email", flat=True)[0]
    went = []
    monkeypatch.setattr(mailing, "deliver", lambda _subject, _text, to, _headers: to != bad and not went.append(to))
    for minutes in (0, 1):
        with clock.use(lambda: MONDAY):
            mail_reports(MONDAY + timedelta(minutes=minutes))
    assert len(went) == 1


def takes_none(member: Member) -> None:
    User.objects.filter(pk=member.user_id).update(mailed=False)


def froze(member: Member) -> None:
    User.objects.filter(pk=member.user_id).update(frozen_at=MONDAY - DAY)


def suspended(member: Member) -> None:
    User.objects.filter(pk=member.user_id).update(is_active=False)


def new_address(member: Member) -> None:
    EmailAddress.objects.filter(user=member.user).update(verified=False)


def left(member: Member) -> None:
    Member.objects.filter(pk=member.pk).delete()


@pytest.mark.parametrize("meanwhile", [takes_none, froze, suspended, new_address, left])
def test_who_is_not_to_be_mailed_any_more_is_not(owner: Member, meanwhile: Callable[[Member], None]) -> None:
    colleague = reachable(people.member(owner, "editor"))
    set_up(owner, owner, colleague)
    meanwhile(colleague)
    assert round_at(MONDAY) == [[owner.user.email]]


def test_only_members_with_a_confirmed_address_who_take_mail_can_be_chosen(owner: Member) -> None:
    unproven = reachable(people.member(owner, "editor"), verified=False)
    unwilling = reachable(people.member(owner, "editor"))
    takes_none(unwilling)
    stranger = reachable(people.owner())
    page = people.signed_in(owner).get(f"{people.home(owner)}/analytics/mails").content.decode()
    for one in (unproven, unwilling, stranger):
        assert str(one.pk) not in page
        assert set_up(owner, owner, one).status_code == 200
    assert not ReportMail.objects.exists()
    assert str(owner.pk) in page


def test_it_ends_by_one_click_for_this_reader_alone(owner: Member) -> None:
    colleague = reachable(people.member(owner, "editor"))
    set_up(owner, owner, colleague)
    round_at(MONDAY)
    (mine,) = [one for one in outbox.outbox if one.to == [owner.user.email]]
    path = OFF.search(mine.extra_headers["List-Unsubscribe"].strip("<>"))
    assert path
    assert path[0] in mine.body
    assert mine.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = Client(enforce_csrf_checks=True)
    assert "Everything of Harbour bakery" in stranger.get(path[1]).content.decode()
    assert len(round_at(MONDAY + 7 * DAY)) == 2  # looking ends nothing
    for _again in range(2):
        answer = stranger.post(path[1], {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You are not mailed this report any more." in answer.content.decode()
    assert round_at(MONDAY + 14 * DAY) == [[colleague.user.email]]


def test_an_address_that_we_did_not_make_ends_nothing(owner: Member) -> None:
    set_up(owner)
    assert Client().post("/reports/off/nonsense").status_code == 404
    assert len(round_at(MONDAY)) == 1


def test_a_report_that_nobody_is_mailed_is_gone(owner: Member) -> None:
    set_up(owner)
    path = OFF.search(letter().body)
    assert path
    Client().post(path[1])
    assert not ReportMail.objects.exists()


def test_who_manages_sees_what_is_mailed_to_whom_and_ends_it(owner: Member) -> None:
    set_up(owner, every="month", hour="9")
    browser, page = people.signed_in(owner), f"{people.home(owner)}/analytics/mails"
    shown = browser.get(page).content.decode()
    for words in ("On the first of the month, 09:00", "Ana", "Everything of Harbour bakery", "1 Dec"):
        assert words in shown
    browser.post(f"{page}/{ReportMail.objects.get().pk}/end")
    assert round_at(datetime(2026, 12, 1, 8, tzinfo=UTC)) == []


def test_the_first_of_the_month_tells_of_the_month_that_is_over(owner: Member) -> None:
    set_up(owner, every="month", hour="0")
    said = letter(datetime(2026, 11, 30, 23, tzinfo=UTC))  # midnight in Berlin
    assert said.subject.endswith("1 Nov 2026 – 30 Nov 2026")
    assert "Posts: 4" in said.body


def test_it_tells_of_what_was_chosen_only(owner: Member) -> None:
    elsewhere = people.channel(owner, handle="@rolls@one.example", group="Rolls")
    out(owner, elsewhere, "Rolls", MONDAY - DAY, 5)
    set_up(owner, about="group:Rolls")
    said = letter().body
    assert said.startswith("Rolls\n23 Nov 2026")
    assert "Posts: 1" in said
    assert "harbour" not in said


def test_it_is_in_the_readers_language_and_time(owner: Member) -> None:
    User.objects.filter(pk=owner.user_id).update(language="de", zone="Asia/Tokyo", clock24=True)
    set_up(owner)
    said = letter()
    assert said.subject.startswith("Harbour bakery: ")
    assert "Interaktionen: 3.003" in said.body
    assert "15:00" in said.body  # read at six in London
    assert "Everything" not in said.body


BERLIN, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")


@pytest.mark.parametrize("zone", [BERLIN, SYDNEY, ZoneInfo("America/Santiago"), ZoneInfo("Asia/Kathmandu")])
@pytest.mark.parametrize("every", ["week", "month"])
@pytest.mark.parametrize("hour", [0, 2, 23])
def test_over_years_each_week_and_month_is_told_of_once_without_a_gap(zone: ZoneInfo, every: str, hour: int) -> None:
    at, told = datetime(2026, 1, 14, 12, tzinfo=UTC), []
    while at.year < 2029:
        at = next_due(every, hour, zone, at)
        for late in (timedelta(), timedelta(seconds=1), 23 * HOUR):
            assert last_due(every, hour, zone, at + late) == at
        local = at.astimezone(zone)
        assert local.weekday() == 0 if every == "week" else local.day == 1
        assert hour <= local.hour <= hour + 1  # an hour that the clocks skip comes an hour later
        told.append(period_before(every, zone, at))
    assert len(told) > 30
    for before, after in pairwise(told):
        assert after.first - before.last == DAY
    assert all(one.last < one.first + 31 * DAY and one.ends <= at for one in told)


def test_a_workspace_that_moves_its_zone_gets_no_week_twice(owner: Member) -> None:
    set_up(owner)
    assert len(round_at(MONDAY)) == 1
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        Workspace.objects.filter(pk=owner.workspace_id).update(zone=zone)
        assert all(round_at(MONDAY + n * HOUR) == [] for n in range(2, 120, 7))
    assert len(round_at(datetime(2026, 12, 7, 16, tzinfo=UTC))) == 1  # eight in Los Angeles
