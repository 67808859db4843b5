"""A workspace whose channels are on the simulators, a worker, and a clock that stands still while something is read."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.conftest import Town
from tests.deliveries import conftest as deliveries
from tests.deliveries.conftest import Write, channel, member, worker, write
from tidings import outside
from tidings.analytics.collect import collect_due
from tidings.analytics.models import Meter
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.workspaces.models import Member

__all__ = ["Write", "channel", "connect", "member", "worker", "write"]


@pytest.fixture(autouse=True)
def _way_out(door: Door) -> Iterator[None]:
    outside.use(door)
    yield
    outside.use(None)


def connect(member: Member, town: Town, network: str) -> Channel:
    """A channel on the simulator, with the app that it was connected by, where its network asks who speaks."""
    channel, known = deliveries.connect(member, town, network), town[network].access().app
    if known:
        channel.app = AppCredential(workspace=member.workspace, network=network, client_id=known.client_id)
        channel.app.keep_secret(known.client_secret, known.more)
        channel.app.save()
        channel.save()
    return channel


def collected(at: datetime) -> int:
    """A round of collecting at this moment; how much was read."""
    with clock.use(lambda: at):
        return collect_due(at)


def signed_in(channel: Channel, town: Town) -> None:
    """Access that holds, however long ago the channel was connected."""
    one = town[channel.network]
    one.oauth.access_lives = None
    channel.keep_secrets(one.access(channel.remote_id).secrets)
    channel.save(update_fields=("sealed",))


def trouble(channel: Channel) -> str:
    """Why its numbers could not be read."""
    return Meter.objects.get(channel=channel).trouble
