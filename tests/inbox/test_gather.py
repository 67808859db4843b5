"""What others write is gathered once, into its conversation, behind publishing, and only where somebody wants it."""

from datetime import timedelta

import pytest

from tests.conftest import Town
from tests.inbox.conftest import SOON, Publish, gathered, only
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.inbox.gather import listen
from tidings.inbox.handle import note
from tidings.inbox.models import Conversation, Listener, Message
from tidings.inbox.retain import let_go
from tidings.inbox.switch import forget_inbox, hear
from tidings.inbox.turns import has_turn
from tidings.networks.answered import Cut
from tidings.posts.models import Post
from tidings.workspaces.models import Member

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_comment_is_gathered_once_with_the_post_that_it_is_under(
    town: Town, channel: Channel, publish: Publish
) -> None:
    out = publish(channel)
    town[channel.network].remark("Nice to hear", on=out.receipt["id"])
    assert gathered() == 1
    assert gathered(clock.now() + SOON) == 0
    message = only()
    assert (message.text, message.conversation.delivery, message.conversation.is_new) == ("Nice to hear", out, True)


def test_what_hangs_below_a_comment_is_in_the_same_conversation(
    town: Town, channel: Channel, publish: Publish
) -> None:
    out, there = publish(channel), town[channel.network]
    first = there.remark("Nice to hear", on=out.receipt["id"])
    there.remark("Another matter", on=out.receipt["id"])
    gathered()
    there.remark("I think so too", on=out.receipt["id"], reply_to=first, author="another")
    gathered(clock.now() + SOON)
    of = [list(one.messages.values_list("text", flat=True)) for one in Conversation.objects.order_by("-last_at")]
    assert sorted(of) == [["Another matter"], ["Nice to hear", "I think so too"]]


def test_the_parts_of_a_thread_are_no_messages_to_ourselves(town: Town, channel: Channel, publish: Publish) -> None:
    publish(channel, "One", "Two", "Three")
    assert gathered() == 0
    assert not Message.objects.exists()


def test_what_is_under_a_later_part_of_a_thread_is_gathered_by_the_look_at_its_first(
    town: Town, channel: Channel, publish: Publish
) -> None:
    first, there = publish(channel, "One", "Two"), town[channel.network]
    (second,) = Delivery.objects.filter(after=first)
    there.remark("Tell me more", on=first.receipt["id"], reply_to=second.receipt["id"])
    before = there.requests("/context")
    assert gathered() == 1
    assert there.requests("/context") - before == 1
    assert only().conversation.delivery == first


def test_what_no_database_can_keep_is_left_out_of_what_a_stranger_wrote(
    town: Town, channel: Channel, publish: Publish
) -> None:
    out = publish(channel)
    town[channel.network].remark("Ring\0ring", on=out.receipt["id"])
    assert gathered() == 1
    assert only().text == "Ringring"


def test_who_writes_again_opens_what_was_done(town: Town, channel: Channel, publish: Publish) -> None:
    out, there = publish(channel), town[channel.network]
    first = there.remark("Nice to hear", on=out.receipt["id"])
    gathered()
    Conversation.objects.update(done_at=clock.now())
    with clock.shifted(MINUTE):
        there.remark("One thing more", on=out.receipt["id"], reply_to=first)
    gathered(clock.now() + SOON)
    assert Conversation.objects.get().done_at is None


def test_what_was_deleted_over_there_goes_and_what_was_changed_is_shown_as_it_is_now(
    town: Town, channel: Channel, publish: Publish
) -> None:
    out, there = publish(channel), town[channel.network]
    there.remark("Stays", on=out.receipt["id"])
    gone = there.remark("Goes", on=out.receipt["id"])
    gathered()
    assert Message.objects.count() == 2
    del there.remarks[gone]
    gathered(clock.now() + SOON)
    assert list(Message.objects.values_list("text", flat=True)) == ["Stays"]
    assert Conversation.objects.count() == 1


