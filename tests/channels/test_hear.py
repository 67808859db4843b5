"""Networks tell us that a person ended our access, or wants to be erased: believed only when signed for an app."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from tests import people
from tests.channels.signed import connected
from tests.channels.telling import PEOPLE, Scene, scene
from tests.conftest import Town
from tidings import networks
from tidings.channels import credentials, hear
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel, Portrait
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.networks.base import App
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.privacy.models import Erasure
from tidings.settings import settings
from tidings.simulators import _notices, _tiktok
from tidings.simulators._meta import CLIENT, SECRET

META = ("facebook", "instagram", "instagram_standalone", "threads")


@pytest.fixture(params=sorted(PEOPLE))
def told(town: Town, request: pytest.FixtureRequest) -> Scene:
    return scene(town, request.param)


@pytest.fixture
def threads(town: Town) -> Scene:
    return scene(town, "threads")


def written(told: Scene, channel: Channel) -> Delivery:
    """Something the workspace wrote, on its way to this channel."""
    post, now = compose(told.member, Draft((channel.id,), (ItemDraft("Spring is here"),))), clock.now()
    return Delivery.objects.create(
        workspace=channel.workspace, post=post, item=post.items.get(), channel=channel, due_at=now, again_at=now
    )


def test_every_network_that_tells_us_something_is_proven_here() -> None:
    assert {name for name, speaks in networks.every().items() if speaks.hears} == set(PEOPLE)


def test_who_signed_in_is_known(told: Scene) -> None:
    assert {channel.person_id for channel in Channel.objects.all()} == {PEOPLE[told.name]}


def test_access_that_ended_there_ends_here_and_the_owner_is_told(
    told: Scene, mailoutbox: list[EmailMessage]
) -> None:
    answer = told.tell()

    assert answer.status_code == told.taken
    assert told.live() == 0
    assert set(Channel.objects.values_list("sealed", "paused")) == {("", hear.ENDED)}
    (mail,) = mailoutbox
    assert mail.to == [told.member.user.email]
    assert f"{told.member.workspace.name} stand" in str(mail.body)


def test_a_wrong_signature_an_old_one_and_a_repaired_one_change_nothing(told: Scene) -> None:
    live = told.live()
    headers, body = told.town[told.name].notice("somebody")
    said = body[:-6] + b"abcdef" if told.name in META else body.replace(b"somebody", PEOPLE[told.name].encode())

    answers = [
        told.tell(secret="not the secret"),
        told.tell(at=clock.now() - timedelta(hours=2)),
        told.tell(at=clock.now() + timedelta(hours=2)),
        told.send(headers, said),
        told.send(headers, b"signed_request=.", "ended"),
        told.send({"Content-Type": "text/plain", "TikTok-Signature": "t=x,s=y"}, b"\xff\x00"),
        told.send({"Content-Type": "text/plain"}, b""),
    ]

    assert {answer.status_code for answer in answers} == {told.unproven}
    assert told.live() == live > 0


def test_a_person_who_is_not_known_here_ends_nothing(told: Scene) -> None:
    live = told.live()
    assert told.tell(person="stranger").status_code == told.taken
    assert told.live() == live


def test_a_notice_that_comes_again_after_the_person_came_back_ends_nothing_more(told: Scene) -> None:
    headers, body = told.town[told.name].notice(PEOPLE[told.name])
    assert told.send(headers, body).status_code == told.taken
    with clock.shifted(timedelta(minutes=3)):
        connected(told.town, told.member, told.name)
        live = told.live()
        assert told.send(headers, body).status_code == told.taken
        assert told.live() == live > 0


def test_a_workspace_s_own_secret_speaks_for_no_other_workspace(threads: Scene) -> None:
    """The attack: enter credentials with the app id of somebody else and a secret of one's own, and sign with that."""
    attacker = people.owner()
    credentials.enter(attacker, networks.get("threads"), App(CLIENT, "mine"), everywhere=False)

    assert threads.tell(secret="mine").status_code == 200
    assert threads.live() > 0
    assert threads.tell(secret=SECRET).status_code == 200
    assert threads.live() == 0


def test_an_app_without_a_secret_proves_nothing(threads: Scene) -> None:
    row = credentials.typed(threads.member.workspace, networks.get("threads"))
    assert row
    row.keep_secret("")
    row.save()

    assert threads.send(*_notices.request("demo", "")).status_code == 403


def test_networks_that_share_a_sign_in_hear_for_each_other(town: Town) -> None:
    """The developer pages have room for one address for each app, whatever was connected with it."""
    facebook, instagram = scene(town, "facebook"), scene(town, "instagram")
    facebook.tell()
    assert (facebook.live(), instagram.live()) == (0, 0)


def test_other_events_at_the_same_address_are_taken_and_change_nothing(town: Town) -> None:
    tiktok = scene(town, "tiktok")
    assert tiktok.send(*_tiktok.notice("demo", event="post.publish.complete")).status_code == 200
    assert tiktok.live() == 1


@pytest.mark.parametrize("name", META)
def test_what_the_network_gave_goes_when_the_person_wants_it_and_what_was_written_stays(town: Town, name: str) -> None:
    told = scene(town, name)
    channel = Channel.objects.filter(network=name)[0]
    Portrait.objects.create(channel=channel, picture=b"a face")
    delivery = written(told, channel)

    answer = told.tell("erase").json()

    erasure = Erasure.objects.get(kind="network")
    assert answer == {
        "url": f"{settings().url}/privacy/deletions/{erasure.code}", "confirmation_code": erasure.code,
    }  # fmt: skip
    assert erasure.code.isalnum()
    assert erasure.due_at <= clock.now()
    assert Client().get(f"/privacy/deletions/{erasure.code}").status_code == 200
    for row in Channel.objects.all():
        assert (row.sealed, row.name, row.handle, row.avatar, row.url, row.person_id) == ("",) * 6
    assert not Portrait.objects.exists()
    delivery.refresh_from_db()
    assert delivery.item.text == "Spring is here"


def test_the_same_wish_again_finds_the_same_erasure(threads: Scene) -> None:
    headers, body = threads.town["threads"].notice("demo")
    first, second = (threads.send(headers, body, "erase").json() for _time in range(2))
    assert first == second
    assert Erasure.objects.count() == 1


def test_a_wish_of_somebody_who_is_not_known_here_is_answered(threads: Scene) -> None:
    answer = threads.tell("erase", person="stranger").json()
    assert Erasure.objects.get().code == answer["confirmation_code"]
    assert threads.live() > 0


def test_a_disconnected_channel_forgets_the_person_too(threads: Scene) -> None:
    channel = Channel.objects.get()
    written(threads, channel)
    disconnect(threads.member, channel)
    threads.tell("erase")
    assert Channel.objects.get().name == ""


@pytest.mark.parametrize("place", ["threads/other", "tiktok/erase", "slack/erase", "mastodon/ended", "nowhere/ended"])
def test_there_are_no_other_addresses(place: str) -> None:
    assert Client().post(f"/connect/{place}").status_code == 404


def test_looking_at_the_address_shows_nothing_and_a_large_body_is_not_read(threads: Scene) -> None:
    assert Client().get("/connect/threads/ended").status_code == 405
    assert threads.send({"Content-Type": "text/plain"}, b"x" * 70_000).status_code == 413


def test_the_guide_shows_the_addresses_to_enter(threads: Scene) -> None:
    page = people.signed_in(threads.member).get(f"{people.home(threads.member)}/channels/apps/threads")
    for wish in ("ended", "erase"):
        assert f"{settings().url}/connect/threads/{wish}" in page.content.decode()
