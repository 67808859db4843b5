"""Who tries what they may not reads so in their own security log; nobody else learns or floods anything by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests import people
from tidings.core import clock
from tidings.privacy import freeze
from tidings.workspaces import api_keys, refused
from tidings.workspaces.models import Member, SecurityEvent, User
from tidings.workspaces.rates import Rate

pytestmark = pytest.mark.django_db
IP = "203.0.113.7"
TUS: dict[str, Any] = {"HTTP_TUS_RESUMABLE": "1.0.0"}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def at(who: Member) -> Client:
    """A browser of theirs, somewhere."""
    client = Client(REMOTE_ADDR=IP)
    client.force_login(who.user)
    return client


def tried(user: User) -> list[str]:
    """What this person's log says they tried, in order."""
    return list(SecurityEvent.objects.filter(user=user, kind="refused").order_by("at").values_list("about", flat=True))


def test_a_role_that_is_too_small_is_written_down_at_pages_and_at_the_api() -> None:
    owner = people.owner()
    editor = people.member(owner, "editor")
    slug, client = owner.workspace.slug, at(editor)
    assert client.get(f"{people.home(owner)}/settings/members").status_code == 403
    assert at(people.member(owner, "client")).post(f"{people.api(owner)}/uploads", **TUS).status_code == 403
    event = SecurityEvent.objects.get(user=editor.user)
    assert (event.kind, event.about, event.ip) == ("refused", f"{slug}: manage", IP)
    assert SecurityEvent.objects.filter(about=f"{slug}: write").count() == 1
    page = client.get("/settings/security/log").content.decode()
    tried_to = f"{slug}: to change how a workspace is set up"
    assert f'Tried what was not allowed</strong> <span class="tag">{tried_to}</span>' in page
    assert tried(owner.user) == []


def test_what_is_refused_in_the_middle_of_a_page_is_written_down_too() -> None:
    owner = people.owner()
    editor = people.member(owner, "editor")
    key, _token = api_keys.make(owner, "the owner's", ["read"])
    answer = at(editor).post(f"{people.home(owner)}/settings/keys/{key.pk}/revoke")
    assert answer.status_code == 403
    assert tried(editor.user) == [f"{owner.workspace.slug}: manage"]


def test_a_key_that_is_too_narrow_or_of_another_workspace_is_written_down_for_its_person() -> None:
    owner, other = people.owner(), people.owner()
    _key, token = api_keys.make(owner, "script", ["read"])
    program = Client(HTTP_AUTHORIZATION=f"Bearer {token}")
    draft = {"channels": [], "items": [{"text": "By a program"}]}
    assert program.post(f"{people.api(owner)}/posts", draft, "application/json").status_code == 403
    assert program.post(f"{people.api(owner)}/uploads", **TUS).status_code == 403
    assert program.get(f"{people.api(other)}/channels").status_code == 404
    assert tried(owner.user) == [f"{owner.workspace.slug}: write", f"{other.workspace.slug}: read"]


def test_a_stranger_learns_from_no_answer_and_not_from_their_log_which_workspaces_there_are() -> None:
    there, stranger = people.owner().workspace.slug, people.owner()
    client = at(stranger)
    pages = [client.get(f"/w/{slug}/calendar") for slug in (there, "nobodys")]
    answers = [client.get(f"/api/v1/workspaces/{slug}/channels") for slug in (there, "nobodys")]
    assert pages[0].content == pages[1].content
    assert answers[0].content == answers[1].content
    assert {answer.status_code for answer in pages + answers} == {404}
    assert tried(stranger.user) == [f"{there}: read", "nobodys: read"]


def test_trying_again_is_written_down_once_an_hour_and_costs_no_writing() -> None:
    editor = people.member(people.owner(), "editor")
    client, page = at(editor), f"{people.home(editor)}/settings/members"
    for _ in range(3):
        client.get(page)
    with connection.execute_wrapper(_no_writing):
        assert client.get(page).status_code == 403
    client.get(f"{people.home(editor)}/channels/connect")
    with clock.shifted(timedelta(minutes=61)):
        client.get(page)
    slug = editor.workspace.slug
    assert tried(editor.user) == [f"{slug}: manage", f"{slug}: connect", f"{slug}: manage"]


def _no_writing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert not sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")), sql
    return execute(sql, params, many, context)


def test_nobody_fills_the_log_by_thinking_of_ever_new_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "ANY", Rate(3, refused.HOUR))
    stranger = people.owner()
    client = at(stranger)
    for n in range(6):
        client.get(f"/w/guess-{n}/calendar")
    assert tried(stranger.user) == [f"guess-{n}: read" for n in range(3)]


def test_what_is_not_there_and_what_the_person_froze_is_no_try_at_anything() -> None:
    owner = people.owner()
    client = at(owner)
    freeze.freeze(owner.user)
    for page in ("/nowhere", f"{people.home(owner)}/posts/0190a0a0-0000-7000-8000-000000000000"):
        assert client.get(page).status_code == 404
    assert client.get(f"{people.home(owner)}/compose").status_code == 403
    assert client.get(f"{people.api(owner)}/nothing").status_code == 404
    assert Client().get(f"{people.home(owner)}/calendar").status_code == 302
    assert Client().get(f"{people.api(owner)}/channels").status_code == 401
    assert not SecurityEvent.objects.filter(kind="refused").exists()


def test_of_who_does_not_want_to_be_watched_no_address_is_kept() -> None:
    editor = people.member(people.owner(), "editor")
    User.objects.filter(pk=editor.user_id).update(watched=False)
    at(editor).get(f"{people.home(editor)}/settings/members")
    event = SecurityEvent.objects.get(user=editor.user, kind="refused")
    assert (event.ip, event.place, event.browser) == (None, "", "")
