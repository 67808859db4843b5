"""A page that listens hears when something of its workspace's calendar changes, and nobody else does."""

import http.client
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.media.stack import Browser, browser, served
from tidings.core import clock
from tidings.deliveries.glance import glance
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.web import attention, calendar, live, post, rooms
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)


class Line:
    """A stream that somebody listens to."""

    def __init__(self, who: Browser, path: str, **headers: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", who.port, timeout=10)
        self.line.request("GET", path, headers=who.headers(headers))
        self.answer = self.line.getresponse()

    def hear(self) -> str:
        """The next message: `here` or `changed`; empty: it has ended."""
        said = []
        for row in self.answer:
            said.append(row.decode().strip())
            if said[-1]:
                continue
            if "event: changed" in said:
                return "changed"
            if ": still here" in said:
                return "here"
        return ""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A serving process that looks often."""
    monkeypatch.setattr(rooms, "PACE", 0.02)
    with served() as port:
        yield port


def scheduled(of: Member) -> Delivery:
    """A delivery that is due."""
    channel = people.channel(of)
    post = Post.objects.create(workspace=of.workspace, stage="approved")
    item, now = Item.objects.create(post=post, position=0, text="Bread"), clock.now()
    return Delivery.objects.create(
        workspace=of.workspace, post=post, item=item, channel=channel, due_at=now, again_at=now
    )


def listening(port: int, who: Member, to: Member | None = None, **headers: str) -> Line:
    """This member's browser, listening to their own workspace or another's."""
    return Line(browser(port, who.user), f"{people.home(to or who)}/live", **headers)


def test_each_step_of_a_delivery_is_heard_of(port: int) -> None:
    ann = people.owner()
    delivery = scheduled(ann)
    line = listening(port, ann)
    assert line.answer.status == 200
    assert line.answer.headers["Content-Type"].startswith("text/event-stream")
    assert (line.answer.headers["X-Accel-Buffering"], line.answer.headers["Cache-Control"]) == ("no", "no-store")
    for change in (
        {"state": "sending", "fence": 1}, {"state": "waiting"}, {"state": "sending", "fence": 2},
        {"state": "unsure"}, {"state": "delivered", "delivered_at": clock.now()}, {"gone_at": clock.now()},
    ):  # fmt: skip
        assert line.hear() == "here"
        Delivery.objects.filter(pk=delivery.pk).update(**change)
        assert line.hear() == "changed", change


def test_what_a_member_does_is_heard_of_and_what_happens_elsewhere_is_not(port: int) -> None:
    ann, ben = people.owner(), people.owner()
    mine, theirs = listening(port, ann), listening(port, ben)
    assert (mine.hear(), theirs.hear()) == ("here", "here")
    body = {"items": [{"text": "Bread"}]}
    people.signed_in(ann).post(f"{people.api(ann)}/posts", body, "application/json")
    assert mine.hear() == "changed"
    theirs.line.sock.settimeout(0.3)
    with pytest.raises(TimeoutError):
        theirs.hear()


def test_what_a_colleague_writes_into_a_draft_is_heard_of(port: int) -> None:
    ann = people.owner()
    ben, api = people.signed_in(people.member(ann, "editor")), f"{people.api(ann)}/posts"
    draft = ben.post(api, {"items": [{"text": "Bread"}]}, "application/json").json()
    line = listening(port, ann)
    assert line.hear() == "here"
    body = {"items": [{"text": "Rye bread"}], "revision": draft["revision"]}
    assert ben.put(f"{api}/{draft['id']}", body, "application/json").status_code == 200
    assert line.hear() == "changed"


def test_whoever_comes_back_hears_at_once_that_something_changed_meanwhile(port: int) -> None:
    ann = people.owner()
    assert listening(port, ann, Last_Event_ID="of-long-ago").hear() == "changed"
    assert Line(browser(port, ann.user), f"{people.home(ann)}/live?seen=of-long-ago").hear() == "changed"
    assert listening(port, ann, Last_Event_ID=glance(ann.workspace_id)).hear() == "here"


def test_strangers_and_the_signed_out_hear_nothing(port: int) -> None:
    ann, ben = people.owner(), people.owner()
    assert listening(port, ben, ann).answer.status == 404
    assert Line(Browser(port, ""), f"{people.home(ann)}/live").answer.status == 404


def test_a_stream_ends_with_the_membership_and_with_the_session(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT", 0.02)
    ann = people.owner()
    former, out = people.member(ann, "editor"), people.member(ann, "client")
    lines = [listening(port, who, ann) for who in (former, out)]
    assert [line.hear() for line in lines] == ["here", "here"]
    former.delete()
    Session.objects.all().delete()
    for line in lines:
        while heard := line.hear():
            assert heard == "here"
    assert listening(port, former, ann).answer.status == 404


def test_nobody_holds_too_many_connections(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "OF_ONE", 1)
    monkeypatch.setattr(live, "OF_ONE", 1)
    monkeypatch.setattr(live, "MOST", 2)
    ann = people.owner()
    ben = people.member(ann, "editor")
    lines = [listening(port, ann)]
    lines[0].hear()
    assert listening(port, ann).answer.status == 429
    lines.append(listening(port, ben, ann))
    lines[1].hear()
    refused = listening(port, people.member(ann, "client"), ann).answer
    assert (refused.status, refused.headers["Retry-After"]) == (503, "60")


def test_listeners_do_not_hold_up_the_end_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = people.owner()
    with served() as port:
        line = listening(port, ann)
        assert line.hear() == "here"
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    assert line.hear() == ""


def test_a_look_goes_by_indexes_alone() -> None:
    delivery = scheduled(people.owner())
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        glance(delivery.workspace_id)
        asked_for = [query["sql"] for query in asked]
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
        for query in asked_for:
            cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + query)
            plan = "\n".join(str(row) for row in cursor.fetchall())
            for table in ("deliveries", "posts"):
                assert f"SCAN {table}" not in plan, plan
                assert f"Seq Scan on {table}" not in plan, plan
            assert "FOR ORDER BY" not in plan, plan  # the newest, without sorting
        if connection.vendor == "postgresql":
            cursor.execute("RESET enable_seqscan")
    assert len(asked_for) == 1


@pytest.mark.parametrize(("page", "reads"), [("calendar", "places"), ("attention", "_silent"), ("post", "_context")])
def test_what_changes_while_a_page_is_made_is_heard_of(page: str, reads: str, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = scheduled(ann := people.owner())
    module, path = {
        "calendar": (calendar, "calendar"), "attention": (attention, "attention"),
        "post": (post, f"posts/{delivery.post_id}"),
    }[page]  # fmt: skip
    read = getattr(module, reads)

    def and_then_somebody_writes(*given: Any) -> Any:
        found = read(*given)
        Post.objects.create(workspace=ann.workspace, stage="draft", wish_at=clock.now())
        return found

    monkeypatch.setattr(module, reads, and_then_somebody_writes)
    made = people.signed_in(ann).get(f"{people.home(ann)}/{path}").content.decode()

    (seen,) = re.findall('data-seen="([^"]*)"', made)
    assert len(seen) == 16
    assert seen != glance(ann.workspace_id)
