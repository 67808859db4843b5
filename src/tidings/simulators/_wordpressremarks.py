"""The comments of a WordPress site: https://developer.wordpress.org/rest-api/reference/comments/

Whose comment it is, is a number, 0 for whoever is no member of the site. The same words of one person below the same
comment are refused; that the comment above is there, nobody checks.
"""

import html
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators._remarks import Remark
from tidings.simulators._wordpress import Articles, wrong

NO_ROUTE = (404, "rest_no_route", "No route was found matching the URL and request method.")


class Discussion(Articles):
    """Others' comments are `remarks`, the site's own people's are among `posts`."""

    discusses = True
    totals = True
    holds = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.held: set[str] = set()

    def _who(self, request: Request) -> str:
        raise NotImplementedError

    async def comments(self, request: Request) -> Response:
        """A page of them, or a new one."""
        name = self._who(request)
        if not self.discusses:
            raise wrong(*NO_ROUTE)
        if request.method == "POST":
            return self._say(name, await request.json())
        if {"after", "parent"} & set(request.query_params):
            return self._list(request)
        return self._count(request)

    def _count(self, request: Request) -> Response:
        """Those on an article; how many there are stands in a header. Of no article there are none."""
        id, most = request.query_params["post"], int(request.query_params.get("per_page", "10"))
        count = self.grown(id, "comments") if id in self.posts else 0
        headers = {"X-WP-Total": str(count), "X-WP-TotalPages": str(-(-count // most))} if self.totals else {}
        return JSONResponse([{"id": n} for n in range(min(count, most))], headers=headers)

    def _list(self, request: Request) -> Response:
        """The newest first, a page of them, with the fields that were asked for."""
        wish = request.query_params
        most, page = int(wish.get("per_page", "10")), int(wish.get("page", "1"))
        if most > 100:
            raise wrong(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        fits = [one for one in self._all() if _fits(one, wish)]
        fits.sort(key=lambda one: (one["date_gmt"], one["id"]), reverse=True)
        shown = fits[(page - 1) * most : page * most]
        return JSONResponse([{name: one[name] for name in wish["_fields"].split(",")} for one in shown])

    def _all(self) -> list[dict[str, Any]]:
        return [*map(self._remark, self.remarks.values()), *(post for post in self.posts.values() if "parent" in post)]

    def _remark(self, one: Remark) -> dict[str, Any]:
        status = "hold" if one.id in self.held else "approved"
        parent = 0 if one.reply_to in ("", one.on) else int(one.reply_to)
        return self._shown(one.id, int(one.on), parent, 0, one.author.title(), one.text, one.at, status)

    def _shown(
        self, id: str, post: int, parent: int, author: int, name: str, text: str, at: datetime, status: str
    ) -> dict[str, Any]:
        """A comment as it is told; quotes and dashes are made fine."""
        fine = html.escape(text, quote=False).replace("'", "&#8217;").replace(" - ", " &#8211; ")
        return {
            "id": int(id), "post": post, "parent": parent, "author": author, "author_name": name, "status": status,
            "date_gmt": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "link": f"{self.url}/?p={post}#comment-{id}",
            "content": {"rendered": f"<p>{fine}</p>\n".replace("\n\n", "</p>\n<p>")},
        }

    def _say(self, name: str, wish: dict[str, Any]) -> Response:
        article = self.articles.get(str(wish["post"]))
        if article is None:
            raise wrong(403, "rest_comment_invalid_post_id", "Sorry, you may not create this comment without a post.")
        if article.get("comment_status") == "closed":
            raise wrong(403, "rest_comment_closed", "Sorry, comments are closed for this item.")
        said = html.unescape(wish["content"])
        if not said.strip():
            raise wrong(400, "rest_comment_content_invalid", "Invalid comment content.")
        whole = (name, wish["post"], wish["parent"], said)
        if any(post.get("said") == whole for post in self.posts.values()):
            raise wrong(409, "comment_duplicate", "Duplicate comment detected; it looks as though you said that!")
        made = self._shown(self.new_id(), wish["post"], wish["parent"], len(name), name.title(), said, clock.now(),
                           "hold" if self.holds else "approved")
        self.posts[str(made["id"])] = made | {"said": whole}
        return JSONResponse(made, 201)

    def comment(self, request: Request, id: str) -> Response:
        """One of one's own, or that it goes into the bin."""
        found = self.posts.get(id)
        if found is None or "parent" not in found:
            raise wrong(404, "rest_comment_invalid_id", "Invalid comment ID.")
        if request.method == "DELETE":
            found = {**self.posts.pop(id), "status": "trash"}
        return JSONResponse({name: value for name, value in found.items() if name != "said"})


def _fits(one: dict[str, Any], wish: Any) -> bool:
    """Whether it is among those that were asked for; only approved ones are, unless all are."""
    wanted = {"post": one["post"], "parent": one["parent"], "author": one["author"]}
    shown = one["status"] == "approved" or wish.get("status") == "all"
    late = "after" not in wish or one["date_gmt"] > wish["after"].rstrip("Z")
    return shown and late and all(wish.get(name, str(value)) == str(value) for name, value in wanted.items())
