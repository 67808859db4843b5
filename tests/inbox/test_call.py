"""A network tells that somebody wrote: the post is looked under at once; nothing but the network's list is believed."""

from datetime import timedelta

import pytest

from tests.channels.telling import Scene, scene
from tests.conftest import Town
from tests.inbox.conftest import SOON, Publish, gathered, only
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.inbox.gather import call, gather_due
from tidings.inbox.models import Listener, Message
from tidings.inbox.switch import hear
from tidings.simulators import _slack
from tidings.workspaces.models import Member

DAYS = timedelta(days=5)  # a post of that age has its turn each hour


@pytest.fixture
def old(channel: Channel, publish: Publish) -> Delivery:
    """A post that is out for days, under which nobody wrote until its last turn, just now."""
    out = publish(channel)
    Delivery.objects.update(delivered_at=clock.now() - DAYS)
    gathered()
    return out


def test_who_calls_is_answered_in_the_next_round_whatever_the_age_of_the_post(
    town: Town, channel: Channel, old: Delivery
) -> None:
    town[channel.network].remark("Nice to hear", on=old.receipt["id"])
    assert gathered(clock.now() + timedelta(minutes=1)) == 0
    call([(channel, old.receipt["id"])])
    assert gathered(clock.now() + timedelta(minutes=2)) == 1
    assert only().text == "Nice to hear"
    assert Listener.objects.get().called == []


def test_a_call_that_comes_while_the_network_is_asked_is_not_lost(
    town: Town, channel: Channel, old: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = channel.speaks.inbox

    def inbox(self: object, *of: object) -> object:
        found = asked(self, *of)  # type: ignore[arg-type]
        call([(channel, "another")])
        return found

    monkeypatch.setattr(channel.speaks, "inbox", inbox)
    call([(channel, old.receipt["id"])])
    gathered(clock.now() + timedelta(minutes=1))
    listener = Listener.objects.get()
    assert listener.called == ["another"]
    assert listener.again_at <= clock.now() + timedelta(minutes=1)


def test_whoever_objects_is_not_read_because_somebody_calls(
    town: Town, member: Member, channel: Channel, old: Delivery
) -> None:
    town[channel.network].remark("Nice to hear", on=old.receipt["id"])
    hear(member, channel, yes=False)
    call([(channel, old.receipt["id"])])
    assert gathered(clock.now() + SOON) == 0
    assert not Message.objects.exists()


@pytest.fixture
def slack(town: Town) -> Scene:
    told = scene(town, "slack")
    gather_due(clock.now())
    return told


def called() -> list[str]:
    return [post for listener in Listener.objects.all() for post in listener.called]


@pytest.mark.django_db
def test_what_is_said_in_a_thread_on_slack_calls_for_a_look_when_slack_has_signed_it(slack: Scene) -> None:
    said = {"type": "message", "channel": "C0DEMO", "user": "U0ANA", "text": "Words", "ts": "2.0", "thread_ts": "1.0"}
    forged, body = _slack.notice("T0DEMO", "not the secret", event=said)
    assert slack.send(forged, body).status_code == 403
    assert called() == []
    assert slack.send(*_slack.notice("T0DEMO", event=said)).status_code == 200
    assert called() == ["1.0"]
    assert slack.live() > 0
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"bot_id": "B0"}, {"thread_ts": "2.0"}, {"thread_ts": ""}, {"channel": "C0STRANGE"}])
def test_what_is_said_elsewhere_on_slack_or_by_a_program_calls_for_none(slack: Scene, more: dict[str, str]) -> None:
    said = {"type": "message", "channel": "C0DEMO", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0", **more}
    assert slack.send(*_slack.notice("T0DEMO", event=said)).status_code == 200
    assert called() == []
