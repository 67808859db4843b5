"""The inbox over JSON: what others wrote, answered once, given to somebody, done."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import publish_now
from tidings.inbox.models import Conversation, Listener
from tidings.posts.compose import compose
from tidings.posts.draft import Draft, ItemDraft
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def owner() -> Member:
    return people.owner()


@pytest.fixture
def talk(owner: Member) -> Conversation:
    """A comment under a post that is out."""
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.pk,), (ItemDraft("We are open"),)))
    (delivery,) = publish_now(owner, post)
    receipt = {"id": "1", "url": "https://elsewhere.example/1", "extra": {}, "note": ""}
    Delivery.objects.filter(pk=delivery.pk).update(state="delivered", delivered_at=clock.now(), receipt=receipt)
    return people.conversation(Delivery.objects.get(pk=delivery.pk))


@pytest.fixture
def ask(owner: Member) -> Ask:
    return asking(owner)


def asking(member: Member) -> Ask:
    client = people.signed_in(member)

    def said(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        url = f"/api/v1/workspaces/{member.workspace.slug}/{path}"
        answer = client.generic(method, url, json.dumps(body) if body is not None else "", "application/json")
        return answer.status_code, answer.json()

    return said


def test_a_conversation_is_listed_with_who_wrote_what_under_which_post(ask: Ask, talk: Conversation) -> None:
    status, (line,) = ask("GET", "inbox")
    assert status == 200
    assert (line["author"], line["newest"], line["new"]) == ("@reader", "When do you open", True)
    assert (line["post"], line["delivery"]) == (str(talk.delivery.post_id), str(talk.delivery_id))
    assert ask("GET", "inbox?whose=done") == (200, [])
    assert ask("GET", "inbox?text=nothing") == (200, [])
    assert [one["id"] for one in ask("GET", "inbox?text=OPEN&kind=comment")[1]] == [str(talk.pk)]
    assert ask("GET", "inbox?whose=theirs")[0] == 422


def test_an_answer_is_a_delivery_and_the_same_one_is_refused_while_it_is_on_its_way(
    ask: Ask, talk: Conversation
) -> None:
    status, answer = ask("POST", f"inbox/{talk.pk}/answers", {"text": "At nine"})
    assert (status, answer["state"], answer["text"]) == (201, "waiting", "At nine")
    delivery = Delivery.objects.get(pk=answer["delivery"])
    assert delivery.answers["to"]["id"] == talk.top
    assert delivery.answers["root"]["id"] == "1"
    assert ask("POST", f"inbox/{talk.pk}/answers", {"text": "At nine"})[0] == 422
    assert ask("POST", f"inbox/{talk.pk}/answers", {"text": "x" * 501})[0] == 422
    assert [one["text"] for one in ask("GET", f"inbox/{talk.pk}")[1]["answers"]] == ["At nine"]
    assert Delivery.objects.filter(answers__isnull=False).count() == 1


def test_the_post_of_an_answer_is_no_post_of_the_calendar(ask: Ask, talk: Conversation) -> None:
    answer = ask("POST", f"inbox/{talk.pk}/answers", {"text": "At nine"})[1]
    post = Delivery.objects.get(pk=answer["delivery"]).post_id
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/publish"), ("GET", "/versions"), ("GET", "/repeat")):
        assert ask(method, f"posts/{post}{path}")[0] in (404, 405)
    assert ask("POST", "posts/bulk", {"ids": [str(post)], "do": "delete"})[0] != 500
    assert Delivery.objects.filter(post=post).exists()


def test_a_conversation_is_given_to_somebody_noted_and_done(owner: Member, ask: Ask, talk: Conversation) -> None:
    other = people.member(owner, "editor")
    assert ask("PATCH", f"inbox/{talk.pk}", {"assigned": str(other.pk)})[1]["assigned"] == str(other.pk)
    assert ask("PATCH", f"inbox/{talk.pk}", {"assigned": "me"})[1]["assigned"] == str(owner.pk)
    assert [one["id"] for one in ask("GET", "inbox?whose=mine")[1]] == [str(talk.pk)]
    assert ask("POST", f"inbox/{talk.pk}/notes", {"text": "A regular guest"})[0] == 201
    whole = ask("PATCH", f"inbox/{talk.pk}", {"done": True})[1]
    assert whole["done_at"]
    assert whole["assigned"] == str(owner.pk), "what is not named stays as it is"
    assert [note["text"] for note in whole["notes"]] == ["A regular guest"]
    assert ask("PATCH", f"inbox/{talk.pk}", {"assigned": None, "done": False})[1]["assigned"] is None


def test_whoever_may_only_read_answers_nothing_and_strangers_learn_nothing(
    owner: Member, talk: Conversation
) -> None:
    client = asking(people.member(owner, "client"))
    assert client("GET", f"inbox/{talk.pk}")[0] == 200
    assert client("POST", f"inbox/{talk.pk}/answers", {"text": "At nine"})[0] == 403
    assert client("PATCH", f"inbox/{talk.pk}", {"done": True})[0] == 403
    contributor = asking(people.member(owner, "contributor"))
    assert contributor("POST", f"inbox/{talk.pk}/answers", {"text": "At nine"})[0] == 403
    assert contributor("PATCH", f"inbox/{talk.pk}", {"done": True})[0] == 200
    stranger = people.owner()
    assert asking(stranger)("GET", f"inbox/{talk.pk}")[0] == 404
    assert asking(stranger)("POST", f"inbox/{talk.pk}/answers", {"text": "At nine"})[0] == 404


def test_a_member_who_objects_has_nothing_read_any_more_and_what_was_read_forgotten(
    ask: Ask, talk: Conversation
) -> None:
    status, said = ask("POST", f"channels/{talk.channel_id}/hear", {"heard": False, "forget": True})
    assert (status, said["heard"]) == (200, False)
    assert not Listener.objects.get().wanted
    assert ask("GET", "inbox?whose=every") == (200, [])
