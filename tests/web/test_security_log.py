"""The security log: what is written, who reads it, and what it is good for."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import DatabaseError
from django.test import Client

import tidings
from tests import people
from tests.web.people import ANN, BEN, PASSWORD, browser, link_in_mail, person, register, sign_in
from tests.web.test_second_factor import recovery_codes, switched_on
from tidings.channels.models import AppCredential
from tidings.core import clock
from tidings.workspaces.api_keys import make
from tidings.workspaces.members import found_workspace
from tidings.workspaces.models import SecurityEvent, User
from tidings.workspaces.policy import VERBS
from tidings.workspaces.security import KINDS, TRIED, note, whom

HOME, SAME_NETWORK, ELSEWHERE = "203.0.113.7", "203.0.113.99", "198.51.100.9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
NEWER = FIREFOX.replace("140", "141")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def at(ip: str = HOME, agent: str = FIREFOX) -> Client:
    """A browser there."""
    return Client(REMOTE_ADDR=ip, headers={"user-agent": agent})


def kinds(user: User | None = None) -> list[str]:
    """What happened, in order."""
    return list(SecurityEvent.objects.filter(user=user).order_by("at").values_list("kind", flat=True))


def test_a_sign_in_keeps_when_where_and_with_what() -> None:
    ann = person(ANN)
    sign_in(at())
    event = SecurityEvent.objects.get()
    assert (event.user, event.kind, event.ip, event.browser) == (ann, "signed_in", HOME, FIREFOX)
    assert clock.now() - event.at < timedelta(minutes=1)
    assert event.whom == whom("  ANN@example.org ") != whom(BEN)
    assert ANN not in event.whom


def test_what_goes_wrong_is_written_down_also_for_who_does_not_exist() -> None:
    ann = person(ANN)
    sign_in(at(ELSEWHERE), ANN, "wrong")
    sign_in(at(ELSEWHERE), BEN, "wrong")
    assert kinds(ann) == kinds(None) == ["failed_password"]
    assert SecurityEvent.objects.get(user=None).whom == whom(BEN)


def test_registering_proving_an_address_and_signing_out_are_written_down(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    person(BEN)
    client = at()
    register(client)
    client.post(link_in_mail(ANN))
    sign_in(client)
    client.post("/accounts/logout/")
    assert kinds(User.objects.get(email=ANN)) == ["signed_up", "address_confirmed", "signed_in", "signed_out"]


def test_a_new_password_by_link_and_by_hand_is_written_down() -> None:
    ann, client = person(ANN), at()
    client.post("/accounts/password/reset/", {"email": ANN})
    action = client.get(link_in_mail(ANN), follow=True).redirect_chain[-1][0]
    new, newer = "another long sentence", "yet another long sentence"
    client.post(action, {"password1": new, "password2": new})
    sign_in(client, ANN, new)
    client.post("/accounts/password/change/", {"oldpassword": new, "password1": newer, "password2": newer})
    assert kinds(ann) == ["reset_asked", "password_reset", "signed_in", "password_changed"]


@pytest.mark.django_db(transaction=True)  # some of it is written once it is sure
def test_second_factors_and_their_codes_are_written_down(client: Client) -> None:
    switched_on(client)
    ann = User.objects.get(email=ANN)
    (first, *_) = recovery_codes(client)
    other = Client()
    sign_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    other.post("/accounts/2fa/authenticate/", {"code": first})
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    assert kinds(ann)[1:] == [
        "factor_added", "failed_code", "code_used", "signed_in", "codes_made", "factor_removed",
    ]  # fmt: skip


def test_an_ended_browser_and_a_channel_that_goes_are_written_down() -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    channel = people.channel(owner)
    client.post(f"/w/{owner.workspace.slug}/channels/{channel.id}/disconnect")
    other = browser(owner.user)
    other.get("/settings/profile")
    client.get("/settings/profile")
    ended = UserSession.objects.exclude(session_key=client.session.session_key).get()
    client.post(f"/settings/sessions/{ended.pk}/end")
    assert kinds(owner.user) == ["channel_disconnected", "session_ended"]
    page = client.get("/settings/security/log").content.decode()
    assert "Channel disconnected</strong> <span class=\"tag\">Mastodon" in page


def test_people_read_their_own_log_in_plain_words_and_nobody_elses() -> None:
    person(ANN), person(BEN)
    client = at()
    sign_in(client)
    sign_in(at(ELSEWHERE, PHONE), ANN, "wrong")
    sign_in(at("192.0.2.44"), BEN)
    page = client.get("/settings/security/log").content.decode()
    assert page.index("Wrong password") < page.index("Signed in<")
    assert f"{ELSEWHERE} · Safari on iPhone" in page
    assert f"{HOME} · Firefox on Linux" in page
    assert "192.0.2.44" not in page
    assert b"/settings/security/log" in client.get("/settings/security").content
    assert at().get("/settings/security/log").status_code == 302


def test_a_long_log_has_pages(client: Client) -> None:
    ann = person(ANN)
    sign_in(client)
    SecurityEvent.objects.bulk_create(SecurityEvent(user=ann, kind="signed_out") for _ in range(50))
    assert len(client.get("/settings/security/log").context["rows"]) == 50
    assert len(client.get("/settings/security/log?page=2").context["rows"]) == 1


def test_who_does_not_want_to_be_watched_is_only_where_somebody_fails() -> None:
    ann = person(ANN, watched=False)
    sign_in(at(), ANN, "wrong")
    sign_in(at())
    failed, signed = SecurityEvent.objects.filter(user=ann).order_by("at")
    assert (failed.ip, failed.browser) == (HOME, FIREFOX)
    assert (signed.ip, signed.place, signed.browser) == (None, "", "")


def test_a_sign_in_from_a_new_network_or_browser_is_told_by_mail() -> None:
    user = person(ANN, mailed=False)
    EmailAddress.objects.create(user=user, email=ANN, primary=True, verified=True)
    for known in (at(), at(), at(SAME_NETWORK), at(agent=NEWER)):
        sign_in(known)
    assert not mail.outbox
    sign_in(at(agent=PHONE))
    sign_in(at(ELSEWHERE))
    assert [message.subject.endswith("A new sign-in") for message in mail.outbox] == [True, True]
    body = str(mail.outbox[-1].body)
    assert ELSEWHERE in body
    assert f"({user.zone})" in body, "whose clock it is told by"
    assert "/settings/security/log" in body, "where one says that it was somebody else"
    assert "Mozilla" not in body, "a browser by its name"
    assert kinds(user) == ["signed_in"] * 4 + ["signed_in_new"] * 2


def test_this_was_not_me_signs_out_everywhere_else_and_leads_to_a_new_password() -> None:
    ann = person(ANN)
    mine, theirs = at(), at(ELSEWHERE)
    for client in (theirs, mine):
        sign_in(client)
        client.get("/settings/profile")
    assert mine.post("/settings/security/not-me").headers["Location"] == "/accounts/password/change/"
    assert theirs.get("/settings/profile").status_code == 302
    assert mine.get("/settings/profile").status_code == 200
    assert kinds(ann)[-1] == "signed_out_everywhere"


def test_whoever_says_that_it_was_somebody_else_hears_what_no_new_password_ends() -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    make(owner, "made by whom?", ["read"])

    page = client.post("/settings/security/not-me", follow=True).content.decode()

    assert "no new password ends them: API keys." in page


def test_a_log_that_cannot_be_written_breaks_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError

    person(ANN)
    monkeypatch.setattr(SecurityEvent.objects, "create", refuse)
    assert sign_in(at()).status_code == 302


@pytest.mark.parametrize(
    ("remote", "kept", "place"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2:3::9", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::1", "fe80::"),
        ("", None, ""),
        ("/run/socket", None, ""),
    ],
)
def test_any_address_of_a_connection_can_be_kept(rf: Any, remote: str, kept: str | None, place: str) -> None:
    note("signed_in", rf.get("/", REMOTE_ADDR=remote, HTTP_USER_AGENT="x" * 900), person(ANN))
    event = SecurityEvent.objects.get()
    assert (event.ip, event.place, len(event.browser)) == (kept, place, 300)


def test_everything_that_is_noted_has_words() -> None:
    texts = [path.read_text() for path in Path(tidings.__file__).parent.rglob("*.py")]
    source = "\n".join(text for text in texts if "tidings.workspaces.security import" in text)
    noted = set(re.findall(r"\bnote\(\s*\"(\w+)\"", source))
    assert len(noted) > 5
    assert noted <= set(KINDS)


def test_every_verb_that_can_be_refused_has_words() -> None:
    texts = [path.read_text() for path in Path(tidings.__file__).parent.rglob("*.py")]
    raised = set(re.findall(r"raise (?:Forbidden|Stranger)\((?:\"[^\"]*\", )?\"(\w+)\"\)", "\n".join(texts)))
    assert "operate" in raised
    assert {*raised, *VERBS} == set(TRIED)


@pytest.mark.parametrize("kind", KINDS)
def test_no_entry_shows_a_raw_word(kind: str) -> None:
    user = person(ANN)
    about = str(user.pk) if kind.startswith("did_") else "harbour: publish" if kind == "refused" else ""
    note(kind, user=user, about=about)
    shown = unescape(browser(user).get("/settings/security/log").content.decode())
    assert str(KINDS[kind]) in shown
    assert f">{kind}<" not in shown
    assert str(user.pk) not in shown.partition("<main")[2]
    assert kind != "refused" or "harbour: to publish" in shown


def test_a_changed_password_ends_every_other_session() -> None:
    person(ANN)
    mine, other = at(), at(ELSEWHERE)
    for client in (mine, other):
        sign_in(client)
    new = "another long sentence"
    mine.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert other.get("/settings/profile").status_code == 302
    assert mine.get("/settings/profile").status_code == 200


def test_a_session_ends_a_month_after_the_sign_in_however_busy_it_was(client: Client) -> None:
    person(ANN)
    sign_in(client)
    for days in (0, 10, 20, 29):
        with clock.shifted(timedelta(days=days)):
            assert client.get("/settings/profile").status_code == 200
    with clock.shifted(timedelta(days=30, minutes=1)):
        assert client.get("/settings/profile").status_code == 302
        sign_in(client)
        assert client.get("/settings/profile").status_code == 200


def test_a_session_that_is_not_used_ends(client: Client) -> None:
    person(ANN)
    sign_in(client)
    client.get("/settings/profile")
    session = Session.objects.get()
    assert session.expire_date - clock.now() <= timedelta(days=14)
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    assert client.get("/settings/profile").status_code == 302


def test_entering_app_credentials_asks_again_who_it_is_and_then_goes_on(client: Client) -> None:
    found_workspace(person(ANN, is_operator=True), "Bakery", "UTC")
    sign_in(client)
    page, typed = "/w/bakery/channels/apps/x", {"client_id": "id", "client_secret": "very secret"}
    assert client.get(page).status_code == 200
    asked = client.post(page, typed)
    assert asked.headers["Location"] == f"/accounts/reauthenticate/?next={page.replace('/', '%2F')}"
    assert not AppCredential.objects.exists()
    client.post(asked.headers["Location"], {"password": PASSWORD, "next": page})
    assert AppCredential.objects.get().client_id == "id"
