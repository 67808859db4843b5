"""What hangs below a status on the simulated server: others' words and the person's own."""

import html
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators.base import Refusal, Remark, Simulator


class MastodonRemarks(Simulator):
    """https://docs.joinmastodon.org/methods/statuses/#context"""

    async def context(self, request: Request) -> Response:
        """What hangs below a status: others' and the person's own."""
        self.oauth.account_of(request)
        if request.path_params["id"] not in self.posts:
            raise Refusal(404, {"error": "Record not found"})
        below, wanted = [], {request.path_params["id"]}
        for said in sorted([*map(self._remark, self.remarks.values()), *map(self._own, self.posts.values())], key=_age):
            if said["in_reply_to_id"] in wanted:
                wanted.add(said["id"])
                below.append(said)
        return JSONResponse({"ancestors": [], "descendants": below})

    def _own(self, post: dict[str, Any]) -> dict[str, Any]:
        name = post["account"]
        return {**post, "account": {"id": name, "acct": name, "display_name": name.title()}}

    def _remark(self, one: Remark) -> dict[str, Any]:
        who = {"id": f"id-of-{one.author}", "acct": f"{one.author}@elsewhere.sim", "display_name": one.author.title()}
        return {
            "id": one.id, "url": f"{self.url}/@{one.author}/{one.id}", "account": who, "created_at": one.at.isoformat(),
            "content": f"<p>{html.escape(one.text)}</p>", "in_reply_to_id": one.reply_to or one.on,
        }


def _age(said: dict[str, Any]) -> str:
    return str(said["created_at"])
