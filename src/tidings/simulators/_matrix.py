"""The homeserver half of Matrix's simulator: sessions, rooms, people."""

import secrets
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.simulators.base import Refusal, Simulator

PASSWORD = "harbour-master"  # noqa: S105 -- everybody's, in this box
CLIENT = "/_matrix/client/v3"


class MatrixHomeserver(Simulator):
    """Rooms and who may write in them. `plain_lives`: how long a token lives that nobody asked to refresh."""

    name = "matrix"
    plain_lives: timedelta | None = None
    upload = 50_000_000

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.rooms: dict[str, dict[str, Any]] = {
            f"!{name}:sim": {"m.room.name": {"name": name.title()}} for name in ("demo", "other", "secret", "quiet")
        }
        self.rooms["!secret:sim"]["m.room.encryption"] = {"algorithm": "m.megolm.v1.aes-sha2"}
        self.rooms["!quiet:sim"]["m.room.power_levels"] = {"events_default": 50, "users": {"@ana:sim": 100}}
        self.rooms["!space:sim"] = {"m.room.create": {"type": "m.space"}}

    def home_routes(self) -> list[Route]:
        """What is not about messages."""
        paths = {"/login": self.login, "/refresh": self.refresh, "/logout": self.logout,
                 "/user_directory/search": self.people}  # fmt: skip
        return [
            Route("/_matrix/client/versions", self.versions),
            *(Route(CLIENT + path, answer, methods=["POST"]) for path, answer in paths.items()),
            Route(f"{CLIENT}/account/whoami", self.whoami),
            Route("/_matrix/client/v1/media/config", self.config),
            Route(f"{CLIENT}/sync", self.sync),
        ]

    def who(self, request: Request) -> str:
        """Whose token it is."""
        try:
            return f"@{self.oauth.account_of(request)}:sim"
        except Refusal as refused:
            raise no(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.") from refused

    async def versions(self, request: Request) -> Response:
        """What is spoken here."""
        return JSONResponse({"versions": ["v1.11", "v1.15"]})

    async def login(self, request: Request) -> Response:
        """A password for a token; one that can be refreshed only if that is wished."""
        wish = await request.json()
        if wish["type"] != "m.login.password" or wish["password"] != PASSWORD:
            raise no(403, "M_FORBIDDEN", "Invalid username or password")
        device, user = wish.get("device_id") or secrets.token_hex(4), wish["identifier"]["user"]
        for token in self.oauth.tokens:
            token.revoked |= token.scope == device
        self.oauth.gives_refresh = bool(wish.get("refresh_token"))
        self.oauth.access_lives = timedelta(minutes=5) if self.oauth.gives_refresh else self.plain_lives
        return JSONResponse(self._session(user, device))

    def _session(self, user: str, device: str) -> dict[str, Any]:
        token = self.oauth.grant(user, device)
        said = {"user_id": f"@{user}:sim", "device_id": device, "access_token": token.access}
        said |= {"refresh_token": token.refresh} if token.refresh else {}
        return said | ({"expires_in_ms": int((token.ends - clock.now()).total_seconds() * 1000)} if token.ends else {})

    async def refresh(self, request: Request) -> Response:
        """A refresh token works once."""
        given = (await request.json())["refresh_token"]
        for token in self.oauth.tokens:
            if token.refresh == given and not token.revoked:
                token.revoked = True
                said = self._session(token.account, token.scope)
                return JSONResponse({name: said[name] for name in ("access_token", "refresh_token", "expires_in_ms")})
        raise no(401, "M_UNKNOWN_TOKEN", "Unrecognised refresh token")

    async def logout(self, request: Request) -> Response:
        """The session ends."""
        self.who(request)
        for token in self.oauth.tokens:
            token.revoked |= request.headers["authorization"] == f"Bearer {token.access}"
        return JSONResponse({})

    async def whoami(self, request: Request) -> Response:
        """Whose token it is."""
        return JSONResponse({"user_id": self.who(request)})

    async def config(self, request: Request) -> Response:
        """How large a file may be."""
        self.who(request)
        return JSONResponse({"m.upload.size": self.upload})

    async def sync(self, request: Request) -> Response:
        """Every room, with its state."""
        self.who(request)
        joined = {
            id: {"state": {"events": [{"type": kind, "content": said} for kind, said in state.items()]}}
            for id, state in self.rooms.items()
        }
        return JSONResponse({"next_batch": "1", "rooms": {"join": joined}})

    async def people(self, request: Request) -> Response:
        """Those whose name fits."""
        self.who(request)
        term = (await request.json())["search_term"]
        return JSONResponse({"results": [{"user_id": "@demo:sim", "display_name": "Demo"}] if term == "demo" else []})


def no(status: int, code: str, said: str, more: dict[str, Any] | None = None) -> Refusal:
    """No, as a homeserver says it."""
    return Refusal(status, {"errcode": code, "error": said, **(more or {})})
