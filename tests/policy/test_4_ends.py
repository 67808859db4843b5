"""4 · How long it is kept: as long as somebody is here, and not a byte longer."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import serializers

from tests.conftest import Town
from tests.policy import life, sight
from tests.policy.sight import Witness
from tidings.channels import invite, revoke
from tidings.channels.models import Channel, ConnectLink
from tidings.core import clock
from tidings.inbox.models import Message
from tidings.media.models import Media
from tidings.media.store import store
from tidings.posts.models import Item, Post
from tidings.privacy import chores, erase, keyfile, ledger, retain
from tidings.settings import settings
from tidings.workspaces.models import SecurityEvent, User
from tidings.workspaces.security import whom

pytestmark = pytest.mark.django_db(transaction=True)


def test_4_retention_of_somebody_who_is_here_nothing_is_lost_in_two_years(witness: Witness) -> None:
    mine = life.begin()
    post = mine.write()
    with clock.shifted(timedelta(days=730)):
        for chore, _pace in chores.PACES:
            chore(clock.now())

    assert User.objects.filter(pk=mine.member.user.pk, is_active=True).exists()
    assert Item.objects.get(post__id=post).text == life.TEXT


def test_4_channel_a_disconnected_channels_token_is_in_no_byte_and_the_network_was_told(
    town: Town, witness: Witness
) -> None:
    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    life.work(witness, timedelta(hours=2))  # what has a history stays as a row
    (given,) = town["mastodon"].oauth.tokens
    sealed = channel.sealed
    assert sealed.encode() in sight.raw()
    witness.seen.clear()

    mine.client.post(f"{mine.home}/channels/{channel.id}/disconnect", follow=True)

    assert sealed.encode() not in sight.raw()
    assert given.access.encode() not in sight.raw()
    assert given.revoked
    assert {one.purpose for one in witness.carrying(given.access)} == {"revoke"}
    assert Channel.objects.get(pk=channel.pk).sealed == ""


def test_4_channel_a_network_that_does_not_answer_is_told_again_and_the_page_shows_it(
    town: Town, witness: Witness
) -> None:
    mine, channel = life.connected(town, witness)
    town["mastodon"].trick("down", "/oauth/revoke", times=1)
    (given,) = town["mastodon"].oauth.tokens
    mine.client.post(f"{mine.home}/channels/{channel.id}/disconnect")

    assert not Channel.objects.exclude(sealed="").exists()
    assert not given.revoked
    assert channel.handle in mine.client.get(f"{mine.home}/channels").content.decode()
    revoke.try_due(clock.now() + timedelta(minutes=1))
    assert given.revoked


def test_4_account_who_asks_is_erased_after_the_grace_and_nothing_is_left_in_the_database(witness: Witness) -> None:
    mine, other = life.begin(), life.begin()
    mine.write(), other.write(text="Somebody else's words")
    user, slug = mine.member.user, mine.member.workspace.slug
    typed = SecurityEvent.objects.create(kind="failed_password", whom=whom(user.email)).whom  # by nobody knows whom

    erase.ask(user)
    erase.purge_due(clock.now())
    assert User.objects.filter(pk=user.pk).exists(), "there are days of grace"
    assert erase.purge_due(clock.now() + timedelta(days=settings().erase_days, minutes=1)) == 1

    left = sight.raw()
    assert not [word for word in (user.email, life.TEXT, slug, typed) if word.encode() in left]
    assert b"Somebody else's words" in left


def test_4_account_the_grace_is_never_longer_than_seven_days() -> None:
    (limit,) = [rule for rule in type(settings()).model_fields["erase_days"].metadata if hasattr(rule, "le")]
    assert limit.le == 7


def test_4_account_who_changes_their_mind_keeps_everything(witness: Witness) -> None:
    mine = life.begin()
    post = mine.write()
    erase.ask(mine.member.user)
    erase.undo(mine.member.user)
    erase.purge_due(clock.now() + timedelta(days=30))

    assert Post.objects.filter(pk=post).exists()


def test_4_backup_what_a_backup_brings_back_is_erased_again_and_its_key_is_gone(witness: Witness) -> None:
    mine = life.begin()
    user = mine.member.user
    backup = serializers.serialize("json", User.objects.filter(pk=user.pk))
    keyfile.change(lambda found: {**found, f"user:{user.pk}": {"1": user.data_key}})

    erase.ask(user)
    erase.purge_due(clock.now() + timedelta(days=8))
    assert f"user:{user.pk}" not in keyfile.read()

    for row in serializers.deserialize("json", backup):
        row.save()
    assert User.objects.filter(pk=user.pk).exists()
    for entry in ledger.every():
        erase.KINDS[entry.kind](user.pk.__class__(entry.subject))
    assert not User.objects.filter(pk=user.pk).exists()
    assert user.email not in ledger.path().read_text()


@pytest.mark.parametrize("end", ["used_at", "ends_at"])
def test_4_retention_a_connect_link_names_its_person_for_30_days_after_its_end(end: str) -> None:
    mine = life.begin()
    link, _token = invite.make_link(mine.member, "Mara from the bakery")
    open_one, _token = invite.make_link(mine.member, "Somebody else", days=30)
    ConnectLink.objects.filter(pk=open_one.pk).update(ends_at=clock.now() + timedelta(days=60))
    ConnectLink.objects.filter(pk=link.pk).update(**{end: clock.now()})
    for days, left in ((29, 2), (31, 1)):
        with clock.shifted(timedelta(days=days)):
            retain.retain(clock.now())
        assert ConnectLink.objects.count() == left, days


def test_4_retention_what_others_wrote_is_kept_for_as_long_as_is_said_and_goes_when_they_delete_it_there(
    town: Town, witness: Witness
) -> None:
    mine, channel = life.connected(town, witness)
    mine.schedule(mine.write(channel))
    life.work(witness, timedelta(hours=2))
    (post,) = town["mastodon"].posts
    deleted, _kept = (town["mastodon"].remark(text, on=post) for text in ("Marzipan, please", "Saffron, please"))
    life.work(witness, timedelta(hours=2, minutes=20))
    assert Message.objects.count() == 2
    del town["mastodon"].remarks[deleted]
    life.work(witness, timedelta(hours=2, minutes=40))
    assert Message.objects.get().text == "Saffron, please"
    for days, left in ((89, 1), (91, 0)):
        with clock.shifted(timedelta(days=days)):
            for chore, _pace in chores.PACES:
                chore(clock.now())
        assert Message.objects.count() == left, days


def test_4_retention_a_file_of_the_library_outlives_every_sweep(witness: Witness) -> None:
    mine = life.begin()
    row = Media.objects.create(
        workspace=mine.member.workspace, name="pier.png", kind="picture", mime="image/png", size=1,
        key=_put(life.picture()),
    )
    with clock.shifted(timedelta(days=400)):
        for chore, _pace in chores.PACES:
            chore(clock.now())
    with store().open(row.key) as file:
        assert file.read() == life.picture()


def _put(raw: bytes) -> str:
    return store().put(BytesIO(raw), "png")
