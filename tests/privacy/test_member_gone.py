"""Of a member who goes nothing that is theirs alone stays in a workspace of others, nor in files beside the tables."""

from pathlib import Path

import pytest

from tests import people
from tidings.channels.models import Revocation
from tidings.core import clock
from tidings.media import upload
from tidings.media.models import Upload
from tidings.privacy import erase, export, keyfile
from tidings.privacy.models import Export
from tidings.settings import settings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings(), "home", tmp_path)


def written(path: Path, text: str = "words") -> Path:
    """A file with these words."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def mail(to: str) -> Path:
    """A mail that was written into the folder."""
    return written(settings().home / "mail" / f"{to}.eml", f"To: {to}\nSubject: Hello\n\nYour link\n")


def test_what_was_disconnected_names_nobody_after_a_member_or_the_workspace_is_gone() -> None:
    owner, other = people.owner(), people.owner()
    ben = people.member(owner, "admin")
    for place in (owner.workspace, other.workspace):
        for ended in ({"done_at": clock.now()}, {"given_up_at": clock.now(), "reason": "No answer."}, {}):
            Revocation.objects.create(workspace=place, network="x", handle="@ben@marker.example", **ended)

    erase.purge("user", ben.user.pk)
    left = Revocation.objects.filter(workspace=owner.workspace)
    assert list(left.values_list("network", "handle")) == [("x", "")] * 3, "what is still to be done is told"
    assert Revocation.objects.exclude(handle="").count() == 3

    erase.purge("workspace", other.workspace.pk)
    erase.purge("user", owner.user.pk)
    assert not Revocation.objects.exists()


def test_of_a_member_who_goes_uploads_exports_mails_and_keys_go_and_those_of_others_stay() -> None:
    owner = people.owner()
    ben = people.member(owner, "editor")
    mine: list[Path] = []
    theirs: list[Path] = []
    named: list[Path] = []  # an archive of who stays tells with whom they were
    for person, files in ((ben.user, mine), (owner.user, theirs)):
        coming = Upload.objects.create(workspace=owner.workspace, by=person, name="film.mp4", size=9)
        asked = Export.objects.create(user=person, state="ready", ready_at=clock.now())
        (mine if person == ben.user else named).append(written(export.file_of(asked.pk)))
        files += [written(upload.path(coming)), mail(person.email)]
    own = people.owner()
    ours = {f"user:{ben.user.pk}", f"workspace:{own.workspace.pk}"}
    keyfile.change(lambda _found: {name: {"1": "x"} for name in (*ours, f"user:{owner.user.pk}")})

    erase.purge("user", ben.user.pk)
    erase.purge("workspace", own.workspace.pk)

    assert [path.name for path in (*mine, *named) if path.exists()] == []
    assert all(path.exists() for path in theirs)
    assert set(keyfile.read()) == {f"user:{owner.user.pk}"}
