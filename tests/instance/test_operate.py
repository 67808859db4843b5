"""What an operator does with a login: done, told to the person, written down for both, and never the last operator."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests import people
from tests.web.people import PASSWORD
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.privacy.erase import pending
from tidings.settings import settings
from tidings.workspaces.api_keys import make
from tidings.workspaces.models import Member, SecurityEvent, User


def post(browser: Client, of: User, act: str, **form: str) -> str:
    """Do it at the person's page; what the page says then."""
    answer = browser.post(f"/instance/users/{of.pk}/{act}", form, follow=True)
    assert answer.redirect_chain[-1][0] == f"/instance/users/{of.pk}"
    return unescape(answer.content.decode())


def logged(user: User) -> list[str]:
    return list(SecurityEvent.objects.filter(user=user).order_by("at").values_list("kind", flat=True))


def planned(member: Member) -> Delivery:
    """A post of theirs that goes out tomorrow."""
    written = Post.objects.create(workspace=member.workspace, author=member.user, stage="approved")
    item, at = Item.objects.create(post=written, position=0, text="zq-text"), clock.now() + timedelta(days=1)
    return Delivery.objects.create(
        workspace=member.workspace, post=written, item=item, channel=people.channel(member), due_at=at, again_at=at
    )


def test_who_is_suspended_is_out_at_once_and_what_they_planned_still_goes_out(
    browser: Client, operator: Member
) -> None:
    ann, delivery = (owner := people.owner(language="de")).user, planned(owner)
    theirs, token = people.signed_in(owner), make(owner, "script", ["read"])[1]

    post(browser, ann, "suspend")

    assert theirs.get(f"{people.home(owner)}/calendar").headers["Location"].startswith("/accounts/login/")
    assert Client().get(f"{people.api(owner)}/channels", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    assert Delivery.objects.get(pk=delivery.pk).state == "waiting"
    assert [letter.to for letter in mail.outbox] == [[ann.email]]
    assert logged(ann)[-1] == "suspended"
    assert logged(operator.user)[-1] == "did_suspended"
    assert SecurityEvent.objects.get(kind="suspended").ip is None  # the operator's address is not theirs to read

    post(browser, ann, "allow")
    assert User.objects.get(pk=ann.pk).is_active


def test_one_operator_always_stays(browser: Client, operator: Member) -> None:
    ann = people.owner().user
    assert "the only operator" in post(browser, operator.user, "unmake-operator")
    assert "cannot do that to yourself" in post(browser, operator.user, "suspend")

    post(browser, ann, "make-operator")
    assert people.signed_in(Member.objects.get(user=ann)).get("/instance").status_code == 200
    post(browser, operator.user, "unmake-operator")

    assert list(User.objects.filter(is_operator=True)) == [ann]
    assert browser.get("/instance").status_code == 404


def test_whoever_changes_something_says_again_who_they_are(operator: Member) -> None:
    operator.user.set_password(PASSWORD)
    operator.user.save()
    browser, ann = people.signed_in(operator), people.owner().user
    act = f"instance/users/{ann.pk}/suspend"

    assert browser.get("/instance/users").status_code == 200
    assert browser.post(f"/{act}").headers["Location"].startswith("/accounts/reauthenticate/")
    assert browser.post(f"/api/v1/{act}").status_code == 403
    assert User.objects.get(pk=ann.pk).is_active


def test_an_erasure_wants_the_address_typed_and_is_the_persons_to_take_back(browser: Client) -> None:
    ann = people.owner().user
    assert "Nothing has been done" in post(browser, ann, "erase", typed="somebody@example.org")
    assert pending("user", ann.pk) is None

    post(browser, ann, "erase", typed=f" {ann.email.upper()} ")

    begun = pending("user", ann.pk)
    assert begun
    assert begun.due_at > clock.now()
    assert f"{begun.due_at:%Y-%m-%d %H:%M}" in mail.outbox[-1].body
    assert mail.outbox[-1].to == [ann.email]
    assert people.signed_in(Member.objects.get(user=ann)).get("/").headers["Location"] == "/settings/privacy/erasure"


def test_nobody_is_erased_on_whom_others_depend(browser: Client) -> None:
    ann = people.owner()
    people.member(ann, "editor")

    assert ann.workspace.name in post(browser, ann.user, "erase", typed=ann.user.email)
    assert pending("user", ann.user_id) is None


def test_the_link_to_a_new_password_is_mailed_and_seen_by_nobody_else(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = people.owner().user
    assert "tidings users reset-link" in post(browser, ann, "send-reset")
    assert not mail.outbox

    monkeypatch.setattr(settings(), "mail", "smtp://mail.invalid")
    page = post(browser, ann, "send-reset")

    assert "/accounts/password/reset/key/" in mail.outbox[-1].body
    assert "reset/key" not in page


@pytest.mark.parametrize(("typed", "kept"), [("2.5", 2_500_000_000), ("0", 0), ("", None), ("-1", 7), ("lots", 7)])
def test_room_is_set_in_gigabytes(browser: Client, typed: str, kept: int | None) -> None:
    ann = people.owner(storage=7).user

    post(browser, ann, "room", room=typed)

    assert User.objects.get(pk=ann.pk).storage == kept


def test_the_api_does_the_same_for_a_session_and_nothing_for_a_key(browser: Client, operator: Member) -> None:
    ann = people.owner().user
    at, token = f"/api/v1/instance/users/{ann.pk}", make(operator, "script", ["read"])[1]

    def said(answer: Any) -> Any:
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert said(browser.post(f"{at}/suspend"))["active"] is False
    assert said(browser.put(f"{at}/room", {"most": 5}, "application/json"))["most"] == 5
    assert browser.post(f"{at}/erase", {"typed": "?"}, "application/json").status_code == 422
    assert browser.post(f"{at}/praise").status_code == 404
    assert Client().get(at, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    for noun in ("", "/queue", "/failures", "/users", "/apps", "/privacy", "/storage", "/log"):
        said(browser.get(f"/api/v1/instance{noun}"))


def test_the_log_says_who_did_what_to_whom_until_they_are_gone(browser: Client, operator: Member) -> None:
    ann = people.owner(name="Ann Archer")
    post(browser, ann.user, "sign-out")
    assert "Ann Archer" in browser.get("/instance/log").content.decode()

    ann.user.delete()

    page = browser.get("/instance/log").content.decode()
    assert "Signed somebody out everywhere" in page
    assert "somebody who is gone" in page
    assert "Ann Archer" not in page
