"""What a network counts of a profile: on its channel's page and in the API, summed where terms and sense allow it."""

from datetime import timedelta

import pytest

from tests import people
from tidings import networks
from tidings.analytics.keep import keep_profile
from tidings.analytics.take_up import meter_of
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.networks.metrics import Reading
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db
BY_DAY = {name: one for name, one in networks.every().items() if any(m.per == "day" for m in one.crowd)}


def read(owner: Member, network: str) -> Channel:
    """A channel of which five days were read, each ten more than the one before, and every total."""
    channel, now = people.channel(owner, network), clock.now()
    days = [now.date() - timedelta(days=n) for n in (5, 4, 3, 2, 1)]
    crowd = channel.speaks.crowd
    readings = [Reading(m.theirs, 1000 + 10 * n, day) for m in crowd if m.per == "day" for n, day in enumerate(days)]
    totals = [Reading(m.theirs, 4321) for m in crowd if m.per == "total"]
    keep_profile(meter_of(channel), [*readings, *totals], now)
    return channel


@pytest.mark.parametrize("network", BY_DAY)
def test_each_day_of_a_profile_is_given_and_added_up_where_terms_let_that(network: str) -> None:
    owner = people.owner()
    channel = read(owner, network)
    said = people.signed_in(owner).get(f"{people.api(owner)}/channels/{channel.pk}/numbers").json()
    assert [one["theirs"] for one in said] == [metric.theirs for metric in channel.speaks.crowd]
    sums = channel.speaks.counting.derives
    for one, metric in zip(said, channel.speaks.crowd, strict=True):
        values = [reading["value"] for reading in one["readings"]]
        assert values == ([1000, 1010, 1020, 1030, 1040] if metric.per == "day" else [4321])
        assert one["sum"] == (5100 if metric.per == "day" and sums and metric.ours != "reach" else None)
        assert one["means"]


@pytest.mark.parametrize("network", BY_DAY)
def test_a_channel_s_page_shows_them_with_the_network_s_own_definitions(network: str) -> None:
    owner = people.owner()
    channel = read(owner, network)
    page = people.signed_in(owner).get(f"{people.home(owner)}/channels/{channel.pk}").content.decode()
    assert "1,040" in page
    summed = any(metric.per == "day" and metric.ours != "reach" for metric in channel.speaks.crowd)
    assert ("5,100" in page) == (summed and channel.speaks.counting.derives)
    assert all(f"<code>{metric.theirs}</code>" in page for metric in channel.speaks.crowd)


def test_what_is_older_than_four_weeks_is_left_out_and_a_channel_without_numbers_has_no_table() -> None:
    owner = people.owner()
    channel = people.channel(owner, next(iter(BY_DAY)))
    page = f"{people.home(owner)}/channels/{channel.pk}"
    assert "Numbers of the profile" not in people.signed_in(owner).get(page).content.decode()
    day = next(metric.theirs for metric in channel.speaks.crowd if metric.per == "day")
    old = clock.now().date() - timedelta(days=40)
    keep_profile(meter_of(channel), [Reading(day, 7, old)], clock.now())
    assert people.signed_in(owner).get(f"{people.api(owner)}/channels/{channel.pk}/numbers").json() == []
