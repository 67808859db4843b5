"""6 · Only the cookies that are declared, and nothing from anywhere else."""

import json
import re

from django.test import Client

from tests.policy import life
from tests.web import people as typed
from tidings import framework
from tidings.privacy import cookies
from tidings.privacy.policy import policy

PAGES = ("/privacy", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/first-run")
INSIDE = (
    "calendar", "compose", "attention", "media", "channels", "channels/connect", "channels/connect/mastodon",
    "settings", "settings/members",
)
OURS = ("/settings/profile", "/settings/security", "/accounts/email/", "/accounts/sessions/")
LOADING = "script|link|img|iframe|video|audio|source|form|use"
ELSEWHERE = re.compile(rf'<(?:{LOADING})\b[^>]*(?:src|href|action)="(?:https?:)?//')


def test_6_cookies_every_page_sets_only_declared_cookies_and_loads_nothing_from_elsewhere(db: None) -> None:
    mine = life.begin()
    stranger = Client()
    visits = [(stranger, path) for path in PAGES] + [(mine.client, f"{mine.home}/{page}") for page in INSIDE]
    for client, path in [*visits, *((mine.client, path) for path in OURS)]:
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert not ELSEWHERE.search(answer.content.decode()), path
        policy_said = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy_said
        assert not re.search(r"https?:|\*", policy_said), path
    typed.person()
    typed.sign_in(stranger)
    declared = {cookie.name for cookie in cookies.EVERY}
    assert {*stranger.cookies, *mine.client.cookies} == declared


def test_6_cookies_the_policy_names_each_cookie_with_its_purpose_and_lifetime(db: None) -> None:
    for language in ("en", "de"):
        told = policy(language).cookies
        assert [name for name, _purpose, _lifetime in told] == [cookie.name for cookie in cookies.EVERY]
        assert all(purpose and lifetime for _name, purpose, lifetime in told)
    shown = Client().get("/privacy").content.decode()
    assert all(f">{cookie.name}<" in shown for cookie in cookies.EVERY)


def test_6_cookies_the_session_is_out_of_reach_of_scripts_and_lives_as_long_as_is_said(db: None) -> None:
    typed.person()
    client = Client()
    typed.sign_in(client)
    session = client.cookies[framework.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert int(session["max-age"]) == cookies.SESSION.seconds


def test_6_browser_what_is_kept_for_being_offline_is_nobody_s_and_the_same_for_everybody(db: None) -> None:
    mine = life.begin()
    script = mine.client.get("/worker.js").content.decode()
    kept = json.loads(re.search(r"KEPT = (\[[^\]]*\])", script)[1])  # type: ignore[index]
    assert [path for path in kept if path != "/offline" and not path.startswith("/static/")] == []
    stranger = Client().get("/offline")
    assert not stranger.cookies
    known = (mine.member.user.email, str(mine.member.user.pk), mine.member.workspace.name)
    assert [word for word in known if word in stranger.content.decode()] == []
    assert "cache.put" not in script  # nothing is added to it later


def test_6_browser_a_page_says_whose_it_is_so_that_another_s_drafts_are_thrown_away(db: None) -> None:
    mine = life.begin()
    page = mine.client.get("/settings/profile").content.decode()
    assert f'data-person="{mine.member.user.pk}"' in page
    assert "data-person" not in Client().get("/accounts/login/").content.decode()
    assert "data-offline" in page  # the way to do without it
