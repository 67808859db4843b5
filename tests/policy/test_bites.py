"""The proofs are tested themselves: some breakages of the list, made in this process, must turn a test red.

All of them, in copies of the source: `python -m tests.policy.mutate`.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.house.source import SRC
from tests.policy import test_1_held as held
from tests.policy import test_3_shared as shared
from tests.policy import test_4_ends as ends
from tests.policy import test_5_safe as safe
from tests.policy import test_7_rights as rights
from tests.policy import test_page as page
from tests.policy.mutate import broken, where
from tests.policy.mutation import Mutation
from tests.policy.mutations import MUTATIONS
from tidings.channels import forget
from tidings.core import http
from tidings.core.secrets import DataKey
from tidings.privacy import erase, keyfile, ledger, policy, retain

Patch = pytest.MonkeyPatch


def nothing_is_encrypted(patch: Patch) -> None:
    patch.setattr(DataKey, "seal", lambda self, plain, place: plain)
    patch.setattr(DataKey, "open", lambda self, sealed, place: sealed)


def addresses_stay_whole(patch: Patch) -> None:
    patch.setattr(retain, "coarse", lambda ip: ip)


def a_token_is_kept(patch: Patch) -> None:
    patch.setattr(forget, "secrets", lambda rows, reason: rows.update(paused=reason))


def the_door_leads_anywhere(patch: Patch) -> None:
    patch.setattr(http, "is_public", lambda address: True)


def nobody_is_erased(patch: Patch) -> None:
    patch.setattr(erase, "_carry_out", lambda erasure, now: True)


def the_ledger_is_not_written(patch: Patch) -> None:
    patch.setattr(ledger, "add", lambda erasure: None)


def backups_stay_readable(patch: Patch) -> None:
    patch.setattr(keyfile, "forget", lambda kind, subject: None)


def what_is_untrue_is_said_as_if_it_were_true(patch: Patch) -> None:
    patch.setattr(policy, "UNTRUE", frozenset())


def the_policy_says_days_of_its_own(patch: Patch) -> None:
    patch.setattr(policy, "days", lambda language, count: "30 days")


BREAKAGES: list[tuple[Callable[[Patch], None], Callable[..., None]]] = [
    (nothing_is_encrypted, safe.test_5_rest_no_byte_of_the_database_holds_a_token_or_a_secret_in_clear),
    (nothing_is_encrypted, safe.test_5_rest_what_was_sealed_for_one_row_does_not_open_in_another),
    (addresses_stay_whole, held.test_1_logs_an_address_is_shortened_and_then_gone_after_the_days_that_the_policy_says),
    (a_token_is_kept, ends.test_4_channel_a_disconnected_channels_token_is_in_no_byte_and_the_network_was_told),
    (the_door_leads_anywhere, shared.test_3_sharing_the_door_leads_to_no_private_address),
    (nobody_is_erased, ends.test_4_account_who_asks_is_erased_after_the_grace_and_nothing_is_left_in_the_database),
    (the_ledger_is_not_written, ends.test_4_backup_what_a_backup_brings_back_is_erased_again_and_its_key_is_gone),
    (backups_stay_readable, ends.test_4_backup_what_a_backup_brings_back_is_erased_again_and_its_key_is_gone),
    (what_is_untrue_is_said_as_if_it_were_true,
     rights.test_7_contact_is_on_the_policy_for_anybody_and_doctor_fails_without_it),
    (the_policy_says_days_of_its_own, page.test_what_is_set_is_what_is_printed),
]  # fmt: skip


@pytest.mark.alike  # what is broken is no statement of a database's
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("breakage", "test"), BREAKAGES, ids=[each[0].__name__ for each in BREAKAGES])
def test_a_deliberate_breakage_turns_a_test_red(
    monkeypatch: Patch, request: pytest.FixtureRequest, breakage: Callable[[Patch], None], test: Callable[..., None]
) -> None:
    names = test.__code__.co_varnames[: test.__code__.co_argcount]
    given: dict[str, Any] = {name: request.getfixturevalue(name) for name in names}
    breakage(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception, http.NoAnswer)):
        test(**given)


def test_every_sentence_that_could_be_broken_in_code_is_broken() -> None:
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS) >= 90


@pytest.mark.parametrize("one", MUTATIONS, ids=[one.name for one in MUTATIONS])
def test_a_breakage_of_the_list_fits_the_source_and_names_tests(one: Mutation) -> None:
    assert broken(one, (SRC / one.file).read_text()) != (SRC / one.file).read_text()
    for path, start in map(where, one.tests):
        assert f"def {start}" in path.read_text()
