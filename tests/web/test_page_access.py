"""May a stranger? Every page of a workspace is asked, by somebody signed out, a stranger, and a role too small."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import people
from tidings.channels.models import Revocation
from tidings.core import clock
from tidings.deliveries.schedule import schedule
from tidings.media.models import Media
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.web.urls import urlpatterns
from tidings.workspaces.models import Member

PAGES = sorted(str(p.pattern) for p in urlpatterns if str(p.pattern).startswith("w/"))
ACTS = {
    "cancel": "publish", "publish": "publish", "delete": "write", "retry": "publish", "resolve": "publish",
    "know": "publish",
    "disconnect": "connect", "dismiss": "connect", "observe": "connect",
    "upload": "write", "try": "manage", "remove": "manage",
}  # fmt: skip
ONLY_BY_POST = [p for p in PAGES if p.rpartition("/")[2] in ACTS]
MANAGERS = [p for p in PAGES if "channels/" in p]


def scene(owner: Member) -> dict[str, Any]:
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("a secret plan"),)))
    (delivery,) = schedule(owner, post, clock.now())
    media = Media.objects.create(
        workspace=owner.workspace, name="a secret plan", kind="picture", mime="image/png", size=1
    )
    ended = Revocation.objects.create(workspace=owner.workspace, network="mastodon", handle="a secret plan")
    return {"revocations": ended.id, "posts": post.id, "deliveries": delivery.id, "channels": channel.id, "media": media.id}


def address(pattern: str, owner: Member, ids: dict[str, Any]) -> str:
    network = "x" if "apps/" in pattern else "mastodon"  # one that needs app credentials, and one that does not
    url = "/" + pattern.replace("<slug:slug>", owner.workspace.slug).replace("<slug:network>", network)
    return re.sub(r"(\w+)/<uuid:id>", lambda found: f"{found[1]}/{ids[found[1]]}", url)


def visit(client: Client, pattern: str, owner: Member) -> Any:
    url = address(pattern, owner, scene(owner))
    return client.post(url) if pattern in ONLY_BY_POST else client.get(url)


def test_there_are_pages_to_ask() -> None:
    assert len(PAGES) > 15
    assert len(ONLY_BY_POST) >= 7


@pytest.mark.parametrize("pattern", PAGES)
def test_nobody_who_is_signed_out_gets_in(pattern: str) -> None:
    answer = visit(Client(), pattern, people.owner())

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("pattern", PAGES)
def test_a_stranger_finds_nothing(pattern: str) -> None:
    answer = visit(people.signed_in(people.owner()), pattern, people.owner())

    assert answer.status_code == 404
    assert "a secret plan" not in answer.content.decode()


@pytest.mark.parametrize("pattern", [*ONLY_BY_POST, *MANAGERS])
def test_a_client_only_looks(pattern: str) -> None:
    owner = people.owner()

    assert visit(people.signed_in(people.member(owner, "client")), pattern, owner).status_code == 403


@pytest.mark.parametrize("pattern", [p for p in PAGES if p not in ONLY_BY_POST and "pick" not in p])
def test_the_owner_sees_every_page(pattern: str) -> None:
    owner = people.owner()

    assert visit(people.signed_in(owner), pattern, owner).status_code == 200


@pytest.mark.parametrize("pattern", ONLY_BY_POST)
def test_an_act_is_never_done_by_following_a_link(pattern: str) -> None:
    owner = people.owner()

    assert people.signed_in(owner).get(address(pattern, owner, scene(owner))).status_code == 405


@pytest.mark.parametrize("pattern", ONLY_BY_POST)
def test_an_act_needs_the_csrf_token(pattern: str) -> None:
    owner = people.owner()
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner.user)

    assert client.post(address(pattern, owner, scene(owner))).status_code == 403
