"""What a network told of a person is gone everywhere once the network says that the person wants it."""

from uuid import UUID

import pytest
from django.test import Client

from tests import people
from tests.channels.signed import connected
from tests.conftest import Town
from tidings.analytics.keep import keep_profile
from tidings.analytics.models import Measurement, Series
from tidings.analytics.take_up import meter_of
from tidings.channels.models import Channel, Revocation
from tidings.core import clock
from tidings.deliveries.models import Attempt, Delivery
from tidings.inbox.models import Conversation, Message
from tidings.networks.metrics import Reading
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.privacy import ledger
from tidings.privacy.erase import purge
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(town: Town) -> Member:
    """With a channel on Threads."""
    made = people.owner()
    connected(town, made, "threads")
    return made


def erased(town: Town) -> None:
    """The network says so."""
    headers, body = town["threads"].notice("demo")
    assert Client().post("/connect/threads/erase", body, content_type=headers["Content-Type"]).status_code == 200


def test_no_delivery_says_the_name_any_more_and_none_goes_out_twice(member: Member, town: Town) -> None:
    channel, now = Channel.objects.get(), clock.now()
    name = channel.handle
    post = compose(member, Draft((channel.id,), (ItemDraft("Spring is here"),)))
    delivery = Delivery.objects.create(
        workspace=channel.workspace, post=post, item=post.items.get(), channel=channel, due_at=now, again_at=now,
        state="unsure", reason=f"{name} was asked.", receipt={"id": "7", "url": f"https://there.example/{name}/7"},
        journal={"steps": {"url": {"result": name}}, "commit": {"at": "now", "result": name}},
    )
    Attempt.objects.create(delivery=delivery, started_at=now, ended_at=now, outcome="unsure", reason=name)
    Revocation.objects.create(workspace=channel.workspace, network="threads", handle=name)

    erased(town)

    delivery.refresh_from_db()
    assert (delivery.reason, delivery.journal) == ("", {"commit": {"at": "now"}})
    assert delivery.receipt == {"id": "7", "url": "", "extra": {}, "note": ""}
    assert delivery.item.text == "Spring is here"
    assert Attempt.objects.get().reason == ""
    assert not Revocation.objects.exists()


def test_what_was_read_of_the_profile_goes_numbers_and_what_others_wrote_to_it(member: Member, town: Town) -> None:
    channel, now = Channel.objects.get(), clock.now()
    post = compose(member, Draft((channel.id,), (ItemDraft("Spring is here"),)))
    out = Delivery.objects.create(
        workspace=channel.workspace, post=post, item=post.items.get(), channel=channel, due_at=now, again_at=now,
        state="delivered", delivered_at=now, receipt={"id": "7", "url": ""},
    )
    people.conversation(out, said="A secret of the reader")
    followers = next(metric.theirs for metric in channel.speaks.crowd)
    keep_profile(meter_of(channel), [Reading(followers, 4321)], now)
    assert (Message.objects.count(), Measurement.objects.count()) == (1, 1)

    erased(town)

    assert not Message.objects.exists()
    assert not Conversation.objects.exists()
    assert not Series.objects.exists()
    assert not Measurement.objects.exists()
    assert post.items.get().text == "Spring is here"


def test_a_backup_of_before_a_later_sign_in_does_not_bring_the_person_back(member: Member, town: Town) -> None:
    before = Channel.objects.get()
    connected(town, member, "threads")
    assert Channel.objects.get().sign_in != before.sign_in
    erased(town)

    Channel.objects.all().delete()  # as a restore does: rows as they were, then the ledger
    before.save(force_insert=True)
    for entry in ledger.every():
        purge(entry.kind, UUID(entry.subject))

    row = Channel.objects.get()
    assert (row.sealed, row.name, row.handle, row.person_id) == ("",) * 4
