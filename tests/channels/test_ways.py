"""Ways to connect beside a password and plain OAuth 2: codes carried over, links, pages with tokens of their own."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests import people, walk
from tests.channels.test_connect import everything_kept
from tests.channels.toy import CLIENT, SECRET, Toy, ToyBox, town_of_toys
from tests.conftest import Town
from tidings import outside
from tidings.channels.models import Channel
from tidings.settings import settings as ours
from tidings.web.connect_forms import Example, examples
from tidings.workspaces.models import Member

CODE = re.compile(r"tidings-[a-z2-9]{10}")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, _led: None) -> Iterator[ToyBox]:
    with town_of_toys(monkeypatch) as box:
        yield box


@pytest.fixture
def owner(toy: ToyBox) -> Member:
    made = people.owner()
    typed = {"client_id": CLIENT, "client_secret": SECRET, "bot": "b"}
    people.signed_in(made).post(f"{people.home(made)}/channels/apps/toy", typed)
    return made


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def code_on(client: Client, owner: Member) -> str:
    found = CODE.search(said(client.get(f"{people.home(owner)}/channels/connect/toy")))
    assert found
    return found[0]


def by_oauth(client: Client, owner: Member, toy: ToyBox, more: str = "") -> Any:
    url = walk.consent_url(walk.leave(client, owner, toy))
    return client.get(walk.consent(outside.door(), url) + more, follow=True)


def pick_all(client: Client, owner: Member) -> Any:
    return client.post(f"{people.home(owner)}/channels/pick", {"profile": ["page-1", "page-2"]}, follow=True)


def test_a_code_is_shown_to_be_carried_over_and_stays_while_the_page_is_loaded_again(
    owner: Member, toy: ToyBox
) -> None:
    client = people.signed_in(owner)
    code = code_on(client, owner)
    assert code_on(client, owner) == code
    too_early = walk.leave(client, owner, toy, way=1, token="t")
    assert "The code is not in the town square yet." in said(too_early)
    assert code in said(too_early)
    toy.square = f"Hear, hear: {code}!"

    walk.leave(client, owner, toy, way=1, token="t")
    pick_all(client, owner)

    assert Channel.objects.filter(network="toy").count() == 2
    assert code_on(client, owner) != code


def test_a_code_is_for_one_person_and_no_form_brings_its_own(owner: Member, toy: ToyBox) -> None:
    toy.square = "my-own-code"
    client, other = people.signed_in(owner), people.signed_in(people.member(owner, "admin"))

    answer = walk.leave(client, owner, toy, way=1, token="t", code="my-own-code")

    assert code_on(client, owner) != code_on(other, owner)
    assert "The code is not in the town square yet." in said(answer)


def test_a_code_is_kept_sealed(owner: Member, toy: ToyBox) -> None:
    code = code_on(people.signed_in(owner), owner)

    assert code not in everything_kept() + repr(people.sessions())


def test_a_link_leads_there_and_back(owner: Member, toy: ToyBox) -> None:
    client = people.signed_in(owner)
    url = walk.consent_url(walk.leave(client, owner, toy, way=2, server="north"))
    back = urlsplit(parse_qs(urlsplit(url).query)["back"][0])

    client.get(f"{back.path}?{back.query}&key=given-by-link")
    pick_all(client, owner)

    channel = Channel.objects.filter(network="toy").first()
    assert channel
    assert channel.access().secrets["access_token"] == "given-by-link"
    assert channel.app is None
    assert channel.server["town"] == "north"


def test_a_link_that_answers_another_question_connects_nothing(owner: Member, toy: ToyBox) -> None:
    client = people.signed_in(owner)
    walk.leave(client, owner, toy, way=2, server="north")

    answer = client.get("/connect/callback?state=another&key=k", follow=True)

    assert "not begun here" in said(answer)
    assert not Channel.objects.exists()


def test_access_is_lengthened_once_after_the_consent_page(owner: Member, toy: ToyBox) -> None:
    client = people.signed_in(owner)
    by_oauth(client, owner, toy)
    pick_all(client, owner)

    channel = Channel.objects.filter(network="toy").first()
    assert channel
    assert channel.access().secrets["access_token"] == f"long-{toy.oauth.tokens[0].access}"
    assert channel.token_ends_at


def test_each_page_keeps_its_own_token_and_no_other_pages(owner: Member, toy: ToyBox) -> None:
    client = people.signed_in(owner)
    page = by_oauth(client, owner, toy)
    waiting = repr(people.sessions())
    pick_all(client, owner)

    kept = {c.remote_id: c for c in Channel.objects.filter(network="toy")}
    assert kept["page-2"].access().secrets["page_token"] == "page-secret-2"
    assert "page-secret-2" not in kept["page-1"].access().secrets.values()
    assert (kept["page-1"].server["kind"], kept["page-2"].server["kind"]) == (1, 2)
    assert "page-secret" not in said(page) + waiting + everything_kept()


def test_what_the_callback_brings_is_sent_along_and_kept(owner: Member, toy: ToyBox) -> None:
    client = people.signed_in(owner)
    by_oauth(client, owner, toy, "&device=left")
    pick_all(client, owner)

    channel = Channel.objects.filter(network="toy").first()
    assert channel
    assert channel.access().secrets["device"] == "left"


def test_scopes_that_were_not_given_are_named_with_what_will_not_work(owner: Member, toy: ToyBox) -> None:
    toy.scopes = "post.write"
    client = people.signed_in(owner)

    page = said(by_oauth(client, owner, toy))

    assert "This will not work: media.upload (pictures and films)." in page
    assert "post.write" not in page


def test_a_network_that_fetches_says_first_that_it_needs_a_public_address(
    owner: Member, toy: ToyBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"{people.home(owner)}/channels/connect/toy"
    client = people.signed_in(owner)
    monkeypatch.setattr(ours(), "base_url", "http://127.0.0.1:8000")
    monkeypatch.setattr(Toy, "fetches", True)
    alone = said(client.get(page))
    monkeypatch.setattr(ours(), "base_url", "https://social.example.org")
    public = said(client.get(page))

    assert "needs a public address" in alone
    assert "needs a public address" not in public


def test_networks_are_searched_and_sorted_by_whether_they_can_be_connected(owner: Member, toy: ToyBox) -> None:
    client, stranger = people.signed_in(owner), people.owner()
    page = "channels/connect"

    everything = said(client.get(f"{people.home(owner)}/{page}"))
    found = said(client.get(f"{people.home(owner)}/{page}", {"q": "TOY"}))
    nothing = said(client.get(f"{people.home(owner)}/{page}", {"q": "nowhere at all"}))
    theirs = said(people.signed_in(stranger).get(f"{people.home(stranger)}/{page}", {"q": "x"}))

    assert "Toy town" in everything
    assert "Mastodon" in everything
    assert "Toy town" in found
    assert "Mastodon" not in found
    assert "No network has this name" in nothing
    assert "Needs app credentials first" in theirs


def test_what_a_demos_simulator_takes_is_filled_in_and_nowhere_else(
    owner: Member, toy: ToyBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, client = f"{people.home(owner)}/channels/connect/toy", people.signed_in(owner)
    before = said(client.get(page))
    monkeypatch.setitem(examples, "toy", Example({"server": "north", "token": "of-the-toy"}, "http://toy.example/square"))

    shown = said(client.get(page))
    wrong = said(walk.leave(client, owner, toy, way=1, token="typed-by-hand"))

    assert all(word in shown for word in ('value="north"', 'value="of-the-toy"', 'href="http://toy.example/square"'))
    assert not any(word in before for word in ("simulator", "north", "of-the-toy"))
    assert "typed-by-hand" not in wrong


def test_what_has_choices_is_chosen_and_nothing_else_is_taken(town: Town) -> None:
    owner = people.owner()
    browser, page = people.signed_in(owner), f"{people.home(owner)}/channels/connect/webhook"
    assert '<select name="format"' in said(browser.get(page))
    answer = browser.post(page, {"way": "0", **town["webhook"].typed(), "format": "loud"})
    assert "loud is not one of the available choices" in said(answer)
    assert not Channel.objects.exists()
