"""A person's and a workspace's settings; invitations; who sees what."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.web.people import ANN, PASSWORD, browser, link_in_mail, person, register, sign_in, team
from tidings.settings import settings as ours
from tidings.workspaces.models import Invitation, Member, User

PROFILE = {
    "name": "Ann Long",
    "language": "de",
    "zone": "Asia/Tokyo",
    "clock24": "False",
    "week_starts": "6",
    "theme": "dark",
}
WORKSPACE = {"name": "Bakery North", "zone": "Europe/Vienna", "late_policy": "hold", "late_minutes": "30"}
GETS = {"": "manage", "/members": "manage"}
POSTS = ["/members/invite", "/members/{other}/role", "/members/{other}/remove", "/invitations/{row}/revoke"]


def test_a_person_sets_how_the_program_addresses_them() -> None:
    ann = person()
    client = browser(ann)
    assert client.post("/settings/profile", PROFILE).headers["Location"] == "/settings/profile"
    ann.refresh_from_db()
    kept = (ann.name, ann.language, ann.zone, ann.clock24, ann.week_starts, ann.theme)
    assert kept == ("Ann Long", "de", "Asia/Tokyo", False, 6, "dark")
    page = client.get("/settings/profile")
    assert page.headers["Content-Language"] == "de"
    assert b'data-theme="dark"' in page.content
    assert page.context["form"].initial["clock24"] is False
    assert b'<option value="False" selected>' in page.content


def test_rubbish_in_the_profile_is_said_beside_each_field_and_saves_nothing() -> None:
    ann = person()
    answer = browser(ann).post("/settings/profile", dict.fromkeys(PROFILE, "x" * 200))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(PROFILE)
    ann.refresh_from_db()
    assert ann.name == "Ann"


def test_a_manager_sets_up_the_workspace() -> None:
    bakery = team()
    client = browser(bakery.members["admin"].user)
    path = f"/w/{bakery.workspace.slug}/settings"
    client.post(path, WORKSPACE)
    bakery.workspace.refresh_from_db()
    assert (bakery.workspace.name, bakery.workspace.late_policy) == ("Bakery North", "hold")
    assert bakery.workspace.slug == "bakery"
    wrong = client.post(path, WORKSPACE | {"zone": "Nowhere", "late_minutes": "-1", "late_policy": "burn"})
    assert set(wrong.context["form"].errors) == {"zone", "late_minutes", "late_policy"}


@pytest.mark.parametrize("end", [*GETS, *POSTS])
def test_may_a_stranger(end: str) -> None:
    bakery = team()
    row = Invitation.objects.create(
        workspace=bakery.workspace,
        token_hash="0",
        by=bakery.members["owner"].user,
        ends_at="2999-01-01T00:00Z",
    )
    tail = end.format(other=bakery.members["client"].pk, row=row.pk)
    path = f"/w/{bakery.workspace.slug}/settings{tail}"
    expected = {"stranger": 404, "editor": 403, "contributor": 403, "client": 403}
    for who, status in expected.items():
        user = bakery.stranger if who == "stranger" else bakery.members[who].user
        answer = browser(user).get(path) if end in GETS else browser(user).post(path)
        assert answer.status_code == status, who
    anonymous = Client().get(path) if end in GETS else Client().post(path)
    assert anonymous.status_code in (302, 403)
    assert "/accounts/login/" in anonymous.headers["Location"]
    assert Member.objects.filter(workspace=bakery.workspace).count() == 5
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/settings/profile",
        "/settings/security",
        "/workspaces/new",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/reauthenticate/",
    ],
)
def test_who_is_not_signed_in_is_led_to_the_sign_in_page(path: str) -> None:
    person()
    answer = Client().get(path)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/code/",
        "/accounts/signup/passkey/",
        "/accounts/2fa/webauthn/signup/",
        "/accounts/3rdparty/",
        "/accounts/2fa/trust/",
        "/accounts/phone/change/",
    ],
)
def test_what_we_do_not_offer_is_not_there(path: str) -> None:
    person()
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("end", POSTS)
def test_looking_at_an_address_changes_nothing(end: str) -> None:
    bakery = team()
    tail = end.format(other=bakery.members["client"].pk, row=bakery.members["client"].pk)
    path = f"/w/{bakery.workspace.slug}/settings{tail}"
    assert browser(bakery.members["owner"].user).get(path).status_code == 405


def test_an_invitation_by_mail_brings_a_new_person_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours(), "registration", "invitation")
    bakery = team()
    owner = browser(bakery.members["owner"].user)
    base = f"/w/{bakery.workspace.slug}/settings/members"
    owner.post(f"{base}/invite", {"email": ANN, "role": "editor"})
    shown = owner.get(base)
    link = link_in_mail(ANN)
    assert link in shown.content.decode()
    assert link not in owner.get(base).content.decode()

    guest = Client()
    assert b"Registration is closed" in guest.get("/accounts/signup/").content
    assert b"invites you to Bakery" in guest.get(link).content
    register(guest, ANN)
    assert guest.get("/").headers["Location"] == link
    assert guest.post(link).headers["Location"] == "/w/bakery/calendar"
    assert Member.objects.get(user__email=ANN).role == "editor"
    assert guest.get("/").headers["Location"] == "/w/bakery/calendar"
    assert Client().get(link).status_code == 404


def test_an_invitation_brings_in_somebody_who_has_a_login() -> None:
    bakery = team()
    owner = browser(bakery.members["owner"].user)
    owner.post("/w/bakery/settings/members/invite", {"email": "", "role": "client"})
    page = owner.get("/w/bakery/settings/members").content.decode()
    match = re.search(r"(/join/[\w-]+)", page)
    assert match
    person(ANN)
    guest = Client()
    guest.get(match[1])
    sign_in(guest, ANN, PASSWORD)
    assert guest.get("/").headers["Location"] == match[1]
    assert guest.get(match[1]).status_code == 200
    assert not Member.objects.filter(user__email=ANN).exists()
    guest.post(match[1])
    assert Member.objects.get(user__email=ANN).role == "client"


def test_an_invitation_that_cannot_be_mailed_still_shows_its_link(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> int:
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    owner = browser(team().members["owner"].user)
    answer = owner.post("/w/bakery/settings/members/invite", {"email": ANN, "role": "editor"}, follow=True)
    assert b"could not be sent" in answer.content
    assert b"/join/" in answer.content
    assert mail.outbox == []


def test_a_wrong_invitation_is_said_beside_its_field() -> None:
    owner = browser(team().members["owner"].user)
    answer = owner.post("/w/bakery/settings/members/invite", {"email": "nobody", "role": "king"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "role"}


def test_an_admin_cannot_invite_an_owner() -> None:
    admin = browser(team().members["admin"].user)
    answer = admin.post("/w/bakery/settings/members/invite", {"email": "", "role": "owner"})
    assert "role" in answer.context["form"].errors
    assert not Invitation.objects.exists()


def test_roles_are_changed_members_removed_and_invitations_withdrawn() -> None:
    bakery = team()
    owner = browser(bakery.members["owner"].user)
    base = "/w/bakery/settings"
    client, editor = bakery.members["client"], bakery.members["editor"]
    owner.post(f"{base}/members/{client.pk}/role", {"role": "editor"})
    client.refresh_from_db()
    assert client.role == "editor"
    owner.post(f"{base}/members/{editor.pk}/remove")
    assert not Member.objects.filter(pk=editor.pk).exists()
    owner.post(f"{base}/members/invite", {"email": "", "role": "client"})
    owner.post(f"{base}/invitations/{Invitation.objects.get().pk}/revoke")
    assert not Invitation.objects.exists()


def test_the_last_owner_is_told_why_they_cannot_go() -> None:
    bakery = team()
    owner = bakery.members["owner"]
    client = browser(owner.user)
    for answer in (
        client.post("/w/bakery/leave", follow=True),
        client.post(f"/w/bakery/settings/members/{owner.pk}/remove", follow=True),
        client.post(f"/w/bakery/settings/members/{owner.pk}/role", {"role": "client"}),
        client.get("/w/bakery/settings/members"),
    ):
        if answer.status_code == 200:
            assert b"needs an owner" in answer.content
    owner.refresh_from_db()
    assert owner.role == "owner"


def test_a_client_leaves_by_themselves() -> None:
    bakery = team()
    client = browser(bakery.members["client"].user)
    assert b"You have left Bakery" in client.post("/w/bakery/leave", follow=True).content
    assert client.get("/w/bakery/settings").status_code == 404
    assert client.get("/").headers["Location"] == "/workspaces/new"


def test_changing_the_address_waits_for_its_proof(settings: object) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # type: ignore[attr-defined]
    person("old@example.org")
    client = Client()
    register(client, ANN)
    client.post(link_in_mail(ANN))
    sign_in(client, ANN)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert User.objects.filter(email=ANN).exists()
    assert b"waits to be confirmed" in client.get("/accounts/email/").content
    client.post(link_in_mail("new@example.org"))
    assert User.objects.filter(email="new@example.org").exists()
    assert mail.outbox[-1].to == [ANN]


def test_changing_the_password_wants_the_old_one_and_tells_the_owner() -> None:
    person("first@example.org")
    client = Client()
    register(client, ANN)
    fields = {
        "oldpassword": "wrong",
        "password1": "one more long sentence",
        "password2": "one more long sentence",
    }
    assert client.post("/accounts/password/change/", fields).status_code == 200
    assert sign_in(Client(), ANN, PASSWORD).status_code == 302
    client.post("/accounts/password/change/", fields | {"oldpassword": PASSWORD})
    assert sign_in(Client(), ANN, "one more long sentence").status_code == 302
    assert "password was changed" in mail.outbox[-1].subject


@pytest.mark.parametrize("path", ["/nowhere", "/w/nowhere/settings", "/join/nothing"])
def test_what_is_not_there_is_said_on_a_page(path: str) -> None:
    answer = browser(person()).get(path)
    assert answer.status_code == 404
    assert b'class="card' in answer.content


def test_a_form_without_its_token_is_refused_on_a_page() -> None:
    person()
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": ANN, "password": PASSWORD})
    assert answer.status_code == 403
    assert b"grown old" in answer.content


def test_a_broken_page_says_so_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("boom")

    client = Client(raise_request_exception=False)
    person()
    monkeypatch.setattr("tidings.web.people.waits_for_the_first", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"Something broke" in answer.content
    assert b"boom" not in answer.content
