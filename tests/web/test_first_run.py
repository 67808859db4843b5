"""The first person sets the instance up, once."""

from django.test import Client

from tests.web.people import ANN, BEN, PASSWORD, browser, person, register
from tidings.workspaces.models import Member, User

FIELDS = {"name": "Ann", "email": ANN, "password": PASSWORD, "workspace": "Bakery", "zone": "Europe/Berlin"}


def test_an_instance_without_people_leads_to_the_first_run(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/first-run"
    assert client.get("/accounts/signup/").headers["Location"] == "/first-run"
    assert b"Welcome" in client.get("/first-run").content


def test_the_first_person_runs_the_instance_owns_a_workspace_and_is_signed_in(client: Client) -> None:
    answer = client.post("/first-run", FIELDS)
    assert answer.headers["Location"] == "/w/bakery/calendar"
    member = Member.objects.get()
    assert (member.role, member.user.is_operator, member.user.zone) == ("owner", True, "Europe/Berlin")
    assert member.workspace.zone == "Europe/Berlin"
    assert client.get("/settings/profile").status_code == 200


def test_the_second_person_is_no_operator(client: Client) -> None:
    client.post("/first-run", FIELDS)
    register(Client(), BEN)
    assert not User.objects.get(email=BEN).is_operator


def test_the_first_run_ends_with_the_first_person(client: Client) -> None:
    person(BEN)
    assert client.get("/first-run").headers["Location"] == "/"
    assert client.post("/first-run", FIELDS).headers["Location"] == "/"
    assert not User.objects.filter(email=ANN).exists()


def test_what_is_wrong_is_said_beside_its_field(client: Client) -> None:
    bad = {"name": "", "email": "nobody", "password": "short", "workspace": "", "zone": "Mars/Olympus"}
    answer = client.post("/first-run", bad)
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert set(errors) == {"name", "email", "password", "workspace", "zone"}
    assert b"do not know this time zone" in answer.content
    assert not User.objects.exists()


def test_the_password_may_not_be_the_name(client: Client) -> None:
    answer = client.post("/first-run", FIELDS | {"name": "Annabella Long", "password": "annabellalong"})
    assert "password" in answer.context["form"].errors


def test_somebody_without_a_workspace_founds_one() -> None:
    client = browser(person())
    assert client.get("/").headers["Location"] == "/workspaces/new"
    answer = client.post("/workspaces/new", {"name": "Café Ölüm", "zone": "Europe/Vienna"})
    assert answer.headers["Location"] == "/w/cafe-olum/calendar"
    assert client.get("/").headers["Location"] == "/w/cafe-olum/calendar"
