"""Who runs the instance: it is never left without an operator, nor taken over by the next visitor."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from tests.privacy.test_pages import sure
from tests.web import people
from tidings.commands import users
from tidings.commands.start import Stop
from tidings.core import clock
from tidings.privacy import erase
from tidings.privacy.models import Erasure
from tidings.workspaces.members import Refused
from tidings.workspaces.models import SecurityEvent, User

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = {"name": "Eve", "email": "eve@example.org", "password": people.PASSWORD, "workspace": "Mine", "zone": "UTC"}


def ask(client: Client) -> Any:
    """Ask for the erasure, having shown who one is."""
    sure(client)
    return client.post("/settings/privacy/erase", follow=True)


def test_the_only_operator_cannot_go_while_others_stay_and_is_told_what_to_do() -> None:
    people.person(people.ANN, is_operator=True)
    people.person(people.BEN)
    ann = Client()

    refused = ask(ann).content.decode()
    assert not Erasure.objects.exists()
    assert "tidings users make-operator" in refused

    users.make_operator(people.BEN, as_json=False)
    ask(ann)
    assert Erasure.objects.filter(kind="user").count() == 1


def test_who_is_about_to_go_is_no_operator_to_rely_on() -> None:
    ann, ben = (people.person(email, is_operator=True) for email in (people.ANN, people.BEN))
    people.person("cleo@example.org")
    erase.ask(ann)
    with pytest.raises(Refused):
        erase.ask(ben)
    erase.undo(ann)
    assert erase.ask(ben)


def test_an_instance_that_everybody_left_does_not_open_to_the_next_visitor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    erase.ask(people.person(people.ANN, is_operator=True))
    erase.purge_due(clock.now() + timedelta(days=8))
    assert not User.objects.exists()

    eve = Client()
    assert eve.get("/first-run", follow=True).redirect_chain[-1][0] == "/accounts/login/"
    assert eve.post("/first-run", FIRST)["Location"] == "/"
    assert eve.get("/accounts/signup/", follow=True).redirect_chain[-1][0] == "/accounts/login/"
    assert b"Everybody has left" in eve.get("/", follow=True).content
    assert not User.objects.exists()

    capsys.readouterr()
    users.make_operator("new@example.org", as_json=True)
    link = json.loads(capsys.readouterr().out)["link"]
    assert User.objects.get().is_operator
    assert Client().get(link, follow=True).status_code == 200


def test_an_operator_signs_somebody_out_of_every_browser() -> None:
    people.person(people.ANN)
    people.person(people.BEN)
    ann, ben = Client(), Client()
    people.sign_in(ann)
    people.sign_in(ben, people.BEN)

    users.sign_out(people.ANN, everybody=False, as_json=False)
    assert ann.get("/settings/profile").status_code == 302
    assert ben.get("/settings/profile").status_code == 200
    assert SecurityEvent.objects.filter(kind="signed_out_everywhere", user__email=people.ANN).exists()

    users.sign_out("", everybody=True, as_json=False)
    assert not Session.objects.exists()
    for email, everybody in (("", False), (people.ANN, True), ("nobody@example.org", False)):
        with pytest.raises(Stop):
            users.sign_out(email, everybody, as_json=False)


def test_who_is_to_be_erased_learns_it_by_mail_and_how_to_keep_everything(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(pk=people.person(people.ANN).pk).update(mailed=False)
    ask(Client())

    (said,) = [each for each in mail.outbox if each.to == [people.ANN] and "deleted" in each.subject]
    assert "Keep my data" in said.body
    assert Client().get(people.link_in_mail(people.ANN)).status_code == 200
    assert "{" not in said.body
