"""An archive is a file from anywhere: what is wrong with it is said, and nothing of it is kept."""

import json
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from allauth.account.models import EmailAddress

from tests import people
from tests.privacy import lives
from tests.privacy.test_import import brought, empty
from tidings.channels.models import Channel
from tidings.core.ids import new_id
from tidings.deliveries.models import Delivery
from tidings.media.store import store
from tidings.privacy import archive
from tidings.privacy.archive import Refused
from tidings.privacy.scope import carried
from tidings.workspaces.models import Member, User

pytestmark = pytest.mark.django_db

Parts = dict[str, bytes]
Spoil = Callable[[Parts], None]


def written(parts: Parts, path: Path) -> Path:
    """An archive of these entries."""
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name, body, ZIP_STORED if name.startswith("media/") else ZIP_DEFLATED)
    return path


def row(model: str, change: Callable[[dict[str, Any]], object], at: int = 0) -> Spoil:
    """Change a row."""

    def spoil(parts: Parts) -> None:
        name = f"data/{model}.jsonl"
        lines = parts[name].splitlines()
        said = json.loads(lines[at])
        change(said)
        lines[at] = json.dumps(said).encode()
        parts[name] = b"\n".join(lines)

    return spoil


def put(model: str, column: str, value: Any) -> Spoil:
    return row(model, lambda said: said.update({column: value}))


def whole(name: str, body: bytes) -> Spoil:
    return lambda parts: parts.update({name: body})


def manifest(**changes: Any) -> Spoil:
    def spoil(parts: Parts) -> None:
        parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | changes).encode()

    return spoil


def not_a_picture(parts: Parts) -> None:
    (name,) = [name for name in parts if name.startswith("media/")]
    parts[name] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def without_media(parts: Parts) -> None:
    for name in [name for name in parts if name.startswith("media/")]:
        del parts[name]


def twice(parts: Parts) -> None:
    parts["data/posts.Post.jsonl"] += parts["data/posts.Post.jsonl"].splitlines()[0]


