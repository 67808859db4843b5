"""Deliveries and channels over the API: what a person decides, and what each place takes."""

from typing import Any

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
JSON = "application/json"


def delivery(owner: Member, **fields: Any) -> Delivery:
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("hello"),)))
    (made,) = schedule(owner, post, clock.now())
    Delivery.objects.update(**fields)
    return made


def test_a_failed_delivery_is_sent_again() -> None:
    owner = people.owner()
    failed = delivery(owner, state="failed", reason="no", tries=3)

    answer = people.signed_in(owner).post(f"{people.api(owner)}/deliveries/{failed.id}/retry", "{}", JSON)

    assert (answer.json()["state"], answer.json()["tries"]) == ("waiting", 0)


def test_what_is_out_is_not_sent_again() -> None:
    owner = people.owner()
    out = delivery(owner, state="delivered")

    answer = people.signed_in(owner).post(f"{people.api(owner)}/deliveries/{out.id}/retry", "{}", JSON)

    assert answer.status_code == 422
    assert Delivery.objects.get().state == "delivered"


def test_a_waiting_delivery_is_cancelled() -> None:
    owner = people.owner()
    waiting = delivery(owner)

    answer = people.signed_in(owner).post(f"{people.api(owner)}/deliveries/{waiting.id}/cancel", "{}", JSON)

    assert answer.json()["state"] == "cancelled"


def test_an_unsure_delivery_is_settled_by_a_person() -> None:
    owner = people.owner()
    unsure = delivery(owner, state="unsure")
    client, url = people.signed_in(owner), f"{people.api(owner)}/deliveries/{unsure.id}/resolve"
    address = "http://mastodon.invalid/@ana/115"

    strange = client.post(url, {"out": True, "url": "https://elsewhere.invalid/1"}, JSON)
    out = client.post(url, {"out": True, "url": address}, JSON)

    assert strange.status_code == 422
    assert (out.json()["state"], out.json()["url"]) == ("delivered", address)


def test_an_unsure_delivery_that_did_not_appear_is_sent_again() -> None:
    owner = people.owner()
    unsure = delivery(owner, state="unsure", journal={"commit": {"tries": 1}})

    answer = people.signed_in(owner).post(f"{people.api(owner)}/deliveries/{unsure.id}/resolve", {"out": False}, JSON)

    assert answer.json()["state"] == "waiting"
    assert "commit" not in Delivery.objects.get().journal


def test_channels_tell_what_they_take_and_no_secret() -> None:
    owner = people.owner()
    channel = people.channel(owner)

    answer = people.signed_in(owner).get(f"{people.api(owner)}/channels")

    (row,) = answer.json()
    assert (row["id"], row["network"], row["label"], row["handle"]) == (
        str(channel.id),
        "mastodon",
        "Mastodon",
        channel.handle,
    )
    assert row["limits"]["text"] == 500
    assert row["poll"]["choices"] == 4
    assert "visibility" in [option["name"] for option in row["options"]]
    assert "secret-token" not in answer.content.decode()
