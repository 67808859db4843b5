"""Facebook Login in a box: codes by GET, access of sixty days, a token for each page, proofs of the app's secret."""

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators._meta import CLIENT, HOUR, SECRET, MetaBox, chosen, refusal
from tidings.simulators.base import Token


class LoginBox(MetaBox):
    """`tasks` is what each person may do on which page; `owned`: pages that are known by a business only."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.tasks = {"demo": {"demo": ["CREATE_CONTENT", "MANAGE"], "shop": ["CREATE_CONTENT"], "club": ["ANALYZE"]}}
        self.owned: dict[str, list[str]] = {"demo": []}

    def login_routes(self) -> list[Route]:
        """The dialog, the token, and the pages of a person."""
        return [
            Route("/v26.0/dialog/oauth", self.oauth.consent, methods=["GET", "POST"]),
            Route("/v26.0/oauth/access_token", self.access_token),
            Route("/v26.0/me/accounts", self.accounts),
            Route("/v26.0/me/businesses", self.businesses),
            Route("/v26.0/{person}/permissions", self.end, methods=["DELETE"]),
            Route("/v26.0/{business}/owned_pages", self.owned_pages),
            Route("/v26.0/{business}/client_pages", self.no_pages),
        ]

    def who(self, request: Request, needs: str = "") -> str:
        """Every request must also carry the proof that goes with its token."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        proof = hmac.new(SECRET.encode(), given.encode(), hashlib.sha256).hexdigest()
        if request.query_params.get("appsecret_proof") != proof:
            raise refusal(100, "Invalid appsecret_proof provided in the API argument")
        return super().who(request, needs)

    async def access_token(self, request: Request) -> Response:
        """A code for an hour of access, or that for sixty days."""
        asked = request.query_params
        if self.oauth.clients.get(asked.get("client_id", "")) != asked.get("client_secret"):
            raise refusal(1, "Error validating client secret.")
        if asked.get("grant_type") == "fb_exchange_token":
            self.who(request)
            return self.given(self.live(asked.get("fb_exchange_token", "")))
        code = self.oauth.codes.get(asked.get("code", ""))
        if code is None or code.used or code.ends < clock.now() or code.redirect_uri != asked.get("redirect_uri"):
            raise refusal(100, "This authorization code has been used.", 36009)
        code.used = True
        token = self.token(code.account, HOUR, code.scope)
        return JSONResponse({"access_token": token.access, "token_type": "bearer", "expires_in": 3600})

    async def end(self, request: Request) -> Response:
        """The app gives back all that a person granted to it; it must prove that it is the app."""
        given, person = request.headers.get("authorization", "").removeprefix("Bearer "), request.path_params["person"]
        proof = hmac.new(SECRET.encode(), given.encode(), hashlib.sha256).hexdigest()
        if given != f"{CLIENT}|{SECRET}" or request.query_params.get("appsecret_proof") != proof:
            raise refusal(190, "Invalid OAuth access token signature.", status=401)
        if person not in self.tasks:
            raise refusal(100, f"No user {person}")
        for token in self.oauth.tokens:
            token.revoked = token.revoked or token.account in {person, *self.tasks[person]}
        return JSONResponse({"success": True})

    async def accounts(self, request: Request) -> Response:
        """The pages of a person, one at a time, each with its own token."""
        person = self.who(request, "pages_show_list")
        pages, after = list(self.tasks[person]), request.query_params.get("after", "")
        n = pages.index(after) + 1 if after else 0
        more = {"next": "more"} if n + 1 < len(pages) else {}
        paging = {"cursors": {"before": pages[n], "after": pages[n]}, **more}
        return JSONResponse({"data": [self._page(request, pages[n], self.tasks[person][pages[n]])], "paging": paging})

    async def businesses(self, request: Request) -> Response:
        """The one business of this person."""
        self.who(request, "business_management")
        return JSONResponse({"data": [{"id": "business"}]})

    async def owned_pages(self, request: Request) -> Response:
        """The pages of the business."""
        owned = self.owned[self.who(request, "business_management")]
        return JSONResponse({"data": [self._page(request, page, ["CREATE_CONTENT"]) for page in owned]})

    async def no_pages(self, request: Request) -> Response:
        """The pages of its clients."""
        return JSONResponse({"data": []})

    def _page(self, request: Request, page: str, tasks: list[str]) -> dict[str, object]:
        """A page's token lives as long as what it was taken with; with sixty days of access, for ever."""
        asking = self.live(request.headers["authorization"].removeprefix("Bearer "))
        lives = HOUR if asking.ends and asking.ends - clock.now() <= HOUR else None
        token = self.token(page, lives, asking.scope)
        said = {"id": page, "tasks": tasks, "access_token": token.access, **self.about_page(page)}
        return chosen(said, request.query_params["fields"])

    def about_page(self, page: str) -> dict[str, object]:
        """What a page says of itself."""
        raise NotImplementedError

    def page_token(self, page: str) -> Token:
        """A page's own token, which does not end."""
        return self.token(page, None)
