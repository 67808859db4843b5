"""What a newcomer finds in the demo: a few channels, and every other network ready to be connected."""

from collections.abc import Iterator

import pytest

from tests.conftest import Town
from tidings import networks, outside
from tidings.channels.credentials import entered
from tidings.channels.models import Channel
from tidings.commands import furnish
from tidings.core.http import Door
from tidings.deliveries.models import Delivery
from tidings.web.connect_forms import Example, examples
from tidings.web.networks import is_open
from tidings.workspaces.models import Member


@pytest.fixture
def newcomer(db: None, town: Town, door: Door) -> Iterator[Member]:
    outside.use(door)
    member = furnish.newcomer()
    furnish.furnish(member, town)
    yield member
    outside.use(None)
    examples.clear()


def test_the_demo_begins_with_a_few_channels_and_with_posts(newcomer: Member, town: Town) -> None:
    channels = Channel.objects.filter(workspace=newcomer.workspace)

    assert sorted(channel.network for channel in channels) == sorted(n for n, one in town.items() if one.in_demo)
    assert all(Delivery.objects.filter(channel=channel).count() == 4 for channel in channels)


def test_every_network_is_open_in_the_demo_and_what_its_page_asks_for_is_known(newcomer: Member) -> None:
    kept = set(entered(newcomer.workspace))

    assert [network.name for network in networks.every().values() if not is_open(network, kept)] == []
    for name, network in networks.every().items():
        example = examples.get(name, Example({}))
        fields = [field for way in network.connect for field in way.fields]
        asked = {field.name for field in fields if not (field.optional or field.default or field.shown)}
        assert asked <= set(example.typed), name
        assert bool(example.place) == any(field.shown for field in fields), name
