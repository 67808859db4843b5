"""Facebook pages in a box: https://developers.facebook.com/docs/pages-api

`refuses_repeats` (the same words twice in a row) is off; more switches stand in _facebookmedia and _facebookposts.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Outgoing, Profile
from tidings.simulators import _face, _meta
from tidings.simulators._facebookmedia import KINDS
from tidings.simulators._facebooknumbers import FacebookNumbers
from tidings.simulators._meta import CLIENT, SECRET, refusal
from tidings.simulators.base import Simulator

KEYS = {
    "message", "link", "attached_media", "published", "place", "call_to_action", "targeting", "text_format_preset_id",
}


class FacebookNetwork(FacebookNumbers):
    """Drafts that are shown by their id, films, reels, stories, comments."""

    name = "facebook"
    moods = {"that lags": {"lag": timedelta(minutes=3)}}
    scopes = (
        "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_manage_engagement",
        "business_management", "publish_video", "read_insights", "pages_read_user_content",
    )
    refuses_repeats = False

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.drafts: dict[str, dict[str, Any]] = {}

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"page": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        return [
            *self.login_routes(),
            Route("/v26.0/me", self.me),
            *self.media_routes(),
            *self.number_routes(),
            Route("/v26.0/{page}/feed", self.draft, methods=["POST"]),
            Route("/v26.0/{page}/photo_stories", self.photo_story, methods=["POST"]),
            Route("/v26.0/{page}/video_{kind}", self.film, methods=["POST"]),
            Route("/v26.0/{id}/comments", self.comment, methods=["POST"]),
            Route("/v26.0/{page}/stories", self.stories),
            Route("/v26.0/{page}/published_posts", self.published),
            Route("/v26.0/{id}/comments", self.comments),
            Route("/v26.0/{id}", self.node),
            Route("/v26.0/{id}", self.change, methods=["POST"]),
            Route("/v26.0/{id}", self.delete, methods=["DELETE"]),
            Route("/faces/{name}.png", _face.answer),
            Route("/posts/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this page."""
        token = self.page_token(account)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"access_token": token.access}, {}, App(CLIENT, SECRET))

    def shapes(self) -> dict[str, Outgoing]:
        """Reels and stories too."""
        made = super().shapes()
        film, picture = made["a film"], made["a picture"]
        made["a reel"] = replace(film, options={"kind": "reel"})
        return made | {f"a story of {said.media[0].kind}": replace(said, text="", options={"kind": "story"})
                       for said in (film, picture)}

    def about_page(self, page: str) -> dict[str, object]:
        """What a page says of itself."""
        picture = {"data": {"url": f"{self.url}/faces/{page}.png"}}
        return {"name": page.title(), "username": page, "link": f"{self.url}/{page}", "picture": picture}

    async def me(self, request: Request) -> Response:
        """The page whose token it is."""
        page = self.who(request)
        said = {"id": page, **self.about_page(page), "followers_count": self.crowd(page, "followers_count")}
        return JSONResponse(_meta.chosen(said, request.query_params["fields"]))

    async def draft(self, request: Request) -> Response:
        """A post that nobody sees."""
        page, wish = self.who(request, "pages_manage_posts"), await _meta.said(request)
        if unknown := set(wish) - KEYS:
            raise refusal(100, f"Unknown parameter: {min(unknown)}")
        if wish.get("published") is not False:
            raise refusal(100, "Here only unpublished posts are expected")
        if len(wish.get("message", "")) > 63_206:
            raise refusal(100, "The parameter message is too long")
        photos = [self.own(page, media["media_fbid"], "photo") for media in wish.get("attached_media", [])]
        if "link" in wish and photos:
            raise refusal(100, "link and attached_media do not go together")
        if "call_to_action" in wish and "link" not in wish:
            raise refusal(100, "call_to_action needs a link")
        if len(photos) > 10 or not (photos or wish.keys() & {"message", "link"}):
            raise refusal(100, "The post is empty, or has too many pictures")
        made = f"{page}_{self.new_id()}"
        self.drafts[made] = {"id": made, "wish": wish, "account": page, "alts": [photo["alt"] for photo in photos]}
        return JSONResponse({"id": made})

    async def change(self, request: Request) -> Response:
        """Show a draft or a film by its id; or change the words of what is out."""
        page, id, wish = self.who(request, "pages_manage_posts"), request.path_params["id"], await _meta.said(request)
        if id in self.posts and wish.keys() & {"message", "description"}:
            self.posts[id]["wish"] |= wish
        elif wish.get("is_published") is True and id in self.drafts:
            self._not_again(page, self.drafts[id])
            if id not in self.posts:
                self.out(id, page, self.drafts[id]["wish"], alts=self.drafts[id]["alts"])
        elif wish.get("published") is True and self.own(page, id, "film")["done"]:
            self.media[id]["out"] = True
            self.out(id, page, self.media[id]["words"])
        else:
            raise _meta.not_there(id)
        return JSONResponse({"success": True})

    def _not_again(self, page: str, draft: dict[str, Any]) -> None:
        own = [post for post in self.posts.values() if post["account"] == page]
        last = own[-1] if own else None
        if self.refuses_repeats and last and last["id"] != draft["id"] and last["wish"] == draft["wish"]:
            raise refusal(506, "Duplicate status message", error_user_msg="This is the same as the post before.")

    async def film(self, request: Request) -> Response:
        """The start and the end of reels, and of films in stories."""
        page, kind, wish = self.who(request), KINDS[request.path_params["kind"]], await _meta.said(request)
        if wish.get("upload_phase") == "start":
            return self.begin(page, kind)
        media = self.own(page, str(wish.get("video_id")), kind)
        if not media["done"] or wish.get("upload_phase") != "finish":
            raise refusal(6000, "There was a problem uploading your video file.", 1363037)
        if kind == "story":
            return self.story(page, media["id"])
        if wish.get("video_state") != "PUBLISHED":
            raise refusal(100, "Param video_state must be PUBLISHED")
        media["out"] = True
        self.out(media["id"], page, wish)
        return JSONResponse({"success": True, "post_id": media["id"]})

    async def photo_story(self, request: Request) -> Response:
        """A picture as a story."""
        page, wish = self.who(request, "pages_manage_posts"), await _meta.said(request)
        return self.story(page, self.own(page, wish["photo_id"], "photo")["id"])

    async def node(self, request: Request) -> Response:
        """A post, a draft or a film, by its id."""
        page, id, fields = self.who(request), request.path_params["id"], request.query_params.get("fields", "id")
        if "summary" in fields:
            return JSONResponse(self.summaries(request, id, fields))
        if id in self.media and self.media[id]["account"] == page and fields != "permalink_url":
            media = self.media[id]
            status = {"status": self.status(media)} if fields == "status" else {}
            return JSONResponse(_meta.chosen({"id": id, "published": media["out"], **status}, fields))
        if id in self.posts:
            return JSONResponse(_meta.chosen(self.shown(self.posts[id]), fields))
        if id not in self.drafts:
            raise _meta.not_there(id)
        return JSONResponse(_meta.chosen({"id": id, "is_published": False}, fields))

    async def delete(self, request: Request) -> Response:
        """Take a post back."""
        page, id = self.who(request, "pages_manage_posts"), request.path_params["id"]
        if self.posts.get(id, {}).get("account") != page:
            raise _meta.not_there(id)
        del self.posts[id]
        return JSONResponse({"success": True})

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        post = self.posts.get(request.path_params["id"])
        if post is None:
            return HTMLResponse("<h1>No such post</h1>", 404)
        words = str(self.shown(post).get("message", "")).replace("&", "&amp;").replace("<", "&lt;")
        return HTMLResponse(f"<title>Facebook simulator</title><h1>{post['account']}</h1><p>{words}</p>")


def simulator(url: str) -> Simulator:
    """A fresh Facebook at this address."""
    return FacebookNetwork(url)
