"""LinkedIn in a box, as the administrator of pages meets it: https://learn.microsoft.com/linkedin/marketing"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.networks.base import Access, App, Profile
from tidings.simulators._linkedinmedia import problem
from tidings.simulators._linkedinnumbers import PageNumbers
from tidings.simulators.base import Simulator

CLIENT, SECRET = "linkedin-page-client", "linkedin-page-secret"
PAGES = {"1001": ("harbour-bakery", "Harbour Bakery"), "1002": ("harbour-books", "Harbour Books")}


class LinkedInPages(PageNumbers):
    """Two pages, whose posts can be listed."""

    name = "linkedin_page"
    moods = {
        "that works on media": {"works_for": 2},
        "that lags and forgets": {"lag": timedelta(minutes=3), "remembers": timedelta(minutes=10)},
    }
    lists_own = True
    audiences = frozenset({"PUBLIC", "LOGGED_IN"})

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.needs_pkce, self.oauth.access_lives = False, timedelta(days=60)
        self.speaks_for: dict[str, str] = {}  # which page a token made by `access` is used for

    def routes(self) -> list[Route]:
        """And which pages there are."""
        return [
            *super().routes(),
            *self.numbers_routes(),
            Route("/rest/organizationAcls", self.acls),
            Route("/rest/organizations", self.search),
            Route("/rest/organizations/{id}", self.organization),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected page; "demo" administers the first, everybody else the second; or by its id."""
        id = self._page_of(account)
        profile = Profile(id, PAGES[id][0], PAGES[id][1], url=f"{self.url}/company/{PAGES[id][0]}")
        return Access(profile, {"access_token": self.oauth.grant(account).access}, {}, App(CLIENT, SECRET))

    def _page_of(self, name: str) -> str:
        return name if name in PAGES else "1001" if name == "demo" else "1002"

    def author_of(self, name: str) -> str:
        """The organization."""
        return f"urn:li:organization:{self._page_of(name)}"

    async def acls(self, request: Request) -> Response:
        """Which pages the person administers: one each, or both for "both"."""
        name, asked = self.speaker(request), request.query_params
        if (asked["q"], asked["role"], asked["state"]) != ("roleAssignee", "ADMINISTRATOR", "APPROVED"):
            raise problem(400, "ILLEGAL_ARGUMENT", "Only approved administrators can be asked for")
        ids = list(PAGES) if name == "both" else [self._page_of(name)]
        return JSONResponse({"elements": [{"organization": f"urn:li:organization:{id}"} for id in ids]})

    async def organization(self, request: Request) -> Response:
        """One page."""
        self.speaker(request)
        id = request.path_params["id"]
        return JSONResponse({"id": int(id), "vanityName": PAGES[id][0], "localizedName": PAGES[id][1]})

    async def search(self, request: Request) -> Response:
        """Pages by the name in their address."""
        self.speaker(request)
        asked = request.query_params["vanityName"]
        found = [{"id": int(id), "localizedName": name} for id, (vanity, name) in PAGES.items() if vanity == asked]
        return JSONResponse({"elements": found})


def simulator(url: str) -> Simulator:
    """A fresh LinkedIn at this address."""
    return LinkedInPages(url)
