"""LinkedIn in a box, as a member meets it: https://learn.microsoft.com/linkedin/consumer"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators import _face
from tidings.simulators._linkedinmedia import problem
from tidings.simulators._linkedinnumbers import MemberNumbers
from tidings.simulators.base import Simulator

CLIENT, SECRET = "linkedin-client", "linkedin-secret"
PLAIN = "openid profile email w_member_social"
NUMBERED = "r_basicprofile w_member_social r_member_postAnalytics r_member_profileAnalytics"


class LinkedInMember(MemberNumbers):
    """A member may post, and hardly anything else."""

    name = "linkedin"
    moods = {"that works on media": {"works_for": 2}}

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce, self.oauth.access_lives = False, timedelta(days=60)

    def routes(self) -> list[Route]:
        """And who signed in."""
        return [
            *super().routes(), *self.numbers_routes(), Route("/v2/userinfo", self.me), Route("/v2/me", self.basic),
            Route("/faces/{name}.png", _face.answer),
        ]

    def access(self, account: str = "demo", scope: str = NUMBERED) -> Access:
        """A connected channel of this member."""
        profile = Profile(account, account.title(), account.title(), "", self.url)
        kept = {"access_token": self.oauth.grant(account, scope).access, "scope": scope}
        return Access(profile, kept, {}, App(CLIENT, SECRET))

    def author_of(self, name: str) -> str:
        """The member."""
        return f"urn:li:person:{name}"

    async def me(self, request: Request) -> Response:
        """Whose token it is, as OpenID tells."""
        name = self._known(request, "openid")
        return JSONResponse({"sub": name, "name": name.title(), "picture": f"{self.url}/faces/{name}.png"})

    async def basic(self, request: Request) -> Response:
        """Whose token it is, where OpenID is none of the app's products."""
        name = self._known(request, "r_basicprofile")
        return JSONResponse({"id": name, "localizedFirstName": name.title(), "localizedLastName": ""})

    def _known(self, request: Request, scope: str) -> str:
        name = self.oauth.account_of(request)
        if scope not in self.granted(request):
            raise problem(403, "ACCESS_DENIED", f"Not enough permissions to access: {request.url.path[4:]}.GET")
        return name


def simulator(url: str) -> Simulator:
    """A fresh LinkedIn at this address."""
    return LinkedInMember(url)
