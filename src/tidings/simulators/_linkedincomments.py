"""Comments on LinkedIn in a box: those under a post, and one level of answers to each, which are listed apart.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api. `strict`: reading them, and
answering, wants the newer permissions.
"""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._linkedinmedia import LinkedInMedia, problem

NAMED = re.compile(r"urn:li:comment:\((urn:li:\w+:\d+),(\d+)\)")


class Comments(LinkedInMedia):
    """The author's are among the posts, others' among the remarks."""

    def comment_routes(self) -> list[Route]:
        """Where they are, below a post or a comment."""
        return [
            Route("/rest/socialActions/{urn}/comments", self.comment, methods=["POST"]),
            Route("/rest/socialActions/{urn}/comments", self.comments),
            Route("/rest/socialActions/{urn}/comments/{id}", self.delete_comment, methods=["DELETE"]),
        ]

    strict = False

    def _may(self, request: Request, scope: str) -> None:
        given = request.headers["authorization"].partition(" ")[2]
        granted = [token.scope.split() for token in self.oauth.tokens if token.access == given]
        if self.strict and not any(scope in scopes for scopes in granted):
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: socialActions")

    def remark_id(self, on: str) -> str:
        """A number, as all comments have."""
        return str(int(self.urn("comment").rpartition(":")[2]) + len(self.remarks))

    def _all(self) -> dict[str, dict[str, Any]]:
        """Comments of both. `under`: their post; `top`: which of the others they answer."""
        found = {id: post for id, post in self.posts.items() if "under" in post}
        for id, one in self.remarks.items():
            above = found.get(one.reply_to, {})
            top = "" if one.reply_to in ("", one.on) else above.get("top") or one.reply_to
            wish = {"actor": f"urn:li:person:{one.author}", "message": {"text": one.text}}
            found[id] = {"id": id, "wish": wish, "at": one.at, "under": one.on, "top": top}
        return found

    def _place(self, urn: str) -> tuple[str, str]:
        """The post and the comment that a URN means; refuses what is not there, or may not be answered."""
        named = NAMED.fullmatch(urn)
        one = self._all().get(named[2]) if named else None
        if named and one and not one["top"] and named[1] == _activity(one["under"]):
            return one["under"], one["id"]
        if named or urn not in self.posts:
            raise problem(404, "NOT_FOUND", "Could not find entity")
        return urn, ""

    async def comment(self, request: Request) -> Response:
        """A comment under a post, or an answer to one; plain text."""
        name, wish = self.speaker(request), await request.json()
        if wish.get("actor") != self.author_of(name):
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: comments.CREATE")
        post, top = self._place(request.path_params["urn"])
        if top:
            self._may(request, "w_organization_social_feed")
        if wish["object"] not in (post, _activity(post)):
            raise problem(404, "NOT_FOUND", "Could not find entity")
        if wish.get("parentComment", "") != (request.path_params["urn"] if top else ""):
            raise problem(400, "ILLEGAL_ARGUMENT", "parentComment does not match the target of the request")
        if len(wish["message"]["text"]) > 1250:
            raise problem(400, "FIELD_LENGTH_TOO_LONG", "message.text: is longer than 1250 characters")
        made = self.remark_id(post)
        self.posts[made] = {"id": made, "wish": wish, "at": clock.now(), "under": post, "top": top}
        return JSONResponse({"id": made, "object": wish["object"]}, 201, {"x-restli-id": made})

    async def comments(self, request: Request) -> Response:
        """The comments under a post, or the answers to one of them."""
        self.speaker(request)
        if not self.lists_own:
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: comments.GET_ALL")
        self._may(request, "r_organization_social_feed")
        (post, top), said = self._place(request.path_params["urn"]), self._all().values()
        found = [one for one in said if (one["under"], one["top"]) == (post, top)]
        answers = [one["top"] for one in said]
        count = int(request.query_params.get("count", 10))
        return JSONResponse({"elements": [_told(one, answers.count(one["id"])) for one in found[:count]],
                             "paging": {"start": 0, "count": count, "links": []}})

    async def delete_comment(self, request: Request) -> Response:
        """Take a comment back."""
        self.speaker(request)
        self.posts.pop(request.path_params["id"], None)
        return Response(status_code=204)


def _activity(post: str) -> str:
    """What a post is called where something is done to it."""
    return f"urn:li:activity:{post.rpartition(':')[2]}"


def _told(one: dict[str, Any], answers: int) -> dict[str, Any]:
    place, at = _activity(one["under"]), int(one["at"].timestamp() * 1000)
    said = {
        "id": one["id"], "actor": one["wish"]["actor"], "message": {"attributes": [], **one["wish"]["message"]},
        "object": place, "commentUrn": f"urn:li:comment:({place},{one['id']})",
        "created": {"actor": one["wish"]["actor"], "time": at}, "lastModified": {"time": at},
        "commentsSummary": {"aggregatedTotalComments": answers, "totalFirstLevelComments": answers},
    }  # fmt: skip
    return said | ({"parentComment": f"urn:li:comment:({place},{one['top']})"} if one["top"] else {})
