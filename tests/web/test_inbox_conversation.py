"""A conversation: what was said, and what each role may do about it. An answer goes out once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import people
from tests.web.test_inbox import heard
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.inbox.models import Answer, Conversation, Message, Note
from tidings.networks.mastodon import Mastodon
from tidings.posts.models import Post, Snippet
from tidings.workspaces.models import Member


def address(found: Conversation, act: str = "") -> str:
    return f"/w/{found.workspace.slug}/inbox/{found.pk}{act}"


def page(member: Member, found: Conversation, query: str = "") -> str:
    answer = people.signed_in(member).get(address(found) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(member: Member, found: Conversation, act: str, **form: Any) -> Any:
    return people.signed_in(member).post(address(found, act), form)


def further(found: Conversation, said: str, minutes: int = 1, **fields: Any) -> Message:
    id = str(uuid4())
    return Message.objects.create(
        conversation=found, channel=found.channel, remote_id=id, text=said, at=clock.now() + timedelta(minutes=minutes),
        receipt={"id": id, "url": "", "extra": {}}, **{"author": "@other", "reply_to": found.top, **fields},
    )  # fmt: skip


def answered(owner: Member, **fields: Any) -> Answer:
    """A conversation with an answer whose delivery is so."""
    found = heard(owner)
    send(owner, found, "/answer", text="At nine")
    made = Answer.objects.get()
    Delivery.objects.filter(pk=made.delivery_id).update(**fields)
    return made


def test_it_shows_our_post_with_its_links_and_each_message_below_what_it_answers() -> None:
    owner = people.owner()
    found = heard(owner)
    further(found, "The first is answered here", 2)
    further(found, "Something beside it", 1, reply_to="")
    shown = page(owner, found)
    assert found.delivery
    assert f"/posts/{found.delivery.post_id}" in shown
    assert "http://mastodon.invalid/@ana/1" in shown
    places = [shown.index(words) for words in ("When do you open", "The first is answered here", "Something beside it")]
    assert places == sorted(places)
    assert "depth-1" in shown


def test_messages_that_answer_one_another_in_a_ring_are_shown_all_the_same() -> None:
    owner = people.owner()
    found = heard(owner)
    one = further(found, "the one")
    other = further(found, "the other", reply_to=one.remote_id)
    Message.objects.filter(pk=one.pk).update(reply_to=other.remote_id)
    shown = page(owner, found)
    assert "the one" in shown
    assert "the other" in shown


def test_what_they_wrote_is_shown_as_words_and_not_as_a_page() -> None:
    owner = people.owner()
    assert "&lt;script&gt;alert(1)" in page(owner, heard(owner, "<script>alert(1)</script>"))


def test_opening_it_marks_it_read_for_those_who_may_do_something() -> None:
    owner = people.owner()
    found = heard(owner)
    for role, new in (("client", True), ("contributor", False)):
        assert "talk-new" in page(people.member(owner, role), found)
        found.refresh_from_db()
        assert found.is_new is new


def test_an_answer_is_sent_once_and_its_way_is_shown() -> None:
    owner = people.owner()
    found = heard(owner)
    answer = send(owner, found, "/answer", message=found.messages.get().pk, text="At nine")
    assert answer.url == address(found)
    shown = page(owner, found)
    assert "At nine" in shown
    assert "On its way" in shown
    assert f'hx-get="{address(found, "/progress")}"' in shown
    assert Delivery.objects.get(answers__isnull=False).item.text == "At nine"


def test_the_form_sent_twice_answers_once() -> None:
    owner = people.owner()
    found = heard(owner)
    for _ in range(2):
        shown = send(owner, found, "/answer", message=found.messages.get().pk, text="At nine")
    assert "out already, or on its way" in shown.content.decode()
    assert Answer.objects.count() == 1


def test_a_refusal_keeps_the_words_and_says_why() -> None:
    owner = people.owner()
    found = heard(owner)
    long = "word " * 120
    shown = send(owner, found, "/answer", message=found.messages.get().pk, text=long).content.decode()
    assert "too long for Mastodon" in shown
    assert long.strip() in shown
    assert "Write something first." in send(owner, found, "/answer", text=" ").content.decode()
    assert not Answer.objects.exists()


def test_the_newest_of_somebody_else_is_answered_unless_another_is_chosen() -> None:
    owner = people.owner()
    found = heard(owner)
    first, newest = found.messages.get(), further(found, "And on Sundays", name="Other")
    further(found, "We said that over there", 2, ours=True)
    assert f'name="message" value="{newest.pk}"' in page(owner, found)
    assert f'name="message" value="{first.pk}"' in page(owner, found, f"?to={first.pk}")
    send(owner, found, "/answer", message=first.pk, text="At nine")
    assert Answer.objects.get().message == first


def test_what_was_deleted_meanwhile_is_not_answered_and_the_words_are_kept() -> None:
    owner = people.owner()
    found = heard(owner)
    for gone in (uuid4(), "nonsense"):
        shown = send(owner, found, "/answer", message=gone, text="At nine").content.decode()
        assert "is not there any more" in shown
        assert "At nine" in shown
    assert not Answer.objects.exists()


def test_answering_may_call_it_done_in_one_go() -> None:
    owner = people.owner()
    found = heard(owner)
    answer = send(owner, found, "/answer", message=found.messages.get().pk, text="At nine", done="yes")
    assert answer.url == f"{people.home(owner)}/inbox"
    found.refresh_from_db()
    assert found.done_at


def test_what_is_not_sent_is_not_done() -> None:
    owner = people.owner()
    found = heard(owner)
    send(owner, found, "/answer", message=found.messages.get().pk, text="", done="yes")
    found.refresh_from_db()
    assert found.done_at is None


def test_a_saved_reply_is_put_behind_what_is_typed_and_sends_nothing() -> None:
    owner = people.owner()
    found = heard(owner)
    client = people.signed_in(owner)
    kept = {"kind": "reply", "name": "Hours", "text": "From six to five"}
    client.post(f"{people.home(owner)}/settings/snippets", kept)
    reply = Snippet.objects.get(kind="reply")
    assert "Hours" in page(owner, found)
    shown = send(owner, found, "/answer", message=found.messages.get().pk, text="Hello!", insert=reply.pk)
    assert "Hello!\nFrom six to five</textarea>" in shown.content.decode()
    assert not Answer.objects.exists()
    assert "Hours" not in client.get(f"{people.home(owner)}/compose").content.decode()


def test_the_length_is_told_as_the_network_counts() -> None:
    owner = people.owner()
    found = heard(owner)
    link = "https://example.org/" + "a" * 100
    shown = send(owner, found, "/length", message=found.messages.get().pk, text=link).content.decode()
    assert "23 of 500" in shown
    shown = send(owner, found, "/length", message=found.messages.get().pk, text="x" * 501).content.decode()
    assert "too long for Mastodon" in shown
    assert send(owner, found, "/length", message=uuid4()).status_code == 404


@pytest.mark.parametrize(("state", "words", "button"), [
    ("delivered", "Sent", ""), ("failed", "because of this", "/retry"), ("unsure", "did this appear?", "/resolve"),
    ("held", "Held back", "/retry"), ("cancelled", "Not sent", "/retry"),
])  # fmt: skip
def test_an_answer_says_what_became_of_it_and_offers_the_next_step(state: str, words: str, button: str) -> None:
    owner = people.owner()
    receipt = {"id": "9", "url": "http://mastodon.invalid/9"} if state == "delivered" else None
    made = answered(owner, state=state, reason="because of this" if state == "failed" else "", receipt=receipt)
    shown = page(owner, made.conversation)
    assert words in shown
    assert (f"/deliveries/{made.delivery_id}{button}" in shown) is bool(button)
    assert ("http://mastodon.invalid/9" in shown) is (state == "delivered")
    assert f"/posts/{made.delivery.post_id}/edit" not in shown


def test_the_page_of_an_answers_post_is_its_conversation_and_nothing_else_is_there() -> None:
    owner = people.owner()
    made = answered(owner, state="failed", reason="no")
    client, post = people.signed_in(owner), f"{people.home(owner)}/posts/{made.delivery.post_id}"
    assert client.get(post).url == address(made.conversation)
    for path in ("/look", "/progress", "/edit", "/history", "/history?version=1"):
        assert client.get(post + path).status_code == 404, path
    for path in ("/cancel", "/publish", "/delete", "/duplicate", "/versions/1/restore", "/repeat/stop"):
        assert client.post(post + path).status_code == 404, path
    assert Post.objects.filter(pk=made.delivery.post_id).exists()
    assert people.signed_in(people.owner()).get(post).status_code == 404


def test_needs_attention_leads_to_the_conversation_and_offers_what_an_answer_can_have() -> None:
    owner = people.owner()
    made = answered(owner, state="failed", reason="no")
    shown = people.signed_in(owner).get(f"{people.home(owner)}/attention").content.decode()
    assert "At nine" in shown
    assert f"/posts/{made.delivery.post_id}/edit" not in shown
    assert f"/deliveries/{made.delivery_id}/retry" in shown
    answer = people.signed_in(owner).post(f"{people.home(owner)}/deliveries/{made.delivery_id}/retry", follow=True)
    assert answer.redirect_chain[-1][0] == address(made.conversation)


def test_it_is_given_to_whoever_may_write_and_taken_back() -> None:
    owner = people.owner()
    found, editor, client = heard(owner), people.member(owner, "editor"), people.member(owner, "client")
    for to, expected in ((editor.pk, editor), (client.pk, editor), ("", None), (people.owner().pk, None)):
        send(owner, found, "/assign", to=to)
        found.refresh_from_db()
        assert found.assigned == expected
    assert f'value="{client.pk}"' not in page(owner, found)


def test_a_note_is_for_members_and_no_network_gets_it() -> None:
    owner = people.owner()
    found = heard(owner)
    send(owner, found, "/note", text="Comes every week")
    send(owner, found, "/note", text=" ")
    assert Note.objects.count() == 1
    assert "Comes every week" in page(owner, found)
    assert "Only members see this" in page(owner, found)
    assert not Delivery.objects.filter(answers__isnull=False).exists()


def test_it_is_called_done_and_opened_again() -> None:
    owner = people.owner()
    found = heard(owner)
    assert send(owner, found, "/done", done="yes").url == f"{people.home(owner)}/inbox"
    assert "Reopen" in page(owner, found)
    assert send(owner, found, "/done", done="no").url == address(found)
    found.refresh_from_db()
    assert found.done_at is None


@pytest.mark.parametrize(("role", "answers", "writes"), [
    ("editor", True, True), ("contributor", False, True), ("client", False, False),
])  # fmt: skip
def test_each_role_is_offered_what_it_may(role: str, answers: bool, writes: bool) -> None:
    owner = people.owner()
    found, member = heard(owner), people.member(owner, role)
    shown = page(member, found)
    assert ('name="message"' in shown) is answers
    assert ("Add the note" in shown and "Mark done" in shown) is writes
    assert (send(member, found, "/answer", text="At nine").status_code == 403) is not answers
    assert (send(member, found, "/note", text="x").status_code == 403) is not writes


def test_where_a_network_takes_no_answer_the_page_says_where_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = people.owner()
    found = heard(owner)
    monkeypatch.setattr(Mastodon, "answerable", False)
    shown = page(owner, found)
    assert "takes no answers from a program" in shown
    assert found.messages.get().receipt["url"] in shown
    assert 'name="message"' not in shown


def test_a_channels_page_has_the_switch_and_forgets_on_demand() -> None:
    owner = people.owner()
    found = heard(owner)
    client, there = people.signed_in(owner), f"{people.home(owner)}/channels/{found.channel_id}"
    assert "Read no messages" in client.get(there).content.decode()
    shown = client.post(f"{there}/hear", {"act": "off"}, follow=True).content.decode()
    assert "What others write to it is not read." in shown
    assert "Read no messages" in client.post(f"{there}/hear", {"act": "on"}, follow=True).content.decode()
    client.post(f"{there}/hear", {"act": "forget"})
    assert not Conversation.objects.exists()
    assert people.signed_in(people.member(owner, "editor")).post(f"{there}/hear").status_code == 403
