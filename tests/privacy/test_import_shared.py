"""Two people of one workspace come with an archive each: the operator lets the second in, and nothing is doubled."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests import people
from tests.privacy import lives
from tests.privacy.test_hostile_archive import Parts, put, row, whole, written
from tests.privacy.test_import import brought, empty
from tidings.core.ids import new_id
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.posts.models import Item, Post
from tidings.privacy.archive import Refused
from tidings.privacy.scope import carried
from tidings.workspaces import audit
from tidings.workspaces.models import AuditEntry, Member, User, Workspace

pytestmark = pytest.mark.django_db
OWNER, EDITOR = "owner.zip", "editor.zip"


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the archives of an owner and of an editor in their workspace."""
    folder = tmp_path_factory.mktemp("both")
    with django_db_blocker.unblock():
        owner = lives.whole()
        editor = User.objects.get(name="Bo Colleague")
        lives.packed(owner.user, folder, OWNER)
        lives.packed(editor, folder, EDITOR)
        empty()
    return folder


def parts_of(path: Path) -> Parts:
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def told(path: Path, model: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(parts_of(path)[f"data/{model}.jsonl"].splitlines()[0])
    return said


def rows_here() -> dict[str, int]:
    return {table.model: table.rows._base_manager.count() for table in carried()}


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_is_let_in_by_the_operator_only_and_nothing_is_doubled(both: Path, tmp_path: Path) -> None:
    brought(both / OWNER)
    before = rows_here()
    with pytest.raises(Refused, match=r"Workspace \d+, as editor\).*--join"):
        brought(both / EDITOR)
    editor = User.objects.get(name="Bo Colleague")
    assert (rows_here(), editor.is_active) == (before, False)

    done = brought(both / EDITOR, join=True)
    editor.refresh_from_db()
    assert (rows_here(), sum(done.counts.values()), sum(done.stayed.values())) == (before, 1, 0)
    assert (editor.is_active, editor.is_operator, editor.email) == (True, False, done.email)
    assert not editor.has_usable_password()
    joined = AuditEntry.objects.get(thing="member", thing_id=str(editor.pk))
    assert (joined.verb, joined.who, joined.details) == ("joined", None, {"role": "editor"})
    assert audit.verify(joined.workspace_id) is None
    for name in (OWNER, EDITOR):
        again = lives.packed(User.objects.get(pk=told(both / name, "workspaces.User")["id"]), tmp_path, name)
        assert lives.contents(again) == lives.contents(both / name)
    assert brought(both / EDITOR).counts == {}, "a second time there is nothing to do"


@pytest.mark.django_db(transaction=True)
def test_the_owner_may_come_second_too_and_what_is_new_waits_for_a_person(both: Path, tmp_path: Path) -> None:
    brought(both / EDITOR)
    editor = User.objects.get(is_active=True)
    kept = set(Delivery.objects.values_list("pk", "state"))
    brought(both / OWNER, join=True)
    assert Member.objects.get(user=editor).role == "editor"
    assert Member.objects.get(workspace__members__user=editor, role="owner").user.is_active
    new = Delivery.objects.exclude(pk__in=[pk for pk, _state in kept]).filter(workspace__members__user=editor)
    assert kept <= set(Delivery.objects.values_list("pk", "state"))
    assert set(new.values_list("state", flat=True)) == {"delivered", "held"}, "its channels may be connected"
    again = lives.packed(User.objects.get(pk=told(both / OWNER, "workspaces.User")["id"]), tmp_path)
    for name in ("posts.Item", "posts.Variant", "media.Media", "workspaces.Member", "channels.Channel"):
        assert lives.contents(again)[f"data/{name}.jsonl"] == lives.contents(both / OWNER)[f"data/{name}.jsonl"]


def test_what_is_otherwise_here_stays_and_is_told(both: Path, tmp_path: Path) -> None:
    """Here a post was changed, and where the archive is from it was written anew."""
    brought(both / OWNER)
    mine = told(both / EDITOR, "posts.Post")["id"]
    Post.objects.filter(pk=mine).update(note="changed here")
    kept = dict(Item.objects.filter(post=mine).values_list("pk", "text"))
    old, new = (told(both / EDITOR, "posts.Item")["id"].encode(), str(new_id()).encode())
    parts = {name: body.replace(old, new) for name, body in parts_of(both / EDITOR).items()}
    row("posts.Item", lambda said: said.update(text="changed there"))(parts)
    done = brought(written(parts, tmp_path / "a.zip"), join=True)
    assert Post.objects.get(pk=mine).note == "changed here"
    assert dict(Item.objects.filter(post=mine).values_list("pk", "text")) == kept
    assert (done.stayed["posts.Post"], done.stayed["posts.Item"]) == (1, 1)


def test_a_post_that_is_not_here_yet_comes_with_all_its_parts_and_is_held(both: Path) -> None:
    brought(both / OWNER)
    mine = told(both / EDITOR, "posts.Post")["id"]
    Delivery.objects.filter(post=mine).update(after=None)
    Post.objects.filter(pk=mine).delete()
    done = brought(both / EDITOR, join=True)
    assert {model: n for model, n in done.counts.items() if n} == {
        "workspaces.User": 1, "posts.Post": 1, "posts.Post_channels": 1, "posts.Item": 2, "posts.Variant": 1,
        "deliveries.Delivery": 2, "deliveries.Attempt": 1, "analytics.Standing": 1,
    }  # fmt: skip
    assert set(Delivery.objects.filter(post=mine).values_list("state", flat=True)) == {"delivered", "held"}


def test_not_even_the_operator_lets_an_archive_at_what_is_not_its_persons(both: Path, tmp_path: Path) -> None:
    brought(both / OWNER)
    victim = people.owner(name="Victim")
    channel, shot = people.channel(victim), lives.media(victim, "secret.png")
    workspace = json.dumps(told(both / EDITOR, "workspaces.Workspace") | {"id": str(victim.workspace_id)}).encode()
    post, person = (told(both / EDITOR, name)["id"].encode() for name in ("posts.Post", "workspaces.User"))

    def everywhere(old: bytes, new: object) -> Any:
        return lambda parts: parts.update({n: b.replace(old, str(new).encode()) for n, b in parts.items()})

    def at_another_place(parts: Parts) -> None:
        for name in [name for name in parts if name.startswith(("data/", "media/")) and "User" not in name]:
            parts[name] = b""
        parts["data/workspaces.Workspace.jsonl"] = workspace

    def as_victim(parts: Parts) -> None:
        everywhere(person, victim.user_id)(parts)
        everywhere(post, new_id())(parts)

    spoils = {
        "no member of it": at_another_place,
        "somebody else's": everywhere(told(both / EDITOR, "channels.Channel")["id"].encode(), channel.pk),
        "belongs to somebody else": put("posts.Item", "media", [{"id": str(shot.pk), "alt": ""}]),
        "other rows are not": as_victim,
        "points to a row": put("deliveries.Delivery", "channel", str(channel.pk)),
        "who can sign in": whole("people.jsonl", json.dumps({"id": str(victim.user_id), "name": "x"}).encode()),
        "does not take it": row("workspaces.Member", lambda said: said.update(id=str(new_id()), role="owner")),
    }
    before = rows_here()
    for said, spoil in spoils.items():
        parts = parts_of(both / EDITOR)
        spoil(parts)
        with pytest.raises(Refused, match=said):
            brought(written(parts, tmp_path / "a.zip"), join=True)
    assert rows_here() == before
    assert not User.objects.get(pk=person.decode()).is_active


def test_rows_of_one_workspace_do_not_hang_on_another(both: Path, tmp_path: Path) -> None:
    parts = parts_of(both / OWNER)
    channels = [json.loads(line) for line in parts["data/channels.Channel.jsonl"].splitlines()]
    foreign = next(c["id"] for c in channels if c["workspace"] != channels[0]["workspace"])
    mine = [json.loads(line) for line in parts["data/deliveries.Delivery.jsonl"].splitlines()]
    at = next(n for n, said in enumerate(mine) if said["workspace"] == channels[0]["workspace"])
    row("deliveries.Delivery", lambda said: said.update(channel=foreign), at)(parts)
    with pytest.raises(Refused, match="of another workspace"):
        brought(written(parts, tmp_path / "a.zip"))
    assert not Workspace.objects.exists()
    assert not Media.objects.exists()
