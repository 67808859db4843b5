"""The activity of a blog in Tumblr's box: replies and reblogs, the newest first.

Switches: `reblogs` (ids of what is no reply but was added to a reblog), `shows` (how many are shown at once).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tidings.simulators._remarks import Remark
from tidings.simulators._tumblrnumbers import TumblrNumbers, answer


class Activity(TumblrNumbers):
    """What others did with the posts of a blog."""

    shows = 20

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.reblogs: set[str] = set()

    async def activity(self, request: Request) -> Response:
        """Of the types that were asked for, before a moment."""
        blog, wish = self.blog(request), request.query_params
        wanted = {value for name, value in wish.multi_items() if name.startswith("types[")}
        own = [one for one in self.remarks.values() if self.posts.get(one.on, {}).get("blog") == blog]
        told = [item for item in map(self._item, reversed(own)) if item["type"] in wanted]
        before = int(wish.get("before", "9" * 10))
        return answer({"notifications": [item for item in told if item["timestamp"] < before][: self.shows]})

    def _item(self, one: Remark) -> dict[str, Any]:
        told = {"id": one.id, "timestamp": int(one.at.timestamp()), "unread": True, "target_post_id": one.on,
                "from_tumblelog_name": one.author}  # fmt: skip
        if one.id in self.reblogs:
            return {**told, "type": "reblog_with_content", "post_id": f"{one.id}0", "added_text": one.text}
        return {**told, "type": "reply", "post_id": one.on, "reply_text": one.text}
