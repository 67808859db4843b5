"""The test of the public address, as people run it: on a page and with `tidings doctor`."""

from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import Client

from tests import people
from tests.media.proxies import MISCHIEF, Answering, honest, standing
from tidings import networks, outside
from tidings.channels.disconnect import DISCONNECTED
from tidings.core.http import Door
from tidings.instance import checks
from tidings.settings import settings

NETWORK = "mastodon"


@pytest.fixture(autouse=True)
def _led(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(settings(), "demo", False)
    outside.use(Door(["127.0.0.1"]))
    yield
    outside.use(None)


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a network be one that fetches."""
    monkeypatch.setattr(networks.get(NETWORK), "fetches", True)


def tried(answer: Answering, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page after a test through whatever answers."""
    owner = people.owner()
    with standing(answer) as port:
        monkeypatch.setattr(settings(), "base_url", f"http://127.0.0.1:{port}")
        got = people.signed_in(owner).post(f"{people.home(owner)}/channels/reach")
    assert got.status_code == 200
    return got.content.decode()


def test_the_page_asks_nobody_before_somebody_presses_the_button(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "base_url", "https://social.example.org")
    outside.use(None)  # a door that leads nowhere near
    owner = people.owner()
    page = people.signed_in(owner).get(f"{people.home(owner)}/channels/reach").content.decode()
    assert "https://social.example.org" in page
    assert "Test the address" in page
    assert "/m/" not in page


def test_what_is_found_is_told_with_the_next_step_and_what_cannot_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    page = tried(MISCHIEF["a login page"][0], monkeypatch)
    assert "A login comes instead of the picture." in page
    assert "Except addresses under /m/" in page
    assert "This test ran on the server itself." in page
    assert f"{settings().base_url}/m/probe." in page
    assert "arrived as it was sent" not in page


def test_only_what_is_plain_is_told_of_an_honest_server(monkeypatch: pytest.MonkeyPatch) -> None:
    page = tried(honest, monkeypatch)
    assert "is not encrypted" in page
    assert page.count('class="note error"') == 2


def test_what_a_server_says_cannot_become_a_part_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    async def evil(request: object) -> object:
        from_elsewhere = MISCHIEF["a redirect"][0]
        response = await from_elsewhere(request)  # type: ignore[arg-type]
        response.headers["location"] = "https://x.example/<script>alert(1)</script>"
        return response

    assert "<script>alert" not in tried(evil, monkeypatch)


def test_who_may_not_connect_may_not_test() -> None:
    owner = people.owner()
    for role in ("client", "contributor"):
        got = people.signed_in(people.member(owner, role)).post(f"{people.home(owner)}/channels/reach")
        assert got.status_code == 403
    assert people.signed_in(people.owner()).post(f"{people.home(owner)}/channels/reach").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner.user)
    assert strict.post(f"{people.home(owner)}/channels/reach").status_code == 403


@pytest.mark.parametrize(("url", "warned"), [("http://127.0.0.1:8000", True), ("https://social.example.org", False)])
def test_a_page_can_say_what_is_plain_of_networks_that_fetch(
    url: str, warned: bool, monkeypatch: pytest.MonkeyPatch, fetching: None
) -> None:
    monkeypatch.setattr(settings(), "base_url", url)
    included = '{% load reach %}{% if name|fetches %}{% include "tidings/channels/_reach.html" %}{% endif %}'
    owner = people.owner()

    def shown(name: str) -> str:
        return Template(included).render(Context({"name": name, "workspace": owner.workspace}))

    assert ("is not encrypted" in shown(NETWORK)) is warned
    assert "Test the address" in shown(NETWORK)
    assert shown("x") == shown("no such network") == ""


def test_the_channels_page_offers_the_test_where_a_channel_needs_it(fetching: None) -> None:
    owner = people.owner()

    def page() -> str:
        return people.signed_in(owner).get(f"{people.home(owner)}/channels").content.decode()

    people.channel(owner, "x")
    assert "Test the address" not in page()
    channel = people.channel(owner, NETWORK)
    assert "Test the address" in page()
    channel.paused = DISCONNECTED
    channel.save()
    assert "Test the address" not in page()


def reached() -> list[checks.Finding]:
    return list(checks.reach())


def test_doctor_looks_when_a_channel_of_such_a_network_is_connected(
    monkeypatch: pytest.MonkeyPatch, fetching: None
) -> None:
    monkeypatch.setattr(settings(), "base_url", "http://127.0.0.1:1")
    owner = people.owner()
    assert reached() == [], "nobody needs to be reached"
    people.channel(owner, "x")
    gone = people.channel(owner, NETWORK, paused=DISCONNECTED)
    assert reached() == []
    gone.paused = ""
    gone.save()
    assert [(one.name, one.level) for one in reached()][:2] == [("reach", "error"), ("reach", "error")]
    assert any("not encrypted" in one.sentence and "TIDINGS_BASE_URL" in one.sentence for one in reached())
    assert checks.reach in checks.EVERY
