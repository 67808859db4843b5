"""The inbox: what others wrote, narrowed as somebody asks for it, and what stands there while there is nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.web.test_post import sent
from tidings.core import clock
from tidings.inbox.models import Conversation, Listener, Message
from tidings.workspaces.models import Member


def heard(owner: Member, said: str = "When do you open", **fields: Any) -> Conversation:
    """What somebody wrote under a post of ours that is out."""
    receipt = {"id": "1", "url": "http://mastodon.invalid/@ana/1", "extra": {}}
    found = people.conversation(sent(owner, state="delivered", receipt=receipt, delivered_at=clock.now()), said)
    Conversation.objects.filter(pk=found.pk).update(**fields)
    found.refresh_from_db()
    return found


def page(member: Member, query: str = "") -> str:
    answer = people.signed_in(member).get(f"{people.home(member)}/inbox{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_conversation_says_who_wrote_what_where_and_below_which_post() -> None:
    owner = people.owner()
    found = heard(owner)
    shown = page(owner)
    for words in ("@reader", "When do you open", "hello world", found.channel.handle, f"/inbox/{found.pk}"):
        assert words in shown


def test_the_newest_words_stand_there_with_who_wrote_them() -> None:
    owner = people.owner()
    found = heard(owner)
    Message.objects.create(
        conversation=found, channel=found.channel, remote_id="2", author="@other", name="Other", text="At nine",
        at=clock.now() + timedelta(minutes=1), receipt={"id": "2", "url": "", "extra": {}},
    )  # fmt: skip
    shown = page(owner)
    assert "Other" in shown
    assert "At nine" in shown
    assert "When do you open" not in shown


@pytest.mark.parametrize(("query", "seen"), [
    ("", {"mine", "nobody's"}), ("?whose=mine", {"mine"}), ("?whose=nobody", {"nobody's"}), ("?whose=done", {"done"}),
    ("?whose=every", {"mine", "nobody's", "done"}), ("?whose=nonsense&channel=nonsense", {"mine", "nobody's"}),
    ("?q=NOBODY's+wrote", {"nobody's"}), ("?kind=review", set()), ("?kind=comment", {"mine", "nobody's"}),
])  # fmt: skip
def test_the_list_is_narrowed_as_it_is_asked_for(query: str, seen: set[str]) -> None:
    owner = people.owner()
    heard(owner, "mine wrote this", assigned=owner)
    heard(owner, "nobody's wrote this")
    heard(owner, "done wrote this", done_at=clock.now())
    shown = page(owner, query).replace("&#x27;", "'")
    assert {one for one in ("mine", "nobody's", "done") if f"{one} wrote this" in shown} == seen


def test_a_channel_is_asked_for_by_its_id() -> None:
    owner = people.owner()
    one, other = heard(owner, "the one"), heard(owner, "the other")
    shown = page(owner, f"?channel={one.channel_id}")
    assert "the one" in shown
    assert "the other" not in shown
    assert str(other.pk) not in shown


def test_a_review_says_how_many_stars_it_gives() -> None:
    owner = people.owner()
    found = heard(owner, kind="review")
    found.messages.update(stars=4)
    assert "4 of 5 stars" in page(owner)


def test_the_side_bar_counts_what_nobody_has_read_by_one_query() -> None:
    owner = people.owner()
    for _ in range(3):
        heard(owner)
    heard(owner, seen_at=clock.now() + timedelta(hours=1))
    heard(owner, done_at=clock.now())
    client, calendar = people.signed_in(owner), f"{people.home(owner)}/calendar"
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(calendar).content.decode()
    link = shown[shown.index(f'href="{people.home(owner)}/inbox"') :]
    assert '<span class="count">3</span>' in link[: link.index("</a>")]
    assert len([one for one in asked if "inbox_conversation" in one["sql"]]) == 1


def test_many_conversations_ask_no_more_than_few() -> None:
    owner = people.owner()
    client, inbox = people.signed_in(owner), f"{people.home(owner)}/inbox"
    counts = []
    for more in (2, 6):
        for _ in range(more):
            heard(owner, assigned=owner)
        client.get(inbox)
        with CaptureQueriesContext(connection) as asked:
            client.get(inbox)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_more_than_a_page_goes_on_behind_a_link() -> None:
    owner = people.owner()
    first = heard(owner, "the oldest", last_at=clock.now() - timedelta(days=1))
    for _ in range(30):
        people.conversation(first.delivery or sent(owner))
    assert "the oldest" not in page(owner)
    assert "page=2" in page(owner)
    assert "the oldest" in page(owner, "?page=2")


def test_another_workspace_sees_nothing_of_it() -> None:
    owner, stranger = people.owner(), people.owner()
    found = heard(owner)
    assert "When do you open" not in page(stranger, "?whose=every")
    client = people.signed_in(stranger)
    for home in (people.home(owner), people.home(stranger)):
        assert client.get(f"{home}/inbox/{found.pk}").status_code == 404
        assert client.post(f"{home}/inbox/{found.pk}/answer", {"text": "no"}).status_code == 404


def test_without_a_channel_that_is_heard_the_next_step_is_to_connect_one() -> None:
    owner = people.owner()
    people.channel(owner, network="webhook")
    assert "No channel has an inbox yet" in page(owner)
    assert f"{people.home(owner)}/channels/connect" in page(owner)
    assert "Connect a channel</a>" not in page(people.member(owner, "editor"))


def test_an_empty_inbox_says_why_it_is_empty() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    assert "Nobody has written yet" in page(owner)
    listener = Listener.objects.create(workspace=owner.workspace, channel=channel, wanted=False)
    assert "No messages are read" in page(owner)
    listener.delete()
    heard(owner, done_at=clock.now())
    assert "Nothing left to do" in page(owner)
    assert "Nothing is yours just now" in page(owner, "?whose=mine")
    assert "Nothing fits" in page(owner, "?q=zeppelin")


def test_it_says_when_was_read_last_and_which_channel_had_trouble() -> None:
    owner = people.owner()
    found = heard(owner)
    Listener.objects.create(
        workspace=owner.workspace, channel=found.channel, heard_at=clock.now(), trouble="The server is asleep."
    )
    shown = page(owner)
    assert "Last read" in shown
    assert "The server is asleep." in shown
    assert f"/channels/{found.channel_id}#inbox" in shown


def test_a_row_is_called_done_by_one_click_and_only_by_who_may() -> None:
    owner = people.owner()
    found = heard(owner)
    client = people.signed_in(people.member(owner, "contributor"))
    shown = client.post(f"{people.home(owner)}/inbox/{found.pk}/done", {"done": "yes"}, follow=True).content.decode()
    assert "Nothing left to do" in shown
    assert "Mark done" not in page(people.member(owner, "client"), "?whose=every")
