"""Founding, inviting, joining, changing roles and leaving."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from tests.conftest import COSTS
from tests.web.people import ANN, BEN, PASSWORD, person, team
from tidings.core import clock
from tidings.privacy.erase import ask
from tidings.privacy.freeze import freeze
from tidings.workspaces.accounts import NotFirst, settle
from tidings.workspaces.members import (
    Refused,
    change_role,
    found_workspace,
    invite,
    invited,
    join,
    leave,
    member_of,
    remove,
    revoke,
    waiting,
)
from tidings.workspaces.models import Invitation, Member, User
from tidings.workspaces.passwords import Hasher
from tidings.workspaces.policy import Forbidden

pytestmark = pytest.mark.django_db


def test_slugs_are_readable_and_each_is_used_once() -> None:
    ann = person()
    names = ["Bäckerei Nord", "Backerei Nord", "日本", "日本語", "日本人", "日本食"]
    slugs = [found_workspace(ann, name, "UTC").slug for name in names]
    assert slugs[:4] == ["backerei-nord", "backerei-nord-2", "workspace", "workspace-2"]
    assert len(set(slugs)) == len(slugs)


def test_only_members_are_members() -> None:
    ours = team()
    slug = ours.workspace.slug
    assert member_of(ours.members["client"].user, slug) == ours.members["client"]
    assert member_of(ours.stranger, slug) is None
    assert member_of(AnonymousUser(), slug) is None
    assert member_of(ours.stranger, "nowhere") is None


def test_an_invitation_lets_one_person_in_with_its_role_and_is_kept_as_a_hash() -> None:
    ours = team()
    token = invite(ours.members["admin"], "Ann@Example.org", "editor")
    row = Invitation.objects.get()
    assert token not in str(vars(row))
    assert row.email == ANN
    member = join(person(ANN), token)
    assert (member.workspace, member.role) == (ours.workspace, "editor")
    with pytest.raises(Refused):
        join(person(BEN), token)


def test_an_invitation_ends_after_seven_days() -> None:
    token = invite(team().members["owner"], "", "editor")
    with clock.shifted(timedelta(days=6, hours=23)):
        assert invited(token)
    with clock.shifted(timedelta(days=7, seconds=1)):
        assert invited(token) is None
        with pytest.raises(Refused):
            join(person(), token)


def test_a_withdrawn_invitation_lets_nobody_in() -> None:
    ours = team()
    token = invite(ours.members["owner"], "", "editor")
    revoke(ours.members["admin"], Invitation.objects.get())
    with pytest.raises(Refused):
        join(person(), token)


@pytest.mark.parametrize("end", ["removed", "stepped down", "frozen", "about to be erased"])
def test_an_invitation_ends_with_what_whoever_made_it_may(end: str) -> None:
    """Who is sent away gets back in by no link of their own, and nobody inherits what its only owner is leaving."""
    ours = team()
    owner, admin = ours.members["owner"], ours.members["admin"]
    token = invite(admin, "", "admin")
    assert invited(token)
    if end == "removed":
        remove(owner, admin)
    elif end == "stepped down":
        change_role(owner, admin, "client")
    else:
        freeze(admin.user) if end == "frozen" else ask(admin.user)
    assert invited(token) is None
    assert waiting(ours.workspace) == []
    with pytest.raises(Refused):
        join(admin.user if end == "removed" else person(), token)


def test_who_is_a_member_already_keeps_role_and_invitation() -> None:
    ours = team()
    token = invite(ours.members["owner"], "", "client")
    assert join(ours.members["editor"].user, token).role == "editor"
    assert invited(token)


@pytest.mark.parametrize("role", ["editor", "contributor", "client"])
def test_only_owners_and_admins_invite_change_and_remove(role: str) -> None:
    ours = team()
    member = ours.members[role]
    for act in (
        lambda: invite(member, "", "client"),
        lambda: change_role(member, ours.members["client"], "editor"),
        lambda: change_role(member, member, "admin"),
        lambda: remove(member, ours.members["admin"]),
    ):
        with pytest.raises(Forbidden):
            act()


def test_an_admin_makes_and_unmakes_no_owner() -> None:
    ours = team()
    admin = ours.members["admin"]
    for act in (
        lambda: invite(admin, "", "owner"),
        lambda: change_role(admin, admin, "owner"),
        lambda: change_role(admin, ours.members["owner"], "client"),
        lambda: remove(admin, ours.members["owner"]),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_last_owner_neither_leaves_nor_steps_down() -> None:
    ours = team()
    owner = ours.members["owner"]
    with pytest.raises(Refused):
        leave(owner)
    with pytest.raises(Refused):
        change_role(owner, owner, "admin")
    change_role(owner, ours.members["editor"], "owner")
    leave(owner)
    assert list(Member.objects.filter(workspace=ours.workspace, role="owner")) == [ours.members["editor"]]


def test_everybody_else_may_leave() -> None:
    ours = team()
    for role in ("admin", "editor", "contributor", "client"):
        leave(ours.members[role])
    assert Member.objects.filter(workspace=ours.workspace).count() == 1


def test_a_member_of_another_workspace_is_out_of_reach() -> None:
    ours = team()
    theirs = Member.objects.get(user=ours.stranger)
    with pytest.raises(Refused):
        remove(ours.members["owner"], theirs)
    with pytest.raises(Refused):
        change_role(ours.members["owner"], theirs, "client")


@pytest.mark.django_db(transaction=True)
def test_two_first_persons_at_once_are_one() -> None:
    start, results = threading.Barrier(2), []

    def settle_as(email: str) -> None:
        start.wait()
        try:
            settle(email, PASSWORD, "Somebody", "Bakery", "UTC")
            results.append("in")
        except NotFirst:
            results.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=settle_as, args=(email,)) for email in (ANN, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["in", "late"]
    assert User.objects.filter(is_operator=True).count() == User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one() -> None:
    ours = team()
    change_role(ours.members["owner"], ours.members["admin"], "owner")
    start, results = threading.Barrier(2), []

    def go(role: str) -> None:
        start.wait()
        try:
            leave(Member.objects.get(pk=ours.members[role].pk))
            results.append("gone")
        except Refused:
            results.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(role,)) for role in ("owner", "admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["gone", "stays"]
    assert Member.objects.filter(workspace=ours.workspace, role="owner").count() == 1


def test_passwords_are_hashed_with_argon2id_at_the_costs_that_are_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, cost in zip(("time_cost", "memory_cost"), COSTS, strict=True):
        monkeypatch.setattr(Hasher, name, cost)
    assert person().password.startswith("argon2$argon2id$v=19$m=32768,t=3,p=1$")
