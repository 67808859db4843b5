"""Rates, caps and fairness: what a network allows is shared by all; nobody's thousand stand before another's one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings import networks
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.deliveries import limits
from tidings.deliveries.claim import claim
from tidings.deliveries.models import Allowance, Delivery
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.wake import wake
from tidings.deliveries.worker import Worker
from tidings.networks.base import Rate
from tidings.workspaces.models import Member, User, Workspace

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Patch = pytest.MonkeyPatch


def several(member: Member, town: Town, network: str, count: int) -> list[Channel]:
    return [connect(member, town, network, f"name{n}") for n in range(count)]


def free(deliveries: Iterable[Delivery]) -> None:
    """Let go of what was claimed, as if it had been delivered."""
    for delivery in deliveries:
        Delivery.objects.filter(id=delivery.id).update(state="delivered", delivered_at=clock.now())
        wake([delivery.channel])


def rates(patch: Patch, network: str, *declared: Rate) -> None:
    patch.setattr(networks.get(network), "rates", declared)


def test_a_channel_sends_no_more_than_its_networks_rate_and_goes_on_as_tokens_come(
    member: Member, channel: Channel, write: Write, monkeypatch: Patch
) -> None:
    rates(monkeypatch, "mastodon", Rate(2, 10 * MINUTE))
    for n in range(4):
        publish_now(member, write([channel], f"Number {n}"))
    sent = []
    for minutes in range(0, 30):
        with clock.shifted(minutes * MINUTE):
            for _ in range(3):
                got = claim("one", HOUR, 10)
                free(got)
                sent += [minutes] * len(got)
    assert sent == [0, 0, 5, 10]


def test_all_channels_of_one_app_share_its_rate(member: Member, town: Town, write: Write, monkeypatch: Patch) -> None:
    rates(monkeypatch, "x", Rate(3, HOUR, "app"))
    apps = [AppCredential(workspace=w, network="x", client_id="id", data_key="") for w in (None, member.workspace)]
    AppCredential.objects.bulk_create(apps)
    channels = several(member, town, "x", 8)
    for n, channel in enumerate(channels):
        channel.app = apps[n % 2]
        channel.save()
        publish_now(member, write([channel], f"Number {n}"))
    first = claim("one", HOUR, 20)
    wake(channels)
    first += claim("another node", HOUR, 20)
    free(first)
    assert sorted([str(d.channel.app_id) for d in first]) == sorted([str(app.id) for app in apps] * 3)
    with clock.shifted(19 * MINUTE):
        wake(channels)
        assert claim("one", HOUR, 20) == []
    with clock.shifted(21 * MINUTE):
        assert len(claim("one", HOUR, 20)) == 2


def test_a_bucket_that_two_rates_fill_loses_no_token_to_the_one_that_refuses(
    member: Member, channel: Channel, write: Write, monkeypatch: Patch
) -> None:
    rates(monkeypatch, "mastodon", Rate(1, MINUTE), Rate(10, HOUR))
    for n in range(3):
        publish_now(member, write([channel], f"Number {n}"))
    free(claim("one", HOUR, 1))
    for _ in range(5):
        wake([channel])
        assert claim("one", HOUR, 1) == []
    tokens = {row.key.rpartition(":")[2]: row.tokens for row in Allowance.objects.all()}
    assert tokens["3600"] == pytest.approx(9, abs=0.1)


def test_a_days_cap_is_counted_from_what_went_out_and_ends_when_the_oldest_is_a_day_old(
    member: Member, channel: Channel, write: Write, worker: Worker, monkeypatch: Patch
) -> None:
    network = networks.get("mastodon")
    monkeypatch.setattr(network, "limits", replace(network.limits, per_day=2))
    for n in range(3):
        publish_now(member, write([channel], f"Number {n}"))
    assert worker.run_until_idle() == 2
    with clock.shifted(23 * HOUR):
        assert worker.run_until_idle() == 0
    with clock.shifted(24 * HOUR + MINUTE):
        assert worker.run_until_idle() == 1


def test_what_the_network_says_is_used_up_is_not_asked_for_again_before_its_time(
    member: Member, town: Town, write: Write, worker: Worker, monkeypatch: Patch
) -> None:
    """The simulator allows two a quarter of an hour and says in its headers when none is left."""
    rates(monkeypatch, "x")
    town["x"].per_quarter = 2
    (channel,) = several(member, town, "x", 1)
    for n in range(3):
        publish_now(member, write([channel], f"Number {n}"))
    worker.run_until_idle()
    assert len(town["x"].posts) == 2
    assert [attempt.outcome for d in Delivery.objects.all() for attempt in d.attempts.all()] == ["delivered"] * 2
    with clock.shifted(16 * MINUTE):
        worker.run_until_idle()
    assert len(town["x"].posts) == 3


def test_an_apps_limit_that_one_channel_hears_of_holds_for_all_of_them(
    member: Member, town: Town, write: Write
) -> None:
    app = AppCredential.objects.create(network="x", client_id="id", data_key="")
    one, two = several(member, town, "x", 2)
    Channel.objects.update(app=app)
    one.refresh_from_db()
    limits.close(one, "app", clock.now() + HOUR, clock.now())
    for n, channel in enumerate((one, two)):
        publish_now(member, write([channel], f"Number {n}"))
    assert claim("one", HOUR, 20) == []
    with clock.shifted(61 * MINUTE):
        assert len(claim("one", HOUR, 20)) == 2


def test_two_nodes_whose_clocks_differ_by_a_moment_are_given_it_once(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = Rate(2, timedelta(seconds=100))
    monkeypatch.setattr(networks.get("mastodon"), "rates", (rate,))
    ask, now = limits.Ask(channel.id, "mastodon", None), clock.now()
    half = timedelta(seconds=0.5)
    looks = [now + n * 2 * half - behind for n in range(120) for behind in (0 * half, half)]
    given = [limits.allow([ask], look)[channel.id] for look in looks]
    assert given.count(None) == 4  # two that were there, and two that two minutes bring


def test_what_says_nothing_any_more_is_forgotten(member: Member, channel: Channel, write: Write) -> None:
    publish_now(member, write([channel], "Hello"))
    claim("one", HOUR, 1)
    assert limits.forget(clock.now()) == 0
    assert limits.forget(clock.now() + timedelta(days=3)) == Allowance.objects.count() + 1
    assert not Allowance.objects.exists()


def test_a_hundred_due_posts_of_one_workspace_do_not_stand_before_the_single_one_of_another(
    member: Member, town: Town, write: Write
) -> None:
    many = [Channel(workspace=member.workspace, network="mastodon", remote_id=f"{n}", handle=f"@{n}", name="n")
            for n in range(100)]
    Channel.objects.bulk_create(many)
    for n in range(20):
        publish_now(member, write(many[n * 5 : n * 5 + 5], f"Number {n}"))
    user = User.objects.create_user("other@example.org", "a long password")
    other = Member.objects.create(
        workspace=Workspace.objects.create(name="Quay", slug="quay"), user=user, role="owner"
    )
    lone = connect(other, town, "mastodon", "lone")
    post = write([lone], "Mine")
    post.workspace = other.workspace
    post.save()
    publish_now(other, post)
    assert str(lone.id) in [str(delivery.channel_id) for delivery in claim("one", HOUR, 3)]