def test_what_was_deleted_and_comes_back_is_in_the_conversation_that_somebody_had_noted_something_about(
    town: Town, member: Member, channel: Channel, publish: Publish
) -> None:
    out, there = publish(channel), town[channel.network]
    id = there.remark("Goes and comes", on=out.receipt["id"])
    gathered()
    note(member, Conversation.objects.get(), "A regular guest")
    remark = there.remarks.pop(id)
    gathered(clock.now() + SOON)
    assert not Message.objects.exists()
    there.remarks[id] = remark
    gathered(clock.now() + 2 * SOON)
    assert only().conversation.notes.get().text == "A regular guest"


def test_a_look_that_could_not_list_everything_says_nothing_of_what_is_missing(
    town: Town, channel: Channel, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = publish(channel)
    town[channel.network].remark("Nice to hear", on=out.receipt["id"])
    gathered()
    monkeypatch.setattr(channel.speaks, "inbox", lambda *of: Cut())
    gathered(clock.now() + SOON)
    assert Message.objects.count() == 1
    monkeypatch.setattr(channel.speaks, "inbox", lambda *of: [])
    gathered(clock.now() + 2 * SOON)
    assert not Message.objects.exists()


def test_a_channel_that_publishes_in_a_moment_is_left_alone(
    town: Town, member: Member, channel: Channel, publish: Publish, write: object
) -> None:
    out = publish(channel)
    town[channel.network].remark("Nice to hear", on=out.receipt["id"])
    schedule(member, write([channel], "Next"), clock.now() + timedelta(seconds=5))  # type: ignore[operator]
    assert gathered() == 0
    assert Listener.objects.get().heard_at is None


def test_a_channel_whose_member_objects_is_not_listened_to_and_can_be_forgotten(
    town: Town, member: Member, channel: Channel, publish: Publish
) -> None:
    out = publish(channel)
    town[channel.network].remark("Nice to hear", on=out.receipt["id"])
    hear(member, channel, yes=False)
    assert gathered() == 0
    hear(member, channel, yes=True)
    assert gathered() == 1
    assert forget_inbox(member, channel) == 1
    assert not Message.objects.exists()
    assert not Conversation.objects.exists()


def test_a_network_that_tells_nothing_is_asked_again_later_and_the_channel_goes_on(
    town: Town, channel: Channel, publish: Publish
) -> None:
    publish(channel)
    town[channel.network].trick("down", "GET", times=3)
    assert gathered() == 0
    listener = Listener.objects.get()
    assert listener.trouble
    assert listener.again_at > clock.now() + 20 * MINUTE
    assert Channel.objects.get().paused == ""


def test_others_words_are_kept_for_as_long_as_the_operator_says_and_not_taken_in_again(
    town: Town, channel: Channel, publish: Publish, monkeypatch: object
) -> None:
    out = publish(channel)
    town[channel.network].remark("Nice to hear", on=out.receipt["id"])
    gathered()
    assert let_go(clock.now() + 89 * DAY) == 0
    assert let_go(clock.now() + 91 * DAY) == 1
    assert not Conversation.objects.exists()
    assert Post.objects.count() == 1


def test_a_post_has_its_turn_often_while_it_is_young_and_after_a_month_no_more() -> None:
    out = clock.now()
    turns = [n for n in range(35 * 24 * 6) if has_turn(out, out + (n - 1) * 10 * MINUTE, out + n * 10 * MINUTE)]
    young = [n for n in turns if n <= 144]
    assert len(young) >= 143
    assert 140 <= len([n for n in turns if 144 < n <= 7 * 144]) <= 145
    assert max(turns) <= 30 * 144
    assert 44 <= len([n for n in turns if n > 7 * 144]) <= 47


def test_posts_that_are_out_for_longer_than_a_month_cost_no_question(
    town: Town, channel: Channel, publish: Publish
) -> None:
    publish(channel)
    Delivery.objects.update(delivered_at=clock.now() - 31 * DAY)
    listen(clock.now())
    before = len(town[channel.network].seen)
    gathered()
    assert len(town[channel.network].seen) == before
