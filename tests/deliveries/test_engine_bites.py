"""The engine's tests are tested themselves: each deliberate breakage must turn the named one red."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError

from tests.deliveries import test_late as lateness
from tests.deliveries import test_limits as limiting
from tests.deliveries import test_wake as waking
from tests.deliveries import test_worker as working
from tests.simulation.breakages import unfenced
from tidings.deliveries import claim, limits, record, wake
from tidings.deliveries import worker as worker_module
from tidings.deliveries.claim import Head
from tidings.deliveries.journal import Journal

Patch = pytest.MonkeyPatch
Test = Callable[..., None]


def changed(patch: Patch, module: Any, name: str, old: str, new: str) -> None:
    """A statement with one thing wrong."""
    text = getattr(module, name)
    assert old in text, f"{name} has no {old!r} to break"
    patch.setattr(module, name, text.replace(old, new))


def whoever_saves_a_journal_is_believed(patch: Patch) -> None:
    unfenced(patch, "SAVE")


def whoever_records_is_believed(patch: Patch) -> None:
    unfenced(patch, "END")


def a_lease_that_holds_is_taken_over(patch: Patch) -> None:
    changed(patch, claim, "TAKE", "state = 'sending' AND lease_until < %s", "state = 'sending' AND %s IS NOT NULL")
    patch.setattr(Head, "wait", lambda self, now: None)


def the_latest_of_a_lane_goes_first(patch: Patch) -> None:
    changed(patch, claim, "HEADS", "ORDER BY w.due_at, w.id", "ORDER BY w.due_at DESC, w.id DESC")


def a_part_does_not_wait_for_the_part_before(patch: Patch) -> None:
    changed(patch, claim, "HEADS", "AND (w.after_id IS NULL OR b.state = 'delivered')", "")
    changed(patch, claim, "HEADS", "ORDER BY w.due_at, w.id", "ORDER BY w.due_at, w.id DESC")


def a_paused_channel_is_sent_to(patch: Patch) -> None:
    changed(patch, claim, "HEADS", "c.paused, d.id", "'', d.id")


def what_is_not_due_goes_out(patch: Patch) -> None:
    changed(patch, claim, "TAKE", "again_at <= %s", "%s IS NOT NULL")
    patch.setattr(Head, "wait", lambda self, now: None)


def a_thread_goes_on_after_a_part_that_failed(patch: Patch) -> None:
    patch.setattr(record, "end_followers", lambda delivery: None)


def a_post_that_failed_keeps_no_reason(patch: Patch) -> None:
    changed(patch, record, "END", "reason = v.reason", "reason = ''")


def nothing_is_written_of_a_try(patch: Patch) -> None:
    patch.setattr(record, "ATTEMPT", record.ATTEMPT + " WHERE 1 = 0")


def retry_after_is_ignored(patch: Patch) -> None:
    changed(patch, record, "END", "again_at = v.again", "again_at = due_at")


def what_a_lost_post_may_be_is_never_asked(patch: Patch) -> None:
    patch.setattr(Journal, "lost", property(lambda self: False))


def whoever_changes_a_delivery_tells_nobody(patch: Patch) -> None:
    patch.setattr(wake, "wake", lambda channels: None)


def the_bell_is_not_rung(patch: Patch) -> None:
    patch.setattr(wake, "ring", lambda: None)


def a_record_puts_off_who_was_woken(patch: Patch) -> None:
    changed(patch, record, "AGAIN", "AND (wake_at IS NULL OR wake_at > v.again)", "")


def an_empty_lane_is_looked_at_for_ever(patch: Patch) -> None:
    patch.setattr(claim, "_wake_at", lambda head, wait, now: wait or now)


def a_workspace_with_many_lanes_goes_before_one_with_one(patch: Patch) -> None:
    changed(patch, claim, "LANES", "PARTITION BY workspace_id ", "")


def tokens_are_not_spent(patch: Patch) -> None:
    changed(patch, limits, "SPEND", "SET tokens = excluded.tokens", "SET tokens = 1000")


def tokens_come_back_at_once(patch: Patch) -> None:
    patch.setattr(limits, "_filled", lambda rate, row, now: float(rate.most))


def one_bucket_is_emptied_while_another_refuses(patch: Patch) -> None:
    def spend(ask: Any, kept: Any, buckets: Any, now: Any) -> Any:
        answer = None
        for key, rate in limits._rates(ask):
            bucket = buckets.setdefault(key, limits.Bucket(rate, limits._filled(rate, kept.get(key), now)))
            answer = answer or (bucket.next(now) if bucket.tokens < 1 else None)
            bucket.tokens -= 1
        return answer

    patch.setattr(limits, "_spend", spend)


def a_days_cap_is_not_counted(patch: Patch) -> None:
    patch.setattr(limits, "_capped", lambda ask, now: None)


def what_the_network_said_is_not_kept(patch: Patch) -> None:
    patch.setattr(limits, "close", lambda channel, scope, until, now: None)


def what_one_channel_heard_is_for_it_alone(patch: Patch) -> None:
    patch.setattr(limits, "_shut_by", lambda ask: (limits._key(ask.network, "channel", ask.channel),))


def what_is_too_late_is_sent(patch: Patch) -> None:
    patch.setattr(worker_module, "hold_late", lambda now: 0)
    patch.setattr(Head, "_is_late", lambda self, now: False)


BREAKAGES: list[tuple[Callable[[Patch], None], Test]] = [
    (whoever_saves_a_journal_is_believed,
     working.test_a_worker_that_was_only_slow_cannot_save_or_record_after_its_heir),
    (whoever_records_is_believed, working.test_a_worker_that_was_only_slow_cannot_save_or_record_after_its_heir),
    (a_lease_that_holds_is_taken_over, working.test_a_channel_keeps_its_order_and_never_has_two_in_flight),
    (the_latest_of_a_lane_goes_first, working.test_a_channel_keeps_its_order_and_never_has_two_in_flight),
    (a_part_does_not_wait_for_the_part_before,
     working.test_a_thread_goes_out_part_by_part_each_hanging_on_the_one_before),
    (a_paused_channel_is_sent_to, working.test_a_paused_channel_waits_and_a_resumed_one_goes_on),
    (what_is_not_due_goes_out, working.test_a_scheduled_post_goes_out_at_its_time_and_leaves_a_receipt),
    (a_thread_goes_on_after_a_part_that_failed,
     working.test_a_refused_post_fails_with_the_networks_words_and_takes_its_thread_along),
    (a_post_that_failed_keeps_no_reason,
     working.test_a_refused_post_fails_with_the_networks_words_and_takes_its_thread_along),
    (nothing_is_written_of_a_try, working.test_a_scheduled_post_goes_out_at_its_time_and_leaves_a_receipt),
    (retry_after_is_ignored, working.test_retry_after_is_kept_to),
    (what_a_lost_post_may_be_is_never_asked, working.test_a_lost_answer_is_looked_for_and_found),
    (whoever_changes_a_delivery_tells_nobody, waking.test_every_verb_wakes_the_lanes_it_may_have_opened),
    (the_bell_is_not_rung, waking.test_what_is_published_now_does_not_wait_for_the_next_poll),
    (a_record_puts_off_who_was_woken, waking.test_an_overheard_wake_is_not_put_off_by_a_record_that_comes_after_it),
    (an_empty_lane_is_looked_at_for_ever, waking.test_a_lane_sleeps_for_good_only_when_nothing_of_it_is_under_way),
    (a_workspace_with_many_lanes_goes_before_one_with_one,
     limiting.test_a_hundred_due_posts_of_one_workspace_do_not_stand_before_the_single_one_of_another),
    (tokens_are_not_spent, limiting.test_a_channel_sends_no_more_than_its_networks_rate_and_goes_on_as_tokens_come),
    (tokens_come_back_at_once, limiting.test_all_channels_of_one_app_share_its_rate),
    (one_bucket_is_emptied_while_another_refuses,
     limiting.test_a_bucket_that_two_rates_fill_loses_no_token_to_the_one_that_refuses),
    (a_days_cap_is_not_counted,
     limiting.test_a_days_cap_is_counted_from_what_went_out_and_ends_when_the_oldest_is_a_day_old),
    (what_the_network_said_is_not_kept,
     limiting.test_what_the_network_says_is_used_up_is_not_asked_for_again_before_its_time),
    (what_one_channel_heard_is_for_it_alone,
     limiting.test_an_apps_limit_that_one_channel_hears_of_holds_for_all_of_them),
    (what_is_too_late_is_sent, lateness.test_two_workers_that_wake_together_send_nothing_that_is_too_late),
]


asleep = waking.asleep  # a fixture that some of these tests ask for


def called(test: Test, request: pytest.FixtureRequest) -> None:
    """The test, with the fixtures it asks for."""
    test(**{name: request.getfixturevalue(name) for name in inspect.signature(test).parameters})


@pytest.mark.parametrize(("breakage", "test"), BREAKAGES, ids=lambda value: value.__name__)
def test_a_deliberate_breakage_of_the_engine_turns_a_test_red(
    transactional_db: None, request: pytest.FixtureRequest, monkeypatch: Patch,
    breakage: Callable[[Patch], None], test: Test,
) -> None:
    breakage(monkeypatch)
    with pytest.raises((Exception, pytest.fail.Exception)) as red:
        called(test, request)
    assert not isinstance(red.value, OperationalError | ProgrammingError), "the breakage is no SQL"
