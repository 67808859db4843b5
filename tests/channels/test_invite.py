"""A connect link: somebody without a login connects a profile, once, in their own browser, and sees nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import people, walk
from tests.conftest import Town
from tidings.channels.invite import NoLink, end_link, make_link
from tidings.channels.models import Channel, ConnectLink
from tidings.channels.pause import BY_MEMBER
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks import mastodon
from tidings.networks.base import Profile
from tidings.privacy.erase import ask_workspace
from tidings.workspaces.members import hashed
from tidings.workspaces.models import AuditEntry, Member

CLOSED = "This link does not work any more"


@pytest.fixture
def owner() -> Member:
    cache.clear()
    return people.owner(name="Ana Lindqvist")


def made(owner: Member, **wish: Any) -> tuple[ConnectLink, str]:
    link, token = make_link(owner, "A client", **{"network": "mastodon", **wish})
    return link, f"/connect-with/{token}"


def begin(client: Client, place: str, town: Town, network: str = "mastodon") -> Any:
    """Press "Go on" on the network's page of a link."""
    return client.post(f"{place}/{network}", {"way": "0", **town[network].typed()})


def whole_way(client: Client, place: str, town: Town, door: Door) -> Any:
    """From the link to its last page."""
    return client.get(walk.consent(door, walk.consent_url(begin(client, place, town))), follow=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_visitor_without_a_login_connects_a_profile_and_the_link_has_served(
    owner: Member, town: Town, door: Door
) -> None:
    link, place = made(owner, group="Clients")
    visitor = Client()
    asked = text(visitor.get(place, follow=True))
    for told in ("Ana Lindqvist", owner.workspace.name, 'href="/privacy"'):
        assert told in asked

    done = whole_way(visitor, place, town, door)

    channel = Channel.objects.get()
    assert "You can close this page" in text(done)
    assert channel.handle in text(done)
    assert (channel.workspace, channel.group) == (owner.workspace, "Clients")
    link.refresh_from_db()
    assert link.used_at
    entries = AuditEntry.objects.filter(verb__in=("connected", "used"))
    assert {(entry.thing, entry.who) for entry in entries} == {("connect_link", None), ("channel", None)}
    assert CLOSED in text(visitor.get(place, follow=True))
    assert people.sessions() == []


def test_the_visitor_reaches_no_page_of_the_workspace(owner: Member, town: Town, door: Door) -> None:
    _link, place = made(owner)
    visitor = Client()
    begin(visitor, place, town)
    for page in ("channels", "channels/pick", "calendar", f"channels/connect/{'mastodon'}"):
        assert visitor.get(f"{people.home(owner)}/{page}").status_code == 302
    assert visitor.get(f"{people.api(owner)}/channels").status_code == 401


def test_the_token_is_long_and_kept_as_a_hash_only(owner: Member) -> None:
    link, place = made(owner)
    token = place.rpartition("/")[2]
    assert (len(token) >= 43, link.token_hash) == (True, hashed(token))


def test_another_browser_cannot_finish_what_one_began(owner: Member, town: Town, door: Door) -> None:
    """An answer that was led to somebody else's browser, with or without a sign-in of their own under way."""
    _link, place = made(owner)
    answer = walk.consent(door, walk.consent_url(begin(Client(), place, town)))
    stranger = Client()
    assert stranger.get(answer).status_code == 302
    begin(stranger, place, town)
    assert "Not connected" in text(stranger.get(answer))
    assert not Channel.objects.exists()


def test_an_answer_serves_once(owner: Member, town: Town, door: Door) -> None:
    _link, place = made(owner)
    visitor = Client()
    answer = walk.consent(door, walk.consent_url(begin(visitor, place, town)))
    visitor.get(answer)
    Channel.objects.all().delete()
    visitor.get(answer)
    assert not Channel.objects.exists()


def test_a_member_who_opens_a_link_finishes_neither_flow_with_the_others_answer(
    owner: Member, town: Town, door: Door
) -> None:
    """Who is signed in elsewhere and comes by a link connects for the link's workspace, and for no other."""
    other = people.owner()
    client = people.signed_in(other)
    own = walk.consent_url(walk.leave(client, other, town["mastodon"]))
    _link, place = made(owner)
    done = whole_way(client, place, town, door)
    assert "You can close this page" in text(done)
    assert Channel.objects.get().workspace == owner.workspace
    client.get(walk.consent(door, own), follow=True)
    assert Channel.objects.count() == 1
    assert client.get(people.home(other) + "/channels").status_code == 200


def ended(owner: Member, link: ConnectLink) -> None:
    end_link(owner, link)


def gone_by(_owner: Member, link: ConnectLink) -> None:
    ConnectLink.objects.filter(pk=link.pk).update(ends_at=clock.now() - timedelta(seconds=1))


def made_an_editor(owner: Member, _link: ConnectLink) -> None:
    Member.objects.filter(pk=owner.pk).update(role="editor")


def frozen(owner: Member, _link: ConnectLink) -> None:
    owner.user.frozen_at = clock.now()
    owner.user.save()


def switched_off(owner: Member, _link: ConnectLink) -> None:
    owner.user.is_active = False
    owner.user.save()


def leaving(owner: Member, _link: ConnectLink) -> None:
    ask_workspace(owner)


@pytest.mark.parametrize("end", [ended, gone_by, made_an_editor, frozen, switched_off, leaving])
def test_a_link_whose_time_or_maker_is_gone_leads_nowhere_at_any_step(
    owner: Member, town: Town, door: Door, end: Any
) -> None:
    link, place = made(owner)
    visitor = Client()
    answer = walk.consent(door, walk.consent_url(begin(visitor, place, town)))
    end(owner, link)
    assert CLOSED in text(visitor.get(answer, follow=True))
    assert visitor.get(place, follow=True).status_code == 404
    assert CLOSED in text(begin(Client(), place, town))
    assert not Channel.objects.exists()


def test_a_link_is_for_its_network_only(owner: Member, town: Town) -> None:
    _link, place = made(owner)
    assert Client().get(f"{place}/bluesky").status_code == 404
    _link, place = made(owner, network="")
    assert Client().get(f"{place}/bluesky").status_code == 200
    assert "Bluesky" in text(Client().get(place))


def test_a_form_of_a_network_signs_in_right_here(owner: Member, town: Town) -> None:
    _link, place = made(owner, network="lemmy")
    answer = Client().post(f"{place}/lemmy", {"way": "0", **town["lemmy"].typed()}, follow=True)
    assert "You can close this page" in text(answer)
    assert Channel.objects.get().network == "lemmy"


def test_of_several_profiles_those_that_were_picked_are_connected(
    owner: Member, town: Town, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = [Profile(str(n), f"@page{n}", f"Page {n}") for n in range(3)]
    monkeypatch.setattr(mastodon.Mastodon, "channels", lambda self: profiles, raising=False)
    _link, place = made(owner)
    visitor = Client()
    picking = whole_way(visitor, place, town, door)
    assert "Page 2" in text(picking)
    assert "Choose at least one." in text(visitor.post("/connect-with", {}))
    assert CLOSED in text(visitor.post("/connect-with", {"profile": "77"}, follow=True))
    assert not Channel.objects.exists()


def test_two_who_finish_by_one_link_at_once_do_not_both_connect(owner: Member, town: Town, door: Door) -> None:
    _link, place = made(owner)
    one, two = Client(), Client()
    first, second = (walk.consent(door, walk.consent_url(begin(client, place, town))) for client in (one, two))
    assert "You can close" in text(one.get(first, follow=True))
    assert CLOSED in text(two.get(second, follow=True))


def test_a_channel_that_a_member_paused_stays_so(owner: Member, town: Town, door: Door) -> None:
    whole_way(Client(), made(owner)[1], town, door)
    Channel.objects.update(paused=BY_MEMBER)
    whole_way(Client(), made(owner)[1], town, door)
    assert Channel.objects.get().paused == BY_MEMBER


def test_guessing_is_held_back(owner: Member) -> None:
    for number in range(60):
        assert Client().get(f"/connect-with/{number}").status_code == 404
    assert Client().get("/connect-with/61").status_code == 429


def test_a_foreign_page_cannot_send_the_form(owner: Member, town: Town) -> None:
    _link, place = made(owner)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{place}/mastodon", {"way": "0", **town["mastodon"].typed()}).status_code == 403


def test_the_address_is_shown_once_and_kept_by_no_browser(owner: Member) -> None:
    page, client = f"{people.home(owner)}/channels/links", people.signed_in(owner)
    answer = client.post(page, {"name": "Ana", "days": "3"})
    assert "/connect-with/" in text(answer)
    assert answer["Cache-Control"] == "no-store"
    assert "/connect-with/" not in text(client.get(page))
    link = ConnectLink.objects.get()
    client.post(f"{page}/{link.pk}/end")
    assert "Ended" in text(client.get(page))


@pytest.mark.parametrize("wish", [{"days": 0}, {"days": 31}, {"network": "none"}, {"name": " "}])
def test_a_link_that_cannot_be_is_not_made(owner: Member, wish: dict[str, Any]) -> None:
    with pytest.raises(NoLink):
        make_link(owner, **{"name": "Ana", **wish})
    client, place = people.signed_in(owner), f"{people.api(owner)}/connect-links"
    said = client.post(place, {"name": "Ana", **wish}, "application/json")
    assert said.status_code == 422


def test_the_api_tells_the_address_when_it_makes_a_link_and_never_again(owner: Member) -> None:
    place, client = f"{people.api(owner)}/connect-links", people.signed_in(owner)
    told = client.post(place, {"name": "Ana", "network": "mastodon"}, "application/json").json()
    assert Client().get("/" + told["url"].split("/", 3)[3], follow=True).status_code == 200
    (listed,) = client.get(place).json()
    assert "url" not in listed
    assert "token" not in str(listed)
    assert client.delete(f"{place}/{told['id']}").status_code == 204
    assert Client().get("/" + told["url"].split("/", 3)[3]).status_code == 404
