"""Links by which somebody without a login reads a report: what they see, what they do not, and when it is over."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.analytics.counted import followed, out
from tidings.analytics.models import ReportLink
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.privacy import erase, retain
from tidings.workspaces.models import AuditEntry, Member, Tag, User
from tidings.workspaces.tags import remove

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ADDRESS = re.compile(r'id="address">https?://[^/]+(/reports/[\w-]+)<')


@pytest.fixture
def owner() -> Member:
    """Somebody who owns a workspace whose channel has numbers."""
    owner = people.owner(name="Ottilie Owner")
    channel = people.channel(owner, name="Harbour", portrait="cafe", portrait_of="https://one.example/a.png")
    for n in range(3):
        out(owner, channel, f"Bread of day {n}", clock.now() - (n + 2) * DAY, 1000 + n)
    followed(channel, clock.now() - 3 * DAY, 40, 42, 47)
    return owner


def asked(owner: Member, **wish: str) -> Any:
    body = {"name": "Corner shop", "about": "everything", "days": "28", "lives": "30", **wish}
    return people.signed_in(owner).post(f"{people.home(owner)}/analytics/shared", body)


def made(owner: Member, **wish: str) -> str:
    """The path of a new link, as its page shows it this once."""
    found = ADDRESS.search(asked(owner, **wish).content.decode())
    assert found
    return found[1]


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def ended(path: str) -> bool:
    """Whether it leads to the page that says so, and nothing of the report is there."""
    answer = Client().get(path)
    said = answer.content.decode()
    assert ("This link does not work any more" in said) == (answer.status_code == 404)
    assert answer.status_code == 200 or "Harbour" not in said
    return answer.status_code == 404


def test_who_has_the_link_reads_the_same_report_as_members(owner: Member) -> None:
    theirs = read(made(owner))
    own = people.signed_in(owner).get(f"{people.home(owner)}/analytics").content.decode()
    for words in ("3,003", "Bread of day 2", "Harbour", "Followers gained", "+7", "By weekday and hour"):
        assert words in theirs
        assert words in own
    figures = re.compile(r'class="figure-value">([^<]+)<')
    assert figures.findall(theirs) == figures.findall(own)
    assert owner.workspace.name in theirs


def test_it_has_no_link_into_the_workspace_no_picture_of_a_channel_and_no_name_of_a_member(owner: Member) -> None:
    path = made(owner)
    for page in (read(path), people.signed_in(owner).get(path).content.decode()):
        assert not re.findall(r'href="[^"]*(?:/w/|settings|notifications)[^"]*"', page)
        assert "<nav" not in page
        assert "/portraits/" not in page
        assert "<form" not in page
        for secret in ("Ottilie", "Corner shop", owner.user.email):
            assert secret not in page


def test_it_sets_no_cookie_is_kept_by_nobody_and_no_search_engine_takes_it_in(owner: Member) -> None:
    for path, status in ((made(owner), 200), ("/reports/nonsense", 404)):
        answer = Client().get(path)
        assert (answer.status_code, answer.cookies.output()) == (status, "")
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")
        assert '<meta name="robots" content="noindex">' in answer.content.decode()
        assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_the_address_is_shown_once_and_kept_as_a_hash(owner: Member) -> None:
    path = made(owner)
    link = ReportLink.objects.get()
    assert path.rpartition("/")[2] not in str(ReportLink.objects.values())
    again = people.signed_in(owner).get(f"{people.home(owner)}/analytics/shared")
    assert path not in again.content.decode()
    assert again["Cache-Control"] == "no-store"
    assert link.ends_at - link.created_at == pytest.approx(30 * DAY, abs=timedelta(seconds=5))
    assert [entry.details for entry in AuditEntry.objects.filter(thing="report_link")] == [{"days": 30}]


def by_hand(owner: Member) -> None:
    link = ReportLink.objects.get()
    people.signed_in(owner).post(f"{people.home(owner)}/analytics/shared/{link.pk}/end")


def after_its_days(_owner: Member) -> None:
    ReportLink.objects.update(ends_at=clock.now() - timedelta(seconds=1))


def made_an_editor(owner: Member) -> None:
    Member.objects.filter(pk=owner.pk).update(role="editor")


def gone(owner: Member) -> None:
    Member.objects.filter(pk=owner.pk).delete()


def frozen(owner: Member) -> None:
    User.objects.filter(pk=owner.user_id).update(frozen_at=clock.now())


def switched_off(owner: Member) -> None:
    User.objects.filter(pk=owner.user_id).update(is_active=False)


def leaving(owner: Member) -> None:
    erase.ask_workspace(owner)


@pytest.mark.parametrize("end", [by_hand, after_its_days, made_an_editor, gone, frozen, switched_off, leaving])
def test_it_leads_nowhere_once_it_has_ended_or_its_maker_may_not(owner: Member, end: Callable[[Member], None]) -> None:
    path = made(owner)
    assert not ended(path)
    end(owner)
    assert ended(path)


def test_the_list_shows_live_links_and_whether_they_were_read(owner: Member) -> None:
    path = made(owner, name="Baker’s accountant")
    page = f"{people.home(owner)}/analytics/shared"
    assert "not read yet" in people.signed_in(owner).get(page).content.decode()
    read(path)
    assert "last read" in people.signed_in(owner).get(page).content.decode()
    by_hand(owner)
    assert "accountant" not in people.signed_in(owner).get(page).content.decode()


def test_it_tells_of_what_was_chosen_only(owner: Member) -> None:
    elsewhere = people.channel(owner, name="Bakery", group="Bread")
    post = out(owner, elsewhere, "Rolls", clock.now() - DAY, 5).post
    tag = Tag.objects.create(workspace=owner.workspace, name="Spring")
    post.tags.add(tag)
    kinds = {f"channel:{elsewhere.pk}": elsewhere.handle, "group:Bread": "Bread", f"tag:{tag.pk}": "Spring"}
    for about, said in kinds.items():
        page = read(made(owner, about=about))
        assert "Rolls" in page
        assert f"<bdi>{said}" in page
        assert "Bread of day" not in page


def test_when_what_it_tells_of_is_gone_it_has_ended_and_does_not_tell_of_everything(owner: Member) -> None:
    tag = Tag.objects.create(workspace=owner.workspace, name="Spring")
    channel = people.channel(owner)
    by_tag, by_channel = made(owner, about=f"tag:{tag.pk}"), made(owner, about=f"channel:{channel.pk}")
    remove(owner, tag)
    Channel.objects.filter(pk=channel.pk).delete()
    assert ended(by_tag)
    assert ended(by_channel)


def test_fixed_days_stay_and_rolling_ones_go_on(owner: Member) -> None:
    day = f"{clock.now() - 2 * DAY:%Y-%m-%d}"
    fixed, rolling = made(owner, days="0", first=day, last=day), made(owner, days="7")
    assert "Bread of day 0" in read(fixed)
    assert "Bread of day 1" not in read(fixed)
    with clock.shifted(20 * DAY):
        assert "Bread of day 0" in read(fixed)
        assert "Bread of day 0" not in read(rolling)


@pytest.mark.parametrize("wish", [
    {"lives": "365"}, {"lives": ""}, {"days": "365"}, {"days": "0"}, {"name": " "}, {"about": "group:nobody’s"},
    {"days": "0", "first": "2026-02-02", "last": "2026-02-01"},
    {"days": "0", "first": "2020-01-01", "last": "2026-01-01"},
])  # fmt: skip
def test_none_is_made_without_an_end_a_name_or_sensible_days(owner: Member, wish: dict[str, str]) -> None:
    assert not ADDRESS.search(asked(owner, **wish).content.decode())
    assert not ReportLink.objects.exists()


def test_none_is_made_about_what_is_of_another_workspace(owner: Member) -> None:
    other = people.channel(people.owner())
    assert not ADDRESS.search(asked(owner, about=f"channel:{other.pk}").content.decode())
    assert not ReportLink.objects.exists()


def test_what_was_looked_at_is_offered_to_be_shared(owner: Member) -> None:
    home, browser = people.home(owner), people.signed_in(owner)
    page = browser.get(f"{home}/analytics?days=90").content.decode()
    found = re.search(rf'href="({home}/analytics/shared[^"]*)"', page)
    assert found
    offered = browser.get(found[1].replace("&amp;", "&")).content.decode()
    assert '<option value="90" selected' in offered


def test_only_who_manages_is_shown_the_way(owner: Member) -> None:
    editor = people.member(owner, "editor")
    page = people.signed_in(editor).get(f"{people.home(owner)}/analytics").content.decode()
    assert "analytics/shared" not in page


def test_who_guesses_addresses_is_held_back(owner: Member) -> None:
    path = made(owner)
    answers = [Client().get(f"/reports/guess-{n}", REMOTE_ADDR="192.0.2.9").status_code for n in range(61)]
    assert answers == [404] * 60 + [429]
    assert Client().get(path, REMOTE_ADDR="192.0.2.9").status_code == 429
    assert Client().get(path, REMOTE_ADDR="192.0.2.10").status_code == 200


def test_a_link_names_its_person_for_30_days_after_its_end(owner: Member) -> None:
    made(owner)
    after_its_days(owner)
    for days, left in ((29, 1), (31, 0)):
        with clock.shifted(days * DAY):
            retain.retain(clock.now())
        assert ReportLink.objects.count() == left
