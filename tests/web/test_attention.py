"""Needs attention: everything that waits for a person, and nothing else."""

from datetime import timedelta

import pytest

from tests import people
from tests.web.test_post import sent
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.workspaces.models import Member


def page(owner: Member) -> str:
    return str(people.signed_in(owner).get(f"{people.home(owner)}/attention").content.decode())


@pytest.mark.parametrize("state", ["failed", "unsure", "held"])
def test_what_waits_for_a_person_is_listed_with_its_reason_and_a_button(state: str) -> None:
    owner = people.owner()
    delivery = sent(owner, text="words of mine", state=state, reason="because of this")

    shown = page(owner)

    assert "words of mine" in shown
    assert "because of this" in shown
    assert f"/deliveries/{delivery.id}/{'resolve' if state == 'unsure' else 'retry'}" in shown


def test_one_click_decides_and_leads_back_to_the_list() -> None:
    owner = people.owner()
    delivery = sent(owner, state="failed", reason="no")

    answer = people.signed_in(owner).post(
        f"{people.home(owner)}/deliveries/{delivery.id}/retry", {"from": "attention"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == f"{people.home(owner)}/attention"
    assert "Nothing waits for you" in answer.content.decode()


def test_a_paused_channel_is_listed_with_its_reason() -> None:
    owner = people.owner()
    people.channel(owner, paused="The token was revoked.")

    assert "The token was revoked." in page(owner)


def test_a_channel_whose_access_ends_soon_is_listed_while_there_is_time() -> None:
    owner = people.owner()
    people.channel(owner, token_ends_at=clock.now() + timedelta(days=3))
    people.channel(owner, token_ends_at=clock.now() + timedelta(days=30))

    assert page(owner).count("Access ends soon") == 1


def test_a_channel_that_was_disconnected_on_purpose_is_mentioned_only_while_posts_wait_for_it() -> None:
    owner = people.owner()
    waiting, out = sent(owner), sent(owner, state="delivered")
    for delivery in (waiting, out):
        disconnect(owner, delivery.channel)

    shown = page(owner).partition("<main")[2]

    assert waiting.channel.handle in shown
    assert out.channel.handle not in shown


def test_when_all_is_well_the_page_says_so() -> None:
    owner = people.owner()
    sent(owner, state="delivered")

    assert "Nothing waits for you" in page(owner)


def test_the_side_bar_counts_channels_that_lost_their_access_too() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    client = people.signed_in(owner)
    assert client.get(f"{people.home(owner)}/channels").context["attention_count"] == 0
    Channel.objects.filter(pk=channel.pk).update(paused="The network no longer accepts our access.")
    assert client.get(f"{people.home(owner)}/channels").context["attention_count"] == 1
