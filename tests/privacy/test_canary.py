"""The canary: markers in every column and file of a person and of another; the first is erased, the second is whole."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from tests.media.s3 import S3, s3  # noqa: F401 -- a fixture
from tests.privacy import canary
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Allowance
from tidings.media.storage import Away
from tidings.media.store import store
from tidings.posts.models import Item, Post
from tidings.privacy import datamap, erase, ledger
from tidings.privacy.models import Erasure
from tidings.workspaces.models import SecurityEvent
from tidings.workspaces.security import whom
from tidings.workspaces.sessions import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


def busy(*lives: canary.Life) -> None:
    """Rows of everybody beside one another in the same pages of the database, some of them changed again."""
    for n in range(120):
        life = lives[n % len(lives)]
        post = Post.objects.create(workspace=life.workspace, author=life.user, note=life.mark * (n % 30))
        item = Item.objects.create(post=post, position=0, text=life.mark * (n * 7 % 300 + 1))
        if n % 3 == 0:
            Item.objects.filter(pk=item.pk).update(text=life.mark * (n * 11 % 300 + 1))


def signed_in(life: canary.Life, **held: object) -> str:
    """A session that holds this."""
    session = SessionStore()
    session.update(held)
    session.create()
    return str(session.session_key)


def test_of_an_erased_person_nothing_is_left_in_any_byte_and_of_another_everything(
    capfd: pytest.CaptureFixture[str],
) -> None:
    first, second = canary.live("Quagmirezebra"), canary.live("Oxbowlantern")
    busy(first, second)
    assert canary.hits(first.mark)
    before = dict(canary.counted(second))

    erase.ask(first.user)
    with clock.shifted(timedelta(days=2)):
        assert erase.purge_due(clock.now()) == 1

    assert canary.hits(first.mark) == []
    assert dict(canary.counted(second)) == before
    assert all(path.exists() for path in second.files)
    assert not any(path.exists() for path in first.files)
    assert {key for key, _since in store().kept()} & {*first.keys, *second.keys} == {*second.keys}
    done = Erasure.objects.get(subject=first.user.pk)
    assert done.done_at
    assert done.counts["posts.Item"] == 61
    assert done.counts["files"] == 5
    told = capfd.readouterr()
    assert first.mark not in told.out + told.err
    assert {(entry.kind, entry.subject) for entry in ledger.every()} >= {
        ("user", str(first.user.pk)), ("workspace", str(first.workspace.pk)),
    }
    assert erase.purge("user", first.user.pk) == {}


def test_of_an_erased_person_a_bucket_holds_no_object_and_of_another_every(s3: S3) -> None:  # noqa: F811
    first, second = canary.live("Quagmirezebra"), canary.live("Oxbowlantern")
    assert set(s3.objects) == {*first.keys, *second.keys}
    erase.ask(first.user)

    with clock.shifted(timedelta(days=2)):
        s3.breaks = "DELETE"
        with pytest.raises(Away):
            erase.purge_due(clock.now())
        assert not Erasure.objects.get(subject=first.user.pk).done_at, "who is not gone is not called gone"
        s3.breaks = ""
        erase.purge_due(clock.now() + timedelta(hours=1))

    assert Erasure.objects.get(subject=first.user.pk).done_at
    assert set(s3.objects) == {*second.keys}
    assert canary.hits(first.mark) == []


def test_what_only_names_somebody_by_an_id_or_a_hash_goes_as_well() -> None:
    first, second = canary.live("Quagmirezebra"), canary.live("Oxbowlantern")
    for life in (first, second):
        Allowance.objects.create(
            key=f"mastodon:channel:{Channel.objects.get(workspace=life.workspace).pk}:60", counted_at=clock.now()
        )
        SecurityEvent.objects.create(kind="failed_password", whom=whom(life.user.email))
    mine = [signed_in(first, _auth_user_id=str(first.user.pk)), signed_in(first, login={"user_pk": first.user.pk.hex}),
            signed_in(first, typed=first.user.email)]
    theirs = signed_in(second, _auth_user_id=str(second.user.pk), workspace=first.workspace.slug)

    erase.purge("user", first.user.pk)

    assert Allowance.objects.count() == 1
    assert not SecurityEvent.objects.filter(whom=whom(first.user.email)).exists()
    assert SecurityEvent.objects.filter(whom=whom(second.user.email)).exists()
    assert not Session.objects.filter(pk__in=mine).exists()
    assert SessionStore(theirs).load() == {"_auth_user_id": str(second.user.pk)}


def test_the_markers_stand_in_every_column_that_can_hold_one() -> None:
    life = canary.live("Heliotropegate")
    said = {f"{table.rows._meta.label}.{name}" for table in datamap.TABLES for name in table.columns()
            if table.owner in ("user", "workspace")}

    assert life.columns <= said
    assert len(life.columns) > 60


@pytest.mark.parametrize("table", [table.model for table in datamap.TABLES if table.owner in ("user", "workspace")])
def test_the_purge_reads_the_map(table: str) -> None:
    """Every table of an owner is emptied because the map lists it, before those that its rows point to."""
    order = [each.model for each in datamap.pointing_first(datamap.TABLES)]
    model = next(each.rows for each in datamap.TABLES if each.model == table)
    for field in model._meta.local_concrete_fields:
        pointed = field.related_model and field.related_model._meta.label
        if pointed and pointed != model._meta.label:
            assert order.index(table) < order.index(pointed), pointed
