"""Asking what an unsure delivery has become, and answering, over the API and over the page."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import people
from tests.conftest import Town
from tidings import outside
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries import candidates as module
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture(autouse=True)
def _way_out(door: Door) -> Iterator[None]:
    cache.clear()
    outside.use(door)
    yield
    outside.use(None)


@pytest.fixture
def owner() -> Member:
    return people.owner()


@pytest.fixture
def unsure(owner: Member, town: Town) -> Delivery:
    """A delivery that may be out, on a simulated Mastodon where it is, with another post beside it."""
    access = town["mastodon"].access()
    channel = people.channel(owner, remote_id=access.profile.id, server=dict(access.server), url=access.profile.url)
    channel.keep_secrets(access.secrets)
    channel.save()
    post = compose(owner, Draft((channel.id,), (ItemDraft("Hello harbour"),)))
    (made,) = schedule(owner, post, clock.now())
    for n, text in enumerate(("Hello harbour", "<script>alert(1)</script>")):
        town["mastodon"].posts[f"10{n}"] = _status(town, f"10{n}", text)
    Delivery.objects.update(state="unsure", reason="The answer broke off.", journal={"commit": {"tries": 1}})
    made.refresh_from_db()
    return made


def _status(town: Town, id: str, text: str) -> dict[str, Any]:
    shown = text.replace("<", "&lt;").replace(">", "&gt;")
    return {
        "id": id, "url": f"{town['mastodon'].url}/@demo/{id}", "account": "demo", "content": f"<p>{shown}</p>",
        "created_at": clock.now().isoformat(), "in_reply_to_id": None, "media_attachments": [],
    }


def at(owner: Member, delivery: Delivery, verb: str) -> str:
    return f"{people.api(owner)}/deliveries/{delivery.id}/{verb}"


def test_the_candidates_are_listed_the_likeliest_first(owner: Member, unsure: Delivery) -> None:
    answer = people.signed_in(owner).get(at(owner, unsure, "candidates"))

    first, second = answer.json()["candidates"]
    assert (first["id"], first["text"], second["text"]) == ("100", "Hello harbour", "<script>alert(1)</script>")
    assert first["url"].endswith("/@demo/100")
    assert clock.from_iso(first["at"]) <= clock.now()
    assert answer.json()["reason"] == ""


def test_a_candidate_is_picked_by_its_id(owner: Member, unsure: Delivery) -> None:
    answer = people.signed_in(owner).post(at(owner, unsure, "resolve"), {"out": True, "id": "100"}, JSON)

    assert (answer.json()["state"], answer.json()["url"].rpartition("/")[2]) == ("delivered", "100")
    assert Delivery.objects.get().receipt["id"] == "100"


def test_an_id_that_the_network_does_not_list_is_refused(owner: Member, unsure: Delivery) -> None:
    answer = people.signed_in(owner).post(at(owner, unsure, "resolve"), {"out": True, "id": "999"}, JSON)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert Delivery.objects.get().state == "unsure"


def test_what_is_not_out_may_be_left_so(owner: Member, unsure: Delivery) -> None:
    answer = people.signed_in(owner).post(at(owner, unsure, "resolve"), {"out": False, "again": False}, JSON)

    assert answer.json()["state"] == "cancelled"


def test_who_asks_too_often_is_told_to_wait(
    owner: Member, unsure: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SPAN", 100_000_000)
    client = people.signed_in(owner)
    answers = [client.get(at(owner, unsure, "candidates")) for _ in range(module.LOOKS + 1)]

    assert [answer.status_code for answer in answers] == [200] * module.LOOKS + [429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    page = client.get(f"{people.home(owner)}/deliveries/{unsure.id}/candidates")
    assert "Wait a minute" in page.content.decode()


@pytest.mark.parametrize("role", ["contributor", "client"])
def test_only_who_may_publish_may_ask_and_answer(
    owner: Member, unsure: Delivery, role: str, town: Town
) -> None:
    town["mastodon"].seen.clear()
    client = people.signed_in(people.member(owner, role))
    page = f"{people.home(owner)}/deliveries/{unsure.id}"

    assert client.get(at(owner, unsure, "candidates")).status_code == 403
    assert client.get(f"{page}/candidates").status_code == 403
    assert client.post(at(owner, unsure, "resolve"), {"out": True, "id": "100"}, JSON).status_code == 403
    assert client.post(f"{page}/resolve", {"out": "yes", "id": "100"}).status_code == 403
    assert client.post(f"{page}/know").status_code == 403
    assert (town["mastodon"].seen, Delivery.objects.get().state) == ([], "unsure")


def test_a_stranger_finds_nothing(owner: Member, unsure: Delivery, town: Town) -> None:
    town["mastodon"].seen.clear()
    client = people.signed_in(people.owner())

    assert client.get(at(owner, unsure, "candidates")).status_code == 404
    assert client.post(at(owner, unsure, "resolve"), {"out": True, "id": "100"}, JSON).status_code == 404
    assert town["mastodon"].seen == []


def test_a_form_from_elsewhere_picks_nothing(owner: Member, unsure: Delivery) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner.user)
    page = f"{people.home(owner)}/deliveries/{unsure.id}/resolve"

    assert client.post(page, {"out": "yes", "id": "100"}).status_code == 403
    assert client.post(at(owner, unsure, "resolve"), {"out": True, "id": "100"}, JSON).status_code == 403
    assert Delivery.objects.get().state == "unsure"


def test_the_page_lists_the_candidates_and_one_click_picks(owner: Member, unsure: Delivery) -> None:
    client, base = people.signed_in(owner), f"{people.home(owner)}/deliveries/{unsure.id}"
    attention = client.get(f"{people.home(owner)}/attention").content.decode()
    assert f'hx-get="{base}/candidates?from=attention"' in attention
    assert unsure.channel.url in attention

    shown = client.get(f"{base}/candidates?from=attention").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>" not in shown
    assert re.findall(r'name="id" value="(\d+)"', shown) == ["100", "101"]

    done = client.post(f"{base}/resolve", {"out": "yes", "id": "100", "from": "attention"}, follow=True)
    assert "Noted: it is out." in done.content.decode()
    assert done.redirect_chain[-1][0] == f"{people.home(owner)}/attention"
    assert Delivery.objects.get().receipt["id"] == "100"


def test_a_network_that_does_not_answer_is_a_sentence_on_the_page(
    owner: Member, unsure: Delivery, town: Town
) -> None:
    town["mastodon"].trick("down", times=9)
    shown = people.signed_in(owner).get(f"{people.home(owner)}/deliveries/{unsure.id}/candidates")

    assert shown.status_code == 200
    assert "Mastodon could not be asked" in shown.content.decode()


def test_a_network_without_a_list_is_not_offered_to_be_asked(
    owner: Member, unsure: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks = Channel.objects.get().speaks
    has = speaks.has
    monkeypatch.setattr(speaks, "has", lambda feature: feature != "recent" and has(feature))
    client = people.signed_in(owner)

    assert "/candidates" not in client.get(f"{people.home(owner)}/attention").content.decode()
    assert "cannot list" in client.get(at(owner, unsure, "candidates")).json()["reason"]
