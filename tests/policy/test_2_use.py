"""2 · There is no use but the four: nothing leaves that nobody asked for, whatever the worker does beside sending."""

from datetime import timedelta
from typing import get_args

import pytest

from tests.policy import life
from tests.policy.sight import Witness
from tidings.commands.proofs.held import USES
from tidings.core import clock
from tidings.core.request import Purpose
from tidings.privacy import chores


@pytest.mark.django_db(transaction=True)
def test_2_use_a_year_of_chores_calls_nobody(witness: Witness) -> None:
    mine = life.begin()
    mine.write()
    for days in (0, 31, 181, 366):
        with clock.shifted(timedelta(days=days)):
            for chore, _pace in chores.PACES:
                chore(clock.now())

    assert witness.seen == []


def test_2_use_every_purpose_of_a_request_serves_one_of_the_uses() -> None:
    assert set(USES) == set(get_args(Purpose))
    assert set(USES.values()) == {"publish", "show", "secure"}
