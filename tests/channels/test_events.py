"""Slack, Discord and Twitch tell of much at one address, ask whether it is ours, and sign each in a way of its own."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client

from tests import people
from tests.channels.signed import connected
from tests.channels.telling import PEOPLE, Scene, scene
from tests.conftest import Town
from tidings import networks
from tidings.channels import credentials
from tidings.channels.connect import keep, sign_in
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.networks import _twitchevents
from tidings.networks.base import App
from tidings.settings import settings
from tidings.simulators import _discord, _slack
from tidings.simulators.twitch import TwitchNetwork
from tidings.workspaces.models import AuditEntry

HTTPS = "https://social.example.org"
NAMES = ["discord", "slack", "twitch"]
OTHERS: dict[str, Callable[[Any], tuple[dict[str, str], bytes]]] = {
    "discord": lambda _box: _discord.notice("demo", event="APPLICATION_AUTHORIZED"),
    "slack": lambda _box: _slack.notice("T0DEMO", event={"type": "app_home_opened", "user": "U0ANA"}),
    "twitch": lambda box: box.notice("demo", kind="revocation"),
}


@pytest.fixture(params=NAMES)
def told(town: Town, request: pytest.FixtureRequest) -> Scene:
    return scene(town, request.param)


@pytest.fixture
def slack(town: Town) -> Scene:
    return scene(town, "slack")


@pytest.fixture
def discord(town: Town) -> Scene:
    return scene(town, "discord")


@pytest.fixture
def twitch(town: Town) -> Scene:
    return scene(town, "twitch")


def box(twitch: Scene) -> TwitchNetwork:
    return cast(TwitchNetwork, twitch.town["twitch"])


def row() -> AppCredential:
    return AppCredential.objects.get()


def entered(app: App) -> None:
    """What the app has is this now."""
    made = row()
    made.keep_secret(app.client_secret, app.more)
    made.save()


# of all three


@pytest.mark.parametrize("name", NAMES)
def test_an_app_of_the_whole_instance_is_heard_for_every_workspace(town: Town, name: str) -> None:
    told = scene(town, name, everywhere=True)
    assert row().workspace is None
    assert told.tell().status_code == told.taken
    assert told.live() == 0
    ended = AuditEntry.objects.filter(workspace=told.member.workspace, verb="ended")
    assert ended.count() == Channel.objects.count() > 0


def test_of_other_events_nothing_is_kept_and_nothing_changes(told: Scene) -> None:
    live = told.live()
    assert told.send(*OTHERS[told.name](told.town[told.name])).status_code == told.taken
    assert told.live() == live > 0


def test_another_workspace_s_app_ends_its_own_channels_alone(told: Scene) -> None:
    """The attack: enter somebody else's app with secrets of one's own, and sign with those."""
    key = _discord.key_of("mine").public_key().public_bytes_raw().hex()
    own = App(row().client_id, "mine", {"bot_token": "b", "signing_secret": "mine", "public_key": key})
    credentials.enter(people.owner(), networks.get(told.name), own, everywhere=False)
    live = told.live()

    assert told.tell(secret=_twitchevents.secret(own) if told.name == "twitch" else "mine").status_code == told.taken
    assert told.live() == live > 0
    assert told.tell().status_code == told.taken
    assert told.live() == 0


@pytest.mark.parametrize(("name", "minutes"), [("slack", 5), ("discord", 10), ("twitch", 10)])
def test_a_signature_is_good_for_minutes(town: Town, name: str, minutes: int) -> None:
    told, lives = scene(town, name), timedelta(minutes=minutes)
    assert told.tell(at=clock.now() - lives - timedelta(seconds=5)).status_code == told.unproven
    assert told.live() > 0
    assert told.tell(person="stranger", at=clock.now() - lives + timedelta(seconds=30)).status_code == told.taken


@pytest.mark.parametrize("name", ["discord", "slack"])
def test_without_what_proves_it_there_is_no_such_address_and_all_else_works(town: Town, name: str) -> None:
    told = scene(town, name)
    app = row().app()
    entered(replace(app, more={name: value for name, value in app.more.items() if name == "bot_token"}))
    assert told.tell().status_code == 404
    assert told.live() > 0


def test_what_is_signed_and_makes_no_sense_changes_nothing(slack: Scene) -> None:
    for body in (b"[]", b"{}", b'{"type": "event_callback", "event": 1}', b'{"event": {"tokens": 7}}', b"\xff"):
        assert slack.send(_slack.signed(body), body).status_code == 200
    assert slack.live() > 0


# Slack


def test_slack_is_told_back_what_it_asks_to_see_that_the_address_is_ours(slack: Scene) -> None:
    answer = slack.send(*_slack.asked("a challenge"))
    assert (answer.status_code, answer.content) == (200, b"a challenge")
    assert answer["Content-Type"] == "text/plain"
    assert slack.send(*_slack.asked("a challenge", secret="not the secret")).status_code == 403


def test_slack_s_bot_lost_its_token_and_its_channels_stand_still(slack: Scene) -> None:
    told = _slack.notice("T0DEMO", event={"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}})
    assert slack.send(*told).status_code == 200
    assert slack.live() == 0


def test_a_person_s_own_token_at_slack_is_not_the_bot_s(slack: Scene) -> None:
    told = _slack.notice("T0DEMO", event={"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA"], "bot": []}})
    assert slack.send(*told).status_code == 200
    assert slack.live() > 0


def test_a_removal_that_slack_tells_again_long_after_is_not_of_the_app_that_came_back(slack: Scene) -> None:
    """It signs each time anew; the event stays the one it was."""
    body = _slack.notice("T0DEMO", at=clock.now() - timedelta(minutes=10))[1]
    headers = _slack.signed(body) | {"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"}
    assert slack.send(headers, body).status_code == 200
    assert slack.live() > 0


def test_a_webhook_belongs_to_no_app_of_ours(slack: Scene) -> None:
    found = sign_in(slack.member, "slack", 1, slack.town["slack"].typed())
    (webhook,) = keep(slack.member, found, [profile.id for profile in found.profiles])
    slack.tell()
    assert list(Channel.objects.exclude(sealed="")) == [webhook]


# Discord


def test_discord_s_question_whether_we_are_there_is_answered_with_nothing(discord: Scene) -> None:
    answer = discord.send(*_discord.ping())
    assert (answer.status_code, answer.content) == (204, b"")
    headers, body = _discord.ping()
    assert discord.send(headers | {"X-Signature-Ed25519": "00" * 64}, body).status_code == 401


def test_discord_must_mean_this_app(discord: Scene) -> None:
    live = discord.live()
    assert discord.send(*_discord.notice("demo", app="another")).status_code == 401
    assert discord.live() == live > 0


def test_a_public_key_that_is_none_proves_nothing(discord: Scene) -> None:
    app = row().app()
    entered(replace(app, more={**app.more, "public_key": "not a key"}))
    assert discord.tell().status_code == 401


def test_a_webhook_at_discord_is_nobody_s_to_take_back(discord: Scene) -> None:
    found = sign_in(discord.member, "discord", 1, discord.town["discord"].typed())
    (webhook,) = keep(discord.member, found, [profile.id for profile in found.profiles])
    assert webhook.person_id == ""
    discord.tell()
    assert list(Channel.objects.exclude(sealed="")) == [webhook]


# Twitch


def test_twitch_is_told_back_what_it_asks(twitch: Scene) -> None:
    asked = box(twitch).tell({"challenge": "pogchamp"}, kind="webhook_callback_verification")
    answer = twitch.send(*asked)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"pogchamp", "text/plain")


def test_a_message_of_twitch_is_believed_under_its_own_id_alone(twitch: Scene) -> None:
    headers, body = box(twitch).notice("demo")
    assert twitch.send(headers | {"Twitch-Eventsub-Message-Id": "another"}, body).status_code == 403
    assert twitch.live() == 1


def test_a_message_of_twitch_that_is_said_again_at_another_time_does_not_end_what_was_connected_since(
    twitch: Scene,
) -> None:
    assert twitch.tell(id="m1").status_code == 204
    assert twitch.live() == 0
    connected(twitch.town, twitch.member, "twitch")
    with clock.shifted(timedelta(minutes=5)):
        assert twitch.tell(id="m1").status_code == 204
        assert twitch.live() == 1
        assert twitch.tell(id="m2").status_code == 204
        assert twitch.live() == 0


@pytest.mark.parametrize("other", [{"client": "another"}, {"type": "channel.follow"}])
def test_twitch_must_mean_this_app_and_this_event(twitch: Scene, other: dict[str, str]) -> None:
    assert twitch.tell(**other).status_code == 403
    assert twitch.live() == 1


def test_a_test_of_the_credentials_asks_twitch_to_tell_and_once_only(
    twitch: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "base_url", HTTPS)
    for _time in range(2):
        assert tried(twitch) == []
    (asked,) = box(twitch).asked.values()
    assert asked["transport"]["callback"] == f"{HTTPS}/connect/twitch/ended"
    assert row().app().client_secret not in json.dumps(asked)
    assert twitch.tell().status_code == 204
    assert twitch.live() == 0


def test_what_twitch_says_against_telling_is_a_finding_without_the_secret(
    twitch: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "base_url", HTTPS)
    box(twitch).refuses = True
    (finding,) = tried(twitch)
    assert "will not tell this instance when access ends" in finding
    assert box(twitch).event_secret not in finding


def test_an_address_without_https_is_not_given_to_twitch(twitch: Scene) -> None:
    tried(twitch)
    assert box(twitch).asked == {}


def tried(twitch: Scene) -> list[str]:
    home = people.home(twitch.member)
    assert people.signed_in(twitch.member).post(f"{home}/channels/apps/twitch/try").status_code == 302
    return [finding for finding in row().findings if "only this machine" not in finding]


# what people read


def test_the_guide_says_what_to_enter_where_and_leaves_out_what_is_done_by_itself(town: Town) -> None:
    member = people.owner()
    for name in NAMES:
        page = people.signed_in(member).get(f"{people.home(member)}/channels/apps/{name}").content.decode()
        assert (f"{settings().url}/connect/{name}/ended" in page) is (name != "twitch")


def test_who_signed_in_is_told_by_the_network_alone(told: Scene) -> None:
    assert Client().get(f"/connect/{told.name}/ended").status_code == 405
    assert {channel.person_id for channel in Channel.objects.all()} == {PEOPLE[told.name]}
