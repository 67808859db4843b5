"""The settings have two halves, the person's own and the workspace's; and steps at a network show what to type."""

import pytest

from tests import people
from tidings.web.templatetags.guide import marked

YOURS, SHARED = ("Notifications", "Security", "Privacy"), ("Members", "Tags", "Templates", "API keys", "Audit log")


def _tabs(page: str) -> str:
    return page.partition('class="subnav"')[2].partition("</nav>")[0]


@pytest.mark.django_db
def test_each_half_shows_its_own_pages_only() -> None:
    owner = people.owner()
    client = people.signed_in(owner)
    yours = _tabs(client.get("/settings/profile").content.decode())
    shared = _tabs(client.get(f"{people.home(owner)}/settings/members").content.decode())
    assert all(f">{word}<" in yours and f">{word}<" not in shared for word in YOURS)
    assert all(f">{word}<" in shared and f">{word}<" not in yours for word in SHARED)


@pytest.mark.django_db
def test_a_client_is_led_to_a_page_they_may_see() -> None:
    page = people.signed_in(people.member(people.owner(), "client")).get("/settings/profile")
    way = page.content.decode().partition('class="segments"')[2].partition("</nav>")[0]
    assert "settings/keys" in way


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("Add pages_show_list and tick it.", 'Add <code class="code">pages_show_list</code> and tick it.'),
        ("Enter https://a.example/b?c=1&d.", 'Enter <code class="code">https://a.example/b?c=1</code>&amp;d.'),
        ("Never <b>this_one</b>", 'Never &lt;b&gt;<code class="code">this_one</code>&lt;/b&gt;'),
        ("Plain words only.", "Plain words only."),
    ],
)
def test_what_must_be_typed_stands_out_and_nothing_else_is_markup(step: str, shown: str) -> None:
    assert marked(step) == shown
