"""What looks after published posts is tested itself: each deliberate breakage must turn a test of it red."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api import test_candidates as asked
from tests.contract import test_present as present
from tests.deliveries import test_busy as busy
from tests.deliveries import test_candidates as found
from tests.deliveries import test_readback as back
from tests.deliveries.conftest import channel, member, worker, write
from tidings import networks, outside
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries import candidates, readback, schedule
from tidings.deliveries.models import Delivery
from tidings.networks.base import Network, Receipt, ask, http

__all__ = ["channel", "member", "worker", "write"]  # fixtures
Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.alike  # what is broken is no statement of a database's


def whatever_is_no_success_is_taken_for_gone(patch: Patch) -> None:
    def there(self: Network, url: str) -> bool:
        return ask(self.door, http.Request("GET", url, self.purpose, self.headers("GET", url))).status == 200

    patch.setattr(Network, "there", there)


def any_page_that_says_404_is_taken_for_the_networks_word(patch: Patch) -> None:
    def there(self: Network, url: str) -> bool:
        answer = ask(self.door, http.Request("GET", url, self.purpose, self.headers("GET", url)))
        if answer.status == 404:
            return False
        self.judge(answer)
        return True

    patch.setattr(Network, "there", there)


def an_answer_without_a_record_is_taken_for_no_record(patch: Patch) -> None:
    def record(self: Any, collection: str, rkey: str) -> Any:
        try:
            return self.call("GET", self.xrpc("repo.getRecord", **self._place(collection, rkey))).json()
        except Exception as refused:
            if "RecordNotFound" in str(refused):
                return None
            raise

    patch.setattr(networks.get("bluesky"), "record", record)


def what_is_missed_once_is_gone(patch: Patch) -> None:
    def note(delivery: Delivery, there: bool) -> None:
        change = {"seen_at": clock.now()} if there else {"gone_at": clock.now()}
        Delivery.objects.filter(id=delivery.id).update(look_at=None, **change)

    patch.setattr(readback, "_note", note)


def reading_back_does_not_wait_for_publishing(patch: Patch) -> None:
    patch.setattr(readback, "busy", lambda channels, now: set())


def two_nodes_read_back_the_same(patch: Patch) -> None:
    patch.setattr(readback, "_mine", lambda delivery: True)


def everything_is_read_back_whatever_it_costs(patch: Patch) -> None:
    patch.setattr(schedule, "first_look", lambda channel, out_at: out_at + readback.FIRST)


def a_form_is_believed(patch: Patch) -> None:
    def pick(member: Any, delivery: Delivery, id: str) -> None:
        schedule.resolve(member, delivery, out=True, receipt=Receipt(id, f"https://example.org/{id}"))

    patch.setattr(found, "pick", pick)


def one_post_becomes_two_deliveries(patch: Patch) -> None:
    patch.setattr(schedule, "_nobody_elses", lambda delivery, receipt: None)


def what_others_have_become_is_offered_too(patch: Patch) -> None:
    patch.setattr(candidates, "known", lambda channel, ids, since: set())


def what_is_on_its_way_can_be_changed(patch: Patch) -> None:
    patch.setattr(Delivery, "on_its_way", False)


def a_list_can_be_asked_for_without_end(patch: Patch) -> None:
    patch.setattr(candidates, "_not_too_often", lambda channel: None)


# a breakage, the test that must notice it, and what that test is given beside its fixtures
BREAKAGES: list[tuple[Callable[[Patch], None], Callable[..., None], dict[str, Any]]] = [
    (whatever_is_no_success_is_taken_for_gone, present.test_a_network_with_a_bad_day_says_nothing_of_the_post,
     {"name": "mastodon", "misdeed": "down", "there": True}),
    (any_page_that_says_404_is_taken_for_the_networks_word,
     present.test_a_page_of_whatever_stands_before_the_server_says_nothing_of_the_post,
     {"name": "mastodon", "status": 404}),
    (an_answer_without_a_record_is_taken_for_no_record,
     present.test_a_page_of_whatever_stands_before_the_server_says_nothing_of_the_post,
     {"name": "bluesky", "status": 200}),
    (what_is_missed_once_is_gone, back.test_a_post_that_was_missed_once_and_is_there_again_is_not_gone, {}),
    (reading_back_does_not_wait_for_publishing, back.test_publishing_comes_first, {"state": "waiting"}),
    (two_nodes_read_back_the_same, back.test_two_nodes_do_not_both_ask, {}),
    (everything_is_read_back_whatever_it_costs, back.test_where_reading_costs_money_nothing_is_read_back, {}),
    (a_form_is_believed, found.test_a_pick_is_worth_nothing_unless_the_network_lists_it, {"id": "4711"}),
    (one_post_becomes_two_deliveries, found.test_one_post_does_not_become_the_end_of_two_deliveries, {}),
    (what_others_have_become_is_offered_too,
     found.test_what_other_deliveries_have_become_is_left_out_in_whatever_workspace, {}),
    (what_is_on_its_way_can_be_changed,
     busy.test_what_a_worker_claims_between_looking_and_pressing_is_refused_too, {"edit": busy.EDITS["another text"]}),
    (a_list_can_be_asked_for_without_end, found.test_a_channel_is_not_looked_at_again_and_again, {}),
]


@pytest.fixture(autouse=True)
def _way_out(door: Door) -> Iterator[None]:
    asked.cache.clear()
    outside.use(door)
    yield
    outside.use(None)


def run(test: Callable[..., None], given: dict[str, Any], request: pytest.FixtureRequest) -> None:
    names = test.__code__.co_varnames[: test.__code__.co_argcount]
    test(**given, **{name: request.getfixturevalue(name) for name in names if name not in given})


@pytest.mark.parametrize(("breakage", "test", "given"), BREAKAGES, ids=[each[0].__name__ for each in BREAKAGES])
def test_a_deliberate_breakage_turns_a_test_red(
    monkeypatch: Patch, request: pytest.FixtureRequest, transactional_db: None,
    breakage: Callable[[Patch], None], test: Callable[..., None], given: dict[str, Any],
) -> None:
    breakage(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run(test, given, request)


@pytest.mark.parametrize(("breakage", "test", "given"), BREAKAGES, ids=[each[0].__name__ for each in BREAKAGES])
def test_without_the_breakage_the_same_test_is_green(
    request: pytest.FixtureRequest, transactional_db: None,
    breakage: Callable[[Patch], None], test: Callable[..., None], given: dict[str, Any],
) -> None:
    run(test, given, request)
