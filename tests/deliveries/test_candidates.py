"""A post whose answer was lost is found again on its network, by a person who picks it from a list."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache

from tests.conftest import Town
from tests.deliveries.conftest import Write, connect
from tidings import networks, outside
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries import candidates as module
from tidings.deliveries.candidates import TooMany, candidates, pick
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import Refused, publish_now, resolve
from tidings.deliveries.worker import Worker
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import Forbidden

LISTED = ("bluesky", "mastodon", "x")  # what each network lists, the contract suite proves


@pytest.fixture(autouse=True)
def _way_out(door: Door) -> Iterator[None]:
    cache.clear()
    outside.use(door)
    yield
    outside.use(None)


def lost(delivery: Delivery) -> Delivery:
    """As if the answer to its commit had never come."""
    delivery.refresh_from_db()
    mark = {name: value for name, value in delivery.journal["commit"].items() if name != "result"}
    Delivery.objects.filter(id=delivery.id).update(
        state="unsure", receipt=None, delivered_at=None, journal=delivery.journal | {"commit": mark}
    )
    return Delivery.objects.select_related("channel__workspace", "item", "post").get(id=delivery.id)


def sent(member: Member, write: Write, worker: Worker, channel: Channel, text: str) -> Delivery:
    (delivery,) = publish_now(member, write([channel], text))
    worker.run_until_idle()
    return delivery


def listed(member: Member, delivery: Delivery) -> list[str]:
    return [seen.text for seen in candidates(member, delivery).posts]


@pytest.mark.parametrize("network", LISTED)
def test_a_lost_post_is_among_the_candidates_and_becomes_the_receipt_by_one_pick(
    member: Member, write: Write, worker: Worker, town: Town, network: str
) -> None:
    delivery = sent(member, write, worker, connect(member, town, network), "Bread from six & butter")
    delivery.refresh_from_db()
    receipt = delivery.receipt
    unsure = lost(delivery)
    (seen,) = candidates(member, unsure).posts
    assert seen.text == "Bread from six & butter"
    pick(member, unsure, seen.receipt.id)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.receipt) == ("delivered", receipt)
    assert (delivery.look_at is not None) == networks.get(network).reads_free
    assert len(town[network].posts) == 1


def test_what_other_deliveries_have_become_is_left_out_in_whatever_workspace(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    delivery = sent(member, write, worker, channel, "The lost one")
    sent(member, write, worker, channel, "Another one")
    there = sent(member, write, worker, channel, "Of another workspace")
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    twin = connect(Member(workspace=elsewhere, user=member.user, role="owner"), town, "mastodon")
    Delivery.objects.filter(id=there.id).update(channel=twin, workspace=elsewhere)
    assert listed(member, lost(delivery)) == ["The lost one"]


def test_the_likeliest_comes_first_by_its_words_and_then_by_its_time(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    texts = ["Plum cake is back on Friday.", "Something quite different", "Plum  cake is back\non friday", "Plum jam"]
    made = [sent(member, write, worker, channel, text) for text in texts]
    for other in made[1:]:
        lost(other)
    assert listed(member, lost(made[0])) == [texts[0], "Plum cake is back on friday", "Plum jam", texts[1]]
    with clock.shifted(timedelta(seconds=30)):
        twin = lost(sent(member, write, worker, channel, texts[0]))
        assert candidates(member, twin).posts[0].at > candidates(member, lost(made[0])).posts[0].at


def test_posts_from_before_it_was_sent_are_not_it(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    old = sent(member, write, worker, channel, "Yesterday")
    with clock.shifted(timedelta(days=1)):
        today = lost(sent(member, write, worker, channel, "Today"))
        lost(old)
        assert listed(member, today) == ["Today"]


@pytest.mark.parametrize("misdeed", ["down", "broken", "lose", "limit"])
def test_a_network_that_cannot_be_asked_gives_no_list_but_a_sentence(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, misdeed: str
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    town["mastodon"].trick(misdeed, times=9)  # type: ignore[arg-type]
    found = candidates(member, unsure)
    assert (found.posts, found.reason.startswith("Mastodon could not be asked: ")) == ([], True)


def test_a_channel_without_access_gives_no_list_but_a_sentence(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    Channel.objects.update(paused="Disconnected.", sealed="")
    town["mastodon"].seen.clear()
    found = candidates(member, Delivery.objects.get(id=unsure.id))
    assert (found.posts, "Disconnected." in found.reason, town["mastodon"].seen) == ([], True, [])


def test_when_nothing_fits_the_sentence_says_so(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    town["mastodon"].posts.clear()
    assert "no post since then" in candidates(member, unsure).reason


def test_an_answer_that_is_not_understood_is_a_sentence_too(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    for post in town["mastodon"].posts.values():
        del post["content"]
    assert "not understood" in candidates(member, unsure).reason


@pytest.mark.parametrize("id", ["", "4711", "1 OR 1=1", "\x00"])
def test_a_pick_is_worth_nothing_unless_the_network_lists_it(
    member: Member, channel: Channel, write: Write, worker: Worker, id: str
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    with pytest.raises(Refused, match="does not list"):
        pick(member, unsure, id)
    unsure.refresh_from_db()
    assert (unsure.state, unsure.receipt) == ("unsure", None)


def test_a_pick_that_was_deleted_meanwhile_is_refused(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    (seen,) = candidates(member, unsure).posts
    town["mastodon"].drop(seen.receipt.id)
    with pytest.raises(Refused):
        pick(member, unsure, seen.receipt.id)


def test_one_post_does_not_become_the_end_of_two_deliveries(
    member: Member, channel: Channel, write: Write, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people look at the same list; the second answer comes when the first is kept already."""
    one, two = (lost(sent(member, write, worker, channel, text)) for text in ("Hello", "Hello again"))
    (seen, _other) = candidates(member, one).posts
    pick(member, one, seen.receipt.id)
    monkeypatch.setattr(module, "known", lambda channel, ids, since: set())  # it looked before
    with pytest.raises(Refused, match="known already"):
        pick(member, two, seen.receipt.id)
    with pytest.raises(Refused, match="known already"):
        resolve(member, two, out=True, url=seen.receipt.url)
    two.refresh_from_db()
    assert two.state == "unsure"


