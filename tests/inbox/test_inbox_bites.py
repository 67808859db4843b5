"""What looks after the inbox is tested itself: each deliberate breakage must turn a test of it red."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Town
from tests.inbox import test_answer as answers
from tests.inbox import test_gather as gathers
from tests.inbox.conftest import Publish, gathered, only
from tidings.analytics import take_up
from tidings.channels.models import Channel
from tidings.deliveries import deliver, sift
from tidings.inbox import answer, gather, keep, retain, switch
from tidings.inbox.models import Conversation, Listener, Message

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.alike  # what is broken is no statement of a database's


@pytest.fixture
def message(town: Town, channel: Channel, publish: Publish) -> Message:
    """Somebody's comment under a post of ours."""
    town[channel.network].remark("When do you open", on=publish(channel).receipt["id"])
    gathered()
    return only()


def an_answer_may_be_given_twice(patch: Patch) -> None:
    patch.setattr(answer, "OVER", ("waiting", "sending", "settling", "delivered", "failed", "cancelled"))


def an_answer_goes_out_as_a_post_of_its_own(patch: Patch) -> None:
    patch.setattr(deliver, "_answer", lambda delivery, _to: deliver.outgoing(
        delivery.item, delivery.variant, delivery.channel
    ))  # fmt: skip


def answers_stand_on_the_calendar(patch: Patch) -> None:
    patch.setattr(sift, "sift", lambda posts, by: posts)
    patch.setattr("tidings.deliveries.calendar.sift", lambda posts, by: posts)


def answers_are_counted_in_the_report(patch: Patch) -> None:
    whole = take_up.Delivery.objects
    patch.setattr(take_up, "_new", lambda channels, since: whole.filter(
        channel__in=channels, state="delivered", delivered_at__gt=since, standing=None
    ).select_related("item"))  # fmt: skip


def our_own_words_are_messages(patch: Patch) -> None:
    known = keep._known

    def forgetful(*of: Any) -> keep.Known:
        found = known(*of)
        found.ours.clear()
        return found

    patch.setattr(keep, "_known", forgetful)


def a_reply_begins_a_conversation(patch: Patch) -> None:
    patch.setattr(keep.Known, "above", lambda self, one: None)


def what_is_done_stays_done(patch: Patch) -> None:
    patch.setattr(keep, "_grow", lambda conversation, one: None)


def what_was_deleted_stays(patch: Patch) -> None:
    patch.setattr(keep, "_deleted", lambda *of: None)


def nobody_is_asked_whether_they_want_it(patch: Patch) -> None:
    patch.setattr(switch, "hear", lambda *of, **more: None)
    patch.setattr(gathers, "hear", lambda *of, **more: None)


def publishing_does_not_come_first(patch: Patch) -> None:
    patch.setattr(gather, "busy", lambda channels, now: set())


def what_goes_wrong_pauses_the_channel(patch: Patch) -> None:
    put_off = gather.reading.put_off

    def harsh(channel: Channel, *more: Any) -> Any:
        Channel.objects.filter(pk=channel.pk).update(paused="no")
        return put_off(channel, *more)

    patch.setattr(gather.reading, "put_off", harsh)


def others_words_are_kept_for_ever(patch: Patch) -> None:
    patch.setattr(retain, "oldest", lambda speaks, now: Listener.objects.get().again_at.replace(year=2000))
    patch.setattr(keep, "oldest", lambda speaks, now: Listener.objects.get().again_at.replace(year=2000))


def answers_outlive_what_they_answered(patch: Patch) -> None:
    patch.setattr(retain, "forget", lambda found: Conversation.objects.filter(pk__in=found.values("pk")).delete())


def whatever_is_too_long_is_tried(patch: Patch) -> None:
    patch.setattr(answer, "problems", lambda message, text: [])


def old_posts_are_looked_under_for_ever(patch: Patch) -> None:
    patch.setattr(gather, "has_turn", lambda *of: True)
    patch.setattr(gather, "OLDEST", gather.OLDEST * 100)


BREAKAGES: list[tuple[Callable[[Patch], None], Callable[..., None]]] = [
    (an_answer_may_be_given_twice, answers.test_the_same_answer_is_not_given_twice_unless_the_first_failed),
    (an_answer_goes_out_as_a_post_of_its_own, answers.test_an_answer_goes_out_once_below_what_it_answers),
    (answers_stand_on_the_calendar, answers.test_an_answer_is_not_on_the_calendar_and_not_in_the_report),
    (answers_are_counted_in_the_report, answers.test_an_answer_is_not_on_the_calendar_and_not_in_the_report),
    (our_own_words_are_messages,
     answers.test_our_answer_is_no_message_and_what_is_said_to_it_is_in_the_same_conversation),
    (a_reply_begins_a_conversation, gathers.test_what_hangs_below_a_comment_is_in_the_same_conversation),
    (what_is_done_stays_done, gathers.test_who_writes_again_opens_what_was_done),
    (what_was_deleted_stays,
     gathers.test_what_was_deleted_over_there_goes_and_what_was_changed_is_shown_as_it_is_now),
    (nobody_is_asked_whether_they_want_it,
     gathers.test_a_channel_whose_member_objects_is_not_listened_to_and_can_be_forgotten),
    (publishing_does_not_come_first, gathers.test_a_channel_that_publishes_in_a_moment_is_left_alone),
    (what_goes_wrong_pauses_the_channel,
     gathers.test_a_network_that_tells_nothing_is_asked_again_later_and_the_channel_goes_on),
    (others_words_are_kept_for_ever,
     gathers.test_others_words_are_kept_for_as_long_as_the_operator_says_and_not_taken_in_again),
    (answers_outlive_what_they_answered, answers.test_an_answer_goes_with_what_it_answered),
    (whatever_is_too_long_is_tried, answers.test_what_the_network_would_refuse_is_said_before_anything_is_sent),
    (old_posts_are_looked_under_for_ever, gathers.test_posts_that_are_out_for_longer_than_a_month_cost_no_question),
]


@pytest.mark.parametrize(("breakage", "test"), BREAKAGES, ids=[each[0].__name__ for each in BREAKAGES])
def test_a_deliberate_breakage_turns_a_test_red(
    monkeypatch: Patch, request: pytest.FixtureRequest, transactional_db: None,
    breakage: Callable[[Patch], None], test: Callable[..., None],
) -> None:
    names = test.__code__.co_varnames[: test.__code__.co_argcount]
    given = {name: request.getfixturevalue(name) for name in names}
    breakage(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        test(**given)
