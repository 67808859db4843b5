"""The command palette and the search behind it, and the channels in the side bar."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import people
from tests.web.test_calendar import planned
from tidings.channels.models import Channel
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.find import find
from tidings.workspaces.models import Member, User
from tidings.workspaces.tags import named

pytestmark = pytest.mark.django_db
NEXT = datetime(2031, 3, 10, 9, tzinfo=UTC)


def lines(member: Member, typed: str = "") -> list[dict[str, Any]]:
    answer = people.signed_in(member).get(f"{people.home(member)}/palette", {"q": typed})
    assert answer.status_code == 200
    return list(json.loads(answer.content)["lines"])


def labels(member: Member, typed: str = "") -> list[str]:
    return [line["label"] for line in lines(member, typed)]


def test_what_was_written_is_found_whatever_its_case_and_leads_to_its_place() -> None:
    owner = people.owner()
    post = compose(owner, Draft((), (ItemDraft("Ölkännchen aus Messing,\nvon 1874"),)))
    named(owner.workspace, ["Messing"])

    found = {line["url"] for typed in ("ÖLKÄNNCHEN messing", "mess") for line in lines(owner, typed)}

    assert f"{people.home(owner)}/posts/{post.pk}" in found
    assert any("?tag=" in url for url in found)


def test_nobody_finds_what_another_workspace_has() -> None:
    owner, other = people.owner(), people.owner()
    compose(other, Draft((), (ItemDraft("a secret recipe"),)))

    assert find(owner, "secret") == []
    assert labels(owner, "secret") == []


def test_at_most_thirty_lines_answer_what_was_typed() -> None:
    owner = people.owner()
    for number in range(40):
        compose(owner, Draft((), (ItemDraft(f"a {number}"),)))
    Channel.objects.bulk_create(
        Channel(workspace=owner.workspace, network="mastodon", remote_id=str(n), handle=f"a{n}") for n in range(40)
    )

    named(owner.workspace, ("a1", "a2", "a3", "a4"))
    assert len(lines(owner, "a")) == 30


def test_each_sees_the_pages_and_acts_of_their_role_only() -> None:
    owner = people.owner()
    people.channel(owner)
    client = people.member(owner, "client")

    assert {"New post", "Members", "Sign out", "Colours: dark"} <= set(labels(owner))
    assert not {"New post", "Members", "Connect a channel"} & set(labels(client))
    assert any(label.startswith("New post on ") for label in labels(owner))


def test_a_theme_is_chosen_with_one_post() -> None:
    owner = people.owner()

    people.signed_in(owner).post("/look?theme=dark")
    people.signed_in(owner).post("/look?theme=purple&language=xx")

    assert User.objects.get(pk=owner.user_id).theme == "dark"


def test_the_side_bar_has_channels_in_their_groups_with_what_is_queued() -> None:
    owner = people.owner()
    one, two = people.channel(owner), people.channel(owner)
    Channel.objects.filter(pk=two.pk).update(group="Museum & café")
    for day in range(3):
        planned(owner, NEXT + timedelta(days=day), f"number {day}", two)
    planned(owner, NEXT - timedelta(days=900), "long out", one, state="delivered")

    shown = people.signed_in(owner).get(f"{people.home(owner)}/channels", {"channel": str(two.pk)}).content.decode()
    side = shown[shown.index('id="side-channels"') : shown.index("</section>")]

    assert "<h3" in side
    assert "Museum &amp; café" in side
    assert side.count('class="queued"') == 1
    assert ">3<" in side
    assert side.count('aria-current="true"') == 1
