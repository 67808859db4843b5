"""Being erased, frozen, and objecting, as people do it: at the pages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from tests.people import channel, sessions
from tests.web import people
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.privacy import datamap, erase
from tidings.privacy.models import Erasure
from tidings.web.limits import LIMITS
from tidings.web.privacy_pages import WORDS
from tidings.workspaces.members import found_workspace
from tidings.workspaces.models import Member, User, Workspace
from tidings.workspaces.rates import Rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Client:
    """Signed in just now, with a workspace of her own and a channel in it."""
    workspace = found_workspace(people.person(people.ANN), "Bakery", "UTC")
    channel(Member.objects.get(workspace=workspace))
    client = Client()
    sure(client)
    return client


def sure(client: Client) -> None:
    """Sign in, and prove it once more."""
    people.sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})


def asked(client: Client) -> Erasure:
    """The erasure that this person asks for at the page."""
    answer = client.post("/settings/privacy/erase")
    found = Erasure.objects.get()
    assert answer["Location"] == f"/privacy/deletions/{found.code}"
    return found


def test_who_asks_is_told_before_what_goes_and_what_stays(ann: Client) -> None:
    page = ann.get("/settings/privacy/erase").content.decode()

    assert "Bakery" in page
    assert "What stays" in page
    assert "in 1 day" in page


def test_nobody_is_erased_by_a_browser_that_was_left_open(ann: Client) -> None:
    left_open = people.browser(User.objects.get())  # nobody proved anything lately

    answer = left_open.post("/settings/privacy/erase")

    assert "/reauthenticate/" in answer["Location"]
    assert not Erasure.objects.exists()


def test_who_asked_is_signed_out_everywhere_and_nothing_goes_out_any_more(ann: Client) -> None:
    other = Client()
    people.sign_in(other)

    asked(ann)

    assert other.get("/settings/profile").status_code == 302
    assert not any("_auth_user_id" in each for each in sessions())
    assert Channel.objects.get().paused
    assert User.objects.get().frozen_at


def test_during_the_days_of_grace_every_page_leads_to_the_one_and_the_api_says_why(ann: Client) -> None:
    asked(ann)
    people.sign_in(ann)

    for page in ("/", "/w/bakery/calendar", "/settings/profile", "/settings/privacy", "/settings/export"):
        assert ann.get(page)["Location"] == "/settings/privacy/erasure", page
    told = ann.get("/api/v1/workspaces/bakery/posts")
    assert told.status_code == 403
    assert "asked to be erased" in told.json()["detail"]
    assert "Keep my data" in ann.get("/settings/privacy/erasure").content.decode()


def test_who_comes_back_has_everything_as_it_was(ann: Client) -> None:
    asked(ann)
    people.sign_in(ann)

    ann.post("/settings/privacy/erasure/undo")

    assert ann.get("/w/bakery/calendar").status_code == 200
    assert Channel.objects.get().paused == ""
    with clock.shifted(timedelta(days=3)):
        assert erase.purge_due(clock.now()) == 0
    assert "taken back" in ann.get(f"/privacy/deletions/{Erasure.objects.get().code}").content.decode()


def test_who_had_frozen_before_stays_frozen_when_she_comes_back(ann: Client) -> None:
    ann.post("/settings/privacy/freeze")
    asked(ann)
    people.sign_in(ann)

    ann.post("/settings/privacy/erasure/undo")

    assert User.objects.get().frozen_at
    assert Channel.objects.get().paused


def test_it_is_too_late_once_its_time_has_come(ann: Client) -> None:
    asked(ann)
    people.sign_in(ann)
    Erasure.objects.update(due_at=clock.now())

    page = ann.post("/settings/privacy/erasure/undo", follow=True).content.decode()

    assert "too late" in page
    assert not Erasure.objects.get().stopped_at


def test_who_wants_it_at_once_gets_it_at_once(ann: Client, patient: None) -> None:
    code = asked(ann).code
    sure(ann)

    answer = ann.post("/settings/privacy/erasure/now")
    erase.purge_due(clock.now())

    assert answer["Location"].endswith(code)
    assert not User.objects.exists()
    assert not Workspace.objects.exists()
    assert "It is deleted" in Client().get(f"/privacy/deletions/{code}").content.decode()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's log cannot be emptied within the transaction of a test."""
    monkeypatch.setattr("tidings.privacy.scour.scour", lambda touched=(): True)


