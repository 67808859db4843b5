"""Instagram in a box, by its own sign-in: https://developers.facebook.com/docs/instagram-platform"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators import _meta
from tidings.simulators._instagram import InstagramBox
from tidings.simulators._meta import CLIENT, SECRET
from tidings.simulators.base import Simulator


class InstagramDirectNetwork(InstagramBox):
    """The same media; tokens of an hour, exchanged for sixty days. It takes nothing back."""

    name = "instagram_standalone"
    family, publishing = "ig", "instagram_business_content_publish"
    commenting = "instagram_business_manage_comments"
    reading = "instagram_business_manage_insights"
    scopes = ("instagram_business_basic", publishing, commenting, reading)

    def hosts(self) -> dict[str, str]:
        """All three hosts are this one."""
        return {"page": self.url, "token": self.url, "api": self.url}

    def routes(self) -> list[Route]:
        """Signing in, whose token it is, and everything about media."""
        return [
            *self.oauth.routes("/oauth/authorize", "/oauth/access_token"),
            Route("/access_token", self.exchange),
            Route("/refresh_access_token", self.renew),
            Route("/v26.0/me", self.me),
            *self.media_routes(),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this account."""
        token = self.token(account)
        profile = Profile(account, f"@{account}", account.title(), "", f"{self.url}/{account}")
        kept = {"access_token": token.access, "since": self.born[token.access].isoformat()}
        return Access(profile, kept, {}, App(CLIENT, SECRET))

    async def me(self, request: Request) -> Response:
        """Whose token it is: the sign-in's own number, and the one that posts are made under."""
        name = self.who(request, "instagram_business_basic")
        face = f"{self.url}/faces/{name}.png"
        who = {"id": f"signed-in-{name}", "user_id": name, "username": name, "name": name.title()}
        return JSONResponse(_meta.chosen({**who, "profile_picture_url": face}, request.query_params["fields"]))


def simulator(url: str) -> Simulator:
    """A fresh Instagram at this address."""
    return InstagramDirectNetwork(url)
