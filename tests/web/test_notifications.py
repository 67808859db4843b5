"""The list of what a person was told, how they wish to be told, and the address that ends a kind of mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.deliveries.test_queue import due
from tidings.core import clock
from tidings.notifications.mail import off_url
from tidings.notifications.models import Notification, Preference
from tidings.notifications.read import unread, wishes_of
from tidings.notifications.tell import Occasion, tell
from tidings.privacy.retain import retain
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


def telling(owner: Member) -> Notification:
    """A post of theirs failed."""
    delivery = due(people.channel(owner, name="Harbour"), clock.now(), "failed")
    tell(owner.workspace_id, "failed", [Occasion("delivery", delivery.pk, str(delivery.pk))])
    return Notification.objects.get(user=owner.user, thing_id=delivery.pk)


def page(owner: Member, at: str = "/notifications") -> Any:
    return people.signed_in(owner).get(at)


def test_the_list_says_what_happened_where_and_leads_to_the_next_step() -> None:
    owner = people.owner()
    row = telling(owner)
    shown = page(owner).content.decode()
    for words in ("A post failed", "Bread", ">Decide</button>", owner.workspace.name):
        assert words in shown
    answer = people.signed_in(owner).post(f"/notifications/{row.pk}/open")
    assert answer.url.startswith(f"{people.home(owner)}/posts/")
    assert unread(owner.user) == 0


def test_the_side_bar_counts_what_is_new_until_all_is_read() -> None:
    owner = people.owner()
    telling(owner)
    assert page(owner).context["told_count"] == 1
    people.signed_in(owner).post("/notifications/read")
    assert page(owner).context["told_count"] == 0


def test_what_is_gone_meanwhile_is_said_so_and_of_a_left_workspace_nothing_is_shown() -> None:
    owner = people.owner()
    row = telling(owner)
    Notification.objects.filter(pk=row.pk).update(thing_id=owner.pk)
    assert "It is not there any more." in page(owner).content.decode()
    Member.objects.filter(pk=owner.pk).delete()
    assert "A post failed" not in page(owner).content.decode()


def test_others_read_nothing_of_mine() -> None:
    owner, other = people.owner(), people.owner()
    row = telling(owner)
    assert people.signed_in(other).post(f"/notifications/{row.pk}/open").status_code == 404
    people.signed_in(other).post("/notifications/read")
    api = f"{people.api(owner)}/notifications"
    colleague = people.member(owner, "editor")
    people.signed_in(colleague).post(f"{api}/read", {"ids": [str(row.pk)]}, "application/json")
    assert people.signed_in(colleague).get(api).json() == []
    assert unread(owner.user) == 1


def test_preferences_are_kept_for_each_kind() -> None:
    owner = people.owner()
    page(owner, "/settings/notifications")
    people.signed_in(owner).post("/settings/notifications", {"page-failed": "on", "mail-failed": "digest"})
    wishes = wishes_of(owner.user)
    assert (wishes["failed"].page, wishes["failed"].mail) == (True, "digest")
    assert (wishes["paused"].page, wishes["paused"].mail) == (False, "off")


def test_the_address_in_a_mail_ends_that_kind_for_that_person_alone_without_a_login() -> None:
    owner, other = people.owner(), people.owner()
    row = telling(owner)
    path = "/" + off_url(owner.user, {"failed"}).split("/", 3)[3]
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.get(path).status_code == 200
    assert not Preference.objects.exists()
    assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert [(w.user, w.kind, w.mail, w.page) for w in Preference.objects.all()] == [(owner.user, "failed", "off", True)]
    row.refresh_from_db()
    assert (row.mail_at, wishes_of(other.user)["failed"].mail) == (None, "at_once")


@pytest.mark.parametrize("token", ["x", "WyJhIl0:1abc:def"])
def test_an_address_that_we_did_not_make_ends_nothing(token: str) -> None:
    assert Client().post(f"/notifications/off/{token}").status_code == 404


def test_the_api_lists_reads_and_sets_wishes() -> None:
    owner = people.owner()
    row = telling(owner)
    client, api = people.signed_in(owner), f"{people.api(owner)}/notifications"
    (said,) = client.get(api, {"new": "true"}).json()
    assert (said["id"], said["kind"], said["thing"]) == (str(row.pk), "failed", "delivery")
    assert client.post(f"{api}/read", {}, "application/json").json() == {"read": 1}
    assert client.get(api, {"new": "true"}).json() == []
    wishes = {"failed": {"page": True, "mail": "off"}}
    changed = client.put(f"{api}/wishes", {"wishes": wishes}, "application/json").json()
    assert (changed["wishes"]["failed"]["mail"], changed["wishes"]["unsure"]["mail"]) == ("off", "at_once")
    for wrong in ({"none": {"page": True, "mail": "off"}}, {"failed": {"page": True, "mail": "often"}}):
        assert client.put(f"{api}/wishes", {"wishes": wrong}, "application/json").status_code == 422


def test_they_are_kept_for_ninety_days() -> None:
    owner = people.owner()
    telling(owner)
    retain(clock.now() + timedelta(days=89))
    assert Notification.objects.count() == 1
    retain(clock.now() + timedelta(days=91))
    assert not Notification.objects.exists()
