"""A workspace whose channels are on the simulators, a worker, and a clock that stands still while something is read."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.conftest import Town
from tests.deliveries.conftest import Write, channel, connect, member, worker, write
from tidings import outside
from tidings.analytics.collect import collect_due
from tidings.analytics.models import Meter
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door

__all__ = ["Write", "channel", "connect", "member", "worker", "write"]


@pytest.fixture(autouse=True)
def _way_out(door: Door) -> Iterator[None]:
    outside.use(door)
    yield
    outside.use(None)


def collected(at: datetime) -> int:
    """A round of collecting at this moment; how much was read."""
    with clock.use(lambda: at):
        return collect_due(at)


def signed_in(channel: Channel, town: Town) -> None:
    """Access that holds, however long ago the channel was connected."""
    channel.keep_secrets(town[channel.network].access(channel.remote_id).secrets)
    channel.save(update_fields=("sealed",))


def trouble(channel: Channel) -> str:
    """Why its numbers could not be read."""
    return Meter.objects.get(channel=channel).trouble
