"""An answer is a delivery: it goes out once, in its place, and stands in the inbox, not on the calendar."""

from datetime import timedelta

import pytest

from tests import people
from tests.conftest import Town
from tests.inbox.conftest import SOON, Publish, gathered, only
from tidings.analytics.models import Standing
from tidings.analytics.take_up import take_up
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.calendar import Window, entries
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import Refused, cancel, retry
from tidings.deliveries.worker import Worker
from tidings.inbox.answer import answer
from tidings.inbox.handle import assign, done, note, see
from tidings.inbox.models import Answer, Conversation, Message
from tidings.inbox.retain import let_go
from tidings.posts.models import Post
from tidings.workspaces.models import Member


@pytest.fixture
def message(town: Town, channel: Channel, publish: Publish) -> Message:
    """Somebody's comment under a post of ours."""
    town[channel.network].remark("When do you open", on=publish(channel).receipt["id"])
    gathered()
    return only()


def test_an_answer_goes_out_once_below_what_it_answers(
    town: Town, member: Member, message: Message, worker: Worker
) -> None:
    there = town[message.channel.network]
    before = set(there.posts)
    made = answer(member, message, " At nine ")
    worker.run_until_idle()
    made.delivery.refresh_from_db()
    assert made.delivery.state == "delivered"
    (new,) = set(there.posts) - before
    assert there.posts[new]["in_reply_to_id"] == message.remote_id
    assert "At nine" in there.posts[new]["content"]


def test_the_same_answer_is_not_given_twice_unless_the_first_failed(
    member: Member, message: Message, worker: Worker
) -> None:
    answer(member, message, "At nine")
    with pytest.raises(Refused, match="out already"):
        answer(member, message, "At nine ")
    Delivery.objects.filter(answers__isnull=False).update(state="failed")
    answer(member, message, "At nine")
    worker.run_until_idle()
    assert Answer.objects.count() == 2


def test_one_that_was_taken_back_and_given_anew_is_not_sent_beside_it(
    member: Member, message: Message, worker: Worker
) -> None:
    first = answer(member, message, "At nine").delivery
    cancel(member, first)
    answer(member, message, "At nine")
    with pytest.raises(Refused, match="anew"):
        retry(member, Delivery.objects.get(pk=first.pk))
    worker.run_until_idle()
    assert Delivery.objects.filter(answers__isnull=False, state="delivered").count() == 1


def test_what_the_network_would_refuse_is_said_before_anything_is_sent(member: Member, message: Message) -> None:
    for text in ("", "   ", "x" * 501):
        with pytest.raises(Refused):
            answer(member, message, text)
    assert not Answer.objects.exists()


def test_our_answer_is_no_message_and_what_is_said_to_it_is_in_the_same_conversation(
    town: Town, member: Member, message: Message, worker: Worker
) -> None:
    made = answer(member, message, "At nine")
    worker.run_until_idle()
    made.delivery.refresh_from_db()
    there, post = town[message.channel.network], message.conversation.delivery.receipt["id"]
    there.remark("Thank you", on=post, reply_to=made.delivery.receipt["id"])
    assert gathered(clock.now() + SOON) == 1
    said = Conversation.objects.get().messages.values_list("text", flat=True)
    assert list(said) == ["When do you open", "Thank you"]


def test_an_answer_is_not_on_the_calendar_and_not_in_the_report(
    member: Member, message: Message, worker: Worker
) -> None:
    answer(member, message, "At nine")
    worker.run_until_idle()
    day = timedelta(days=1)
    shown = entries(member.workspace, Window(clock.now() - day, clock.now() + day))
    assert [entry.post for entry in shown] == [Post.objects.get(answer=False).pk]
    take_up(clock.now() + day)
    assert Standing.objects.count() == 1


def test_an_answer_is_not_what_its_channel_published_last(member: Member, message: Message, worker: Worker) -> None:
    made = answer(member, message, "At nine")
    worker.run_until_idle()
    assert Delivery.objects.get(pk=made.pk).state == "delivered"
    said = people.signed_in(member).get(f"{people.api(member)}/channels/{message.channel_id}").json()
    assert said["last"]["post"] == str(Post.objects.get(answer=False).pk)


def test_an_answer_goes_with_what_it_answered(member: Member, message: Message, worker: Worker) -> None:
    answer(member, message, "At nine")
    worker.run_until_idle()
    let_go(clock.now() + timedelta(days=91))
    assert not Answer.objects.exists()
    assert not Post.objects.filter(answer=True).exists()


def test_a_conversation_is_seen_assigned_noted_and_done(member: Member, message: Message) -> None:
    conversation = message.conversation
    see(conversation)
    assign(member, conversation, member)
    note(member, conversation, "Regular guest")
    done(member, conversation, yes=True)
    conversation.refresh_from_db()
    assert (conversation.is_new, conversation.assigned, bool(conversation.done_at)) == (False, member, True)
    assert conversation.notes.get().text == "Regular guest"
    done(member, conversation, yes=False)
    conversation.refresh_from_db()
    assert conversation.done_at is None
