"""Programs come with a key: for one workspace, for what it was made for, and for what its member may at that moment."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from tests import people
from tidings.api import access
from tidings.core import clock
from tidings.privacy import erase, freeze
from tidings.settings import settings as ours
from tidings.workspaces import api_keys
from tidings.workspaces.audit import verify
from tidings.workspaces.members import change_role, remove
from tidings.workspaces.models import ApiKey, AuditEntry, Knock, Member, SecurityEvent
from tidings.workspaces.policy import Forbidden
from tidings.workspaces.rates import Rate

pytestmark = pytest.mark.django_db

DRAFT = {"channels": [], "items": [{"text": "By a program"}]}
TUS: dict[str, Any] = {
    "HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_LENGTH": "3", "HTTP_UPLOAD_METADATA": "filename YQ==",
}  # fmt: skip


class Program:
    """Speaks HTTP as curl does: no cookies, no CSRF token."""

    def __init__(self, member: Member, *scopes: str, ends_at: Any = None) -> None:
        self.member = member
        self.key, self.token = api_keys.make(member, "script", scopes or ("read", "write", "publish"), ends_at)
        self.client = Client(enforce_csrf_checks=True)

    def ask(
        self, path: str = "channels", body: Any = None, method: str = "", of: Member | None = None, **more: Any
    ) -> Any:
        """The answer; `of`: whose workspace."""
        headers, url = {"HTTP_AUTHORIZATION": f"Bearer {self.token}", **more}, f"{people.api(of or self.member)}/{path}"
        method = method or ("GET" if body is None else "POST")
        said = json.dumps(body) if body is not None else ""
        return self.client.generic(method, url, said, "application/json", **headers)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def test_a_key_is_shown_once_kept_as_a_hash_and_does_what_its_member_may() -> None:
    program = Program(people.owner())

    made = program.ask("posts", DRAFT)

    assert made.status_code == 201
    assert program.ask(f"posts/{made.json()['id']}").json()["items"][0]["text"] == "By a program"
    assert program.ask(f"posts/{made.json()['id']}", method="DELETE").status_code == 204
    kept = ApiKey.objects.values().get()
    assert program.token not in str(kept)
    assert program.token.startswith(f"{kept['prefix']}_")
    assert len(program.token) > 50
    assert kept["used_at"]
    written = AuditEntry.objects.filter(thing="post").order_by("number")
    assert [(e.verb, e.who, e.details) for e in written] == [
        (verb, program.member.user_id, {"key": str(program.key.pk)}) for verb in ("created", "deleted")
    ]  # fmt: skip


def test_uploads_take_a_key_as_well() -> None:
    program = Program(people.owner(), "write")
    made = program.ask("uploads", method="POST", **TUS)
    assert made.status_code == 201
    assert program.client.head(made["Location"], HTTP_AUTHORIZATION=f"Bearer {program.token}", **TUS).status_code == 200
    narrow = Program(program.member, "read").ask("uploads", method="POST", **TUS)
    assert narrow.status_code == 403
    wrong = program.ask("uploads", method="POST", **TUS | {"HTTP_AUTHORIZATION": "Bearer tdg_no_no"})
    assert (wrong.status_code, wrong["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert program.ask("uploads", method="POST", of=people.owner(), **TUS).status_code == 404


def test_a_key_is_for_what_it_was_made_for() -> None:
    program = Program(people.owner(), "read")
    refused = program.ask("posts", DRAFT)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert "API key" in refused.json()["detail"]
    assert program.ask("posts/check", DRAFT).status_code == 200


def test_nobody_makes_a_key_that_may_more_than_they() -> None:
    client = people.member(people.owner(), "client")
    with pytest.raises(Forbidden):
        api_keys.make(client, "script", ["read", "write"])
    assert not ApiKey.objects.exists()


def test_a_role_lowered_afterwards_narrows_the_key_at_once() -> None:
    owner = people.owner()
    editor = people.member(owner, "editor")
    program = Program(editor)
    change_role(owner, editor, "client")
    assert program.ask().status_code == 200
    assert program.ask("posts", DRAFT).status_code == 403


def test_a_key_opens_no_other_workspace_of_the_same_person() -> None:
    owner, elsewhere = people.owner(), people.owner()
    Member.objects.create(workspace=elsewhere.workspace, user=owner.user, role="owner")
    assert Program(owner).ask(of=elsewhere).status_code == 404


def test_a_key_ends_with_the_membership() -> None:
    owner = people.owner()
    editor = people.member(owner, "editor")
    program = Program(editor)
    remove(owner, editor)
    assert program.ask().status_code == 401
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("end", ["revoked", "ended", "off", "misspelt"])
def test_a_key_that_is_no_more_is_401_and_says_so(end: str) -> None:
    program = Program(people.owner(), ends_at=clock.now() + timedelta(days=1))
    assert program.ask().status_code == 200
    if end == "revoked":
        api_keys.revoke(program.member, program.key)
    if end == "off":
        program.member.user.is_active = False
        program.member.user.save()
    if end == "misspelt":
        program.token += "x"
    with clock.shifted(timedelta(days=2 if end == "ended" else 0)):
        answer = program.ask()
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert answer["Content-Type"] == "application/problem+json"
    assert SecurityEvent.objects.filter(kind="failed_key", user=None).count() == 1


def test_a_wrong_key_is_refused_even_beside_a_session() -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    assert client.get(f"{people.api(owner)}/channels").status_code == 200, "the session alone works as ever"
    wrong = client.get(f"{people.api(owner)}/channels", HTTP_AUTHORIZATION="Bearer tdg_12345678_no")
    assert wrong.status_code == 401
    assert Client().get(f"{people.api(owner)}/channels")["WWW-Authenticate"] == "Bearer"


def test_a_key_in_an_address_opens_nothing() -> None:
    program = Program(people.owner())
    for name in ("key", "access_token", "token"):
        url = f"{people.api(program.member)}/channels?{name}={program.token}"
        assert Client().get(url).status_code == 401


def test_a_session_still_needs_its_csrf_token_for_uploads() -> None:
    owner = people.owner()
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner.user)
    answer = client.post(f"{people.api(owner)}/uploads", **TUS)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")


def test_who_is_frozen_or_leaving_acts_through_no_key() -> None:
    program = Program(people.owner())
    freeze.freeze(program.member.user)
    assert program.ask().status_code == 403
    freeze.thaw(program.member.user)
    assert program.ask().status_code == 200
    erase.ask(program.member.user)
    assert program.ask().status_code == 403
    erase.purge("user", program.member.user_id)
    assert program.ask().status_code == 401


def test_where_everybody_needs_a_second_factor_so_does_who_has_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(people.owner())
    monkeypatch.setattr(ours(), "second_factor", "required")
    answer = program.ask()
    assert (answer.status_code, "second factor" in answer.json()["detail"]) == (403, True)


def test_wrong_keys_from_one_address_are_held_back_and_the_good_one_beside_them_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "WRONG", Rate(3, timedelta(minutes=10)))
    program = Program(people.owner())
    said = [program.ask(HTTP_AUTHORIZATION=f"Bearer {uuid4()}") for _ in range(5)]
    assert [answer.status_code for answer in said] == [401, 401, 401, 429, 429]
    assert 0 < int(said[-1]["Retry-After"]) <= 600
    assert SecurityEvent.objects.filter(kind="failed_key").count() == 3
    assert program.ask().status_code == 200
    assert program.ask(HTTP_AUTHORIZATION="Bearer nonsense", REMOTE_ADDR="192.0.2.9").status_code == 401


def test_a_key_asks_only_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "OFTEN", Rate(2, timedelta(minutes=1)))
    program, other = Program(people.owner()), Program(people.owner())
    said = [program.ask() for _ in range(3)]
    assert [answer.status_code for answer in said] == [200, 200, 429]
    assert 0 < int(said[-1]["Retry-After"]) <= 60
    assert other.ask().status_code == 200
    with clock.shifted(timedelta(minutes=2)):
        assert program.ask().status_code == 200


def test_the_person_reads_from_where_a_key_was_used_and_each_place_once() -> None:
    program = Program(people.owner())
    for address in ("192.0.2.1", "192.0.2.200", "198.51.100.7", "192.0.2.1"):
        program.ask(REMOTE_ADDR=address)
    cache.clear()  # another process
    program.ask(REMOTE_ADDR="192.0.2.1")
    seen = SecurityEvent.objects.filter(user=program.member.user, kind="key_used").order_by("at")
    assert [(event.ip, event.about) for event in seen] == [("192.0.2.1", "script"), ("198.51.100.7", "script")]


def test_no_log_line_and_no_row_tells_a_key(capfd: pytest.CaptureFixture[str]) -> None:
    program = Program(people.owner())
    program.ask("posts", DRAFT)
    program.ask("posts", {"items": "nonsense"})
    program.ask("nowhere")
    rows = [list(model.objects.values()) for model in (ApiKey, SecurityEvent, AuditEntry, Knock)]
    told = capfd.readouterr()
    assert program.token[15:] not in told.out + told.err + str(rows) + repr(program.key)


def test_the_description_names_both_ways_in() -> None:
    said = Client().get("/api/v1/openapi.json").json()
    schemes = said["components"]["securitySchemes"]
    assert schemes["Key"] == {"type": "http", "scheme": "bearer"}
    members = [methods for path, methods in said["paths"].items() if not path.startswith("/api/v1/instance")]
    operations = [one for methods in members for one in methods.values()]
    assert all({"Key": []} in one["security"] and len(one["security"]) == 2 for one in operations)
    assert verify(people.owner().workspace_id) is None