def test_the_public_page_tells_nothing_of_a_person(ann: Client) -> None:
    code = asked(ann).code

    page = Client().get(f"/privacy/deletions/{code}").content.decode()

    assert "It will be deleted" in page
    for secret in (people.ANN, "Ann", "Bakery", str(User.objects.get().pk)):
        assert secret not in page
    assert Client().get("/privacy/deletions/made-up").status_code == 404


def test_the_public_page_cannot_be_guessed_at_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    (limit,) = LIMITS["deletion_status"]
    monkeypatch.setitem(LIMITS, "deletion_status", (replace(limit, rate=Rate(3, timedelta(minutes=10))),))

    assert [Client().get(f"/privacy/deletions/{n}").status_code for n in range(4)] == [404, 404, 404, 429]


def test_the_only_owner_of_a_shared_workspace_names_another_first(ann: Client) -> None:
    ben = Member.objects.create(workspace=Workspace.objects.get(), user=people.person(people.BEN), role="editor")

    page = ann.post("/settings/privacy/erase", follow=True).content.decode()
    assert "Name another owner first" in page
    assert "Make owner" in page
    assert not Erasure.objects.exists()
    assert not User.objects.get(email=people.ANN).frozen_at

    ann.post(f"/settings/privacy/heir/{ben.pk}")
    ben.refresh_from_db()
    assert ben.role == "owner"
    asked(ann)


def test_nobody_makes_owners_of_workspaces_of_others(ann: Client) -> None:
    theirs = people.team()

    answer = ann.post(f"/settings/privacy/heir/{theirs.members['editor'].pk}")

    assert answer.status_code == 404


def test_an_owner_deletes_a_workspace_and_may_take_it_back(ann: Client) -> None:
    assert "From now on nothing" in ann.get("/w/bakery/settings/erase").content.decode()
    ann.post("/w/bakery/settings/erase")
    assert Channel.objects.get().paused
    assert "about to be erased" in ann.get("/w/bakery/calendar").content.decode()

    ann.post("/w/bakery/settings/keep")
    assert Channel.objects.get().paused == ""
    assert not erase.pending("workspace", Workspace.objects.get().pk)


def test_a_deleted_workspace_goes_and_its_people_stay(ann: Client, patient: None) -> None:
    ann.post("/w/bakery/settings/erase")

    with clock.shifted(timedelta(days=2)):
        erase.purge_due(clock.now())

    assert not Workspace.objects.exists()
    assert User.objects.count() == 1
    assert ann.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("role", ["admin", "editor", "contributor", "client"])
def test_only_owners_delete_a_workspace(role: str) -> None:
    team = people.team()

    answer = people.browser(team.members[role].user).post("/w/bakery/settings/erase")

    assert answer.status_code == 403
    assert not Erasure.objects.exists()


def test_who_is_frozen_looks_and_is_told_why_nothing_can_be_done(ann: Client) -> None:
    ann.post("/settings/privacy/freeze")

    assert "Your data is frozen" in ann.get("/w/bakery/calendar").content.decode()
    refused = ann.get("/w/bakery/compose")
    assert refused.status_code == 403
    assert "frozen" in refused.content.decode()
    told = ann.post("/api/v1/workspaces/bakery/posts", {}, content_type="application/json")
    assert told.status_code == 403
    assert "frozen" in told.json()["detail"]

    ann.post("/settings/privacy/thaw")
    assert ann.get("/w/bakery/compose").status_code == 200


def test_what_is_held_is_counted_and_the_switches_are_kept(ann: Client) -> None:
    page = ann.get("/settings/privacy").content.decode()
    assert "Channels: 1" in page

    ann.post("/settings/privacy", {})

    person = User.objects.get()
    assert (person.mailed, person.watched) == (False, False)


def test_everything_that_is_counted_has_a_word() -> None:
    assert set(WORDS) == {table.model for table in datamap.TABLES if table.owner in ("user", "workspace")}


@pytest.mark.parametrize("act", ["freeze", "thaw", "erasure/undo", "erasure/now"])
def test_nothing_is_done_by_following_a_link(ann: Client, act: str) -> None:
    assert ann.get(f"/settings/privacy/{act}").status_code == 405
    assert Client().post(f"/settings/privacy/{act}")["Location"].startswith("/accounts/login/")


def test_a_channel_is_not_read_back_when_nobody_wants_it(ann: Client) -> None:
    url = f"/w/bakery/channels/{Channel.objects.get().pk}/observe"

    page = ann.post(url, {"observed": "no"}, follow=True).content.decode()
    assert "Read back again" in page
    assert not Channel.objects.get().observed

    ann.post(url, {"observed": "yes"})
    assert Channel.objects.get().observed
