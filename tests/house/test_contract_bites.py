"""The contract suite is tested itself: each deliberate breakage must turn it red. Every bug found adds one."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from inspect import signature
from typing import Any

import pytest

from tests.conftest import Town
from tests.contract import test_contract as suite
from tests.contract.test_contract import Way
from tests.near import Near
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries import send as sending
from tidings.deliveries.journal import Journal
from tidings.networks import _atproto, base, errors
from tidings.networks.base import Network

Patch = pytest.MonkeyPatch
KEYED, KEYLESS = Way("mastodon"), Way("mastodon", "that ignores keys")
REPLAY = Way("mastodon", "that fails on a replay")
SAME_AGAIN, RECORDS = Way("x", "that takes the same text again"), Way("bluesky")


def the_mark_is_not_saved_before_the_call(patch: Patch) -> None:
    def commit(self: Journal, call: Callable[[], Any]) -> Any:
        result = call()
        self.data["commit"] = {"first": clock.now().isoformat(), "result": result}
        self.save(self.data)
        return result

    patch.setattr(Journal, "commit", commit)


def a_lost_commit_is_taken_for_a_safe_one(patch: Patch) -> None:
    patch.setattr(Journal, "lost", property(lambda self: False))


def everything_is_repeated_for_ever(patch: Patch) -> None:
    patch.setattr(sending, "_may_repeat", lambda network, outgoing, journal: True)


def not_found_is_taken_for_surely_not_there(patch: Patch) -> None:
    look = sending._look

    def eager(network: Network, outgoing: Any, journal: Journal) -> Any:
        outcome = look(network, outgoing, journal)
        if outcome.state != "unsure":
            return outcome
        journal.uncommit()
        return sending.Outcome("waiting", "again", clock.now())

    patch.setattr(sending, "_look", eager)
    patch.setattr(networks.get("mastodon"), "find", lambda self, outgoing, journal: None)


def a_busy_server_in_find_is_taken_for_surely_not_there(patch: Patch) -> None:
    patch.setattr(base, "_unknown", lambda later: later)
    patch.setattr(sending, "ABSENCES", 1)

    def find(self: Network, outgoing: Any, journal: Any) -> None:
        raise errors.Later("busy")

    patch.setattr(networks.get("mastodon"), "find", find)


def a_refused_repeat_clears_the_mark(patch: Patch) -> None:
    commit = Journal.commit

    def forgetful(self: Journal, call: Callable[[], Any]) -> Any:
        try:
            return commit(self, call)
        except (errors.Rejected, errors.Later, errors.Unsure):
            self.data.pop("commit", None)
            self.save(self.data)
            raise

    patch.setattr(Journal, "commit", forgetful)


def a_fault_at_the_commit_counts_as_nothing_made(patch: Patch) -> None:
    by_status = errors.by_status

    def careless(answer: Any, said: str) -> Any:
        return errors.Later(said or "fault") if answer.status >= 500 else by_status(answer, said)

    patch.setattr(errors, "by_status", careless)


def the_results_of_steps_are_not_kept(patch: Patch) -> None:
    def once(self: Journal, step: str, call: Callable[[], Any], lasts: timedelta | None = None) -> Any:
        return call()

    patch.setattr(Journal, "once", once)


def the_key_is_not_sent(patch: Patch) -> None:
    call = Network.call

    def keyless(self: Network, *args: Any, **more: Any) -> Any:
        more["headers"] = {k: v for k, v in (more.get("headers") or {}).items() if k != "Idempotency-Key"}
        return call(self, *args, **more)

    patch.setattr(Network, "call", keyless)


def every_failure_is_reported_without_a_word(patch: Patch) -> None:
    real = sending.send

    def mute(network: Network, outgoing: Any, journal: Journal) -> Any:
        outcome = real(network, outgoing, journal)
        return outcome if outcome.state == "delivered" else sending.Outcome(outcome.state, "", outcome.at)

    patch.setattr("tests.contract.drive.send", mute)


def a_refusal_is_reported_as_delivered(patch: Patch) -> None:
    real = sending.send

    def boast(network: Network, outgoing: Any, journal: Journal) -> Any:
        outcome = real(network, outgoing, journal)
        return sending.Outcome("delivered", receipt=base.Receipt("1", "")) if outcome.state == "failed" else outcome

    patch.setattr("tests.contract.drive.send", boast)


def a_record_is_created_instead_of_put(patch: Patch) -> None:
    """The server answers a second createRecord under one key with a fault, even for the same record."""

    def put(self: Any, collection: str, rkey: str, record: Any) -> dict[str, str]:
        wish = {**self._place(collection, rkey), "record": record}
        body = self.call("POST", self.xrpc("repo.createRecord"), json=wish).json()
        return {"uri": body["uri"], "cid": body["cid"]}

    patch.setattr(networks.get("bluesky"), "put", put)


def a_record_gets_a_fresh_key_at_every_try(patch: Patch) -> None:
    once = Journal.once

    def forgetful(self: Journal, step: str, call: Callable[[], Any], lasts: timedelta | None = None) -> Any:
        if step != "key":
            return once(self, step, call, lasts)
        now = clock.now()
        return {"rkey": _atproto.tid(now, self.key), "created_at": now.isoformat().replace("+00:00", "Z")}

    patch.setattr(Journal, "once", forgetful)


BREAKAGES: list[tuple[Callable[[Patch], None], Way]] = [
    (the_mark_is_not_saved_before_the_call, KEYLESS),
    (a_lost_commit_is_taken_for_a_safe_one, KEYLESS),
    (everything_is_repeated_for_ever, KEYLESS),
    (not_found_is_taken_for_surely_not_there, KEYLESS),
    (a_busy_server_in_find_is_taken_for_surely_not_there, KEYLESS),
    (a_refused_repeat_clears_the_mark, KEYLESS),
    (a_fault_at_the_commit_counts_as_nothing_made, KEYLESS),
    (the_results_of_steps_are_not_kept, KEYED),
    (the_key_is_not_sent, KEYED),
    (every_failure_is_reported_without_a_word, KEYED),
    (a_refusal_is_reported_as_delivered, KEYED),
    (a_lost_commit_is_taken_for_a_safe_one, SAME_AGAIN),
    (everything_is_repeated_for_ever, SAME_AGAIN),
    (a_refused_repeat_clears_the_mark, SAME_AGAIN),
    (a_record_is_created_instead_of_put, RECORDS),
    (a_record_gets_a_fresh_key_at_every_try, RECORDS),
]


def run_the_suite(town: Town, door: Door, near: Near, way: Way) -> None:
    """The suite's tests, one after the other on an empty network; raises at the first that is red."""
    shapes = suite.TOWN[way.network].shapes()
    tests = [
        *(partial(suite.test_a_post_goes_out_once_when_all_is_well, shape=shape) for shape in shapes),
        *(partial(suite.test_killed_anywhere_it_is_never_out_twice_and_never_lost_without_a_word, shape=shape)
          for shape in shapes),
        suite.test_what_is_uploaded_once_is_not_uploaded_again_after_a_later_death,
        suite.test_a_refusal_before_anything_is_made_is_told_in_the_networks_words,
        *(partial(suite.test_whatever_answer_is_lost_it_is_never_out_twice, misdeed=misdeed, times=1)
          for misdeed in ("lose", "broken", "down")),
        suite.test_killed_twice_anywhere_it_is_never_out_twice,  # last: it takes the longest
    ]
    for test in tests:
        town[way.network].posts.clear()
        line = {"near": near} if "near" in signature(test).parameters else {"door": door}
        test(town=town, way=way, **line)


@pytest.mark.parametrize(("breakage", "way"), BREAKAGES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_deliberate_breakage_turns_the_contract_suite_red(
    town: Town, door: Door, near: Near, monkeypatch: Patch, breakage: Callable[[Patch], None], way: Way
) -> None:
    breakage(monkeypatch)
    with pytest.raises(AssertionError):
        run_the_suite(town, door, near, way)


@pytest.mark.parametrize("way", [KEYED, KEYLESS, REPLAY, SAME_AGAIN, RECORDS], ids=str)
def test_without_a_breakage_the_same_run_is_green(town: Town, door: Door, near: Near, way: Way) -> None:
    run_the_suite(town, door, near, way)
