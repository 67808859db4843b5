"""Posts over the API: write, read, revise, check, schedule, move, cancel."""

from datetime import timedelta
from typing import Any

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.posts.models import Post
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
JSON = "application/json"


def draft(text: str = "hello", channels: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    return {"channels": [str(c.id) for c in channels], "items": [{"text": text}], **more}


def written(owner: Member, *channels: Any, text: str = "hello") -> str:
    answer = people.signed_in(owner).post(f"{people.api(owner)}/posts", draft(text, channels), JSON)
    assert answer.status_code == 201
    return str(answer.json()["id"])


def later(hours: int = 2) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def test_a_post_is_read_back_as_it_was_written() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    client = people.signed_in(owner)
    variant = {"channel": str(channel.id), "text": "short", "media": None, "options": {"visibility": "unlisted"}}
    body = {
        "channels": [str(channel.id)],
        "items": [{"text": "one", "variants": [variant]}, {"text": "two", "delay": 60}],
        "wish_at": "2030-01-02T03:04:05+02:00",
        "note": "for Friday",
    }

    made = client.post(f"{people.api(owner)}/posts", body, JSON).json()
    read = client.get(f"{people.api(owner)}/posts/{made['id']}").json()

    assert read == made
    assert (read["stage"], read["face"], read["revision"]) == ("draft", "draft", 1)
    assert read["items"][0] == {"text": "one", "media": [], "delay": 0, "variants": [variant]}
    assert read["wish_at"] == "2030-01-02T01:04:05Z"


def test_a_save_over_somebody_else_s_is_409_with_the_kept_revision() -> None:
    owner = people.owner()
    client, url = people.signed_in(owner), f"{people.api(owner)}/posts/{written(owner)}"

    first = client.put(url, draft("mine", revision=1), JSON)
    second = client.put(url, draft("late", revision=1), JSON)

    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert (second.status_code, second.json()["revision"]) == (409, 2)
    assert second["Content-Type"] == "application/problem+json"


def test_a_draft_is_checked_without_being_kept() -> None:
    owner = people.owner()
    channel = people.channel(owner)

    answer = people.signed_in(owner).post(f"{people.api(owner)}/posts/check", draft("é" * 501, (channel,)), JSON)

    (checked,) = answer.json()["channels"]
    (item,) = checked["items"]
    assert item["count"] == {"used": 501, "limit": 500, "unit": "characters"}
    assert item["problems"][0]["where"] == "text"
    assert item["text"] == "é" * 501
    assert not Post.objects.exists()


def test_a_post_is_scheduled_moved_and_cancelled() -> None:
    owner = people.owner()
    client, url = people.signed_in(owner), f"{people.api(owner)}/posts/{written(owner, people.channel(owner))}"

    made = client.post(f"{url}/schedule", {"at": later(2)}, JSON).json()["deliveries"]
    assert [(d["state"], d["position"]) for d in made] == [("waiting", 0)]
    assert client.get(url).json()["face"] == "scheduled"

    when = later(5)
    assert client.post(f"{url}/move", {"at": when}, JSON).status_code == 200
    assert Delivery.objects.get().due_at.isoformat() == when

    cancelled = client.post(f"{url}/cancel", "{}", JSON)
    assert cancelled.json()["face"] == "draft"
    assert Delivery.objects.get().state == "cancelled"


def test_what_a_network_would_refuse_is_not_scheduled_and_every_problem_is_told() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    url = f"{people.api(owner)}/posts/{written(owner, channel, text='x' * 600)}"

    answer = people.signed_in(owner).post(f"{url}/schedule", {"now": True}, JSON)

    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["channel"], problem["position"], problem["where"]) == (str(channel.id), 0, "text")
    assert not Delivery.objects.exists()


def test_a_scheduled_post_is_not_saved_in_a_form_that_would_be_refused() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    client, url = people.signed_in(owner), f"{people.api(owner)}/posts/{written(owner, channel)}"
    client.post(f"{url}/schedule", {"at": later()}, JSON)

    answer = client.put(url, draft("x" * 600, (channel,), revision=1), JSON)

    assert answer.status_code == 422
    assert client.get(url).json()["items"][0]["text"] == "hello"
    assert client.get(url).json()["revision"] == 1


def test_a_channel_added_to_a_scheduled_post_gets_its_delivery() -> None:
    owner = people.owner()
    one, other = people.channel(owner), people.channel(owner)
    client, url = people.signed_in(owner), f"{people.api(owner)}/posts/{written(owner, one)}"
    client.post(f"{url}/schedule", {"at": later()}, JSON)

    client.put(url, draft("hello", (one, other), revision=1), JSON)

    assert {d.channel_id: d.state for d in Delivery.objects.all()} == {one.id: "waiting", other.id: "waiting"}
    assert len({d.due_at for d in Delivery.objects.all()}) == 1


def test_the_calendar_is_read_between_two_instants() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    client = people.signed_in(owner)
    id = written(owner, channel)
    client.post(f"{people.api(owner)}/posts/{id}/schedule", {"at": later(2)}, JSON)

    rows = client.get(f"{people.api(owner)}/posts", {"from": later(1), "to": later(3)}).json()
    none = client.get(f"{people.api(owner)}/posts", {"from": later(3), "to": later(4)}).json()

    assert [(row["id"], row["face"], row["channels"]) for row in rows] == [(id, "scheduled", [str(channel.id)])]
    assert none == []


def test_a_draft_is_deleted() -> None:
    owner = people.owner()
    url = f"{people.api(owner)}/posts/{written(owner)}"

    assert people.signed_in(owner).delete(url).status_code == 204
    assert people.signed_in(owner).get(url).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("{", 400, None),
        ('{"items": "no"}', 422, "items"),
        ('{"wish_at": "2030-01-01T00:00:00"}', 422, "wish_at"),
        ('{"channels": ["11111111-1111-7111-8111-111111111111"]}', 422, "channels"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_in_one_form(body: str, status: int, field: str | None) -> None:
    owner = people.owner()

    answer = people.signed_in(owner).post(f"{people.api(owner)}/posts", body, JSON)

    said = answer.json()
    assert answer.status_code == said["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert said["title"]
    assert list(said["fields"]) == ([field] if field else [])
