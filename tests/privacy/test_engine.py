"""Erasing and freezing beside the engine: nothing of it goes out, and who sends meanwhile is neither hurt nor slow."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import people
from tests.conftest import Town
from tests.deliveries.conftest import connect
from tidings.channels import portrait
from tidings.channels.models import Channel
from tidings.channels.refresh import due
from tidings.core import clock
from tidings.core.http import Door
from tidings.core.ids import new_id
from tidings.deliveries.ask import tell_due
from tidings.deliveries.claim import claim
from tidings.deliveries.deliver import deliver
from tidings.deliveries.models import Attempt, Delivery, Lane
from tidings.deliveries.readback import observe, read_back
from tidings.deliveries.schedule import schedule
from tidings.deliveries.worker import Worker
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.privacy import erase, freeze
from tidings.privacy.export import file_of
from tidings.privacy.models import Erasure, Export
from tidings.privacy.named import name
from tidings.workspaces.mail import deliver as mail
from tidings.workspaces.members import Refused
from tidings.workspaces.models import ApiKey, Invitation, Member, User, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
LEASE = timedelta(minutes=2)


@pytest.fixture
def worker(door: Door) -> Iterator[Worker]:
    """Driven by hand."""
    made = Worker(door, senders=2)
    yield made
    made.stop()


@pytest.fixture
def owner(town: Town) -> Member:
    """With one channel on a simulator."""
    member = people.owner()
    connect(member, town, "mastodon")
    return member


def write(member: Member, text: str = "Hello", at: timedelta = timedelta(0)) -> Post:
    """A post of this member, scheduled for all channels."""
    channels = tuple(Channel.objects.filter(workspace=member.workspace).values_list("pk", flat=True))
    post = compose(member, Draft(channels, (ItemDraft(text),)))
    schedule(member, post, clock.now() + at)
    return post


def out(town: Town) -> int:
    """How many posts the simulator has."""
    return len(town["mastodon"].posts)


def test_of_a_frozen_person_nothing_goes_out_until_she_goes_on_and_decides(
    owner: Member, town: Town, worker: Worker
) -> None:
    write(owner)
    freeze.freeze(owner.user)
    worker.run_until_idle()
    assert out(town) == 0

    with clock.shifted(timedelta(hours=1)):
        worker.run_until_idle()
        freeze.thaw(owner.user)
        worker.run_until_idle()

    assert out(town) == 0
    assert Delivery.objects.get().state == "held"
    assert "stood still" in Delivery.objects.get().reason
    assert Channel.objects.get().paused == ""


def test_what_is_due_later_goes_out_after_the_thaw_as_if_nothing_had_been(
    owner: Member, town: Town, worker: Worker
) -> None:
    write(owner, at=timedelta(hours=2))
    freeze.freeze(owner.user)
    freeze.thaw(owner.user)

    with clock.shifted(timedelta(hours=3)):
        worker.run_until_idle()

    assert out(town) == 1


def test_no_chore_touches_what_is_frozen(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    Channel.objects.update(refresh_again_at=clock.now(), avatar="https://example.org/face.png")
    Workspace.objects.update(late_policy="ask")
    Delivery.objects.filter(post=write(owner)).update(state="held", again_at=clock.now())
    freeze.freeze(owner.user)
    asked: list[Any] = []
    monkeypatch.setattr(portrait, "fetch", asked.append)

    with clock.shifted(timedelta(hours=1)):
        portrait.fetch_due(clock.now())
        assert due(clock.now()) == []
        assert tell_due(clock.now()) == 0
        assert read_back(clock.now()) == 0
    assert asked == []


def test_a_channel_that_was_paused_before_stays_so(owner: Member) -> None:
    Channel.objects.update(paused="Connect it again.")
    freeze.freeze(owner.user)
    freeze.thaw(owner.user)

    assert Channel.objects.get().paused == "Connect it again."


def test_a_workspace_with_others_goes_on(owner: Member, town: Town, worker: Worker) -> None:
    write(people.member(owner, "editor"))
    freeze.freeze(owner.user)
    worker.run_until_idle()

    assert out(town) == 1


def test_who_wants_no_mails_gets_none_but_those_for_the_login(owner: Member, mailoutbox: list[Any]) -> None:
    User.objects.update(mailed=False)
    Workspace.objects.update(late_policy="ask")
    Delivery.objects.filter(post=write(owner)).update(state="held", again_at=clock.now())

    with clock.shifted(timedelta(hours=1)):
        assert tell_due(clock.now()) == 0
    assert not mail("News", "of something", owner.user.email)
    assert mailoutbox == []


def test_a_channel_that_is_not_to_be_observed_is_not_read_back(owner: Member, town: Town, worker: Worker) -> None:
    channel = Channel.objects.get()
    observe(owner, channel, False)
    write(owner)
    worker.run_until_idle()
    assert Delivery.objects.get().look_at is None

    observe(owner, channel, True)
    write(owner, "Another")
    worker.run_until_idle()
    assert Delivery.objects.filter(look_at__isnull=False).count() == 1
    observe(owner, channel, False)
    assert not Delivery.objects.filter(look_at__isnull=False).exists()


def test_who_is_sending_is_waited_for(owner: Member) -> None:
    write(owner)
    assert claim("a node", LEASE, 1)
    erasure = erase.ask(owner.user)
    erase.hasten(owner.user)

    assert erase.purge_due(clock.now()) == 0
    assert User.objects.filter(pk=owner.user.pk).exists()

    with clock.shifted(LEASE + timedelta(seconds=1)):
        assert erase.purge_due(clock.now()) == 1
    assert Erasure.objects.get(pk=erasure.pk).done_at
    assert not Delivery.objects.exists()


def test_what_is_sent_while_its_workspace_is_purged_leaves_nothing_behind(
    owner: Member, town: Town, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(owner)
    (claimed,) = claim("a node", LEASE, 1)

    erase.purge("user", owner.user.pk)

    assert deliver(claimed, worker._desk) is None
    assert out(town) == 0
    for model in (Delivery, Attempt, Lane, Channel, Post, Workspace):
        assert not model.objects.exists()
    worker.run_until_idle()


def test_access_is_ended_at_the_networks_while_it_can_be(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def all_of(workspace: UUID) -> None:
        told.extend(Channel.objects.filter(workspace=workspace).exclude(sealed="").values_list("network", flat=True))

    monkeypatch.setattr("tidings.channels.revoke.all_of", all_of)
    erase.ask(owner.user)
    erase.hasten(owner.user)
    erase.purge_due(clock.now())

    assert told == ["mastodon"]


def test_a_member_goes_and_what_the_workspace_has_stays_without_the_name(owner: Member) -> None:
    ben = people.member(owner, "editor")
    mine, theirs = write(ben, "By Ben"), write(owner, "By the owner")
    Invitation.objects.create(workspace=owner.workspace, by=ben.user, token_hash="1", ends_at=clock.now())
    Invitation.objects.create(
        workspace=owner.workspace, by=owner.user, email=ben.user.email.upper(), token_hash="2", ends_at=clock.now()
    )
    ApiKey.objects.create(workspace=owner.workspace, user=ben.user, name="script", prefix="td_", hash="3")

    erase.purge("user", ben.user.pk)

    assert Post.objects.get(pk=mine.pk).author is None
    assert Post.objects.get(pk=theirs.pk).author == owner.user
    assert Delivery.objects.count() == 2
    assert not Invitation.objects.exists()
    assert not ApiKey.objects.exists()
    assert list(owner.workspace.members.all()) == [owner]


def test_archives_of_fellow_members_that_name_who_is_gone_go_as_well(owner: Member) -> None:
    ben, other = people.member(owner, "editor"), people.owner()
    made = [Export.objects.create(user=each.user, state="ready") for each in (owner, other)]
    for export in made:
        file_of(export.pk).write_bytes(b"an archive")

    erase.purge("user", ben.user.pk)

    assert list(Export.objects.all()) == made[1:]
    assert [file_of(export.pk).exists() for export in made] == [False, True]


def test_the_last_owner_cannot_go_and_a_workspace_is_never_left_without_one(owner: Member) -> None:
    editor, admin = people.member(owner, "editor"), people.member(owner, "admin")
    with pytest.raises(Refused):
        erase.ask(owner.user)
    assert not User.objects.get(pk=owner.user.pk).frozen_at

    erase.purge("user", owner.user.pk)  # as after a restore: nobody can be asked

    admin.refresh_from_db()
    editor.refresh_from_db()
    assert (admin.role, editor.role) == ("owner", "editor")


def test_a_purge_that_broke_off_is_finished_at_the_next_look(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    write(owner)
    erase.ask(owner.user)
    erase.hasten(owner.user)
    with monkeypatch.context() as broken:
        broken.setattr("tidings.privacy.purge.rows.erase_beside", lambda user: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase.purge_due(clock.now())
    assert User.objects.exists()

    assert erase.purge_due(clock.now()) == 1
    assert not User.objects.exists()


def test_an_erasure_that_cannot_be_carried_out_keeps_nobody_else_waiting(
    owner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = people.owner()
    for person in (owner.user, other.user):
        erase.ask(person)
        erase.hasten(person)
    whole = erase.KINDS["user"]
    monkeypatch.setitem(erase.KINDS, "user", lambda id: whole(id) if id == other.user.pk else 1 / 0)

    with pytest.raises(ZeroDivisionError):
        erase.purge_due(clock.now())

    assert list(User.objects.all()) == [owner.user]


def test_others_write_between_the_rows_of_a_large_purge(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidings.privacy.rows.MANY", 10)
    Post.objects.bulk_create(Post(workspace=owner.workspace, author=owner.user) for _ in range(95))

    counts = erase.purge("workspace", owner.workspace.pk)

    assert counts["posts.Post"] == 95
    assert not Post.objects.exists()


def test_whom_an_archive_only_names_makes_no_workspace_shared(owner: Member) -> None:
    ghost = new_id()
    name(ghost, "Somebody of old")
    Member.objects.create(workspace=owner.workspace, user_id=ghost, role="editor")

    assert not erase.burdens(owner.user).exists()
    erase.purge("user", owner.user.pk)

    assert not Workspace.objects.exists()
