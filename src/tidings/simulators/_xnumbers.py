"""How X tells numbers: public ones of any post, others to a post's author for thirty days."""

import secrets
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators._xmedia import XMedia, invalid

COUNTED = {
    "public_metrics": (
        "retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count",
    ),
    "non_public_metrics": ("impression_count", "user_profile_clicks", "url_link_clicks"),
}  # fmt: skip
OWN_LASTS = timedelta(days=30)
EPOCH = 1_288_834_974_657
PROBLEMS = "https://api.x.com/2/problems"


class XNumbers(XMedia):
    """The numbers half of the simulator."""

    def new_id(self) -> str:
        """An id that carries its time: milliseconds, then what is left of them."""
        micros = int(clock.now().timestamp() * 1_000_000)
        return str(((micros // 1000 - EPOCH) << 22) + (micros % 1000 << 12) + secrets.randbelow(4096))

    async def lookup(self, request: Request) -> Response:
        """Posts by their ids. One that has not all that was asked for is left out, and an error says why."""
        name, ids = self.who(request), request.query_params.get("ids", "").split(",")
        if not 1 <= len(ids) <= 100 or not all(id.isdigit() for id in ids):
            raise invalid("The `ids` query parameter must have from 1 to 100 ids.")
        fields = [one for one in request.query_params.get("tweet.fields", "").split(",") if one in COUNTED]
        told, errors = [], []
        for id in ids:
            wrong = self._wrong(name, id, fields)
            errors += wrong
            told += [] if wrong else [self._told(id, fields)]
        return JSONResponse({**({"data": told} if told else {}), **({"errors": errors} if errors else {})})

    def _wrong(self, name: str, id: str, fields: list[str]) -> list[dict[str, Any]]:
        about = {"resource_type": "tweet", "resource_id": id, "value": id, "parameter": "ids"}
        post = self.posts.get(id)
        if post is None:
            said = {"title": "Not Found Error", "detail": f"Could not find tweet with ids: [{id}]."}
            return [{**about, **said, "type": f"{PROBLEMS}/resource-not-found"}]
        own = post["account"] == name and clock.now() - self.posts.since[id] < OWN_LASTS
        hidden = [f"{group}.{field}" for group in fields if group != "public_metrics" for field in COUNTED[group]]
        return [] if own else [
            {**about, "section": "data", "field": field, "title": "Field Authorization Error",
             "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with ids : [{id}].",
             "type": f"{PROBLEMS}/not-authorized-for-field"}
            for field in hidden
        ]  # fmt: skip

    def _told(self, id: str, fields: list[str]) -> dict[str, Any]:
        counted = {group: {one: self.grown(id, f"{group}.{one}") for one in COUNTED[group]} for group in fields}
        return {"id": id, "text": self.posts[id]["text"], "edit_history_tweet_ids": [id], **counted}
