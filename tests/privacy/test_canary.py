"""The canary: markers in every column and file of a person, and of another; the first is erased, the second is whole."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.privacy import canary
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Allowance
from tidings.privacy import datamap, erase
from tidings.privacy.models import Erasure
from tidings.workspaces.sessions import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_an_erased_person_nothing_is_left_in_any_byte_and_of_another_everything() -> None:
    first, second = canary.live("Quagmirezebra"), canary.live("Oxbowlantern")
    assert canary.hits(first.mark)
    before = dict(canary.counted(second))

    erase.ask(first.user)
    with clock.shifted(timedelta(days=2)):
        assert erase.purge_due(clock.now()) == 1

    assert canary.hits(first.mark) == []
    assert dict(canary.counted(second)) == before
    assert all(path.exists() for path in second.files)
    assert not any(path.exists() for path in first.files)
    done = Erasure.objects.get(subject=first.user.pk)
    assert done.done_at
    assert done.counts["posts.Item"] == 1
    assert done.counts["files"] == 5


def test_the_markers_stand_in_every_column_that_can_hold_one() -> None:
    life = canary.live("Heliotropegate")
    said = {f"{table.rows._meta.label}.{name}" for table in datamap.TABLES for name in table.columns()
            if table.owner in ("user", "workspace")}

    assert life.columns <= said
    assert len(life.columns) > 60
