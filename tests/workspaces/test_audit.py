"""The audit log is written with what it tells, in one chain, and can be neither changed nor shortened unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests import people
from tidings.privacy import erase
from tidings.workspaces.append_only import OFF, ON
from tidings.workspaces.audit import ACTS, FIRST, record, verify
from tidings.workspaces.members import Refused, change_role, invite, join, remove
from tidings.workspaces.models import AuditEntry, Member, Workspace

pytestmark = pytest.mark.django_db


def log(member: Member) -> list[AuditEntry]:
    """The oldest first."""
    return list(AuditEntry.objects.filter(workspace=member.workspace_id).order_by("number"))


@pytest.fixture
def busy() -> Member:
    """An owner whose workspace has six entries."""
    owner = people.owner()
    for role in ("editor", "client"):
        join(people.person(), invite(owner, "", role))
    change_role(owner, owner.workspace.members.get(role="client"), "editor")
    return owner


def test_each_act_is_one_entry_that_names_who_did_it_by_their_id(busy: Member) -> None:
    editor = busy.workspace.members.filter(role="editor").first()
    assert editor
    remove(busy, editor)

    assert [(e.number, e.thing, e.verb, e.who == busy.user_id) for e in log(busy)] == [
        (1, "workspace", "founded", True), (2, "invitation", "made", True), (3, "member", "joined", False),
        (4, "invitation", "made", True), (5, "member", "joined", False), (6, "member", "role_changed", True),
        (7, "member", "removed", True),
    ]  # fmt: skip
    assert log(busy)[5].details == {"before": "client", "role": "editor"}
    assert log(busy)[6].thing_id == str(editor.user_id)


def test_what_is_refused_or_fails_leaves_no_entry(busy: Member) -> None:
    before = len(log(busy))
    with pytest.raises(Refused):
        remove(busy, busy)
    with transaction.atomic():
        invite(busy, "", "editor")
        transaction.set_rollback(True)
    with pytest.raises(AssertionError):
        record(busy, busy.workspace_id, "swallowed", "workspace")
    assert len(log(busy)) == before


def test_the_chain_begins_at_nothing_and_holds(busy: Member) -> None:
    entries = log(busy)
    assert [entry.before for entry in entries] == [FIRST, *(entry.hash for entry in entries[:-1])]
    assert verify(busy.workspace_id) is None
    assert verify(busy.workspace_id, after=4) is None
    assert verify(busy.workspace_id, after=40) is None, "nothing stands behind it"


@pytest.mark.parametrize("change", [{"verb": "left"}, {"who": None}, {"details": {"role": "owner"}}, {"hash": "0"}])
def test_the_database_refuses_to_change_an_entry(busy: Member, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        AuditEntry.objects.filter(workspace=busy.workspace_id, number=3).update(**change)
    assert verify(busy.workspace_id) is None


def test_the_database_refuses_to_take_entries_out_while_the_workspace_lives(busy: Member) -> None:
    for doomed in (AuditEntry.objects.filter(number=6), Workspace.objects.all()):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            doomed.filter().delete()
    assert len(log(busy)) == 6


def test_whoever_gets_past_the_database_is_found_by_the_chain(busy: Member) -> None:
    entries = AuditEntry.objects.filter(workspace=busy.workspace_id)
    elsewhere = people.owner().workspace_id

    def moved() -> None:
        entries.filter(number=5).update(workspace=elsewhere, number=2)

    breaks: list[tuple[Callable[[], Any], int]] = [
        (lambda: entries.filter(number=3).update(who=busy.user_id), 3),
        (lambda: entries.filter(number=2).delete(), 2),
        (lambda: entries.filter(number=6).update(at="2026-01-01T00:00:00Z"), 6),
        (lambda: entries.filter(number=4).update(details={"role": "owner"}), 4),
        (moved, 5),
    ]
    _run(OFF[connection.vendor])
    for act, number in breaks:
        with transaction.atomic():
            act()
            assert verify(busy.workspace_id) == number
            transaction.set_rollback(True)
    assert verify(busy.workspace_id) is None
    _run(ON[connection.vendor])


def _run(statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_the_log_goes_with_its_workspace_and_with_nothing_else(busy: Member) -> None:
    other = people.owner()
    guest = Member.objects.create(workspace=other.workspace, user=busy.user, role="editor")

    erase.purge("workspace", busy.workspace_id)
    erase.purge("user", busy.user_id)

    assert log(busy) == []
    told = [(entry.verb, entry.who, entry.thing_id) for entry in log(other)]
    assert told == [("founded", other.user_id, ""), ("erased", None, str(guest.user_id))]
    assert verify(other.workspace_id) is None


def test_who_inherits_a_workspace_stands_in_its_log() -> None:
    owner = people.owner()
    heir = people.member(owner, "admin")
    erase.purge("user", owner.user_id)
    assert [(entry.verb, entry.thing_id, entry.details.get("role")) for entry in log(owner)[1:]] == [
        ("role_changed", str(heir.user_id), "owner"), ("erased", str(owner.user_id), "owner"),
    ]  # fmt: skip


def test_every_act_can_be_read_and_holds_no_words() -> None:
    assert all(str(words) for words in ACTS.values())
    assert all(name.isidentifier() for act in ACTS for name in act)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain_without_a_gap() -> None:
    owner = people.owner()

    def many(_: int) -> None:
        for _ in range(5):
            invite(owner, "", "editor")
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, range(4)))

    assert [entry.number for entry in log(owner)] == list(range(1, 22))
    assert verify(owner.workspace_id) is None
