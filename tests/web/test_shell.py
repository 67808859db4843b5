"""Around the pages: the first steps, the language before signing in, and what lets the pages be installed."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests import people
from tidings import web
from tidings.core import clock
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.privacy import cookies
from tidings.workspaces.models import Member, User

pytestmark = pytest.mark.django_db
STATIC = Path(web.__file__).with_name("static")


def calendar(member: Member, client: Client | None = None) -> str:
    answer = (client or people.signed_in(member)).get(f"{people.home(member)}/calendar")
    return str(answer.content.decode())


def test_the_first_steps_know_what_is_done_already() -> None:
    owner = people.owner()
    compose(owner, Draft((), (ItemDraft("hello"),)))
    people.member(owner, "editor")

    shown = calendar(owner)
    steps = re.findall(r'<li( class="done")?>.*?grow">(?:<a [^>]*>)?([^<]+)', shown[shown.index('id="begin-title"') :])

    told = {label: bool(done) for done, label in steps[:4]}
    assert told == {"Connect a channel": False, "Write a post": True, "Set times": False, "Invite somebody": True}


def test_whoever_does_not_want_the_first_steps_sees_them_no_more() -> None:
    owner = people.owner()
    client = people.signed_in(owner)

    assert 'id="begin-title"' in calendar(owner, client)
    client.post(f"{people.home(owner)}/begin/hide")
    assert 'id="begin-title"' not in calendar(owner, client)


def test_a_workspace_that_is_no_longer_young_is_told_no_first_steps() -> None:
    owner = people.owner()

    with clock.shifted(timedelta(days=61)):
        assert 'id="begin-title"' not in calendar(owner, people.signed_in(owner))


def test_a_language_is_chosen_before_signing_in_and_the_browser_s_is_heeded() -> None:
    people.owner()
    client = Client(headers={"Accept-Language": "de-AT,de;q=0.9"})

    assert '<html lang="de"' in client.get("/accounts/login/").content.decode()
    client.post("/look", {"language": "en"})
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()
    client.post("/look", {"language": "xx"})
    assert '<html lang="en"' in client.get("/accounts/login/").content.decode()
    assert set(client.cookies) <= {cookie.name for cookie in cookies.EVERY}


def test_nobody_is_led_to_another_site_after_choosing_a_language(client: Client) -> None:
    answer = client.post("/look", {"language": "de"}, headers={"referer": "https://example.org/evil"})

    assert answer.headers["location"] == "/"


def test_a_person_s_language_is_kept_with_them() -> None:
    owner = people.owner()

    people.signed_in(owner).post("/look", {"language": "de"})

    assert User.objects.get(pk=owner.user_id).language == "de"


def test_the_manifest_names_icons_that_are_there(client: Client) -> None:
    said = json.loads(client.get("/manifest.webmanifest").content)

    assert said["start_url"] == said["scope"] == "/"
    assert {"any", "maskable"} == {icon["purpose"] for icon in said["icons"]}
    for icon in said["icons"]:
        assert (STATIC / icon["src"].removeprefix("/static/")).stat().st_size < 20_000


def test_what_is_kept_for_being_offline_is_nobody_s() -> None:
    owner = people.owner(name="Somebody Particular")

    shown = people.signed_in(owner).get("/offline").content.decode()
    script = Client().get("/worker.js").content.decode()

    kept = json.loads(script[script.index("[") : script.index("]") + 1])
    assert kept[0] == "/offline"
    assert all(path.startswith("/static/") for path in kept[1:])
    assert "csrfmiddlewaretoken" not in shown
    assert "Somebody" not in Client().get("/offline").content.decode()