SPOILED: dict[str, tuple[Spoil, str]] = {
    "no manifest": (lambda parts: parts.pop("manifest.json"), "not an export of Tidings"),
    "another format": (manifest(format="letters"), "not an export of Tidings"),
    "another version": (manifest(version=2), "version 1, not 2"),
    "another person": (manifest(person=str(new_id())), "whose it is"),
    "a path outside": (whole("../../etc/passwd", b"x"), "no export has"),
    "an absolute path": (whole("/etc/passwd", b"x"), "no export has"),
    "a line that is no JSON": (whole("data/posts.Post.jsonl", b"{"), "posts.Post.jsonl, line 1 is not JSON"),
    "a line that is no row": (whole("data/posts.Post.jsonl", b"[]"), "line 1 is not a row"),
    "a number that JSON has not": (whole("data/posts.Post.jsonl", b'{"id": NaN}'), "line 1 is not JSON"),
    "deep nesting": (whole("data/posts.Post.jsonl", b"[" * 100_000), "line 1 is not JSON"),
    "a missing column": (row("posts.Post", lambda said: said.pop("note")), "'note' is missing"),
    "a sealed column": (put("workspaces.User", "password", "!"), "'password'"),
    "a wrong type": (put("posts.Post", "revision", "1"), "posts.Post, line 1, revision: not a whole number"),
    "a number for a text": (put("posts.Item", "text", 7), "posts.Item, line 1, text: not a text"),
    "nothing where something is": (put("posts.Item", "text", None), "nothing stands there"),
    "too long a text": (put("workspaces.User", "name", "x" * 101), "workspaces.User, line 1, name"),
    "a NUL": (put("posts.Item", "text", "a\0b"), "NUL"),
    "half a surrogate": (put("posts.Item", "text", "\ud800"), "posts.Item, line 1, text"),
    "an unknown state": (put("deliveries.Delivery", "state", "sent"), "none of its values"),
    "an unknown role": (put("workspaces.Member", "role", "god"), "none of its values"),
    "an unknown network": (put("channels.Channel", "network", "nowhere"), "network that this version does not know"),
    "an unknown zone": (put("workspaces.User", "zone", "Mars/Base"), "no time zone"),
    "a script for an address": (put("channels.Channel", "url", "javascript:alert(1)"), "not an address"),
    "a script in a receipt": (put("deliveries.Delivery", "receipt", {"url": "javascript:alert(1)"}), "not an address"),
    "a list for an object": (put("posts.Variant", "options", []), "not a dict"),
    "media that are none": (put("posts.Item", "media", [{"id": "../x", "alt": ""}]), "posts.Item, line 1, media"),
    "a far instant": (put("posts.Post", "created_at", "0001-01-01T00:00:00+23:00"), "posts.Post, line 1"),
    "an id twice": (twice, "stands there twice"),
    "a member who is nobody": (put("workspaces.Member", "user", str(new_id())), "not in the archive (user)"),
    "a post of elsewhere": (put("posts.Item", "post", str(new_id())), "posts.Item, line 1 points to a row"),
    "a delivery after nothing": (put("deliveries.Delivery", "after", str(new_id())), "not in the archive"),
    "an address of another": (put("account.EmailAddress", "user", str(new_id())), "account.EmailAddress, line 1"),
    "a file by another name": (put("media.Media", "key", "media/../x.png"), "not the name of its file"),
    "a file that is not there": (without_media, "is not in the archive"),
    "a file that is no picture": (not_a_picture, "media/"),
    "two of what is unique": (put("posts.Item", "position", 1), "posts.Item, line"),
    "a portrait that is none": (
        lambda parts: parts.update({n: b"<script>" for n in parts if n.startswith("portraits/")}), "WEBP",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def good(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """The entries of an honest archive."""
    with django_db_blocker.unblock():
        path = lives.packed(lives.whole().user, tmp_path_factory.mktemp("good"))
        empty()
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def nothing_is_here() -> bool:
    files = [path for path in store().root.rglob("*") if path.is_file()] if store().root.exists() else []
    return not files and not User.objects.exists() and not Channel.objects.exists()


@pytest.mark.parametrize("what", SPOILED)
def test_refused_with_nothing_kept(good: Parts, tmp_path: Path, what: str) -> None:
    spoil, said = SPOILED[what]
    parts = dict(good)
    spoil(parts)
    with pytest.raises(Refused) as refused:
        brought(written(parts, tmp_path / "spoiled.zip"))
    assert said in str(refused.value)
    assert nothing_is_here()


def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path) -> None:
    for body in (b"", b"dear aunt" * 100, b"PK\x03\x04" + b"x" * 500):
        (tmp_path / "letter.zip").write_bytes(body)
        with pytest.raises(Refused, match=r"letter\.zip is damaged, or not an export of Tidings"):
            brought(tmp_path / "letter.zip")


def test_an_archive_that_is_cut_or_flipped_is_damaged(good: Parts, tmp_path: Path) -> None:
    whole = written(good, tmp_path / "whole.zip").read_bytes()
    at = whole.index(b"data/posts.Item.jsonl") + 80
    for body in (whole[: len(whole) // 2], whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]):
        (tmp_path / "broken.zip").write_bytes(body)
        with pytest.raises(Refused):
            brought(tmp_path / "broken.zip")
    assert nothing_is_here()


def test_a_bomb_is_not_unfolded(good: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = good | {"data/posts.Post.jsonl": b" " * 3_000_000}
    monkeypatch.setattr(archive, "PLENTY", 1_000_000)
    monkeypatch.setattr(archive, "DENSEST", 1)
    with pytest.raises(Refused, match="unfold"):
        brought(written(parts, tmp_path / "bomb.zip"))
    monkeypatch.setattr(archive, "PLENTY", 100_000_000)
    monkeypatch.setattr(archive, "LONGEST_LINE", 1_000_000)
    with pytest.raises(Refused, match="longer than"):
        brought(tmp_path / "bomb.zip")
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    with pytest.raises(Refused, match="more than 3"):
        brought(tmp_path / "bomb.zip")


def test_links_encrypted_entries_and_entries_of_one_name_are_refused(good: Parts, tmp_path: Path) -> None:
    link = ZipInfo("README.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = ZipInfo(f"media/{new_id()}.png")
    packed.compress_type = ZIP_DEFLATED
    for info, said in ((link, "is a link"), (packed, "is packed"), (ZipInfo("manifest.json"), "two entries")):
        path = written({n: b for n, b in good.items() if n != info.filename or said == "two entries"}, tmp_path / "z")
        with ZipFile(path, "a") as file, warnings.catch_warnings(action="ignore"):
            file.writestr(info, b"/etc/passwd")
        with pytest.raises(Refused, match=said):
            brought(path)


def test_nobody_becomes_operator_or_keeps_an_unproven_address_where_others_are(good: Parts, tmp_path: Path) -> None:
    people.owner()
    done = brought(written(good, tmp_path / "a.zip"), email="new@example.org")
    came = User.objects.get(email="new@example.org")
    assert done.email == came.email
    assert not came.is_operator
    assert not came.has_usable_password()
    assert list(came.emailaddress_set.values_list("email", "verified")) == [("new@example.org", False)]


def test_an_address_that_was_proven_elsewhere_is_proven_anew_where_others_are(good: Parts, tmp_path: Path) -> None:
    people.owner()
    parts = dict(good)
    put("account.EmailAddress", "verified", True)(parts)
    brought(written(parts, tmp_path / "a.zip"))
    assert set(EmailAddress.objects.values_list("verified", flat=True)) == {False}


def test_the_first_person_of_an_empty_instance_runs_it_as_always(good: Parts, tmp_path: Path) -> None:
    parts = dict(good)
    put("workspaces.User", "is_operator", False)(parts)
    brought(written(parts, tmp_path / "a.zip"))
    assert User.objects.get(is_active=True).is_operator


def test_an_address_or_a_name_in_addresses_that_is_taken_here(good: Parts, tmp_path: Path) -> None:
    path = written(good, tmp_path / "a.zip")
    said = json.loads(good["data/workspaces.User.jsonl"])
    there = people.owner()
    User.objects.filter(pk=there.user_id).update(email=said["email"])
    with pytest.raises(Refused, match="--as"):
        brought(path)
    slug = json.loads(good["data/workspaces.Workspace.jsonl"].splitlines()[0])["slug"]
    type(there.workspace).objects.filter(pk=there.workspace_id).update(slug=slug)
    brought(path, "other@example.org")
    assert Member.objects.filter(user__email="other@example.org", role="owner").get().workspace.slug != slug


def test_the_same_archive_twice_changes_nothing_and_half_of_it_is_refused(good: Parts, tmp_path: Path) -> None:
    path = written(good, tmp_path / "a.zip")
    assert sum(brought(path).counts.values()) > 40
    before = User.objects.count(), Delivery.objects.count()
    assert brought(path).counts == {}
    Delivery.objects.order_by("-pk")[:1].get().delete()
    with pytest.raises(Refused, match="is here already"):
        brought(path)
    assert (User.objects.count(), Delivery.objects.count()) == (before[0], before[1] - 1)


def test_nobody_gets_into_what_belongs_to_others_by_naming_it(good: Parts, tmp_path: Path) -> None:
    """Rows hang on rows of the archive only, and of those either all are here already or none."""
    victim = people.owner(name="Victim")
    shot = lives.media(victim, "secret.png")
    named = json.loads(good["people.jsonl"]) | {"id": str(victim.user_id)}
    told = json.loads(good["data/workspaces.Workspace.jsonl"].splitlines()[0])["id"]
    spoils: list[Spoil] = [
        put("posts.Item", "media", [{"id": str(shot.pk), "alt": ""}]),
        whole("people.jsonl", json.dumps(named).encode()),
        lambda parts: parts.update({n: b.replace(told.encode(), str(victim.workspace_id).encode())
                                    for n, b in parts.items() if n.endswith("jsonl")}),
    ]  # fmt: skip
    for spoil in spoils:
        parts = dict(good)
        spoil(parts)
        with pytest.raises(Refused):
            brought(written(parts, tmp_path / "a.zip"))
    assert list(Member.objects.filter(workspace=victim.workspace)) == [victim]


def test_what_was_on_its_way_or_is_past_its_time_waits_for_a_person(good: Parts, tmp_path: Path) -> None:
    parts = dict(good)
    ids = [json.loads(line)["id"] for line in parts["data/deliveries.Delivery.jsonl"].splitlines()]
    past, ahead = "2020-01-01T00:00:00+00:00", "2120-01-01T00:00:00+00:00"
    changes = {
        "unsure": {"state": "sending"}, "held": {"state": "waiting", "due_at": past, "after": None},
        "waiting": {"state": "waiting", "due_at": ahead, "after": None},
    }  # fmt: skip
    for at, change in enumerate(changes.values()):
        row("deliveries.Delivery", lambda said, change=change: said.update(change), at)(parts)
    brought(written(parts, tmp_path / "a.zip"))
    states = [Delivery.objects.get(pk=UUID(id)).state for id in ids[:3]]
    assert states == list(changes)
    assert all(channel.paused and not channel.sealed for channel in Channel.objects.all())


def test_every_table_that_is_carried_has_a_spoiled_row_that_is_named(good: Parts, tmp_path: Path) -> None:
    for table in carried():
        parts = dict(good)
        row(table.model, lambda said: said.update(nonsense=1))(parts)
        with pytest.raises(Refused, match=f"{table.model}, line 1: 'nonsense'"):
            brought(written(parts, tmp_path / "a.zip"))
