"""Connecting over the pages: the way there and back, what is kept, and every way it can go wrong."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests import people, walk
from tests.conftest import Town
from tests.web.test_post import sent
from tidings import networks
from tidings.channels.carry import FOUND
from tidings.channels.credentials import typed
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.base import Profile
from tidings.privacy.erase import ask_workspace
from tidings.privacy.traces import drop_unpicked


def said(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def everything_kept() -> str:
    """All text of the database, as somebody who steals the file would read it."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            rows += cursor.fetchall()
    return repr(rows)


def test_a_channel_is_connected_through_the_consent_page(town: Town, door: Door) -> None:
    owner = people.owner()

    answer = walk.connect(people.signed_in(owner), owner, door, town["mastodon"])

    channel = Channel.objects.get()
    assert f"{channel.handle} is connected." in said(answer)
    assert channel.access().secrets["access_token"] == town["mastodon"].oauth.tokens[0].access
    assert (channel.workspace, channel.paused) == (owner.workspace, "")
    assert channel.server["url"] == town["mastodon"].url


def test_neither_token_nor_app_secret_nor_pending_state_is_kept_readable(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town["mastodon"])
    walk.leave(client, owner, town["mastodon"])

    kept = everything_kept() + repr(people.sessions())

    assert town["mastodon"].oauth.tokens[0].access not in kept
    assert next(iter(town["mastodon"].oauth.clients.values())) not in kept
    assert "verifier" not in kept


def test_connecting_again_keeps_the_channel_and_wakes_it(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town["mastodon"])
    first = Channel.objects.get()
    Channel.objects.update(paused="The token was revoked.", paused_at=clock.now())

    walk.connect(client, owner, door, town["mastodon"])

    again = Channel.objects.get()
    assert (again.pk, again.paused, again.paused_at) == (first.pk, "", None)
    assert again.access().secrets["access_token"] == town["mastodon"].oauth.tokens[1].access


