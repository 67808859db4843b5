"""Channels as their pages and the API show and change them."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.deliveries.test_queue import due
from tidings.channels.models import Channel, Slot
from tidings.channels.pause import BY_MEMBER
from tidings.channels.slots import set_slots
from tidings.core import clock
from tidings.deliveries.models import Delivery, Lane
from tidings.privacy.erase import ask_workspace
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


def looked(owner: Member, page: str = "channels", **query: str) -> str:
    return str(people.signed_in(owner).get(f"{people.home(owner)}/{page}", query).content.decode())


def sent(owner: Member, page: str, **form: Any) -> Any:
    return people.signed_in(owner).post(f"{people.home(owner)}/channels/{page}", form, follow=True)


def slots(channel: Channel) -> list[str]:
    return [str(slot) for slot in Slot.objects.filter(channel=channel)]


def health(owner: Member, channel: Channel) -> dict[str, Any]:
    found: dict[str, Any] = people.signed_in(owner).get(f"{people.api(owner)}/channels/{channel.id}").json()
    return found


def test_health_says_what_went_out_what_comes_next_what_is_used_and_what_went_wrong() -> None:
    owner, now = people.owner(), clock.now()
    channel = people.channel(owner, "threads", group="Bakery", token_ends_at=now + timedelta(days=3))
    out = due(channel, now - timedelta(hours=2), "delivered")
    Delivery.objects.filter(pk=out.pk).update(delivered_at=now, receipt={"id": "1", "url": "https://x.example/1"})
    due(channel, now - timedelta(days=2), "failed")
    next_one, later = due(channel, now + timedelta(days=1)), due(channel, now + timedelta(days=9))
    Delivery.objects.filter(state="failed").update(reason="Too long.")
    found = health(owner, channel)
    assert (found["queued"], found["used"], found["cap"], found["condition"]) == (2, 1, 250, "live")
    assert (found["last"]["url"], found["next"]["post"]) == ("https://x.example/1", str(next_one.post_id))
    assert (found["wrong"]["reason"], found["group"], later.pk == next_one.pk) == ("Too long.", "Bakery", False)


def test_an_access_that_nothing_renews_says_when_it_ends_and_what_would_outlive_it() -> None:
    owner, now = people.owner(), clock.now()
    channel = people.channel(owner, "linkedin", token_ends_at=now + timedelta(days=5, hours=1))
    due(channel, now + timedelta(days=9))
    page = looked(owner)
    assert "ends in 5 days" in page
    assert "1 post is scheduled after its access ends." in page
    Channel.objects.update(token_ends_at=now - timedelta(days=1))
    assert health(owner, channel)["condition"] == "ended"


def test_the_list_is_narrowed_by_words_group_network_and_condition() -> None:
    owner = people.owner()
    people.channel(owner, name="Rye", group="Bakery")
    people.channel(owner, "lemmy", name="Oat")
    people.channel(owner, name="Malt", group="Brewery", paused="Its access was ended.")
    for query, names in (
        ({"q": "ry"}, {"Rye", "Malt"}), ({"q": "oat"}, {"Oat"}), ({"group": "Bakery"}, {"Rye"}),
        ({"group": "-"}, {"Oat"}), ({"network": "lemmy"}, {"Oat"}), ({"state": "stopped"}, {"Malt"}),
        ({"state": "no such"}, {"Rye", "Oat", "Malt"}),
    ):  # fmt: skip
        answer = people.signed_in(owner).get(f"{people.home(owner)}/channels", query)
        assert {row.name for group in answer.context["groups"] for row in group.rows} == names


def test_thirty_channels_cost_no_more_queries_than_three() -> None:
    owner, client = people.owner(), None
    counts = []
    for many in (3, 27):
        for number in range(many):
            people.channel(owner, group=f"group {number % 3}")
        client = people.signed_in(owner)
        client.get(f"{people.home(owner)}/channels")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{people.home(owner)}/channels")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_paused_by_hand_nothing_is_sent_until_it_is_resumed_and_then_its_lane_is_woken() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    Lane.objects.update_or_create(channel=channel, workspace=owner.workspace, defaults={"wake_at": None})
    due(channel, clock.now() + timedelta(days=1))
    assert "Posts for it wait" in sent(owner, f"{channel.id}/pause").content.decode()
    channel.refresh_from_db()
    assert channel.paused == BY_MEMBER
    assert "1 post waits for it." in looked(owner, f"channels/{channel.id}")
    assert "stands still already" in sent(owner, f"{channel.id}/pause").content.decode()
    sent(owner, f"{channel.id}/resume")
    channel.refresh_from_db()
    assert (channel.paused, channel.lane.wake_at is None) == ("", False)


def test_what_its_network_ended_no_member_resumes_nor_anything_of_a_workspace_that_is_erased() -> None:
    owner = people.owner()
    channel = people.channel(owner, paused="Its access was ended.")
    api = f"{people.api(owner)}/channels/{channel.id}/resume"
    assert people.signed_in(owner).post(api).status_code == 409
    Channel.objects.update(paused=BY_MEMBER)
    ask_workspace(owner)
    assert people.signed_in(owner).post(api).status_code == 409
    sent(owner, f"{channel.id}/resume")
    assert Channel.objects.get().paused == BY_MEMBER


def test_groups_are_set_for_several_renamed_and_taken_apart() -> None:
    owner, other = people.owner(), people.channel(people.owner(), group="Theirs")
    one, two = people.channel(owner), people.channel(owner)
    sent(owner, "group", channel=[str(one.id), str(two.id), str(other.id), "no id"], group="  Café  Mina ")
    assert sorted(Channel.objects.values_list("group", flat=True)) == ["Café Mina", "Café Mina", "Theirs"]
    sent(owner, "group", before="Café Mina", group="Mina")
    sent(owner, "group", before="Theirs", group="Ours")
    assert sorted(Channel.objects.values_list("group", flat=True)) == ["Mina", "Mina", "Theirs"]
    sent(owner, "group", before="Mina", group="Mina", act="clear")
    assert sorted(Channel.objects.values_list("group", flat=True)) == ["", "", "Theirs"]
    assert "Choose channels first" in sent(owner, "group", group="Mina").content.decode()


def test_times_are_added_removed_copied_cleared_and_brought_back_without_a_script() -> None:
    owner = people.owner()
    channel, other = people.channel(owner), people.channel(owner)
    set_slots(owner, other, [(6, time(10))])
    page = f"{channel.id}/slots"
    sent(owner, page, act="add", at="09:30", weekday=["0", "6"])
    assert slots(channel) == ["0 09:30", "6 09:30"]
    sent(owner, page, act="remove", slot="0-0930")
    sent(owner, page, act="usual")
    assert len(slots(channel)) == 16
    back = sent(owner, page, act="copy", **{"from": str(other.id)})
    assert slots(channel) == ["6 10:00"]
    assert back.context["week"].undo.count("_") == 15
    sent(owner, page, act="undo", before=back.context["week"].undo)
    assert len(slots(channel)) == 16
    sent(owner, page, act="clear")
    assert slots(channel) == []


@pytest.mark.parametrize("form", [
    {"act": "add", "at": "", "weekday": "1"}, {"act": "add", "at": "09:00"},
    {"act": "add", "at": "25:00", "weekday": "1"},
    {"act": "add", "at": "09:00", "weekday": "7"}, {"act": "undo", "before": "x"}, {"act": "copy", "from": "x"},
    {"act": "zone", "zone": "Middle/Earth"}, {"act": "no such"},
])  # fmt: skip
def test_a_change_that_makes_no_sense_changes_nothing(form: dict[str, str]) -> None:
    owner = people.owner()
    channel = people.channel(owner)
    set_slots(owner, channel, [(1, time(8))])
    assert sent(owner, f"{channel.id}/slots", **form).status_code == 200
    channel.refresh_from_db()
    assert (slots(channel), channel.zone) == (["1 08:00"], "")


def test_times_are_not_copied_from_another_workspace() -> None:
    owner, stranger = people.owner(), people.owner()
    theirs = people.channel(stranger)
    set_slots(stranger, theirs, [(1, time(8))])
    channel = people.channel(owner)
    answer = sent(owner, f"{channel.id}/slots", act="copy", **{"from": str(theirs.id)})
    assert (answer.status_code, slots(channel)) == (404, [])


def test_the_api_reads_and_sets_times_and_zone() -> None:
    owner = people.owner()
    place, client = f"{people.api(owner)}/channels/{people.channel(owner).id}/slots", people.signed_in(owner)
    body = {"zone": "Asia/Kathmandu", "slots": [{"weekday": 4, "at": "17:45"}, {"weekday": 0, "at": "09:00"}]}
    said = client.put(place, body, "application/json").json()
    assert said == client.get(place).json() == {
        "zone": "Asia/Kathmandu", "slots": [{"weekday": 0, "at": "09:00"}, {"weekday": 4, "at": "17:45"}]
    }  # fmt: skip
    for wrong in ({"slots": [{"weekday": 7, "at": "09:00"}]}, {"slots": [], "zone": "Middle/Earth"}):
        assert client.put(place, wrong, "application/json").status_code == 422
    assert len(client.get(place).json()["slots"]) == 2


def test_a_post_that_would_outlive_its_access_is_warned_of_while_it_is_written_and_needs_attention() -> None:
    owner, now = people.owner(), clock.now()
    channel = people.channel(owner, "linkedin", token_ends_at=now + timedelta(days=20))
    draft = {"channels": [str(channel.id)], "items": [{"text": "Bread"}]}
    client, place = people.signed_in(owner), f"{people.api(owner)}/posts/check"
    for days, warned in ((19, False), (21, True)):
        body = {**draft, "wish_at": (now + timedelta(days=days)).isoformat()}
        said = client.post(place, body, "application/json").content.decode()
        assert ("ends before then" in said) == warned
    assert "Access ends soon" not in looked(owner, "attention")
    due(channel, now + timedelta(days=21))
    assert "Access ends soon" in looked(owner, "attention")
