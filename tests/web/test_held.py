"""What was held back, after a restore or a long sleep: one decision for all of it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests import people
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import retry, schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.workspaces.models import AuditEntry, Member

pytestmark = pytest.mark.django_db
APART = timedelta(hours=3)
REASON = "It was due after the backup that was restored."


@pytest.fixture
def owner() -> Member:
    """Somebody in Lisbon whose posts were held back: one, and three hours later a thread of two."""
    owner, long_ago = people.owner(zone="Europe/Lisbon"), clock.now() - timedelta(days=2)
    channel = people.channel(owner)
    for at, parts in ((long_ago, ("alone",)), (long_ago + APART, ("first", "second"))):
        post = compose(owner, Draft((channel.id,), tuple(map(ItemDraft, parts))))
        schedule(owner, post, clock.now())
        Delivery.objects.filter(post=post).update(state="held", due_at=at, again_at=at, reason=REASON)
    return owner


def page(member: Member) -> str:
    return f"{people.home(member)}/attention/held"


def decide(member: Member, what: str, ids: str = "", **form: str) -> str:
    """Choose for what the page shows; what the person sees afterwards."""
    client = people.signed_in(member)
    shown = ids or client.get(page(member)).context["form"]["ids"].value()
    return str(client.post(page(member), {"ids": shown, "what": what, **form}, follow=True).content.decode())


def held(member: Member) -> list[Delivery]:
    return list(Delivery.objects.filter(workspace=member.workspace).order_by("due_at", "item__position"))


def states(member: Member) -> list[str]:
    return [one.state for one in held(member)]


def entries(member: Member) -> list[tuple[Any, ...]]:
    acts = AuditEntry.objects.filter(workspace=member.workspace).exclude(verb__in=("founded", "created", "scheduled"))
    return list(acts.order_by("number").values_list("thing", "verb", "who"))


def test_the_list_of_what_waits_leads_to_one_decision_for_all(owner: Member) -> None:
    client = people.signed_in(owner)
    assert "Decide about all 3 that were held back" in client.get(f"{people.home(owner)}/attention").content.decode()
    shown = client.get(page(owner)).content.decode()
    assert [shown.count(words) for words in (">alone<", ">first<", ">second<", REASON)] == [1, 1, 1, 3]
    reader = people.signed_in(people.member(owner, "contributor"))
    assert "Decide about all" not in reader.get(f"{people.home(owner)}/attention").content.decode()
    assert reader.post(page(owner), {"ids": "x", "what": "leave"}).status_code == 403


def test_all_are_sent_threads_in_their_order_and_a_second_click_does_nothing(owner: Member) -> None:
    ids = ",".join(str(one.pk) for one in held(owner))
    assert "Done, for 3." in decide(owner, "send", ids)
    assert states(owner) == ["waiting"] * 3
    assert [one.again_at <= clock.now() for one in held(owner)] == [True] * 3
    assert entries(owner) == [("delivery", "retried", owner.user_id)] * 3
    assert "Done, for 0." in decide(owner, "leave", ids)
    assert states(owner) == ["waiting"] * 3
    assert len(entries(owner)) == 3


def test_none_is_sent(owner: Member) -> None:
    assert "Done, for 2." in decide(owner, "leave")
    assert states(owner) == ["cancelled"] * 3, "with the first part of a thread goes the rest"
    assert entries(owner) == [("delivery", "cancelled", owner.user_id)] * 2
    assert "Nothing waits for you" in people.signed_in(owner).get(page(owner), follow=True).content.decode()


def test_all_are_put_off_and_stay_as_far_apart_as_they_were(owner: Member) -> None:
    decide(owner, "later", at="2120-07-01T09:30")
    first = datetime(2120, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/Lisbon"))
    assert [(one.state, one.due_at) for one in held(owner)] == [
        ("waiting", first), ("waiting", first + APART), ("waiting", first + APART),
    ]  # fmt: skip
    assert entries(owner) == [("post", "moved", owner.user_id)] * 2


def test_putting_off_wants_a_time_to_come_and_choosing_nothing_does_nothing(owner: Member) -> None:
    for what, form in (("later", {}), ("later", {"at": "2020-01-01T00:00"}), ("", {}), ("later", {"at": "soon"})):
        assert 'class="wrong"' in decide(owner, what, **form)
    assert "Open this page anew." in decide(owner, "send", ids="not-an-id")
    assert states(owner) == ["held"] * 3


def test_what_was_decided_meanwhile_and_what_is_of_another_workspace_stays(owner: Member) -> None:
    ids = [str(one.pk) for one in held(owner)]
    retry(owner, held(owner)[0])
    stranger = people.owner()
    assert "Done, for 0." in decide(stranger, "leave", ",".join(ids))
    assert "Done, for 1." in decide(owner, "leave", ",".join(ids))
    assert states(owner) == ["waiting", "cancelled", "cancelled"]


def test_one_that_cannot_be_sent_is_told_and_keeps_the_others_not_back(owner: Member) -> None:
    first = held(owner)[1]
    Delivery.objects.filter(pk=first.pk).update(state="failed")
    shown = decide(owner, "send")
    assert "1 was left as it was: The part before it has to go out first." in shown
    assert sorted(states(owner)) == ["failed", "held", "waiting"]