def test_what_was_answered_meanwhile_is_not_answered_again(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    (seen,) = candidates(member, unsure).posts
    Delivery.objects.filter(id=unsure.id).update(state="waiting", fence=unsure.fence + 1)
    with pytest.raises(Refused, match="not waiting for this answer"):
        pick(member, unsure, seen.receipt.id)


def test_a_thread_goes_on_below_the_post_that_was_picked(
    member: Member, write: Write, worker: Worker, town: Town
) -> None:
    channel = connect(member, town, "bluesky")
    first, second = publish_now(member, write([channel], "One", "Two", delay=3600))
    worker.run_until_idle()
    unsure = lost(first)
    (seen,) = candidates(member, unsure).posts
    pick(member, unsure, seen.receipt.id)
    with clock.shifted(timedelta(hours=2)):
        worker.run_until_idle()
    second.refresh_from_db()
    assert second.state == "delivered"
    assert seen.receipt.id in str(town["bluesky"].posts[second.receipt["id"]])


def test_only_who_may_publish_may_look_or_pick(
    member: Member, channel: Channel, write: Write, worker: Worker
) -> None:
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    reader = Member(workspace=member.workspace, user=member.user, role="contributor")
    for act in (lambda: candidates(reader, unsure), lambda: pick(reader, unsure, "1")):
        with pytest.raises(Forbidden):
            act()


def test_a_channel_is_not_looked_at_again_and_again(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SPAN", 100_000_000)
    unsure = lost(sent(member, write, worker, channel, "Hello"))
    town["mastodon"].seen.clear()
    for _time in range(module.LOOKS):
        candidates(member, unsure)
    with pytest.raises(TooMany):
        candidates(member, unsure)
    assert len(town["mastodon"].seen) == module.LOOKS


def test_what_is_not_out_is_left_so_with_the_parts_behind_it(
    member: Member, channel: Channel, write: Write, worker: Worker, town: Town
) -> None:
    first, second = publish_now(member, write([channel], "One", "Two"))
    Delivery.objects.filter(id=first.id).update(state="unsure", journal={"commit": {"tries": 1}})
    resolve(member, Delivery.objects.get(id=first.id), out=False, again=False)
    worker.run_until_idle()
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, second.state, town["mastodon"].posts) == ("cancelled", "cancelled", {})
    assert "commit" not in first.journal
