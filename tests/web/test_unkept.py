"""What browsers keep of a page; tests/permissions goes through all of them for every visitor."""

from django.test import Client

from tests import people
from tests.permissions.visitors import signed_in
from tidings.workspaces.api_keys import make


def test_a_new_key_and_what_the_api_says_to_a_key_or_to_nobody_is_not_kept() -> None:
    owner = people.owner()
    page, at = f"{people.home(owner)}/settings/keys", f"{people.api(owner)}/channels"
    shown = signed_in(owner.user).post(page, {"name": "script", "days": "30", "read": "on"}, follow=True)
    asked = Client().get(at, headers={"authorization": f"Bearer {make(owner, 'script', ['read'])[1]}"})
    refused = Client().get(at)
    assert "tdg_" in shown.content.decode()
    assert [answer.status_code for answer in (shown, asked, refused)] == [200, 200, 401]
    assert [answer.headers["Cache-Control"] for answer in (shown, asked, refused)] == ["no-store"] * 3


def test_a_post_that_is_half_written_is_kept_for_whoever_comes_back_and_for_nobody_else() -> None:
    owner = people.owner()
    answer = people.signed_in(owner).get(f"{people.home(owner)}/compose")
    assert answer.headers["Cache-Control"] == "private, no-cache"
