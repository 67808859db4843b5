"""Registering, proving an address, signing in and out, setting a new password."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.web.people import ANN, BEN, PASSWORD, link_in_mail, person, register, sign_in
from tidings.settings import settings as ours
from tidings.workspaces.models import User

NEW = "another long sentence"


@pytest.fixture(autouse=True)
def _somebody_runs_it(db: None) -> None:
    person("operator@example.org", is_operator=True)


@pytest.fixture
def mandatory(settings: Any) -> None:
    """As on an instance that can send mail."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def signed_in(client: Client) -> bool:
    return client.get("/settings/profile").status_code == 200


@pytest.mark.usefixtures("mandatory")
def test_registering_takes_a_proof_of_the_address_and_then_lets_in(client: Client) -> None:
    answer = register(client)
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert not signed_in(client)
    assert sign_in(client).headers["Location"] == "/accounts/confirm-email/"
    link = link_in_mail(ANN)
    assert b"Is ann@example.org your e-mail address?" in client.get(link).content
    assert client.post(link).headers["Location"] == "/accounts/login/"
    assert sign_in(client).headers["Location"] == "/"
    assert signed_in(client)
    assert User.objects.get(email=ANN).zone == "Europe/Berlin"


def test_without_mail_registering_lets_in_at_once(client: Client) -> None:
    assert register(client).headers["Location"] == "/"
    assert signed_in(client)
    assert client.get("/").headers["Location"] == "/workspaces/new"


def test_two_registrations_of_one_address_at_once_make_one_login(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(ANN)  # and the form looks a moment too early to see it
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.assess_unique_email", lambda *_, **__: True
    )
    assert register(client).headers["Location"] == "/accounts/login/"
    assert User.objects.filter(email=ANN).count() == 1


def test_a_browser_with_an_odd_zone_may_register(client: Client) -> None:
    register(client, zone="Mars/Olympus")
    assert User.objects.get(email=ANN).zone == "UTC"


@pytest.mark.usefixtures("mandatory")
def test_registering_a_taken_address_answers_as_any_other_and_tells_its_owner(client: Client) -> None:
    person(ANN)
    fresh, taken = register(Client(), BEN), register(client, "ANN@Example.org")
    assert (taken.status_code, taken.headers["Location"]) == (fresh.status_code, fresh.headers["Location"])
    assert "registered before" in mail.outbox[-1].subject
    assert User.objects.filter(email__iexact=ANN).count() == 1


def test_the_address_counts_in_any_case(client: Client) -> None:
    register(client, "Ann@Example.ORG")
    assert User.objects.filter(email=ANN).exists()
    assert sign_in(Client(), "ANN@EXAMPLE.org").status_code == 302
    again = register(Client(), "aNN@example.org")
    assert again.status_code == 200
    assert "email" in again.context["form"].errors


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    person(ANN)
    wrong, unknown = sign_in(Client(), ANN, "wrong"), sign_in(Client(), BEN, "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_asking_for_a_new_password_answers_the_same_for_every_address(client: Client) -> None:
    person(ANN)
    known = client.post("/accounts/password/reset/", {"email": ANN}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": BEN}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain == [("/accounts/password/reset/done/", 302)]
    assert "No login" in mail.outbox[-1].subject


def test_a_link_by_mail_sets_a_new_password_once(client: Client) -> None:
    person(ANN)
    client.post("/accounts/password/reset/", {"email": ANN})
    link = link_in_mail(ANN)
    form = client.get(link, follow=True)
    action = form.redirect_chain[-1][0]
    weak = client.post(action, {"password1": "password12", "password2": "password12"})
    assert "password1" in weak.context["form"].errors
    done = client.post(action, {"password1": NEW, "password2": NEW})
    assert done.headers["Location"] == "/accounts/password/reset/key/done/"
    assert sign_in(Client(), ANN, PASSWORD).status_code == 200
    assert sign_in(Client(), ANN, NEW).status_code == 302
    assert b"was used already" in Client().get(link, follow=True).content


@pytest.mark.parametrize("password", ["short", "password123", "1234567890", "ann@example.org"])
def test_a_weak_password_is_refused_beside_its_field(client: Client, password: str) -> None:
    answer = register(client, ANN, password)
    assert answer.status_code == 200
    assert "password1" in answer.context["form"].errors
    assert not User.objects.filter(email=ANN).exists()


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("tidings-publishing", False), ("Tidings2026!!", False), ("Bakery-Café-1", False), ("BAKERY.example!!", False),
        ("social.bakery.example", False), ("tidings from the bakery", True), ("my social example of rye", True),
    ],
)  # fmt: skip
def test_a_password_is_more_than_the_name_of_this_server(
    client: Client, monkeypatch: pytest.MonkeyPatch, password: str, taken: bool
) -> None:
    monkeypatch.setattr(ours(), "name", "Bakery Café")
    monkeypatch.setattr(ours(), "base_url", "https://social.bakery.example")
    register(client, ANN, password)
    assert User.objects.filter(email=ANN).exists() is taken


def test_repeated_failures_lock_the_login_for_a_while_even_with_the_right_password() -> None:
    person(ANN)
    for _ in range(5):
        assert sign_in(Client(), ANN, "wrong").status_code == 200
    locked = sign_in(Client(), ANN, PASSWORD)
    assert locked.status_code == 429
    assert b"Try again in a minute" in locked.content


def test_an_address_that_tries_many_logins_is_slowed_down() -> None:
    answers = [sign_in(Client(), f"user{number}@example.org", "wrong") for number in range(40)]
    assert answers[-1].status_code == 429
    assert b"Too many tries" in answers[-1].content


def test_a_mail_that_cannot_be_sent_is_said_and_breaks_nothing(
    client: Client, mandatory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    answer = client.get(register(client).headers["Location"])
    assert answer.status_code == 200
    assert b"could not send the e-mail" in answer.content


def test_closed_registration_lets_nobody_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours(), "registration", "closed")
    assert b"Registration is closed" in client.get("/accounts/signup/").content
    register(client)
    assert not User.objects.filter(email=ANN).exists()
    assert b"/accounts/signup/" not in client.get("/accounts/login/").content


def test_signing_out_ends_the_session(client: Client) -> None:
    person(ANN)
    sign_in(client)
    assert signed_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert not signed_in(client)


def test_only_our_own_cookies_are_set(client: Client) -> None:
    client.get("/accounts/login/")
    register(client)
    client.post("/settings/profile", {"name": "Ann"})
    assert set(client.cookies) <= {"session", "csrf"}
