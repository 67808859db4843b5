"""Many posts at once: what can be done is done, and what cannot is told post by post."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import people
from tidings.api import bulk
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.models import Item, Post
from tidings.workspaces.models import AuditEntry, Member
from tidings.workspaces.rates import Rate

pytestmark = pytest.mark.django_db


def draft(of: Member, text: str = "Bread", **fields: Any) -> Post:
    """A post that waits for nothing."""
    post = Post.objects.create(workspace=of.workspace, author=of.user, **fields)
    Item.objects.create(post=post, position=0, text=text)
    return post


def planned(of: Member, text: str = "Bread", days: int = 3) -> Post:
    """A post that is scheduled."""
    post = draft(of, text)
    post.channels.set([people.channel(of)])
    schedule(of, post, clock.now().replace(microsecond=0) + timedelta(days=days))
    return post


def ask(of: Member, posts: list[Post], **wish: Any) -> Any:
    """The answer of the API."""
    body = {"ids": [str(post.pk) for post in posts], **wish}
    answer = people.signed_in(of).post(f"{people.api(of)}/posts/bulk", body, "application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_posts_move_by_days_and_each_back_to_its_own_time() -> None:
    ann = people.owner()
    posts = [planned(ann), planned(ann, days=5), draft(ann, wish_at=clock.now() + timedelta(days=9))]
    said = ask(ann, posts, do="move", days=1, hours=1)
    assert said["done"] == 3
    due = Delivery.objects.get(post=posts[0]).due_at
    assert said["posts"][0]["at"] == due.isoformat().replace("+00:00", "Z")
    ask(ann, posts, do="move", times={one["id"]: one["was"] for one in said["posts"]})
    assert Delivery.objects.get(post=posts[0]).due_at.isoformat().replace("+00:00", "Z") == said["posts"][0]["was"]
    assert AuditEntry.objects.filter(verb="moved", thing="post").count() == 6


def test_moved_to_a_day_each_keeps_its_time_of_day_over_a_change_of_the_clocks() -> None:
    ann = people.owner(zone="Europe/Berlin")
    summer = clock.now().replace(year=2040, month=7, day=2, hour=7, minute=30, second=0, microsecond=0)
    post = draft(ann, wish_at=summer)
    (moved,) = ask(ann, [post], do="move", day="2040-12-03")["posts"]
    assert moved["at"] == "2040-12-03T08:30:00Z"


def test_what_cannot_be_moved_is_told_and_stays_as_it_was() -> None:
    ann = people.owner()
    good, out, loose = planned(ann), planned(ann, "Out already"), draft(ann, "No time")
    out.deliveries.update(state="delivered")
    said = ask(ann, [good, out, loose], do="move", days=2)
    assert [one["done"] for one in said["posts"]] == [True, False, False]
    assert said["posts"][1]["words"] == "Out already"
    assert "can no longer be moved" in said["posts"][1]["reason"]
    assert "no time yet" in said["posts"][2]["reason"]


def test_posts_are_deleted_taken_back_and_sent_again() -> None:
    ann = people.owner()
    gone, back, stuck = draft(ann), planned(ann), planned(ann)
    stuck.deliveries.update(state="failed", reason="No")
    assert ask(ann, [gone], do="delete")["done"] == 1
    assert not Post.objects.filter(pk=gone.pk).exists()
    assert ask(ann, [back, stuck], do="retry")["done"] == 1
    assert stuck.deliveries.get().state == "waiting"
    assert ask(ann, [back], do="unschedule")["done"] == 1
    back.refresh_from_db()
    assert back.stage == "draft"


def test_tags_are_put_on_and_taken_off() -> None:
    ann = people.owner()
    posts = [draft(ann), draft(ann)]
    assert ask(ann, posts, do="tag", tag="Summer sale")["done"] == 2
    assert [tag.name for tag in posts[1].tags.all()] == ["Summer sale"]
    assert ask(ann, posts[:1], do="untag", tag="summer SALE")["done"] == 1
    assert (posts[0].tags.count(), posts[1].tags.count()) == (0, 1)
    assert ask(ann, posts, do="tag", tag=" ")["done"] == 0


def test_posts_of_others_are_not_there() -> None:
    ann, ben = people.owner(), people.owner()
    theirs = draft(ben, "Secret")
    said = ask(ann, [theirs], do="delete")
    assert (said["done"], said["posts"][0]["words"]) == (0, "")
    assert Post.objects.filter(pk=theirs.pk).exists()


def test_who_may_only_write_is_told_that_scheduled_posts_are_not_theirs_to_move() -> None:
    ann = people.owner()
    cleo = people.member(ann, "contributor")
    said = ask(cleo, [planned(ann), draft(ann, wish_at=clock.now() + timedelta(days=1))], do="move", days=1)
    assert [one["done"] for one in said["posts"]] == [False, True]
    assert "role" in said["posts"][0]["reason"]


def test_too_many_at_once_and_too_often_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = people.owner()
    client, where = people.signed_in(ann), f"{people.api(ann)}/posts/bulk"
    many = {"ids": [str(uuid4()) for _ in range(501)], "do": "delete"}
    assert client.post(where, many, "application/json").status_code == 422
    monkeypatch.setattr(bulk, "OFTEN", Rate(1, timedelta(minutes=1)))
    ask(ann, [draft(ann)], do="delete")
    again = client.post(where, {"ids": [str(uuid4())], "do": "delete"}, "application/json")
    assert (again.status_code, int(again["Retry-After"]) > 0) == (429, True)
