"""7 · What people can do about it."""

import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import resolve

from tests import people
from tests.conftest import Town
from tests.policy import life
from tests.policy.sight import Witness
from tests.web import people as typed
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.instance import exposed
from tidings.privacy import datamap, export, freeze
from tidings.privacy.correct import EDITED_AT, OURS
from tidings.privacy.models import Export
from tidings.privacy.policy import policy
from tidings.settings import settings
from tidings.workspaces.models import SecurityEvent, User

pytestmark = pytest.mark.django_db(transaction=True)


def test_7_access_the_archive_holds_what_was_written_and_no_secret_and_ends() -> None:
    mine = life.begin()
    mine.write()
    channel = people.channel(mine.member)
    token = channel.access().secrets["access_token"]
    export.ask(mine.member.user)
    assert export.write_next()

    made = Export.objects.get(user=mine.member.user)
    with ZipFile(export.file_of(made.pk)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
        told = {name.split("/")[-1].removesuffix(".jsonl") for name in archive.namelist()}
    theirs = [table for table in datamap.TABLES if table.exported and table.owner in ("user", "workspace")]
    assert {table.model for table in theirs if table.rows._default_manager.exists()} <= told
    assert life.TEXT.encode() in inside
    assert mine.member.user.email.encode() in inside
    assert not [word for word in (token, channel.sealed, mine.member.user.data_key) if word.encode() in inside]

    assert made.ends_at
    assert made.ends_at - clock.now() <= timedelta(days=settings().export_days)
    export.end_due(made.ends_at + timedelta(seconds=1))
    assert not export.file_of(made.pk).exists()


def test_7_correct_every_column_that_a_person_gave_us_has_a_page_to_change_it() -> None:
    (table,) = [table for table in datamap.TABLES if table.rows is User]
    assert set(table.personal.split()) - OURS == set(EDITED_AT)
    for path in set(EDITED_AT.values()):
        assert resolve(path)


def test_7_correct_a_changed_name_and_language_are_kept() -> None:
    mine = life.begin()
    wish = {
        "name": "Corrected", "language": "de", "zone": "Europe/Berlin", "clock24": "False", "week_starts": "6",
        "theme": "dark", "single_keys": "True",
    }
    mine.client.post("/settings/profile", wish)

    user = User.objects.get(pk=mine.member.user.pk)
    kept = {name: str(getattr(user, name)) for name in wish}
    assert kept == wish


def test_7_delete_a_single_post_goes_with_its_text() -> None:
    mine = life.begin()
    post = mine.write()
    mine.client.post(f"{mine.home}/posts/{post}/delete")

    assert mine.client.get(f"{mine.home}/posts/{post}").status_code == 404


def test_7_delete_there_is_a_way_to_delete_everything() -> None:
    mine = life.begin()
    channel = people.channel(mine.member)
    mine.client.post(f"{mine.home}/channels/{channel.id}/disconnect")
    assert not type(channel).objects.filter(pk=channel.pk).exists()
    assert mine.client.get("/settings/privacy/erasure").status_code in (200, 302)


def test_7_object_for_who_is_frozen_nothing_is_sent_or_asked(town: Town, witness: Witness) -> None:
    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    freeze.freeze(mine.member.user)
    witness.seen.clear()
    life.work(witness, timedelta(hours=3))

    assert witness.seen == []
    assert not town["mastodon"].posts
    assert not Delivery.objects.filter(state="delivered").exists()


@pytest.mark.parametrize("wanted", [True, False])
def test_7_object_who_does_not_want_it_is_not_looked_after(town: Town, witness: Witness, wanted: bool) -> None:
    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    type(channel).objects.filter(pk=channel.pk).update(observed=wanted)
    for ahead in (timedelta(hours=2), timedelta(hours=3), timedelta(days=2)):
        life.work(witness, ahead)

    assert town["mastodon"].posts
    assert ("find" in {one.purpose for one in witness.seen}) == wanted


@pytest.mark.parametrize("wanted", [True, False])
def test_7_object_who_does_not_want_it_has_no_numbers_read(town: Town, witness: Witness, wanted: bool) -> None:
    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    mine.client.post(f"{mine.home}/channels/{channel.pk}/measure", {"act": "on" if wanted else "off"})
    for ahead in (timedelta(hours=2), timedelta(hours=4), timedelta(days=2)):
        life.work(witness, ahead)

    assert town["mastodon"].posts
    assert ("measure" in {one.purpose for one in witness.seen}) == wanted


@pytest.mark.parametrize("wanted", [True, False])
def test_7_object_who_does_not_want_it_has_nothing_read_that_others_write(
    town: Town, witness: Witness, wanted: bool
) -> None:
    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    mine.client.post(f"{mine.home}/channels/{channel.pk}/hear", {"act": "on" if wanted else "off"})
    for ahead in (timedelta(hours=2), timedelta(hours=4)):
        life.work(witness, ahead)

    assert town["mastodon"].posts
    assert ("inbox" in {one.purpose for one in witness.seen}) == wanted


def test_7_object_who_does_not_want_it_leaves_no_address_in_the_log() -> None:
    typed.person(watched=False)
    typed.sign_in(Client(REMOTE_ADDR="203.0.113.78", HTTP_USER_AGENT="Quillbrowser/7"))

    (event,) = SecurityEvent.objects.filter(kind__startswith="signed_in")
    assert (event.ip, event.browser) == (None, "")


def test_7_contact_is_on_the_policy_for_anybody_and_doctor_fails_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "mailto:privacy@example.org" in Client().get("/privacy").content.decode()
    assert Client().get("/privacy.json").json()["facts"]["contact"] == "privacy@example.org"

    monkeypatch.setattr(settings(), "contact", "")
    said = {one["id"]: one for one in json.loads(Client().get("/privacy.json").content)["sentences"]}
    assert said["7.contact"]["kept"] is False
    assert said["7.contact"]["text"] in Client().get("/privacy").content.decode()
    assert "error" in [finding.level for finding in exposed.contact()]
    assert policy("de").sentences[-1].wording == "nobody"
