"""Comments under YouTube's films, in a box: https://developers.google.com/youtube/v3/docs/commentThreads

Answers stand one level below a comment, whatever they answer there; a thread comes with five of them.
"""

import html
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators import _youtube
from tidings.simulators.base import Simulator

SHOWN = 5  # answers that come with a thread


class Comments(Simulator):
    """Ours are among the posts, others' among the remarks; ours younger than `lag` are not listed."""

    lag = timedelta(0)

    def who(self, request: Request) -> str:
        """Whose token it is."""
        raise NotImplementedError

    def comment_routes(self, at: str) -> list[Route]:
        """Where they are."""
        return [
            Route(f"{at}/commentThreads", self.threads, methods=["GET"]),
            Route(f"{at}/commentThreads", self.begin_thread, methods=["POST"]),
            Route(f"{at}/comments", self.answer, methods=["POST"]),
            Route(f"{at}/comments", self.comment, methods=["GET", "PUT", "DELETE"]),
        ]

    def remark_id(self, on: str) -> str:
        """As ours begin."""
        return f"c{self.new_id()}"

    def _all(self) -> dict[str, dict[str, Any]]:
        """Comments of both, in the order in which they were written. `top`: whose thread one is in."""
        found = {
            id: {**post, "top": post.get("top", ""), "name": post["account"].title()}
            for id, post in self.posts.items() if "said" in post and post["at"] <= clock.now() - self.lag
        }  # fmt: skip
        for id, one in self.remarks.items():
            above = found.get(one.reply_to, {})
            top = "" if one.reply_to in ("", one.on) else above.get("top") or one.reply_to
            found[id] = {"id": id, "account": f"id-of-{one.author}", "name": f"@{one.author}", "film": one.on,
                         "said": one.text, "at": one.at, "top": top}
        return dict(sorted(found.items(), key=lambda item: item[1]["at"]))

    async def threads(self, request: Request) -> Response:
        """Comments under a film, or under all of a channel, the latest first."""
        name, asked = self.who(request), request.query_params
        films = {asked["videoId"]} if "videoId" in asked else {
            id for id, post in self.posts.items() if post["account"] == asked["allThreadsRelatedToChannelId"]
        } | {""}  # fmt: skip
        said = self._all()
        tops = [one for one in reversed(said.values()) if not one["top"] and one["film"] in films]
        page, more = _page(request, tops)
        told = [self._thread(one, [two for two in said.values() if two["top"] == one["id"]], name, request)
                for one in page]
        return JSONResponse(_youtube.listed("commentThread", told) | more)

    def _thread(
        self, top: dict[str, Any], answers: list[dict[str, Any]], name: str, request: Request
    ) -> dict[str, Any]:
        film = {"videoId": top["film"]} if top["film"] else {}
        about = {"topLevelComment": self._as_told(top, name, request), "totalReplyCount": len(answers), **film}
        thread = {"kind": "youtube#commentThread", "id": top["id"], "snippet": about}
        if answers and "replies" in request.query_params["part"]:
            thread["replies"] = {"comments": [self._as_told(one, name, request) for one in answers[-SHOWN:]]}
        return thread

    def _as_told(self, one: dict[str, Any], name: str, request: Request) -> dict[str, Any]:
        """The words as they were typed are for their author only."""
        plain = request.query_params.get("textFormat") == "plainText"
        said = {"textDisplay": one["said"] if plain else html.escape(one["said"]).replace("\n", "<br>"),
                "authorDisplayName": one["name"], "authorChannelId": {"value": one["account"]},
                "publishedAt": one["at"].isoformat().replace("+00:00", "Z"),
                "likeCount": self.grown(one["id"], "snippet.likeCount") if one["id"] in self.posts else 0}
        if one["account"] == name:
            said["textOriginal"] = one["said"]
        if one["top"]:
            said["parentId"] = one["top"]
        return {"kind": "youtube#comment", "id": one["id"], "snippet": said}

    async def begin_thread(self, request: Request) -> Response:
        """A new comment under a film."""
        name, wish = self.who(request), (await request.json())["snippet"]
        if wish["videoId"] not in self.posts:
            raise _youtube.missing("video")
        made = self._made(name, wish["topLevelComment"]["snippet"]["textOriginal"], wish["videoId"])
        return JSONResponse(self._thread(made, [], name, request))

    async def answer(self, request: Request) -> Response:
        """A new comment in a thread; what is in a thread itself begins none."""
        name, wish = self.who(request), (await request.json())["snippet"]
        top = self._all().get(wish["parentId"])
        if top is None:
            raise _youtube.missing("parentComment")
        if top["top"]:
            raise _youtube.invalid("invalidCommentMetadata", "The request metadata is invalid.")
        made = self._made(name, wish["textOriginal"], top["film"], top["id"])
        return JSONResponse(self._as_told(made, name, request))

    def _made(self, name: str, said: str, film: str, top: str = "") -> dict[str, Any]:
        if not said.strip() or len(said) > 10_000:
            raise _youtube.invalid("commentTextTooLong" if said.strip() else "commentTextRequired", "Invalid comment.")
        id = f"c{self.new_id()}"
        made = {"id": id, "account": name, "film": film, "top": top, "said": said, "at": clock.now()}
        self.posts[id] = made
        return {**made, "name": name.title()}

    async def comment(self, request: Request) -> Response:
        """A comment: looked at, changed, taken back. Or all answers in a thread."""
        name = self.who(request)
        if request.method == "GET":
            return JSONResponse(self._listed(name, request))
        wish: Any = await request.json() if request.method == "PUT" else {"id": request.query_params.get("id", "")}
        found = self.posts.get(wish["id"])
        if not found or found["account"] != name:
            raise _youtube.missing("comment")
        if request.method == "DELETE":
            del self.posts[wish["id"]]
            return Response(status_code=204)
        found["said"] = wish["snippet"]["textOriginal"]
        return JSONResponse({"id": found["id"]})

    def _listed(self, name: str, request: Request) -> dict[str, Any]:
        said, above = self._all(), request.query_params.get("parentId", "")
        if above and above not in said:
            raise _youtube.missing("comment")
        ids = request.query_params.get("id", "").split(",")
        asked = [one for one in said.values() if (one["top"] == above if above else one["id"] in ids)]
        page, more = _page(request, asked) if above else (asked, {})
        return _youtube.listed("comment", [self._as_told(one, name, request) for one in page]) | more


def _page(request: Request, found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A page of a list, and where it goes on."""
    size, start = int(request.query_params.get("maxResults", 20)), int(request.query_params.get("pageToken", 0))
    if not 1 <= size <= 100:
        raise _youtube.invalid("invalidParameter", "The maxResults parameter is out of range.")
    more = {"nextPageToken": str(start + size)} if len(found) > start + size else {}
    return found[start : start + size], more
