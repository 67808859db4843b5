"""Deliberate breakages of the engine, each of which the simulation must find: so it is known to be able to fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tidings.core import clock
from tidings.database import sql
from tidings.deliveries import claim, deliver, limits, record, schedule, send
from tidings.deliveries.journal import Journal
from tidings.deliveries.models import Delivery

Patch = pytest.MonkeyPatch
FENCED = " AND deliveries_delivery.fence = v.fence AND deliveries_delivery.state = 'sending'"


@dataclass(frozen=True)
class ByIdAlone:
    """Claims of which only the delivery counts, and not its fence."""

    ids: frozenset[UUID]

    def __contains__(self, claim: tuple[UUID, int]) -> bool:
        return claim[0] in self.ids


def unfenced(patch: Patch, *names: str) -> None:
    """These statements of record.py without their fence."""
    for name in names:
        text = getattr(record, name)
        assert FENCED in text
        patch.setattr(record, name, text.replace(FENCED, ""))
    patch.setattr(record, "_claims", lambda rows: ByIdAlone(frozenset(sql.id_of(id) for id, _fence in rows)))


def the_fence_is_not_checked(patch: Patch) -> None:
    unfenced(patch, "SAVE", "END")


def the_mark_is_not_saved_before_the_call(patch: Patch) -> None:
    def commit(self: Journal, call: Callable[[], Any]) -> Any:
        result = call()
        now = self.now().isoformat()
        self.data["commit"] = {"first": now, "last": now, "tries": 1, "looks": 0, "absent": 0, "result": result}
        self.save(self.data)
        return result

    patch.setattr(Journal, "commit", commit)


def the_order_of_a_channel_is_ignored(patch: Patch) -> None:
    patch.setattr(claim, "HEADS", claim.HEADS.replace("ORDER BY w.due_at, w.id", "ORDER BY w.due_at DESC, w.id"))


def the_part_before_is_not_waited_for(patch: Patch) -> None:
    gate = "(w.after_id IS NULL OR b.state = 'delivered')"
    patch.setattr(claim, "HEADS", claim.HEADS.replace(gate, "1 = 1"))


def scheduling_wakes_nobody(patch: Patch) -> None:
    patch.setattr(schedule, "wake_post", lambda post: None)


def recording_does_not_look_for_the_next(patch: Patch) -> None:
    patch.setattr(record, "_look_again", lambda rows: None)


def leases_are_not_respected(patch: Patch) -> None:
    wait = claim.Head.wait
    patch.setattr(claim, "TAKE", claim.TAKE.replace("lease_until < %s", "fence >= 0 OR lease_until < %s"))
    takes = lambda self, now, orphans=True: None if self.state == "sending" else wait(self, now)  # noqa: E731
    patch.setattr(claim.Head, "wait", takes)


def posts_can_be_changed_while_they_are_sent(patch: Patch) -> None:
    patch.setattr(Delivery, "on_its_way", property(lambda self: False))


def tokens_are_not_spent(patch: Patch) -> None:
    patch.setattr(limits, "_spend", lambda ask, kept, buckets, now: None)


def the_longest_waiting_goes_first_whoever_it_belongs_to(patch: Patch) -> None:
    patch.setattr(claim, "LANES", claim.LANES.replace("ORDER BY turn, wake_at", "ORDER BY wake_at").replace(
        "ORDER BY due.turn, due.wake_at", "ORDER BY due.wake_at"))


def everything_is_repeated_for_ever(patch: Patch) -> None:
    patch.setattr(send, "_may_repeat", lambda network, outgoing, journal: True)


def a_lost_commit_is_taken_for_a_safe_one(patch: Patch) -> None:
    patch.setattr(Journal, "lost", property(lambda self: False))


# what the simulation has found, put back


def asking_whether_it_is_ready_counts_as_a_failed_try(patch: Patch) -> None:
    patch.setattr(record, "END", record.END.replace("tries - v.free", "tries"))


def an_edit_sends_what_was_cancelled(patch: Patch) -> None:
    patch.setattr(schedule, "_at_rest", lambda post, added: {})


def who_slept_through_its_lease_still_speaks(patch: Patch) -> None:
    patch.setattr(deliver, "_while_ours", lambda delivery, journal, door: door)


def a_save_takes_back_what_a_renewal_has_given(patch: Patch) -> None:
    @dataclass(frozen=True)
    class Asked(record.Save):
        """Its lease begins when it is asked for, not when it is written."""

        at: datetime = field(default_factory=clock.now)

        @staticmethod
        def together(saves: Sequence[Any]) -> list[bool]:
            late = [record.Save(s.id, s.fence, s.journal, s.lease - (clock.now() - s.at)) for s in saves]
            return record.Save.together(late)

    patch.setattr(deliver, "Save", Asked)


# What is broken, and a seed that finds it in a short run.
BREAKAGES: list[tuple[Callable[[Patch], None], int]] = [
    (the_fence_is_not_checked, 58),
    (the_mark_is_not_saved_before_the_call, 3),
    (the_order_of_a_channel_is_ignored, 2),
    (the_part_before_is_not_waited_for, 3),
    (scheduling_wakes_nobody, 2),
    (recording_does_not_look_for_the_next, 2),
    (leases_are_not_respected, 7),
    (posts_can_be_changed_while_they_are_sent, 26),
    (tokens_are_not_spent, 26),
    (the_longest_waiting_goes_first_whoever_it_belongs_to, 1),
    (everything_is_repeated_for_ever, 1),
    (a_lost_commit_is_taken_for_a_safe_one, 1),
    (asking_whether_it_is_ready_counts_as_a_failed_try, 14),
    (an_edit_sends_what_was_cancelled, 45),
    (who_slept_through_its_lease_still_speaks, 4),
    (a_save_takes_back_what_a_renewal_has_given, 45),
]
