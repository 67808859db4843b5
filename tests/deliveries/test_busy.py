"""While a post is being published nothing about it changes: every edit is refused with a reason, none half done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers import serialize
from django.db import connections
from django.test import Client

from tests import people
from tests.conftest import Town
from tests.deliveries.conftest import Write
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.claim import claim
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.worker import Worker
from tidings.media.models import Media
from tidings.posts.models import Item, Post, Variant
from tidings.workspaces.models import Member

JSON = "application/json"
MINUTE = timedelta(minutes=1)
MARK = {"commit": {"first": "2026-01-01T00:00:00+00:00", "last": "2026-01-01T00:00:00+00:00", "tries": 1}}
ON_ITS_WAY: dict[str, dict[str, Any]] = {
    "sending": {"state": "sending", "fence": 1},
    "sending, past the commit": {"state": "sending", "fence": 1, "journal": MARK},
    "settling": {"state": "settling"},
    "settling, past the commit": {"state": "settling", "journal": MARK},
    "waiting, past the commit": {"state": "waiting", "journal": MARK},
}
REASON = "being published just now"


@pytest.fixture(params=ON_ITS_WAY.values(), ids=list(ON_ITS_WAY))
def post(request: pytest.FixtureRequest, member: Member, channel: Channel, write: Write) -> Post:
    """A post with a picture and a variant, on its way."""
    made = _post(member, channel, write)
    publish_now(member, made)
    Delivery.objects.filter(item__position=0).update(**request.param)
    return made


def _post(member: Member, channel: Channel, write: Write) -> Post:
    made = write([channel], "As it was", "The second part", delay=60)
    media = Media.objects.create(
        workspace=member.workspace, name="a.jpg", kind="picture", mime="image/jpeg", size=1, key="a", width=1, height=1
    )
    first = made.items.get(position=0)
    uses = [{"id": str(media.id), "alt": ""}]
    Variant.objects.create(item=first, channel=channel, text="As it was there", media=uses)
    return made


def everything() -> str:
    """All that an edit could change, half or whole."""
    return "".join(serialize("json", kind.objects.order_by("pk")) for kind in (Post, Item, Variant, Delivery, Media))


def draft(channel: Channel, revision: int | None = None, **more: Any) -> dict[str, Any]:
    items = [{"text": "As it shall be"}]
    return {"channels": [str(channel.id)], "items": items, **({"revision": revision} if revision else {}), **more}


def _put(**more: Any) -> Callable[[Client, str, Post, Channel], Any]:
    return lambda client, api, post, channel: client.put(
        f"{api}/posts/{post.id}", draft(channel, post.revision, **more), JSON
    )


def _post_to(verb: str, body: dict[str, Any] | None = None) -> Callable[[Client, str, Post, Channel], Any]:
    return lambda client, api, post, channel: client.post(f"{api}/posts/{post.id}/{verb}", body or {}, JSON)


def _to_delivery(verb: str) -> Callable[[Client, str, Post, Channel], Any]:
    def ask(client: Client, api: str, post: Post, channel: Channel) -> Any:
        first = post.deliveries.get(item__position=0)
        return client.post(f"{api}/deliveries/{first.id}/{verb}", {}, JSON)

    return ask


LATER = {"at": (clock.now() + timedelta(days=2)).isoformat()}
EDITS: dict[str, Callable[[Client, str, Post, Channel], Any]] = {
    "another text": _put(),
    "no channel": _put(channels=[]),
    "no part": _put(items=[]),
    "a note": _put(note="Not this one"),
    "another time": _post_to("move", LATER),
    "scheduled anew": _post_to("schedule", LATER),
    "published now": _post_to("schedule", {"now": True}),
    "taken back": _post_to("cancel"),
    "deleted": lambda client, api, post, channel: client.delete(f"{api}/posts/{post.id}"),
    "its delivery cancelled": _to_delivery("cancel"),
    "its delivery sent again": _to_delivery("retry"),
    "its picture deleted": lambda client, api, post, channel: client.delete(
        f"{api}/media/{Media.objects.get().id}?force=true"
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=list(EDITS))
def test_an_edit_over_the_api_is_refused_with_the_reason_and_changes_nothing(
    member: Member, channel: Channel, post: Post, edit: Callable[[Client, str, Post, Channel], Any]
) -> None:
    before = everything()
    answer = edit(people.signed_in(member), people.api(member), post, channel)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert REASON in answer.json()["detail"]
    assert everything() == before


@pytest.mark.parametrize("verb", ["publish", "cancel", "delete"])
def test_a_button_of_a_page_that_was_loaded_before_says_why_nothing_was_changed(
    member: Member, post: Post, verb: str
) -> None:
    before = everything()
    answer = people.signed_in(member).post(f"{people.home(member)}/posts/{post.id}/{verb}", follow=True)
    assert REASON in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize("verb", ["cancel", "retry"])
@pytest.mark.parametrize("start", ["attention", "post"])
def test_so_does_a_button_of_one_delivery(member: Member, post: Post, verb: str, start: str) -> None:
    before = everything()
    first = post.deliveries.get(item__position=0)
    address = f"{people.home(member)}/deliveries/{first.id}/{verb}"
    answer = people.signed_in(member).post(address, {"from": start}, follow=True)
    assert REASON in answer.content.decode()
    assert everything() == before


def test_a_picture_on_its_way_is_not_deleted_from_its_page(member: Member, post: Post) -> None:
    before = everything()
    address = f"{people.home(member)}/media/{Media.objects.get().id}/delete"
    answer = people.signed_in(member).post(address, follow=True)
    assert "A post uses this" in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize("edit", EDITS.values(), ids=list(EDITS))
def test_what_a_worker_claims_between_looking_and_pressing_is_refused_too(
    member: Member, channel: Channel, write: Write, edit: Callable[[Client, str, Post, Channel], Any]
) -> None:
    made = _post(member, channel, write)
    publish_now(member, made)
    client = people.signed_in(member)
    assert client.get(f"{people.home(member)}/posts/{made.id}").status_code == 200
    assert len(claim("worker", MINUTE, 9)) == 1
    before = everything()
    assert edit(client, people.api(member), made, channel).status_code == 409
    assert everything() == before


def test_after_it_is_out_the_edit_is_refused_for_that_and_the_rest_can_still_be_edited(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    made = write([channel], "As it was", "The second part", delay=3600)
    publish_now(member, made)
    worker.run_until_idle()
    client, address = people.signed_in(member), f"{people.api(member)}/posts/{made.id}"
    other = client.put(address, draft(channel, made.revision), JSON)
    assert (other.status_code, "can no longer be changed" in other.json()["detail"] or "out on" in str(other.json())) \
        == (422, True)
    rest = {"items": [{"text": "As it was"}, {"text": "The second part, mended", "delay": 3600}]}
    assert client.put(address, draft(channel, made.revision, **rest), JSON).status_code == 200


def test_edits_and_a_worker_at_the_same_time_end_in_what_was_saved_being_what_is_out(
    member: Member, channel: Channel, write: Write, town: Town, door: Door
) -> None:
    """Whoever comes first: an edit that was kept is what goes out, one that came too late was refused."""
    worker = Worker(door, senders=4)
    worker.start()
    refused = 0
    try:
        for n in range(12):
            made = write([channel], f"Before {n}")
            publish_now(member, made)
            answers = _edited_at_once(member, channel, made, n)
            _until_delivered(made)
            kept = Item.objects.get(post=made).text
            refused += answers.count(409) + answers.count(422)
            assert set(answers) <= {200, 409, 422}
            (out,) = [p for p in town["mastodon"].posts.values() if p["id"] == made.deliveries.get().receipt["id"]]
            assert out["content"] == f"<p>{kept}</p>"
    finally:
        worker.stop()
    assert refused, "no edit ever met the worker"
    assert len(town["mastodon"].posts) == 12


def _edited_at_once(member: Member, channel: Channel, made: Post, n: int) -> list[int]:
    answers: list[int] = []

    def edit(word: str) -> None:
        try:
            client = people.signed_in(member)
            body = draft(channel, items=[{"text": f"{word} {n}"}], revision=Post.objects.get(id=made.id).revision)
            for _time in range(4):
                answers.append(client.put(f"{people.api(member)}/posts/{made.id}", body, JSON).status_code)
                body["revision"] = Post.objects.get(id=made.id).revision
        finally:
            connections.close_all()

    writers = [threading.Thread(target=edit, args=(word,)) for word in ("First", "Second")]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    return answers


def _until_delivered(made: Post) -> None:
    waited = threading.Event()
    for _time in range(400):
        if not made.deliveries.exclude(state="delivered").exists():
            return
        waited.wait(0.05)
    raise AssertionError(list(made.deliveries.values("state", "reason")))
