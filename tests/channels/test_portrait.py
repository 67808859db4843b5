"""Portraits are fetched once, kept small, and served to members by ourselves."""

import io

import pytest
from django.test import Client
from PIL import Image

from tests.conftest import Town
from tests.deliveries.conftest import connect
from tidings.channels import portrait
from tidings.channels.models import Channel, Portrait
from tidings.core import clock
from tidings.privacy.erase import purge
from tidings.workspaces.models import Member, User, Workspace


def member(name: str) -> Member:
    user = User.objects.create_user(f"{name}@example.org", "a long password")
    workspace = Workspace.objects.create(name=name, slug=name)
    return Member.objects.create(workspace=workspace, user=user, role="owner")


def connected(owner: Member, town: Town, avatar: str) -> Channel:
    channel = connect(owner, town, "mastodon")
    Channel.objects.update(avatar=avatar)
    channel.refresh_from_db()
    return channel


def test_a_portrait_is_fetched_once_and_served_small_to_members_only(town: Town) -> None:
    owner, stranger = member("harbour"), member("elsewhere")
    channel = connected(owner, town, f"{town['mastodon'].url}/faces/demo.png")
    assert portrait.fetch_due(clock.now()) == 1
    assert portrait.fetch_due(clock.now()) == 0
    assert town["mastodon"].requests("GET /faces/") == 1
    channel.refresh_from_db()
    insider, outsider = Client(), Client()
    insider.force_login(owner.user)
    outsider.force_login(stranger.user)
    answer = insider.get(channel.face)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert max(Image.open(io.BytesIO(answer.content)).size) <= 480
    assert outsider.get(channel.face).status_code == 404
    assert Client().get(channel.face).status_code == 302


def test_what_is_no_picture_leaves_the_initial_and_is_not_asked_for_again(town: Town) -> None:
    channel = connected(member("harbour"), town, f"{town['mastodon'].url}/nodeinfo/2.0")
    assert portrait.fetch_due(clock.now()) == 0
    assert portrait.fetch_due(clock.now()) == 0
    channel.refresh_from_db()
    assert channel.face == ""
    assert town["mastodon"].requests("GET /nodeinfo") == 1


def test_a_portrait_at_a_private_address_is_not_fetched(town: Town) -> None:
    channel = connected(member("harbour"), town, "http://127.0.0.1:1/face.png")
    assert portrait.fetch_due(clock.now()) == 0
    channel.refresh_from_db()
    assert channel.face == ""


def test_a_portrait_that_arrives_after_the_channel_was_forgotten_is_not_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = connected(member("harbour"), town, f"{town['mastodon'].url}/faces/demo.png")
    seen = portrait._picture

    def slow(url: str) -> bytes:
        picture = seen(url)
        purge("network", channel.sign_in)
        return picture

    monkeypatch.setattr(portrait, "_picture", slow)
    assert portrait.fetch_due(clock.now()) == 0
    channel.refresh_from_db()
    assert (channel.portrait, channel.portrait_of) == ("", "")
    assert not Portrait.objects.exists()
