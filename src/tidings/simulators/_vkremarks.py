"""Comments on VK in a box: two levels, threads that are listed in part, names beside the list."""

from typing import Any

from tidings.simulators._vkwall import Form, VkWall, error
from tidings.simulators.base import Remark

WRONG = "One of the parameters specified was missing or invalid: {}"


class VkRemarks(VkWall):
    """What others write under a post of ours, and what we answer."""

    people: dict[str, int]
    closed: frozenset[str] = frozenset()  # posts that this person may not see

    def remark_id(self, on: str) -> str:
        """It stands in the address of its post."""
        return f"{on}?reply={self.new_id()[-12:].lstrip('0')}"

    def wall_createComment(self, me: str, person: str, form: Form) -> Any:
        """A comment under a post, and perhaps under a comment that is there."""
        above = f"{form['owner_id']}_{form['post_id']}?reply={form.get('reply_to_comment', '')}"
        if form.get("reply_to_comment") and above not in self.posts and above not in self.remarks:
            raise error(100, WRONG.format("reply_to_comment"))
        return super().wall_createComment(me, person, form)

    def wall_getComments(self, me: str, person: str, form: Form) -> Any:
        """Comments under a post with the beginnings of their threads; or one thread."""
        post, top = f"{form['owner_id']}_{form['post_id']}", int(form.get("comment_id", 0))
        if post in self.closed or post not in self.posts:
            raise error(15, "Access denied")
        there = self._there(post)
        if top and (top not in there or self._top(there, top) != top):
            raise error(100, WRONG.format("comment_id"))
        threads: dict[int, list[dict[str, Any]]] = {number: [] for number in (0, *there)}
        for number, item in there.items():
            begins = self._top(there, number)
            threads[0 if begins == number else begins].append(item)
        shown = int(form.get("thread_items_count", 0))
        found = sorted(threads[top], key=lambda item: -item["date"] * 10**12 - item["id"])[: int(form.get("count", 10))]
        beside = {} if top else {item["id"]: _thread(threads[item["id"]], shown) for item in found}
        items = [item | ({"thread": beside[item["id"]]} if item["id"] in beside else {}) for item in found]
        counts = {"count": len(there), "current_level_count": len(threads[top])}
        return {**counts, "items": items, **(self._named(there) if form.get("extended") else {})}

    def _there(self, post: str) -> dict[int, dict[str, Any]]:
        """Comments by their numbers; one that was deleted holds its place above its thread."""
        own = self._items([one for id, one in self.posts.items() if id.startswith(f"{post}?")])["items"]
        there = {item["id"]: item for item in (*own, *map(self._remark, self.remarks.under(post)))}
        above = {int(item.get("reply_to_comment") or 0): item["date"] for item in there.values()}
        gone = {id: {"id": id, "date": at, "text": "", "deleted": True} for id, at in above.items() if id}
        return gone | there

    def _remark(self, one: Remark) -> dict[str, Any]:
        above = one.reply_to.partition("?reply=")[2]
        return {
            "id": int(one.id.partition("?reply=")[2]), "from_id": self.number(one.author), "text": one.text,
            "date": int(one.at.timestamp()), **({"reply_to_comment": int(above)} if above else {}),
        }

    def number(self, account: str) -> int:
        """The number of a person."""
        raise NotImplementedError

    def _top(self, there: dict[int, dict[str, Any]], number: int) -> int:
        """The comment whose thread this one stands in."""
        above = int(there[number].get("reply_to_comment") or 0)
        return self._top(there, above) if above else number

    def _named(self, there: dict[int, dict[str, Any]]) -> dict[str, Any]:
        numbers = {item.get("from_id") for item in there.values()}
        told = [
            {"id": number, "first_name": name.title(), "last_name": "N", "screen_name": name}
            for name, number in self.people.items() if number in numbers
        ]
        return {"profiles": told, "groups": [{"id": 45, "name": "Bakers", "screen_name": "bakers"}]}


def _thread(items: list[dict[str, Any]], shown: int) -> dict[str, Any]:
    return {"count": len(items), "items": sorted(items, key=lambda item: int(item["date"]))[:shown]}
