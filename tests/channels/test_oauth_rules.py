"""What RFC 9700 asks of who signs people in elsewhere: at a network of many servers, and at one of a single server."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from tests import people, walk
from tests.conftest import Town
from tidings import networks
from tidings.channels.models import Channel
from tidings.core.http import Door
from tidings.networks.base import OAuth2
from tidings.settings import settings as ours
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)
WITHOUT_PKCE = {  # their documentation offers none to programs that keep a secret (looked at when they were built)
    "discord", "dribbble", "facebook", "instagram", "instagram_standalone", "linkedin", "linkedin_page", "pinterest",
    "reddit", "slack", "threads", "tiktok", "tumblr", "twitch",
}  # fmt: skip
PASSWORD = "lamp-oil and matches"
MANY, ONE = "mastodon", "x"


@pytest.fixture(params=[MANY, ONE])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def owner() -> Member:
    return people.owner()


def begun(client: Client, owner: Member, town: Town, name: str) -> str:
    """Where a sign-in leads; app credentials are entered first where they are needed."""
    way: Any = networks.get(name).connect[0]
    if isinstance(way, OAuth2) and way.needs_app:
        id, secret = next(iter(town[name].oauth.clients.items()))
        client.post(f"{people.home(owner)}/channels/apps/{name}", {"client_id": id, "client_secret": secret})
    return walk.consent_url(walk.leave(client, owner, town[name]))


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_sign_in_asks_with_a_challenge_a_fresh_state_and_the_one_redirect_address(
    town: Town, owner: Member, name: str
) -> None:
    client = people.signed_in(owner)
    first, second = (parse_qs(urlsplit(begun(client, owner, town, name)).query) for _time in range(2))
    (redirect,) = first["redirect_uri"]
    assert re.fullmatch(rf"{ours().url}/connect/callback{'/[0-9a-f]{32}' if name == 'mastodon' else ''}", redirect)
    assert first["code_challenge_method"] == ["S256"]
    assert re.fullmatch(r"[\w-]{43}", first["code_challenge"][0])
    for each in ("state", "code_challenge"):
        assert len(first[each][0]) >= 32
        assert first[each] != second[each]
    assert not {"client_secret", "code_verifier", "access_token"} & set(first)


@pytest.mark.parametrize("change", [
    {"state": ""}, {"state": "another"}, {"iss": "https://evil.example"}, {"iss": "https://evil.example/#127.0.0.1"},
    {"iss": ""}, {"code": "of-somebody-else"},
], ids=str)  # fmt: skip
def test_an_answer_with_anything_of_another_sign_in_connects_nothing(
    town: Town, door: Door, owner: Member, name: str, change: dict[str, str]
) -> None:
    client = people.signed_in(owner)
    back = urlsplit(walk.consent(door, begun(client, owner, town, name)))
    answer = client.get(f"{back.path}?{urlencode(dict(parse_qsl(back.query)) | change)}", follow=True)
    assert answer.status_code == 200
    assert 'class="note error"' in said(answer)
    assert not Channel.objects.exists()
    assert not town[name].oauth.tokens


@pytest.mark.parametrize("mark", ["", "0" * 32])
def test_what_another_server_gave_is_handed_to_none(town: Town, door: Door, mark: str) -> None:
    """The attack: a server that somebody connects leads on to another one's consent page, and gets its code."""
    owner, one = people.owner(), town["mastodon"]
    client = people.signed_in(owner)
    back = urlsplit(walk.consent(door, begun(client, owner, town, "mastodon")))
    asked = len(one.seen)

    answer = client.get(f"/connect/callback{mark and '/'}{mark}?{back.query}", follow=True)

    assert "came from another server" in said(answer)
    assert len(one.seen) == asked
    assert not Channel.objects.exists()


def test_a_server_that_says_its_own_name_is_believed(town: Town, door: Door, owner: Member, name: str) -> None:
    client = people.signed_in(owner)
    leads = begun(client, owner, town, name)
    back = walk.consent(door, leads)
    place = urlsplit(leads)
    client.get(f"{back}&iss={place.scheme}://{place.netloc}")
    assert Channel.objects.get().network == name


def test_the_answer_to_a_sign_in_that_another_one_replaced_is_refused(town: Town, door: Door, owner: Member) -> None:
    """Mix-up: what one network or server gave is never handed to another."""
    client = people.signed_in(owner)
    first = walk.consent(door, begun(client, owner, town, MANY))
    begun(client, owner, town, ONE)
    before = len(town[ONE].seen)
    assert "came from another server" in said(client.get(first, follow=True))
    assert len(town[ONE].seen) == before
    assert not Channel.objects.exists()


def test_an_answer_in_another_browser_of_the_same_person_is_refused(
    town: Town, door: Door, owner: Member, name: str
) -> None:
    back = walk.consent(door, begun(people.signed_in(owner), owner, town, name))
    assert "not begun here" in said(people.signed_in(owner).get(back, follow=True))
    assert not Channel.objects.exists()


def test_the_page_after_a_callback_has_no_code_in_its_address_and_tells_nobody_of_it(
    town: Town, door: Door, owner: Member, name: str
) -> None:
    client = people.signed_in(owner)
    answer = client.get(walk.consent(door, begun(client, owner, town, name)))
    assert answer.status_code == 302
    assert "?" not in answer["Location"]
    assert answer["Location"].startswith(people.home(owner))
    code = next(iter(town[name].oauth.codes))
    assert code not in said(client.get(answer["Location"]))


def test_every_network_proves_itself_by_pkce_that_can() -> None:
    without = set()
    for name, network in networks.every().items():
        if any(isinstance(way, OAuth2) for way in network.connect) and network.hosts and name != "bluesky":
            without |= set() if network.endpoints({}).pkce else {name}
    assert without == WITHOUT_PKCE


ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example", "\thttps://evil.example",
    "javascript:alert(1)", "http://testserver@evil.example/", "///evil.example", "https:///evil.example",
    "%2F%2Fevil.example",
)  # fmt: skip


def _leading(owner: Member) -> Iterator[tuple[Client, str, dict[str, str]]]:
    """Every page that goes on to where it is told."""
    password = {"password": PASSWORD}
    yield Client(), "/accounts/login/", {"login": owner.user.email, **password}
    yield people.signed_in(owner), "/accounts/logout/", {}
    yield people.signed_in(owner), "/accounts/reauthenticate/", password
    yield people.signed_in(owner), "/accounts/login/", {}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_page_sends_a_person_on_to_another_site(owner: Member, target: str) -> None:
    owner.user.set_password(PASSWORD)
    owner.user.save()
    for client, page, form in _leading(owner):
        for answer in (client.get(page, {"next": target}), client.post(f"{page}?{urlencode({'next': target})}",
                                                                      {**form, "next": target})):
            leads = answer.get("Location", "")
            assert urlsplit(leads).netloc in ("", "testserver"), (page, leads)
            assert not re.match(r"[\s/\\]*[/\\][/\\]|\s*\w+:", leads), (page, leads)
