"""The pages of a workspace's audit log and of API keys."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.permissions.visitors import signed_in
from tests.web.people import PASSWORD
from tidings.core import clock
from tidings.privacy import erase
from tidings.web import audit as page_of
from tidings.workspaces.audit import FIRST
from tidings.workspaces.members import change_role, invite, join
from tidings.workspaces.models import ApiKey, AuditEntry, Member, SecurityEvent

AT = "settings/audit"


@pytest.fixture
def owner() -> Member:
    """Of a workspace in which a few things happened."""
    made = people.owner(name="Ana")
    guest = join(people.person(name="Ben"), invite(made, "", "editor"))
    change_role(made, guest, "client")
    return made


def page(of: Member, query: str = "") -> str:
    answer = people.signed_in(of).get(f"{people.home(of)}/{AT}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_says_who_did_what_and_that_the_chain_holds(owner: Member) -> None:
    said = page(owner)
    assert "up to entry 4." in said
    words = ("Role changed", "Editor → Client", "Ben", "Joined", "Workspace founded")
    assert [each for each in words if each not in said] == []
    last = AuditEntry.objects.filter(workspace=owner.workspace_id).first()
    assert last
    assert last.hash in said


def test_a_broken_chain_is_said(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"number": 7, "verb": "left", "thing": "member", "before": FIRST, "hash": FIRST}
    AuditEntry.objects.create(workspace=owner.workspace, **fields)
    assert "The chain is broken at entry 5" in page(owner)
    monkeypatch.setattr(page_of, "LOOKED_AT", 3)
    assert "The chain is broken" in page(owner)


def test_entries_are_found_by_person_act_and_day(owner: Member) -> None:
    ben = owner.workspace.members.get(role="client").user_id
    today = f"{clock.now():%Y-%m-%d}"

    def found(query: str) -> int:
        return page(owner, query).count('<span class="fine">')

    assert [found(q) for q in ("", f"?who={ben}", f"?who={owner.user_id}", "?who=program")] == [4, 1, 3, 0]
    assert [found(q) for q in ("?act=member.joined", f"?who={ben}&act=invitation.made")] == [1, 0]
    assert [found(q) for q in (f"?since={today}", "?until=2020-01-01", "?since=nonsense")] == [4, 0, 4]


def test_who_is_erased_is_a_former_member_in_the_log(owner: Member) -> None:
    erase.purge("user", owner.workspace.members.get(role="client").user_id)
    said = page(owner)
    assert "A former member" in said
    assert "Ben" not in said


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_log_can_be_taken_along_with_all_that_its_chain_is_made_of(owner: Member, form: str) -> None:
    answer: Any = people.signed_in(owner).get(f"{people.home(owner)}/{AT}?as={form}&act=member.joined")
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    (row,) = json.loads(text) if form == "json" else list(csv.DictReader(io.StringIO(text)))
    entry = AuditEntry.objects.get(workspace=owner.workspace_id, verb="joined")
    assert (row["hash"], row["before"], str(row["number"])) == (entry.hash, entry.before, "3")
    details = row["details"] if form == "json" else json.loads(row["details"])
    assert details == entry.details
    empty: Any = people.signed_in(owner).get(f"{people.home(owner)}/{AT}?as=json&who=program")
    assert json.loads(b"".join(empty.streaming_content)) == []


def test_a_key_is_made_after_a_second_look_at_who_asks_shown_once_and_revoked(owner: Member) -> None:
    at, form = f"{people.home(owner)}/settings/keys", {"name": "robot", "read": "on", "days": "30"}
    owner.user.set_password(PASSWORD)
    owner.user.save()
    client = people.signed_in(owner)
    again = client.post(at, form)
    assert again["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiKey.objects.exists()

    shown = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": at}, follow=True).content.decode()
    key = ApiKey.objects.get()
    assert (key.scopes, key.ends_at is not None) == (["read"], True)
    assert f"{key.prefix}_" in shown
    assert f"{key.prefix}_" not in client.get(at).content.decode()
    assert client.post(f"{at}/{key.pk}/revoke").status_code == 302
    assert not ApiKey.objects.exists()
    noted = SecurityEvent.objects.filter(user=owner.user).order_by("at").values_list("kind", "about")
    assert list(noted) == [("key_made", "robot"), ("key_revoked", "robot")]


def test_members_see_and_make_their_own_keys_and_managers_all(owner: Member) -> None:
    client, at = owner.workspace.members.get(role="client"), f"{people.home(owner)}/settings/keys"
    theirs = signed_in(client.user)
    assert theirs.post(at, {"name": "too much", "write": "on", "days": "0"}).status_code == 200
    assert not ApiKey.objects.exists()
    theirs.post(at, {"name": "looks on", "read": "on", "days": "0"})
    key = ApiKey.objects.get()
    assert (key.user_id, key.ends_at) == (client.user_id, None)
    mine = signed_in(owner.user)
    assert "looks on" in mine.get(at).content.decode()
    assert "looks on" not in signed_in(people.member(owner, "editor").user).get(at).content.decode()
    assert mine.post(f"{at}/{key.pk}/revoke").status_code == 302
    (event,) = SecurityEvent.objects.filter(user=client.user, kind="key_revoked")
    assert event.ip is None, "the log of the one is not told where the other was"


def test_nobody_else_reads_the_log(owner: Member) -> None:
    editor = people.member(owner, "editor")
    assert people.signed_in(editor).get(f"{people.home(owner)}/{AT}?as=json").status_code == 403
    assert people.signed_in(people.owner()).get(f"{people.home(owner)}/{AT}").status_code == 404
    assert Client().get(f"{people.home(owner)}/{AT}").status_code == 302
