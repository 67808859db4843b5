"""Authenticator app, recovery codes, passkeys; their secrets are sealed in the database."""

import re
import time
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.web.people import ANN, BEN, PASSWORD, person, sign_in
from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.workspaces.models import User


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def everything() -> str:
    """Every value of every table, as text."""
    with connection.cursor() as cursor:
        values = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            values += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(values)


def switched_on(client: Client, email: str = ANN) -> str:
    """Switch the authenticator app on; answers its secret."""
    user = person(email)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    sign_in(client, email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    assert secret not in everything()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    cache.clear()  # a code counts once in thirty seconds; tests do not wait
    return secret


def recovery_codes(client: Client) -> list[str]:
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    return re.findall(r'<code class="code">(\d+)</code>', page)


def test_with_the_app_on_a_password_alone_does_not_sign_in(client: Client) -> None:
    secret = switched_on(client)
    client.post("/accounts/logout/")
    assert sign_in(client).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/settings/profile").status_code == 302
    assert "code" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).context["form"].errors
    assert client.post("/accounts/2fa/authenticate/", {"code": code(secret)}).headers["Location"] == "/"
    assert client.get("/settings/profile").status_code == 200


def test_a_recovery_code_signs_in_once(client: Client) -> None:
    switched_on(client)
    codes = recovery_codes(client)
    assert len(codes) == 10
    for expected in (302, 200):
        other = Client()
        sign_in(other)
        assert other.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == expected
    assert recovery_codes(client) == codes[1:]
    assert codes[1] in client.get("/accounts/2fa/recovery-codes/download/").content.decode()


def test_the_database_holds_no_secret_of_a_second_factor_in_the_clear(client: Client) -> None:
    secret = switched_on(client)
    codes = recovery_codes(client)
    found = everything()
    assert secret not in found
    assert not [one for one in codes if one in found]
    assert Authenticator.objects.count() == 2
    assert all(row.session_data.count("~") == 1 for row in Session.objects.all())


def test_a_sealed_secret_moved_to_another_person_opens_nothing(client: Client) -> None:
    secret = switched_on(client)
    ben = person(BEN)
    mine = Authenticator.objects.get(type="totp")
    Authenticator.objects.create(user=ben, type="totp", data=mine.data)
    other = Client()
    sign_in(other, BEN)
    with pytest.raises(CannotOpen):
        other.post("/accounts/2fa/authenticate/", {"code": code(secret)})


def test_switching_off_asks_who_it_is_first(client: Client) -> None:
    secret = switched_on(client)
    client.post("/accounts/logout/")
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    asked = client.get("/accounts/2fa/totp/deactivate/", follow=True)
    assert b"Is it you?" in asked.content
    client.post(asked.redirect_chain[-1][0], {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()
    client.post("/accounts/logout/")
    assert sign_in(client).headers["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/settings/security",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/sessions/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/reauthenticate/",
    ],
)
def test_every_page_of_the_security_settings_opens(client: Client, path: str) -> None:
    switched_on(client)
    answer = client.get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"\sstyle=|\son\w+=", text)


def test_a_passkey_sign_in_offers_a_challenge_for_this_host(client: Client) -> None:
    person()
    options = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["challenge"]
    assert options["request_options"]["publicKey"]["rpId"] == "testserver"


def test_rubbish_instead_of_a_passkey_is_an_error_and_no_crash(client: Client) -> None:
    person()
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
    assert answer.status_code in (200, 302)
    assert client.get("/settings/profile").status_code == 302


def test_a_person_sees_their_browsers_and_signs_them_out(client: Client) -> None:
    person()
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Firefox/140.0"
    sign_in(client)
    others = [Client(headers={"user-agent": f"Phone {number}"}) for number in range(3)]
    for other in others:
        sign_in(other)
        other.get("/settings/profile")
    client.get("/settings/profile")
    page = client.get("/accounts/sessions/")
    assert page.context["session_count"] == 4
    assert b"Firefox on Windows" in page.content
    phone = next(each for each in page.context["sessions"] if each.user_agent == "Phone 0")
    client.post(f"/settings/sessions/{phone.pk}/end")
    assert [other.get("/settings/profile").status_code for other in others] == [302, 200, 200]
    client.post("/accounts/sessions/")
    assert [other.get("/settings/profile").status_code for other in others] == [302, 302, 302]
    assert client.get("/settings/profile").status_code == 200


def test_being_seen_is_written_once_in_five_minutes(client: Client) -> None:
    person()
    sign_in(client)
    client.get("/settings/security")

    def last_seen() -> datetime:
        return UserSession.objects.get().last_seen_at

    first = last_seen()
    client.get("/settings/security")
    assert last_seen() == first
    with clock.shifted(timedelta(seconds=301)):
        client.get("/settings/security")
    assert last_seen() > first


def test_nobody_ends_the_session_of_somebody_else(client: Client) -> None:
    person(ANN), person(BEN)
    sign_in(client, ANN)
    client.get("/settings/profile")
    number = client.get("/accounts/sessions/").context["sessions"][0].pk
    other = Client()
    sign_in(other, BEN)
    assert other.post(f"/settings/sessions/{number}/end").status_code == 404
    assert User.objects.count() == 2
    assert client.get("/settings/profile").status_code == 200
