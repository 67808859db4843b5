"""Walls of VK in a box: posts and comments, what is refused there, and guids that are remembered for an hour."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.simulators.base import Refusal, Simulator

REMEMBERS = timedelta(hours=1)
A_DAY = timedelta(days=1)
Form = Mapping[str, str]


class VkWall(Simulator):
    """The methods whose names begin with `wall`, for `me` (a number), a person (a name) and the form."""

    per_day = 0  # posts that a wall takes in a day; 0: any number
    next_error: tuple[int, str] | None = None

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.guids: dict[tuple[str, str], tuple[str, datetime]] = {}

    def wall_post(self, me: str, person: str, form: Form) -> Any:
        """A post; one under a guid that is remembered is the post of the first time."""
        since = clock.now() - A_DAY
        today = [p for p in self.posts.values() if (p["owner_id"], p["kind"]) == (int(form["owner_id"]), "post")]
        if self.per_day and len([post for post in today if post["at"] > since]) >= self.per_day:
            raise error(214, "Access to adding post denied: too many posts")
        return {"post_id": self._make(me, form, "post", form["owner_id"])}

    def wall_createComment(self, me: str, person: str, form: Form) -> Any:
        """A comment under a post, and perhaps under a comment."""
        post = f"{form['owner_id']}_{form['post_id']}"
        if post not in self.posts:
            raise error(100, "One of the parameters specified was missing or invalid: post_id")
        author = f"-{form['from_group']}" if form.get("from_group", "0") != "0" else me
        return {"comment_id": self._make(me, form, "comment", author, f"{post}?reply=")}

    def _make(self, me: str, form: Form, kind: str, author: str, under: str = "") -> int:
        known, until = self.guids.get((me, form.get("guid", "")), ("", clock.now()))
        if known and until > clock.now():
            return int(known)
        self._check(me, form)
        number = str(int(self.new_id()[-12:]))
        hung = [name for name in form.get("attachments", "").split(",") if name]
        id = f"{under or form['owner_id'] + '_'}{number}"
        self.posts[id] = {
            **form, "name": id, "id": int(number), "kind": kind, "owner_id": int(form["owner_id"]), "at": clock.now(),
            "from_id": int(author), "date": int(clock.now().timestamp()), "text": form.get("message", ""),
            "attachments": [_attached(name) for name in hung],
        }
        self.guids[me, form.get("guid", "")] = number, clock.now() + REMEMBERS
        return int(number)

    def _check(self, me: str, form: Form) -> None:
        if self.next_error:
            (code, said), self.next_error = self.next_error, None
            raise error(code, said)
        if form["owner_id"] not in (me, "-45"):
            raise error(15, "Access denied")
        hung = [name for name in form.get("attachments", "").split(",") if name]
        if len(form.get("message", "")) > 15_000 or len(hung) > 10 or not (form.get("message") or hung):
            raise error(100, "One of the parameters specified was missing or invalid: message")

    def _items(self, posts: list[dict[str, Any]]) -> dict[str, Any]:
        latest = sorted(posts, key=lambda post: post["at"], reverse=True)
        shown = [{k: v for k, v in post.items() if k not in ("at", "access_token")} for post in latest]
        return {"count": len(latest), "items": shown}

    def wall_get(self, me: str, person: str, form: Form) -> Any:
        """The latest of a wall."""
        owner = int(form["owner_id"])
        found = self._items([p for p in self.posts.values() if (p["kind"], p["owner_id"]) == ("post", owner)])
        return {**found, "items": found["items"][:int(form["count"])]}

    def wall_getById(self, me: str, person: str, form: Form) -> Any:
        """Posts by their numbers; those that are gone are left out."""
        there = [id for id in form["posts"].split(",")[:100] if id in self.posts]
        return self._items([self.posts[id] | self.counted(id) for id in there])

    def counted(self, id: str) -> dict[str, Any]:
        """The numbers that stand in a post."""
        return {name: {"count": self.grown(id, f"{name}.count")} for name in ("views", "likes", "comments", "reposts")}

    def wall_getComment(self, me: str, person: str, form: Form) -> Any:
        """One comment, if it is there."""
        return self._items([self.posts[id] for id in self._comment(form)])

    def _comment(self, form: Form) -> list[str]:
        return [id for id in self.posts if id.endswith(f"?reply={form['comment_id']}")]

    def wall_edit(self, me: str, person: str, form: Form) -> Any:
        """Other words."""
        self.posts[f"{form['owner_id']}_{form['post_id']}"]["text"] = form["message"]
        return {"post_id": int(form["post_id"])}

    def wall_delete(self, me: str, person: str, form: Form) -> Any:
        """Take a post back."""
        self.posts.pop(f"{form['owner_id']}_{form['post_id']}", None)
        return 1

    def wall_deleteComment(self, me: str, person: str, form: Form) -> Any:
        """Take a comment back."""
        for id in self._comment(form):
            del self.posts[id]
        return 1


def _attached(name: str) -> dict[str, Any]:
    found = re.fullmatch(r"(photo|video|poll)(-?\d+)_(\d+)", name)
    if not found:
        return {"type": "link", "link": {"url": name}}
    return {"type": found[1], found[1]: {"owner_id": int(found[2]), "id": int(found[3])}}


def error(code: int, said: str) -> Refusal:
    """A refusal in VK's form; it comes with status 200."""
    return Refusal(200, {"error_code": code, "error_msg": said, "request_params": []})
