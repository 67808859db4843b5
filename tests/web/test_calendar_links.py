"""The private address of the calendar: what a calendar program finds there, and who does not."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from tests import people
from tests.web.test_calendar import planned
from tidings.core import clock
from tidings.posts.models import Post
from tidings.settings import settings
from tidings.workspaces.models import CalendarLink, Member, Tag, User

SECRET = re.compile(r'id="calendar-address">https?://[^/]+(/calendars/([\w-]+)\.ics)<')


def made(member: Member) -> str:
    """The path of a new address, as its page shows it."""
    answer = people.signed_in(member).post(f"{people.home(member)}/calendar/link", follow=True)
    found = SECRET.search(answer.content.decode())
    assert found
    assert answer["Cache-Control"] == "no-store"
    return found[1]


def fetched(path: str) -> Any:
    return Client().get(path)


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_calendar_program_reads_the_posts_around_now() -> None:
    owner = people.owner(zone="Asia/Kathmandu")
    channel, now = people.channel(owner), clock.now().replace(microsecond=0)
    post = planned(owner, now + timedelta(days=3), "Brot, Käse; und\nWein 🍷", channel, state="failed")
    post.tags.add(Tag.objects.create(workspace=owner.workspace, name="launch, now"))
    for days in (-31, 181):
        planned(owner, now + timedelta(days=days), "too far", channel)

    answer = fetched(made(owner))

    (event,) = events(answer)
    url = f"{settings().url}{people.home(owner)}/posts/{post.id}"
    assert event["uid"] == f"{post.id}@{settings().hostname}"
    assert event["summary"] == "Failed: Brot, Käse; und Wein 🍷"
    assert (event["url"], event.decoded("dtstart"), event["sequence"]) == (url, now + timedelta(days=3), post.revision)
    assert channel.handle in event["description"]
    assert b"CATEGORIES:launch\\, now\r\n" in answer.content
    assert b"DTSTART:%b" % f"{now + timedelta(days=3):%Y%m%dT%H%M%SZ}".encode() in answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (answer["Cache-Control"], answer.cookies.output()) == ("no-store", "")


def test_a_changed_post_is_the_same_event_with_a_higher_number() -> None:
    owner = people.owner()
    post, path = planned(owner, clock.now(), "before", people.channel(owner)), made(owner)
    (before,) = events(fetched(path))

    Post.objects.filter(pk=post.pk).update(revision=7, changed_at=clock.now() + timedelta(minutes=1))
    (after,) = events(fetched(path))

    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (1, 7)
    assert after.decoded("last-modified") > before.decoded("last-modified")


def test_the_address_is_kept_as_a_hash_and_shown_once() -> None:
    owner = people.owner()
    path = made(owner)
    token = path.removeprefix("/calendars/").removesuffix(".ics")

    again = people.signed_in(owner).get(f"{people.home(owner)}/calendar/link").content.decode()

    assert len(token) >= 43
    assert CalendarLink.objects.get().token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in again


def test_a_new_address_ends_the_old_one_and_ending_it_ends_both() -> None:
    owner = people.owner()
    old, new = made(owner), made(owner)

    assert (fetched(old).status_code, fetched(new).status_code) == (404, 200)
    people.signed_in(owner).post(f"{people.home(owner)}/calendar/link/end")
    assert fetched(new).status_code == 404


def frozen(member: Member) -> None:
    User.objects.filter(pk=member.user_id).update(frozen_at=clock.now())


def inactive(member: Member) -> None:
    User.objects.filter(pk=member.user_id).update(is_active=False)


@pytest.mark.parametrize("gone", [frozen, inactive, Member.delete])
def test_who_left_or_froze_their_data_has_no_address_that_works(gone: Any) -> None:
    member = people.member(people.owner(), "client")
    path = made(member)
    assert fetched(path).status_code == 200

    gone(member)

    assert fetched(path).status_code == 404


def test_its_use_is_noted_once_an_hour() -> None:
    path = made(people.owner())
    noted = []
    for minutes in (0, 59, 61):
        with clock.shifted(timedelta(minutes=minutes)):
            fetched(path)
        noted.append(CalendarLink.objects.get().used_at)

    assert noted[0] == noted[1] != noted[2]


def test_whoever_guesses_is_held_back() -> None:
    answers = {fetched(f"/calendars/guess{n}.ics").status_code for n in range(302)}

    assert answers == {404, 429}
