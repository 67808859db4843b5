"""Sign-ins are held back after failures: by login, by place, longer each time, and never for good."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.people import ANN, BEN, PASSWORD, link_in_mail, person, register, sign_in
from tests.web.test_second_factor import code, switched_on
from tidings.core import clock
from tidings.settings import settings
from tidings.web.limits import CROWD, LIMITS
from tidings.workspaces.locks import PLACE
from tidings.workspaces.models import SecurityEvent
from tidings.workspaces.rates import Rate, knock
from tidings.workspaces.security import place

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
MINUTE = timedelta(minutes=1)


_handler = Client().handler  # each of its own would read every static file anew


def at(ip: str, **headers: str) -> Client:
    """A fresh browser there."""
    client = Client(REMOTE_ADDR=ip, headers=headers)
    client.handler = _handler
    return client


def fail(times: int, email: str = ANN, ip: str = ELSEWHERE) -> Any:
    """The answer to the last of so many wrong passwords."""
    return [sign_in(at(ip), email, "wrong") for _ in range(times)][-1]


def plain(answer: Any) -> str:
    """A page without what differs each time: tokens, and the address that was typed."""
    text = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return text.replace(ANN, "…").replace(BEN, "…")


def waiting(answer: Any) -> int:
    """The minutes of a 429."""
    assert answer.status_code == 429
    return round(int(answer.headers["Retry-After"]) / 60)


def test_each_failure_beyond_the_fifth_doubles_the_wait_up_to_an_hour() -> None:
    person(ANN)
    fail(5)
    waits, gone = [], timedelta(0)
    for _ in range(8):
        with clock.shifted(gone):
            waits.append(waiting(sign_in(at(ELSEWHERE), ANN, PASSWORD)))
        gone += timedelta(minutes=waits[-1])
        with clock.shifted(gone):
            assert fail(1).status_code == 200
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_page_says_when_to_come_again_and_what_helps_meanwhile() -> None:
    person(ANN)
    fail(5)
    with clock.shifted(MINUTE):
        fail(1)
        page = sign_in(at(ELSEWHERE), ANN, PASSWORD).content.decode()
    assert "Try again in 2 minutes." in page
    assert "/accounts/password/reset/" in page


def test_the_count_is_in_the_database_so_every_process_knows_it(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    person(ANN)
    assert fail(5).status_code == 200
    assert sign_in(at(ELSEWHERE), ANN, PASSWORD).status_code == 429
    assert [knock(Rate(2, MINUTE), "a page", "somebody") > timedelta(0) for _ in range(3)] == [False, False, True]


def test_known_and_unknown_addresses_are_answered_alike_before_and_after_the_lock() -> None:
    person(ANN)
    for _ in range(7):
        known, unknown = fail(1, ANN, HOME), fail(1, BEN, ELSEWHERE)
        assert known.status_code == unknown.status_code
        assert plain(known) == plain(unknown)
    assert known.status_code == 429


def test_where_somebody_signed_in_lately_others_cannot_lock_them_out() -> None:
    person(ANN)
    sign_in(at(HOME))
    assert fail(6).status_code == 429
    assert sign_in(at("192.0.2.1")).status_code == 429
    assert sign_in(at(HOME)).status_code == 302


def test_at_home_one_may_not_guess_either() -> None:
    person(ANN)
    sign_in(at(HOME))
    assert fail(6, ip=HOME).status_code == 429


def test_a_new_password_by_mail_opens_at_once() -> None:
    person(ANN)
    assert fail(6).status_code == 429
    client = at("192.0.2.1")
    client.post("/accounts/password/reset/", {"email": ANN})
    action = client.get(link_in_mail(ANN), follow=True).redirect_chain[-1][0]
    client.post(action, {"password1": "another long sentence", "password2": "another long sentence"})
    assert sign_in(client, ANN, "another long sentence").status_code == 302


def test_a_passkey_is_not_held_back() -> None:
    person(ANN)
    assert fail(6).status_code == 429
    challenge = at(ELSEWHERE).get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert challenge.status_code == 200


def test_who_is_signed_in_stays_so_and_can_say_again_who_they_are(client: Client) -> None:
    person(ANN)
    sign_in(client)
    fail(6)
    assert client.get("/settings/profile").status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_a_borrowed_browser_may_not_guess_the_password(client: Client) -> None:
    person(ANN)
    sign_in(client)
    for _ in range(5):
        assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 429
    assert sign_in(at(ELSEWHERE)).status_code == 302


def test_codes_are_held_back_as_passwords_are(client: Client) -> None:
    secret = switched_on(client)
    other = at(ELSEWHERE)
    sign_in(other)
    for _ in range(5):
        assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert other.post("/accounts/2fa/authenticate/", {"code": code(secret)}).status_code == 429
    with clock.shifted(MINUTE):
        assert other.post("/accounts/2fa/authenticate/", {"code": code(secret)}).status_code == 302


def test_a_code_counts_once_whichever_process_is_asked(client: Client, settings: Any) -> None:
    secret = switched_on(client)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    used = code(secret)
    answers = []
    for _ in range(2):
        other = at(HOME)
        sign_in(other)
        answers.append(other.post("/accounts/2fa/authenticate/", {"code": used}).status_code)
    assert answers == [302, 200]


def test_one_place_that_tries_many_logins_waits_and_others_do_not() -> None:
    person(ANN)
    answers = [fail(1, f"user{n}@example.org").status_code for n in range(21)]
    assert answers == [200] * 20 + [429]
    assert sign_in(at(ELSEWHERE)).status_code == 429
    assert sign_in(at(HOME)).status_code == 302
    with clock.shifted(timedelta(minutes=61)):
        assert sign_in(at(ELSEWHERE)).status_code == 302


def test_a_network_of_ipv6_is_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidings.workspaces.locks.PLACE", replace(PLACE, free=3))
    person(ANN)
    for n in range(3):
        fail(1, f"user{n}@example.org", f"2001:db8:1:2::{n:x}")
    assert sign_in(at("2001:db8:1:2:ffff::1")).status_code == 429
    assert sign_in(at("2001:db8:1:3::1")).status_code == 302


def test_a_lock_is_written_down_once_for_the_person_to_see() -> None:
    ann = person(ANN)
    fail(9)
    kinds = list(SecurityEvent.objects.filter(user=ann).order_by("at").values_list("kind", flat=True))
    assert kinds == ["failed_password"] * 5 + ["locked"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("join", "/join/guess"),
        ("account_confirm_email", "/accounts/confirm-email/guess/"),
        ("account_reset_password_from_key", "/accounts/password/reset/key/1-guess/"),
        ("connect_document", "/connect/documents/bluesky/guess"),
    ],
)
def test_links_cannot_be_guessed_for_long(name: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (limit,) = LIMITS[name]
    monkeypatch.setitem(LIMITS, name, (replace(limit, rate=replace(limit.rate, most=2)),))
    answers = [at(HOME).get(path) for _ in range(3)]
    assert 429 not in {answer.status_code for answer in answers[:2]}
    assert waiting(answers[2]) == 10
    assert at(ELSEWHERE).get(path).status_code != 429
    with clock.shifted(timedelta(minutes=11)):
        assert at(HOME).get(path).status_code != 429


def test_nobody_is_flooded_with_mails_about_new_passwords() -> None:
    person(ANN)
    answers = [at(f"192.0.2.{n}").post("/accounts/password/reset/", {"email": ANN}).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]


def test_registering_is_limited_by_place(monkeypatch: pytest.MonkeyPatch) -> None:
    by_place, by_address = LIMITS["account_signup"]
    few = replace(by_place, rate=replace(by_place.rate, most=2))
    monkeypatch.setitem(LIMITS, "account_signup", (few, by_address))
    person("operator@example.org")
    assert [register(at(HOME), f"user{n}@example.org").status_code for n in range(3)] == [302, 302, 429]


def _names(patterns: list[Any]) -> list[str]:
    found = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += _names(each.url_patterns)
        elif isinstance(each, URLPattern):
            found.append(each.name or "")
    return found


def test_every_page_that_takes_a_secret_from_a_stranger_has_a_limit() -> None:
    secrets = re.compile(r"login|signup|authenticate|reset|confirm|join|first_run|document|deletion_status")
    names = {name for name in _names(get_resolver().url_patterns) if secrets.search(name)}
    assert {name for name in names if not name.endswith("_done")} <= set(LIMITS)


def test_the_place_is_the_address_of_the_connection_and_not_what_a_header_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tidings.workspaces.locks.PLACE", replace(PLACE, free=3))
    person(ANN)
    for n in range(3):
        sign_in(at(ELSEWHERE, **{"x-forwarded-for": f"192.0.2.{n}"}), f"user{n}@example.org", "wrong")
    assert sign_in(at(ELSEWHERE, **{"x-forwarded-for": HOME})).status_code == 429


@pytest.mark.parametrize("said", ["", "unix:"])
def test_people_of_whom_nobody_knows_where_they_come_from_share_a_wide_count_and_are_not_locked_out(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = replace(LIMITS["account_login"][0], rate=Rate(2, timedelta(minutes=10)))
    monkeypatch.setitem(LIMITS, "account_login", (limit,))
    monkeypatch.setattr("tidings.workspaces.locks.PLACE", replace(PLACE, free=3))
    person(ANN)
    guesses = [sign_in(at(said), f"user{n}@example.org", "wrong").status_code for n in range(2 * CROWD - 1)]
    assert guesses == [200] * (2 * CROWD - 1), "more than one address may, and no lock of a place"
    assert sign_in(at(said), ANN).status_code == 302
    assert sign_in(at(said), ANN).status_code == 429
    assert sign_in(at(HOME), ANN).status_code == 302


def test_a_proxy_that_does_not_say_for_whom_it_asks_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home server and one with its own certificate are visited from this machine; behind a proxy nobody is."""
    request = RequestFactory(REMOTE_ADDR="127.0.0.1").get("/")
    assert place(request) == "127.0.0.1"
    monkeypatch.setattr(settings(), "base_url", "https://social.example.org")
    monkeypatch.setattr(settings(), "trusted_proxies", "nonsense, 127.0.0.0/8,10.0.0.3")
    assert place(request) == ""
    assert place(RequestFactory(REMOTE_ADDR="::ffff:10.0.0.3").get("/")) == ""
    assert place(RequestFactory(REMOTE_ADDR="10.0.0.4").get("/")) == "10.0.0.4"
    monkeypatch.setattr(settings(), "tls_cert", "chain.pem")
    assert place(request) == "127.0.0.1"
