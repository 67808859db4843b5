"""What the calendar is narrowed to: by its address, in every view, and over the API alike."""

from datetime import timedelta
from typing import Any

import pytest

from tests import people
from tests.web.test_calendar import DAY, page, planned
from tidings.deliveries import angle
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member, Tag

WORDS = ("one", "two", "three")


@pytest.fixture
def scene() -> dict[str, Any]:
    """Three posts, each different in everything that filters ask for."""
    owner = people.owner()
    other = people.member(owner, "editor")
    channels = [people.channel(owner, group=group) for group in ("Bakery", "Bakery", "Café")]
    tag = Tag.objects.create(workspace=owner.workspace, name="launch", colour="teal")
    posts = [planned(owner, DAY, word, channel) for word, channel in zip(WORDS, channels, strict=True)]
    posts[0].tags.add(tag)
    Post.objects.filter(pk=posts[1].pk).update(author=other.user, note="ask MÜLLER first")
    posts[2].deliveries.update(state="failed")
    return {"owner": owner, "channel": channels[0].id, "tag": tag.id, "author": other.user.pk}


CASES = {
    "channel": ("one",), "group": ("one", "two"), "tag": ("one",), "state": ("three",), "author": ("two",),
    "text": ("two",),
}  # fmt: skip
SAID = {"group": "Bakery", "state": "failed", "text": "müller FIRST"}


def shown(text: str) -> tuple[str, ...]:
    return tuple(word for word in WORDS if f">{word}<" in text)


@pytest.mark.parametrize("name", CASES)
def test_each_filter_narrows_every_view_and_the_api_to_the_same(scene: dict[str, Any], name: str) -> None:
    query, owner = {name: str(SAID.get(name) or scene[name])}, scene["owner"]

    views = {view: shown(page(owner, view=view, day="2031-03-10", **query)) for view in angle.VIEWS}
    asked = people.signed_in(owner).get(
        f"{people.api(owner)}/posts", {"from": DAY.isoformat(), "to": (DAY + timedelta(days=1)).isoformat(), **query}
    )

    assert views == dict.fromkeys(angle.VIEWS, CASES[name])
    assert tuple(sorted((row["words"] for row in asked.json()), key=WORDS.index)) == CASES[name]


def test_filters_of_two_kinds_narrow_one_another_and_each_can_be_taken_off(scene: dict[str, Any]) -> None:
    owner, channel = scene["owner"], scene["channel"]

    both = page(owner, day="2031-03-10", channel=str(channel), state="failed", text="x")

    assert shown(both) == ()
    assert "Nothing here passes the filters" in both
    assert 'href="?view=month&amp;state=failed&amp;text=x&amp;day=2031-03-10"' in both
    assert f'href="?view=month&amp;channel={channel}&amp;state=failed&amp;day=2031-03-10"' in both


def test_text_is_looked_for_in_what_single_channels_say_too() -> None:
    owner = people.owner()
    post = planned(owner, DAY, "plain", people.channel(owner))
    post.items.get().variants.create(channel=post.channels.get(), text="only here: Zebra")

    assert 'data-post="' in page(owner, day="2031-03-10", text="zebra")
    assert 'data-post="' not in page(owner, day="2031-03-10", text="giraffe")


def test_a_filter_of_another_workspace_shows_nothing_of_it() -> None:
    owner, stranger = people.owner(), people.owner()
    channel = people.channel(stranger, group="Secret client")
    planned(stranger, DAY, "theirs", channel)

    shown_here = page(owner, day="2031-03-10", channel=str(channel.id), group="Secret client")

    assert "theirs" not in shown_here
    assert channel.handle not in shown_here


def columns(text: str) -> dict[str, str]:
    parts = text.split('data-column="')[1:]
    return {part.partition('"')[0]: part for part in parts}


def board(owner: Member) -> dict[str, str]:
    return columns(page(owner, view="board"))


def test_the_board_has_a_column_for_how_far_each_post_has_come_and_counts_them_all() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    compose(owner, Draft(items=(ItemDraft("an idea"),)))
    compose(owner, Draft(items=(ItemDraft("a draft"),), wish_at=DAY))
    for state, text in (("waiting", "planned"), ("held", "too late"), ("delivered", "is out")):
        planned(owner, DAY, text, channel, state=state)
    Post.objects.filter(pk=compose(owner, Draft(items=(ItemDraft("look at me"),))).pk).update(stage="review")

    found = board(owner)

    words = {"ideas": "an idea", "drafts": "a draft", "review": "look at me", "scheduled": "planned",
             "attention": "too late", "published": "is out"}  # fmt: skip
    assert {name: word for name, word in words.items() if word in found[name]} == words
    assert all('<span class="count">1</span>' in part for part in found.values())


def test_a_long_column_shows_fifty_and_leads_to_the_rest() -> None:
    owner = people.owner()
    for n in range(53):
        compose(owner, Draft(items=(ItemDraft(f"idea {n}"),)))

    ideas = board(owner)["ideas"]

    assert ideas.count("data-post=") == 50
    assert "Show all, 3 more" in ideas
    assert "?view=list&amp;state=draft" in ideas


def test_a_board_leads_to_every_post_of_the_column_however_old() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    for years in range(53):
        planned(owner, DAY - timedelta(days=366 * (years // 10)), f"out {years}", channel, state="delivered")

    assert "?view=list&amp;state=partly&amp;state=published&amp;span=all" in board(owner)["published"]
    every = page(owner, view="list", state="published", span="all")
    assert every.count("data-post=") == 53
    assert every.index("out 0<") < every.index("out 52<")  # the newest first


def test_a_list_of_every_post_is_turned_page_by_page_and_leaves_none_out() -> None:
    owner = people.owner()
    for n in range(130):
        compose(owner, Draft(items=(ItemDraft(f"draft {n}."),), wish_at=None if n % 2 else DAY + timedelta(days=n)))

    first = page(owner, view="list", span="all")
    second = page(owner, view="list", span="all", page="2")

    assert "Page 1 of 2" in first
    assert "?view=list&amp;span=all&amp;page=2" in first
    assert (first.count("data-post="), second.count("data-post=")) == (100, 30)
    assert all((f"draft {n}." in first) != (f"draft {n}." in second) for n in range(130))


def test_a_list_of_some_days_says_that_more_drafts_without_a_time_wait() -> None:
    owner = people.owner()
    for n in range(101):
        compose(owner, Draft(items=(ItemDraft(f"idea {n}"),)))

    shown = page(owner, view="list")

    assert shown.count("data-post=") == 100
    assert '<a class="more" href="?view=list&amp;span=all">' in shown
