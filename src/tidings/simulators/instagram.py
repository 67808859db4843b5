"""Instagram in a box, by way of Facebook: https://developers.facebook.com/docs/instagram-platform"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators import _meta
from tidings.simulators._facebook_login import LoginBox
from tidings.simulators._instagram import InstagramBox
from tidings.simulators._meta import CLIENT, SECRET
from tidings.simulators.base import Simulator


class InstagramNetwork(LoginBox, InstagramBox):
    """Every page but the shop's is linked to a profile, which here has the page's name as its id."""

    name = "instagram"
    publishing, commenting = "instagram_content_publish", "instagram_manage_comments"
    reading = "instagram_manage_insights"
    scopes = (
        "instagram_basic", "instagram_content_publish", "instagram_manage_comments", "pages_show_list",
        "pages_read_engagement", "business_management", reading,
    )

    def hosts(self) -> dict[str, str]:
        """Both hosts are this one."""
        return {"page": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """Signing in, the page's profile, and everything about media."""
        return [
            *self.login_routes(),
            Route("/v26.0/me", self.me),
            Route("/v26.0/{id}", self.delete, methods=["DELETE"]),
            *self.media_routes(),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.page_token(account)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/{account}")
        return Access(profile, {"access_token": token.access}, {}, App(CLIENT, SECRET))

    async def me(self, request: Request) -> Response:
        """The page whose token it is."""
        page = self.who(request, "instagram_basic")
        return JSONResponse(_meta.chosen({"id": page, **self.about_page(page)}, request.query_params["fields"]))

    def about_page(self, page: str) -> dict[str, object]:
        """The profile that a page is linked to."""
        face = f"{self.url}/faces/{page}.png"
        who: dict[str, Any] = {"id": page, "username": page, "name": page.title(), "profile_picture_url": face}
        return {} if page == "shop" else {"instagram_business_account": who}

    async def delete(self, request: Request) -> Response:
        """Take a post or a comment back."""
        name, id = self.who(request), request.path_params["id"]
        if self.posts.get(id, {}).get("account") != name:
            raise _meta.not_there(id)
        del self.posts[id]
        return JSONResponse({"success": True})


def simulator(url: str) -> Simulator:
    """A fresh Instagram at this address."""
    return InstagramNetwork(url)
