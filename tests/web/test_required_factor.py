"""Where the operator asks everybody for a second factor: nothing before it, and never without it again."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.web.people import ANN, PASSWORD, browser, person, sign_in, team
from tests.web.test_first_run import FIELDS
from tests.web.test_second_factor import code, switched_on
from tidings.settings import settings
from tidings.workspaces.models import User

ASKED = "/settings/security/second-factor"


@pytest.fixture(autouse=True)
def _required(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "second_factor", "required")


def passkey(user: User) -> Authenticator:
    """A passkey, as its row is."""
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    return made


def test_every_page_leads_to_the_one_that_asks_for_it() -> None:
    members = team().members
    client = browser(members["editor"].user)
    for path in ("/", "/w/bakery/calendar", "/settings/profile", "/settings/security", "/accounts/sessions/"):
        assert client.get(path).headers["Location"] == ASKED
    page = client.get(ASKED).content.decode()
    assert "/accounts/2fa/webauthn/add/" in page
    assert "/accounts/2fa/totp/activate/" in page


def test_the_api_says_what_is_missing() -> None:
    client = browser(team().members["owner"].user)
    answer = client.get("/api/v1/workspaces/bakery/posts")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "second factor" in answer.json()["detail"]


def test_the_first_person_of_all_is_asked_as_well(client: Client) -> None:
    client.post("/first-run", FIELDS)
    assert client.get("/", follow=True).redirect_chain[-1][0] == ASKED


def test_somebody_without_one_sets_an_app_up_and_is_let_in(client: Client) -> None:
    person(ANN)
    sign_in(client)
    assert client.get("/", follow=True).redirect_chain[-1][0] == ASKED
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/settings/profile").status_code == 200
    assert client.get(ASKED).headers["Location"] == "/"


def test_a_passkey_counts_and_recovery_codes_do_not() -> None:
    ann = person(ANN)
    client = browser(ann)
    Authenticator.objects.create(user=ann, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert client.get("/settings/profile").headers["Location"] == ASKED
    passkey(ann)
    assert client.get("/settings/profile").status_code == 200


def test_the_last_app_stays(client: Client) -> None:
    switched_on(client)
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert b"cannot deactivate" in answer.content
    assert Authenticator.objects.filter(type="totp").exists()
    passkey(User.objects.get(email=ANN))
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()


def test_the_last_passkey_stays() -> None:
    ann = person(ANN)
    first, second = passkey(ann), passkey(ann)
    client = browser(ann)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(f"/accounts/2fa/webauthn/keys/{first.pk}/remove/")
    kept = client.post(f"/accounts/2fa/webauthn/keys/{second.pk}/remove/", follow=True)
    assert b"Add another before you remove this one" in kept.content
    assert list(Authenticator.objects.all()) == [second]


def test_nobody_is_asked_where_it_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "second_factor", "optional")
    assert browser(person(ANN)).get("/settings/profile").status_code == 200
