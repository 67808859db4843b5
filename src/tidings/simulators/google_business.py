"""Google Business Profile in a box: accounts with locations, posts that are looked over, pictures that are fetched.

https://developers.google.com/my-business/content/posts-data. Switches: `looks_for` (times a post is PROCESSING),
`rejects` (then it is REJECTED), `granted` (whether the project has any quota), `lag` (younger posts are not listed).
"""

import html
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Outgoing, Profile
from tidings.simulators._google import GoogleBox, problem
from tidings.simulators._reviews import Reviews
from tidings.simulators.base import Simulator

PLACES = {"1": {"9": "Corner bakery", "8": "Mill"}, "2": {"7": "Tea room"}}  # locations by account
FIELDS = {"languageCode", "summary", "topicType", "callToAction", "event", "offer", "media"}
ACTIONS = {"BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL"}
MASK = {"name", "title", "storefrontAddress", "metadata"}


class GoogleBusinessNetwork(Reviews):
    """Locations, their posts and their reviews."""

    name = "google_business"
    moods = {"that takes its time": {"looks_for": 4, "lag": timedelta(minutes=2)}}
    looks_for = 1
    rejects = False
    granted = True
    lag = timedelta(0)

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth = self.google = GoogleBox(self.name, url)

    def hosts(self) -> dict[str, str]:
        """Each of its APIs has an address of its own, as over there."""
        apis = {"posts": "business", "owners": "owners", "locations": "places", "performance": "performance"}
        return {**self.google.hosts(), **{host: f"{self.url}/{path}" for host, path in apis.items()}}

    def routes(self) -> list[Route]:
        """The paths that the program speaks to, and the page a receipt leads to."""
        location = "/business/v4/accounts/{a}/locations/{l}"
        place = f"{location}/localPosts"
        return [
            *self.google.paths(),
            Route("/owners/v1/accounts", self.owners),
            Route("/places/v1/accounts/{a}/locations", self.places),
            Route(place, self.write, methods=["POST"]),
            Route(place, self.listed),
            Route(f"{place}/{{id}}", self.one, methods=["GET", "PATCH", "DELETE"]),
            *self.review_routes(location),
            *self.number_routes("/performance"),
            Route("/posts/{id}", self.page),
        ]

    def access(self, account: str = "demo") -> Access:
        """A connected channel; every account of these tests has a location of its own."""
        token = self.oauth.grant(account)
        place = "accounts/1/locations/9" if account == "demo" else "accounts/2/locations/7"
        profile = Profile(place, "Here", PLACES[place[9]][place[-1]])
        kept = {"access_token": token.access, "refresh_token": token.refresh}
        return Access(profile, kept, {"location": place[11:]}, self.google.app())

    def shapes(self) -> dict[str, Outgoing]:
        """An offer beside the usual."""
        when = {"event_title": "Two for one", "start": "2026-12-01T09:00+01:00", "end": "2026-12-02T18:00+01:00"}
        return super().shapes() | {"an offer": Outgoing("Rye", options={"topic": "OFFER", **when})}

    def who(self, request: Request) -> str:
        """Whose token it is; without the APIs' approval there is no quota."""
        name = self.google.who(request)
        if not self.granted:
            detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED",
                      "metadata": {"quota_limit_value": "0"}}
            raise problem(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'", details=[detail])
        return name

    async def owners(self, request: Request) -> Response:
        """One account on each page."""
        self.who(request)
        at = int(request.query_params.get("pageToken", 1))
        more = {"nextPageToken": str(at + 1)} if str(at + 1) in PLACES else {}
        return JSONResponse({"accounts": [{"name": f"accounts/{at}", "accountName": "Us"}], **more})

    async def places(self, request: Request) -> Response:
        """Locations, by the short name that v1 has for them."""
        self.who(request)
        if not set(request.query_params.get("readMask", "?").split(",")) <= MASK:
            raise problem(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        found = PLACES[request.path_params["a"]].items()
        address = {"storefrontAddress": {"locality": "Ghent"}, "metadata": {"mapsUri": "https://maps.google.com/?cid=1"}}
        named = [{"name": f"locations/{id}", "title": title, **address} for id, title in found]
        return JSONResponse({"locations": named})

    def place(self, request: Request) -> str:
        """Which location is meant."""
        self.who(request)
        owner, place = request.path_params["a"], request.path_params["l"]
        if place not in PLACES.get(owner, {}):
            raise problem(404, "NOT_FOUND", "Requested entity was not found.")
        return f"accounts/{owner}/locations/{place}"

    def location(self, request: Request, name: str) -> str:
        """The same by the name that v1 has for it."""
        self.who(request)
        for owner, places in PLACES.items():
            if name in places:
                return f"accounts/{owner}/locations/{name}"
        raise problem(403, "PERMISSION_DENIED", "The caller does not have permission")

    async def write(self, request: Request) -> Response:
        """Take a post, fetch its picture, and look it over afterwards."""
        place, wish = self.place(request), await request.json()
        self._check(wish)
        for media in wish.get("media", ()):
            await self._fetched(media)
        name, at = f"{place}/localPosts/{self.new_id()}", clock.now()
        self.posts[name] = {
            **wish, "name": name, "state": "PROCESSING", "left": self.looks_for, "at": at, "createTime": at.isoformat(),
            "searchUrl": f"{self.url}/posts/{name.rpartition('/')[2]}",
        }
        return JSONResponse(self._shown(name))

    def _check(self, wish: Mapping[str, Any]) -> None:
        topic, button, event = wish.get("topicType"), wish.get("callToAction"), wish.get("event")
        wrong = {
            "summary": len(wish.get("summary", "")) > 1500, "topic_type": topic not in ("STANDARD", "EVENT", "OFFER"),
            "event": (topic != "STANDARD") != bool(event) or bool(event and _ends_early(event)),
            "offer": bool(wish.get("offer")) and topic != "OFFER", "media": len(wish.get("media", ())) > 1,
            "call_to_action": bool(button) and _bad(button or {}), "local_post": bool(set(wish) - FIELDS),
        }
        for field, is_so in wrong.items():
            if is_so:
                detail = {"errorDetails": [{"field": field, "message": "is not valid"}]}
                raise problem(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", details=[detail])

    async def _fetched(self, media: Mapping[str, str]) -> None:
        try:
            raw = await self.fetch(media["sourceUrl"])
        except OSError as error:
            raise problem(400, "INVALID_ARGUMENT", "Fetching image failed.") from error
        self.media[self.new_id()] = {"size": len(raw)}

    def _shown(self, name: str) -> dict[str, Any]:
        return {field: value for field, value in self.posts[name].items() if field not in ("left", "at")}

    async def listed(self, request: Request) -> Response:
        """What the location has posted, the latest first, what was rejected among it."""
        place, until = f"{self.place(request)}/localPosts/", clock.now() - self.lag
        own = [name for name, post in self.posts.items() if name.startswith(place) and post["at"] <= until]
        latest = sorted(own, key=lambda name: self.posts[name]["at"], reverse=True)[:100]
        return JSONResponse({"localPosts": [self._shown(name) for name in latest]} if latest else {})

    async def one(self, request: Request) -> Response:
        """One post: shown, changed or taken back."""
        name = f"{self.place(request)}/localPosts/{request.path_params['id']}"
        if name not in self.posts:
            raise problem(404, "NOT_FOUND", "Requested entity was not found.")
        if request.method == "DELETE":
            del self.posts[name]
            return JSONResponse({})
        post = self.posts[name]
        if request.method == "PATCH":
            wish = await request.json()
            post |= {field: wish.get(field) for field in request.query_params["updateMask"].split(",")}
        post["left"] -= 1
        if post["left"] <= 0 and post["state"] == "PROCESSING":
            post["state"] = "REJECTED" if self.rejects else "LIVE"
        return JSONResponse(self._shown(name))

    async def page(self, request: Request) -> Response:
        """What a reader sees."""
        found = [post for name, post in self.posts.items() if name.endswith(f"/{request.path_params['id']}")]
        said = html.escape(found[0].get("summary", "")) if found else "There is no such post."
        return HTMLResponse(f"<title>Google simulator</title><p>{said}</p>", 200 if found else 404)


def _bad(button: Mapping[str, str]) -> bool:
    """A button that is unknown, or leads nowhere; the one that calls has no address."""
    return button.get("actionType") not in ACTIONS or bool(button.get("url")) == (button["actionType"] == "CALL")


def _ends_early(event: Mapping[str, Any]) -> bool:
    days = [date(**event["schedule"][name]) for name in ("startDate", "endDate")]
    return days[1] < days[0] or not event.get("title")


def simulator(url: str) -> Simulator:
    """A fresh one at this address."""
    return GoogleBusinessNetwork(url)
