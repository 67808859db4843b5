"""LinkedIn in a box, as a member meets it: https://learn.microsoft.com/linkedin/consumer"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators import _face
from tidings.simulators._linkedin import LinkedInNetwork
from tidings.simulators.base import Simulator

CLIENT, SECRET = "linkedin-client", "linkedin-secret"


class LinkedInMember(LinkedInNetwork):
    """A member may post, and hardly anything else."""

    name = "linkedin"
    moods = {"that works on media": {"works_for": 2}}

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce, self.oauth.access_lives = False, timedelta(days=60)

    def routes(self) -> list[Route]:
        """And who signed in."""
        return [*super().routes(), Route("/v2/userinfo", self.me), Route("/faces/{name}.png", _face.answer)]

    def access(self, account: str = "demo") -> Access:
        """A connected channel of this member."""
        profile = Profile(account, account.title(), account.title(), "", self.url)
        return Access(profile, {"access_token": self.oauth.grant(account).access}, {}, App(CLIENT, SECRET))

    def author_of(self, name: str) -> str:
        """The member."""
        return f"urn:li:person:{name}"

    async def me(self, request: Request) -> Response:
        """Whose token it is, as OpenID tells."""
        name = self.oauth.account_of(request)
        return JSONResponse({"sub": name, "name": name.title(), "picture": f"{self.url}/faces/{name}.png"})


def simulator(url: str) -> Simulator:
    """A fresh LinkedIn at this address."""
    return LinkedInMember(url)
