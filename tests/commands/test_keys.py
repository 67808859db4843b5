"""`tidings keys rotate`: fresh keys while everything runs, and nothing that cannot be read at any moment."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from tests import people
from tidings.channels.models import AppCredential, Channel
from tidings.commands import keys, migrate
from tidings.commands.start import Stop
from tidings.core import secrets
from tidings.core.replace import held
from tidings.privacy import datamap, keyfile, reseal, rewrap
from tidings.settings import settings
from tidings.workspaces.models import Member, User, Workspace


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ring of the test's own, in its file, and a home beside it."""
    monkeypatch.setattr(settings(), "home", tmp_path)
    monkeypatch.setattr(secrets, "_held", secrets._Held())
    monkeypatch.setattr(keys, "_wait", lambda *_: None)
    secrets.use(secrets.Ring.at(tmp_path / "keys.json"), tmp_path / "keys.json")
    return tmp_path / "keys.json"


@pytest.fixture
def owner(db: None, ring: Path) -> Member:
    """Somebody with sealed values of every kind."""
    made = people.owner()
    people.channel(made)
    credential = AppCredential(network="mastodon", server="one", client_id="id")
    credential.keep_secret("app secret", {"more": "m"})
    credential.save()
    seal, place = made.user.key().seal, f"mfa_authenticator:{made.user.pk}:secret"
    data = {"seed": seal("seed", place), "migrated_codes": [seal("code", place)], "used_mask": 5}
    Authenticator.objects.create(user=made.user, type="recovery_codes", data=data)
    keyfile.change(lambda _: {"instance": {"a": secrets.ring().new_data_key("instance:data_key")}})
    return made


def opened() -> list[object]:
    """Everything sealed, in clear."""
    user, factor = User.objects.get(), Authenticator.objects.get()
    place = f"mfa_authenticator:{user.pk}:secret"
    key = user.key()
    return [
        Channel.objects.get().access().secrets["access_token"].startswith("secret-token"),
        AppCredential.objects.get().app().client_secret, AppCredential.objects.get().app().more["more"],
        key.open(factor.data["seed"], place), key.open(factor.data["migrated_codes"][0], place),
        bool(secrets.ring().unwrap(keyfile.read()["instance"]["a"], "instance:data_key")),
    ]  # fmt: skip


EVERYTHING = [True, "app secret", "m", "seed", "code", True]


def sealed() -> set[str]:
    """Every sealed text and wrapped key that the database holds."""
    factor = Authenticator.objects.get().data
    rows: list[Any] = [
        *User.objects.values_list("data_key", flat=True), *Workspace.objects.values_list("data_key", flat=True),
        *Channel.objects.values_list("sealed", flat=True), factor["seed"], *factor["migrated_codes"],
        *AppCredential.objects.values_list("data_key", "sealed_secret", "sealed_more")[0],
    ]  # fmt: skip
    return set(rows)


def test_every_column_of_data_keys_is_wrapped_anew() -> None:
    ours = {(kept.model._meta.label, kept.column) for kept in rewrap.WRAPPED}
    named = {(table.model, name) for table in datamap.TABLES for name in table.sealed.split() if name == "data_key"}
    assert ours == named | {("sessions.Session", "session_data")}


@pytest.mark.parametrize("values", [False, True])
def test_after_a_rotation_everything_opens_with_the_new_key_alone(owner: Member, ring: Path, values: bool) -> None:
    signed_in = Client()
    signed_in.force_login(owner.user)
    old, before = secrets.ring().last, sealed()
    keys.rotate(values, 0)
    assert old not in ring.read_text()
    secrets.use(secrets.Ring.at(ring), ring)  # as a process that starts now
    assert opened() == EVERYTHING
    assert signed_in.get("/settings/security").status_code == 200
    assert {value for value in sealed() & before if values or value.startswith(f"{old}.")} == set()
    assert set(rewrap.counted()) == {secrets.ring().last}


STEPS: list[Callable[[], object]] = [
    lambda: secrets.keep(secrets.ring().grown(), settings().home / "keys.json"), rewrap.rewrap, reseal.begin,
    reseal.turn, reseal.finish,
]  # fmt: skip


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
def test_wherever_it_is_interrupted_everything_opens_and_it_can_be_run_again(
    owner: Member, ring: Path, steps: int
) -> None:
    for step in STEPS[:steps]:
        step()
        assert opened() == EVERYTHING
    before = sealed()
    keys.rotate(True, 0)
    secrets.use(secrets.Ring.at(ring), ring)
    assert opened() == EVERYTHING
    assert len(secrets.ring().keys) == 1
    assert steps > 3 or not before & sealed(), "a key was kept"


def test_rows_that_were_read_before_each_step_go_on_opening(owner: Member, ring: Path) -> None:
    """A process has a workspace in its memory, and seals and opens with it while values are sealed anew."""
    channel = Channel.objects.select_related("workspace").get()
    for step in (reseal.begin, reseal.turn):
        held_back = Channel.objects.select_related("workspace").get()
        step()
        held_back.keep_secrets({"access_token": "secret-token-new"})
        held_back.save(update_fields=["sealed"])
        assert Channel.objects.get().access().secrets == {"access_token": "secret-token-new"}
        held_back.sealed = Channel.objects.get().sealed
        assert held_back.access().secrets == {"access_token": "secret-token-new"}
    reseal.finish()
    assert Channel.objects.get().access().secrets == {"access_token": "secret-token-new"}
    assert channel.workspace.data_key not in sealed()


def test_a_session_that_nothing_opens_is_dropped_and_a_person_that_nothing_opens_stops_it(
    owner: Member, ring: Path
) -> None:
    Session.objects.create(session_key="s", session_data="gone.text~2.x.y", expire_date="2030-01-01T00:00Z")
    keys.rotate(False, 0)
    assert not Session.objects.exists()
    User.objects.update(data_key="gone.text")
    with pytest.raises(Stop, match="gone"):
        keys.rotate(False, 0)


def test_two_rotations_at_once_are_one(owner: Member, ring: Path) -> None:
    with held(ring), pytest.raises(Stop, match="already"):
        keys.rotate(False, 0)


def test_a_ring_in_the_environment_is_rotated_in_two_steps(
    owner: Member, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = secrets.ring().text()
    for many in (2, 1):
        monkeypatch.setattr(settings(), "keys", given)
        secrets.use(secrets.Ring.parse(given))
        keys.rotate(False, 0)
        given = capsys.readouterr().out
        assert len(json.loads(given)) == many
        assert opened() == EVERYTHING
    secrets.use(secrets.Ring.parse(given))
    assert opened() == EVERYTHING


def test_keys_are_listed_with_what_they_wrap_and_not_as_they_are(
    owner: Member, ring: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys.main(as_json=False)
    listed = capsys.readouterr().out
    assert "wraps 4 data keys, and those to come" in listed
    assert not [key for key in json.loads(ring.read_text()).values() if key in listed]


def test_a_credential_whose_key_is_not_in_the_ring_is_an_error_at_the_start(owner: Member) -> None:
    AppCredential.objects.update(data_key="gone.text")
    with pytest.raises(Stop, match="'gone', which wraps app_credential"):
        migrate.prepare()
