"""An archive comes into an empty instance as it left the other, and a hostile one does not come in at all."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.privacy import lives
from tidings.channels.disconnect import DISCONNECTED
from tidings.channels.models import Channel
from tidings.commands import import_archive
from tidings.commands.start import Stop
from tidings.core import clock
from tidings.media.models import Media
from tidings.media.store import store
from tidings.privacy import erase, named
from tidings.privacy.admit import Admitted, admit
from tidings.workspaces.models import User, Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(_table: str, _rows: int) -> None:
    """Progress that nobody reads."""


def empty() -> None:
    """As a new instance is."""
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(store().root, ignore_errors=True)


def brought(path: Path, email: str = "", join: bool = False) -> Admitted:
    return admit(path, email, join, quiet)


def test_what_is_imported_into_an_empty_instance_and_exported_again_is_equal(tmp_path: Path) -> None:
    owner = lives.whole()
    first = lives.packed(owner.user, tmp_path, "first.zip")
    empty()

    brought(first)
    again = User.objects.get(pk=owner.user_id)
    second = lives.packed(again, tmp_path, "second.zip")

    assert lives.contents(second) == lives.contents(first)
    assert Media.objects.exclude(thumbnail="").exists()
    assert set(Channel.objects.values_list("paused", "sealed")) == {(DISCONNECTED, "")}


def test_people_who_are_only_named_cannot_sign_in_and_say_nothing_but_their_name(tmp_path: Path) -> None:
    owner = lives.whole()
    path = lives.packed(owner.user, tmp_path)
    others = User.objects.exclude(pk=owner.user_id).values_list("email", flat=True)
    told = path.read_bytes() + b"".join(b"\n".join(lines) for lines in lives.contents(path, ("",)).values())
    assert [email for email in others if email.encode() in told] == []

    empty()
    brought(path)
    (other,) = User.objects.exclude(pk=owner.user_id)
    assert (other.name, other.is_active, other.has_usable_password()) == ("Bo Colleague", False, False)

    named.forget_due(clock.now())
    assert User.objects.count() == 2
    erase.purge("workspace", Workspace.objects.get(members__user=owner.user_id, members__role="owner").pk)
    named.forget_due(clock.now())
    assert list(User.objects.all()) == [owner.user], "nothing names the other any more"


def test_the_command_takes_it_in_once_and_says_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lives.packed(lives.whole().user, tmp_path)
    empty()

    def said() -> Any:
        import_archive.main(path, "", False, True)
        return json.loads(capsys.readouterr().out)

    first, again = said(), said()
    assert (first["rows"]["posts.Post"], first["already_here"]) == (8, False)
    assert "/accounts/password/reset/key/" in first["link"]
    assert (again["rows"], again["already_here"], again["link"]) == ({}, True, ""), "no way in for whoever has a copy"
    (tmp_path / "letter.zip").write_text("dear aunt")
    for file, email in ((tmp_path / "letter.zip", ""), (path, "no address")):
        with pytest.raises(Stop):
            import_archive.main(file, email, False, False)