def test_the_program_registers_with_a_server_once(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    for _time in range(2):
        walk.connect(client, owner, door, town["mastodon"])

    assert AppCredential.objects.count() == len(town["mastodon"].oauth.clients) == 1


def test_a_registration_that_nobody_used_for_a_day_is_made_anew(town: Town, door: Door) -> None:
    """Mastodon clears such apps away."""
    owner = people.owner()
    client = people.signed_in(owner)
    walk.leave(client, owner, town["mastodon"])
    town["mastodon"].oauth.clients.clear()

    with clock.shifted(timedelta(days=1)):
        client.force_login(owner.user)
        answer = walk.connect(client, owner, door, town["mastodon"])

    assert "is connected." in said(answer)


def test_a_person_who_says_no_is_told_so_and_nothing_is_kept(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    url = walk.consent_url(walk.leave(client, owner, town["mastodon"]))

    answer = client.get(walk.consent(door, url, answer="deny"), follow=True)

    assert "The person said no." in said(answer)
    assert not Channel.objects.exists()


def test_somebody_else_s_callback_address_connects_nothing(town: Town, door: Door) -> None:
    """The attack: make a victim open the end of the attacker's own sign-in."""
    attacker, victim = people.owner(), people.owner()
    url = walk.consent_url(walk.leave(people.signed_in(attacker), attacker, town["mastodon"]))
    back = walk.consent(door, url)
    client = people.signed_in(victim)

    without_state = client.get(back, follow=True)
    walk.leave(client, victim, town["mastodon"])
    with_another_state = client.get(back, follow=True)

    assert "not begun here" in said(without_state)
    assert "not begun here" in said(with_another_state)
    assert not Channel.objects.exists()


def test_a_callback_serves_once(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    url = walk.consent_url(walk.leave(client, owner, town["mastodon"]))
    back = walk.consent(door, url)
    client.get(back)

    assert "not begun here" in said(client.get(back, follow=True))


def test_a_sign_in_that_took_too_long_is_begun_anew(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    back = walk.consent(door, walk.consent_url(walk.leave(client, owner, town["mastodon"])))

    with clock.shifted(timedelta(minutes=31)):
        answer = client.get(back, follow=True)

    assert "took too long" in said(answer)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_nothing_is_connected_to_a_workspace_that_is_about_to_be_erased(town: Town, door: Door, when: str) -> None:
    owner = people.owner()
    admin = people.member(owner, "admin")
    browser, mastodon = people.signed_in(admin), town["mastodon"]
    if when == "before":
        ask_workspace(owner)
        answer = walk.leave(browser, admin, mastodon)
        assert 'http-equiv="refresh"' not in answer.content.decode(), "nobody is led there"
    else:
        back = walk.consent(door, walk.consent_url(walk.leave(browser, admin, mastodon)))
        ask_workspace(owner)
        assert "is about to be erased" in said(browser.get(back, follow=True))
    assert not Channel.objects.exists()


def test_somebody_who_lost_the_right_meanwhile_connects_nothing(town: Town, door: Door) -> None:
    owner = people.owner()
    admin = people.member(owner, "admin")
    client = people.signed_in(admin)
    back = walk.consent(door, walk.consent_url(walk.leave(client, admin, town["mastodon"])))
    admin.role = "editor"
    admin.save()

    assert client.get(back).status_code == 403
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nothing here", "Type the name of the server"),
        ("mastodon.invalid", "could not be reached"),
        ("http://127.0.0.1:1", "could not be reached"),
    ],
)
def test_a_server_that_is_none_is_said_in_a_sentence(town: Town, typed: str, sentence: str) -> None:
    owner = people.owner()

    answer = walk.leave(people.signed_in(owner), owner, town["mastodon"], server=typed)

    assert answer.status_code == 200
    assert sentence in said(answer)


@pytest.mark.parametrize("misdeed", ["down", "broken", "lose"])
@pytest.mark.parametrize("where", ["/api/v2/instance", "/api/v1/apps"])
def test_a_server_that_fails_while_connecting_is_said_in_a_sentence(town: Town, misdeed: str, where: str) -> None:
    owner = people.owner()
    town["mastodon"].trick(misdeed, where)  # type: ignore[arg-type]

    answer = walk.leave(people.signed_in(owner), owner, town["mastodon"])

    assert answer.status_code == 200
    assert 'class="note error"' in said(answer)


def test_of_several_profiles_the_person_picks(town: Town, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = [Profile(str(n), f"@page{n}@here", f"Page {n}") for n in range(3)]
    monkeypatch.setattr(networks.get("mastodon"), "channels", lambda self: profiles)
    owner = people.owner()
    client = people.signed_in(owner)

    page = walk.connect(client, owner, door, town["mastodon"])
    assert "@page2@here" in said(page)
    assert not Channel.objects.exists()
    nothing = client.post(f"{people.home(owner)}/channels/pick")
    assert "Choose at least one." in said(nothing)
    client.post(f"{people.home(owner)}/channels/pick", {"profile": ["0", "2", "strange"]})

    assert [c.handle for c in Channel.objects.all()] == ["@page0@here", "@page2@here"]


def test_what_nobody_picks_from_is_forgotten_with_its_tokens(
    town: Town, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = [Profile(str(n), f"@page{n}@here", f"Page {n}") for n in range(3)]
    monkeypatch.setattr(networks.get("mastodon"), "channels", lambda self: profiles)
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town["mastodon"])

    def kept() -> bool:
        return any(FOUND in held for held in people.sessions())

    drop_unpicked(clock.now())
    assert kept()
    with clock.shifted(timedelta(minutes=31)):
        assert drop_unpicked(clock.now()) == 1
        assert not kept()
        assert client.get("/settings/profile").status_code == 200, "still signed in"


def test_disconnecting_deletes_the_secret_and_ends_the_access_there(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town["mastodon"])
    channel = Channel.objects.get()
    sealed = channel.sealed

    client.post(f"{people.home(owner)}/channels/{channel.id}/disconnect")

    assert not Channel.objects.exists()
    assert sealed not in everything_kept()
    assert town["mastodon"].oauth.tokens[0].revoked


def test_disconnecting_keeps_posts_and_receipts_but_no_secret() -> None:
    owner = people.owner()
    delivery = sent(owner, state="delivered")

    people.signed_in(owner).post(f"{people.home(owner)}/channels/{delivery.channel_id}/disconnect")

    channel = Channel.objects.get()
    assert (channel.sealed, channel.paused) == ("", "Disconnected.")
    assert channel.deliveries.count() == 1


def test_a_network_that_cannot_be_told_does_not_keep_the_secret_here(town: Town, door: Door) -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    walk.connect(client, owner, door, town["mastodon"])
    town["mastodon"].trick("down", "/oauth/revoke", times=2)

    answer = client.post(f"{people.home(owner)}/channels/{Channel.objects.get().id}/disconnect", follow=True)

    assert "has not confirmed" in said(answer)
    assert not Channel.objects.exclude(sealed="").exists()


def test_another_workspace_s_channel_is_not_disconnected() -> None:
    channel = people.channel(people.owner())
    owner = people.owner()

    answer = people.signed_in(owner).post(f"{people.home(owner)}/channels/{channel.id}/disconnect")

    assert answer.status_code == 404
    assert Channel.objects.get().sealed


def test_a_network_that_needs_app_credentials_asks_for_them_first() -> None:
    owner = people.owner()
    client, page = people.signed_in(owner), f"{people.home(owner)}/channels/connect/x"

    before = client.get(page)
    client.post(f"{people.home(owner)}/channels/apps/x", {"client_id": "id", "client_secret": "very secret"})
    after = client.get(page)

    assert f"{people.home(owner)}/channels/apps/x" in said(before)
    assert 'name="way"' not in said(before)
    assert 'name="way"' in said(after)
    assert "very secret" not in said(after) + everything_kept()
    assert AppCredential.objects.get().workspace == owner.workspace


def test_only_an_operator_enters_credentials_for_every_workspace() -> None:
    owner, operator = people.owner(), people.owner(is_operator=True)
    form = {"client_id": "id", "client_secret": "s", "everywhere": "on"}
    for who in (owner, operator):
        people.signed_in(who).post(f"{people.home(who)}/channels/apps/x", form)

    assert {a.workspace for a in AppCredential.objects.all()} == {owner.workspace, None}


def test_the_network_page_links_to_its_privacy_policy() -> None:
    owner = people.owner()

    for name, network in networks.every().items():
        page = people.signed_in(owner).get(f"{people.home(owner)}/channels/connect/{name}")
        assert f'href="{network.policy}"' in said(page)


def test_documents_for_networks_are_public_and_unknown_ones_are_not_there() -> None:
    assert Client().get("/connect/documents/mastodon/x.json").status_code == 404
    assert Client().get("/connect/documents/nowhere/x.json").status_code == 404


def test_connecting_again_is_filled_in_with_what_is_known() -> None:
    owner = people.owner()
    channel = people.channel(owner, paused="The token was revoked.")
    theirs = people.channel(people.owner())
    client, page = people.signed_in(owner), f"{people.home(owner)}/channels/connect/mastodon"

    assert f'value="{channel.server_url}"' in said(client.get(page, {"channel": str(channel.id)}))
    assert f'value="{theirs.server_url}"' not in said(client.get(page, {"channel": str(theirs.id)}))
    assert client.get(page, {"channel": "no id"}).status_code == 200


def test_new_app_credentials_leave_the_channels_of_the_old_ones_alone() -> None:
    """A refresh token is bound to the client it was given to."""
    owner = people.owner()
    client, page = people.signed_in(owner), f"{people.home(owner)}/channels/apps/x"
    client.post(page, {"client_id": "one", "client_secret": "a"})
    channel = people.channel(owner, network="x", app=AppCredential.objects.get())
    client.post(page, {"client_id": "one", "client_secret": "rotated"})
    client.post(page, {"client_id": "two", "client_secret": "b"})

    channel.refresh_from_db()
    app = channel.access().app
    used = typed(owner.workspace, networks.get("x"))
    assert app is not None
    assert used is not None
    assert (app.client_id, app.client_secret) == ("one", "rotated")
    assert used.client_id == "two"
