"""An archive comes into an empty instance as it left the other, and a hostile one does not come in at all."""

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.privacy import lives
from tidings.media.models import Media
from tidings.media.store import store
from tidings.privacy.admit import Admitted, admit
from tidings.workspaces.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(_table: str, _rows: int) -> None:
    """Progress that nobody reads."""


def empty() -> None:
    """As a new instance is."""
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(store().root, ignore_errors=True)


def brought(path: Path, email: str = "") -> Admitted:
    return admit(path, email, quiet)


def test_what_is_imported_into_an_empty_instance_and_exported_again_is_equal(tmp_path: Path) -> None:
    owner = lives.whole()
    first = lives.packed(owner.user, tmp_path, "first.zip")
    empty()

    brought(first)
    again = User.objects.get(pk=owner.user_id)
    second = lives.packed(again, tmp_path, "second.zip")

    assert lives.contents(second) == lives.contents(first)
    assert Media.objects.exclude(thumbnail="").exists()


def test_people_who_are_only_named_cannot_sign_in_and_say_nothing_but_their_name(tmp_path: Path) -> None:
    owner = lives.whole()
    path = lives.packed(owner.user, tmp_path)
    others = User.objects.exclude(pk=owner.user_id).values_list("email", flat=True)
    told = path.read_bytes() + b"".join(b"\n".join(lines) for lines in lives.contents(path, ("",)).values())
    assert [email for email in others if email.encode() in told] == []

    empty()
    brought(path)
    (named,) = User.objects.exclude(pk=owner.user_id)
    assert (named.name, named.is_active, named.has_usable_password()) == ("Bo Colleague", False, False)
