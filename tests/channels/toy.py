"""A network that does all a network can do while connecting and writing, and its simulator. No real one does it all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings import networks, outside, simulators
from tidings.core import clock
from tidings.core.http import Door, Transport
from tidings.networks.base import (
    App,
    Console,
    Endpoints,
    Field,
    Grant,
    Limits,
    Link,
    Mention,
    OAuth2,
    Option,
    Password,
    Pending,
    Profile,
    Site,
)
from tidings.networks.errors import Later, Rejected
from tidings.networks.look import Look
from tidings.networks.oauth import Refreshes, same_state
from tidings.simulators.base import Refusal, Simulator

CLIENT, SECRET = "toy-client", "toy-secret-never-shown"
BOARDS = [(str(n), f"Board {n}") for n in range(70)]


class Toy(Refreshes):
    """Connects by OAuth 2, by a code that is carried over, and by a link; has boards and people to look for."""

    name, label = "toy", "Toy town"
    docs = "https://example.org/docs"
    policy = "https://example.org/privacy"
    checked = date(2026, 11, 23)
    connect = (
        OAuth2(("post.write", "media.upload"), needs_app=True),
        Password((
            Field("code", "Code", "Post this in the town square.", shown=True), Field("token", "Token", secret=True),
        ), label="By a code"),
        Link((Field("server", "Town"),), label="By a link"),
    )  # fmt: skip
    console = Console(
        "https://console.example.org/apps",
        ("Make an app called anything.", "Enter {redirect_uri} as its callback.", "Say that {base_url} is its home."),
        id="App key", secret="App secret", more=(Field("bot", "Bot token", "From the tab Bots."),),
        gate="The council reviews every app, which takes a week.",
    )  # fmt: skip
    hosts = {"town": "https://town.example.org"}
    look = Look("note", ("like",))
    limits = Limits(text=500, needs="picture", needs_text=True, pictures=1, hashtags=3)
    options = (
        Option("board", "Board", "lookup", needed=True),
        Option("tags", "Tags", "tags", most=3, longest=20),
        Option("link", "Link", "url"),
    )
    threads = "comments"
    markup = "markdown"

    @classmethod
    def server(cls, fields: Mapping[str, str], door: Transport) -> Mapping[str, Any]:
        return {"town": fields["server"]} if "server" in fields else {}

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        return Endpoints(f"{cls.hosts['town']}/authorize", f"{cls.hosts['town']}/token", brings=("device",))

    @classmethod
    def leave(cls, server: Mapping[str, Any], app: App | None, site: Site) -> Pending:
        back = f"{site.redirect_uri}?{urlencode({'state': 'link-state'})}"
        return Pending(f"{cls.hosts['town']}/link?{urlencode({'back': back})}", {"state": "link-state"})

    @classmethod
    def arrive(
        cls, server: Mapping[str, Any], app: App | None, door: Transport, keep: Mapping[str, str],
        query: Mapping[str, str],
    ) -> Grant:  # fmt: skip
        same_state(keep, query)
        return Grant({"access_token": query["key"]})

    def headers(self, method: str, url: str) -> dict[str, str]:
        return {}

    def sign_in(self, fields: Mapping[str, str]) -> Grant:
        posted = self.call("GET", f"{self.hosts['town']}/square").json()
        if fields["code"] not in posted["said"]:
            raise Rejected("The code is not in the town square yet.")
        return Grant({"access_token": fields["token"]})

    def lengthen(self) -> Grant:
        return Grant({"access_token": f"long-{self.access.secrets['access_token']}"}, clock.now() + timedelta(days=60))

    def profile(self) -> Profile:
        return self.channels()[0]

    def channels(self) -> list[Profile]:
        return [
            Profile(
                f"page-{n}", f"@page{n}", f"Page {n}", secrets={"page_token": f"page-secret-{n}"}, server={"kind": n}
            )
            for n in (1, 2)
        ]

    def lookup(self, option: str, query: str) -> list[tuple[str, str]]:
        found = self.call("GET", f"{self.hosts['town']}/boards?{urlencode({'q': query})}").json()
        return [(one["id"], one["name"]) for one in found["boards"]]

    def mentions(self, query: str) -> list[Mention]:
        if query == "nobody":
            raise Later("The town sleeps.")
        return [Mention(f"@[{query}](urn:1)", f"{query.title()} of Toy town")]


class ToyBox(Simulator):
    """The town: an authorization server, a square, boards. `scopes` are granted whatever is asked."""

    name = "toy"
    scopes = "post.write media.upload"
    square = ""
    page_says: tuple[int, dict[str, str], str] | None = None  # what the sign-in page answers instead

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET

    def hosts(self) -> dict[str, str]:
        return {"town": self.url}

    def routes(self) -> list[Route]:
        return [
            Route("/authorize", self.authorize, methods=["GET", "POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/square", self.said),
            Route("/boards", self.boards),
        ]

    async def authorize(self, request: Request) -> Response:
        if self.page_says:
            status, headers, body = self.page_says
            return Response(body, status, headers)
        return await self.oauth.consent(request)

    async def token(self, request: Request) -> Response:
        given = await request.form()
        if given.get("grant_type") == "authorization_code" and given.get("device") not in (None, "left"):
            raise Refusal(400, {"error": "invalid_request"})
        answer = await self.oauth.exchange(request)
        self.oauth.tokens[-1].scope = self.scopes
        return JSONResponse(self.oauth.said(self.oauth.tokens[-1])) if answer.status_code == 200 else answer

    async def said(self, request: Request) -> Response:
        return JSONResponse({"said": self.square})

    async def boards(self, request: Request) -> Response:
        word = request.query_params["q"].lower()
        return JSONResponse({"boards": [{"id": id, "name": name} for id, name in BOARDS if word in name.lower()]})


@contextmanager
def town_of_toys(monkeypatch: pytest.MonkeyPatch) -> Iterator[ToyBox]:
    """The toy network among the others, and its simulator, while the block runs."""
    port = simulators.free_port()
    box = ToyBox(f"http://127.0.0.1:{port}/toy")
    monkeypatch.setitem(networks.every(), "toy", Toy)
    monkeypatch.setattr(Toy, "hosts", box.hosts())
    with simulators.serving({"toy": box}, port):
        outside.use(Door([f"127.0.0.1:{port}"]))
        yield box
    outside.use(None)
