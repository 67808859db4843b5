"""What simulators of Meta's networks share: errors as the Graph API words them, tokens of an hour and of 60 days."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.simulators import _notices
from tidings.simulators.base import Refusal, Simulator, Token

CLIENT, SECRET = "meta-app", "meta-secret"
WORDS = {"text", "caption", "message", "title", "description", "alt_text", "alt_text_custom"}  # said as they stand
HOUR, DAY, SIXTY_DAYS = timedelta(hours=1), timedelta(days=1), timedelta(days=60)


class MetaBox(Simulator):
    """Tokens, scopes and refusals. `uses` is what the headers say is used up, in percent."""

    scopes: tuple[str, ...] = ()  # what a channel's token has
    family = ""  # how the names of the grants begin that exchange and renew tokens

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.oauth.clients[CLIENT] = SECRET
        self.oauth.access_lives, self.oauth.needs_pkce = HOUR, False
        self.born: dict[str, datetime] = {}  # when the tokens of sixty days were given

    def notice(self, person: str, secret: str = "", at: datetime | None = None) -> tuple[dict[str, str], bytes]:
        """The same for both of Meta's callbacks."""
        return _notices.request(person, secret or SECRET, at)

    def token(self, account: str = "demo", lives: timedelta | None = SIXTY_DAYS, scope: str = "") -> Token:
        """A token that lives this long; None: for ever."""
        made = self.oauth.grant(account, scope or ",".join(self.scopes))
        made.ends = clock.now() + lives if lives else None
        self.born[made.access] = clock.now()
        return made

    def who(self, request: Request, needs: str = "") -> str:
        """Whose token it is; refuses one that is dead, and one that may not do this."""
        return self.live(request.headers.get("authorization", "").removeprefix("Bearer "), needs).account

    def live(self, given: str, needs: str = "") -> Token:
        """The token of this text."""
        for token in self.oauth.tokens:
            if token.access == given and not token.revoked and (token.ends is None or token.ends > clock.now()):
                if needs and needs not in token.scope.split(","):
                    raise refusal(10, f"Application does not have permission for this action ({needs})", status=403)
                return token
        raise refusal(190, "Error validating access token: Session has expired", 463)

    async def exchange(self, request: Request) -> Response:
        """A token of an hour for one of sixty days."""
        asked = request.query_params
        token = self.live(asked.get("access_token", ""))
        if asked.get("grant_type") != f"{self.family}_exchange_token":
            raise refusal(100, "Invalid parameter: grant_type")
        if asked.get("client_secret") != SECRET:
            raise refusal(1, "Error validating client secret.")
        if token.access in self.born:
            raise refusal(452, "Session key invalid")
        return self.given(token)

    async def renew(self, request: Request) -> Response:
        """Sixty more days, for a token that is at least a day old and has not ended."""
        asked = request.query_params
        token = self.live(asked.get("access_token", ""))
        if asked.get("grant_type") != f"{self.family}_refresh_token":
            raise refusal(100, "Invalid parameter: grant_type")
        if clock.now() - self.born.get(token.access, clock.now()) < DAY:
            raise refusal(10, "The access token is less than 24 hours old", status=400)
        return self.given(token)

    def given(self, old: Token) -> Response:
        """The answer that carries a fresh token."""
        fresh = self.token(old.account, scope=old.scope)
        life = int(SIXTY_DAYS.total_seconds())
        return JSONResponse({"access_token": fresh.access, "token_type": "bearer", "expires_in": life})


async def said(request: Request) -> dict[str, Any]:
    """What a form says; what has parts is JSON in it."""
    form = await request.form()
    return {name: value if name in WORDS else _meant(value) for name, value in form.items()}


def _meant(value: Any) -> Any:
    if not isinstance(value, str) or (value[:1] not in "{[" and value not in ("true", "false")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def refusal(code: int, message: str, subcode: int = 0, status: int = 400, **more: Any) -> Refusal:
    """An error of the Graph API."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbC123"}
    return Refusal(status, {"error": error | ({"error_subcode": subcode} if subcode else {}) | more})


def not_there(id: str) -> Refusal:
    """What Meta says both of what is gone and of what may not be seen."""
    words = f"Unsupported request. Object with ID '{id}' does not exist or cannot be loaded due to missing permissions"
    return refusal(100, words, 33)


def stamp(moment: datetime) -> str:
    """A time as the Graph API writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S+0000}"


def chosen(post: Mapping[str, Any], fields: str) -> dict[str, Any]:
    """The fields that were asked for, as far as there are."""
    asked = [name.partition("{")[0] for name in fields.split(",")]
    return {"id": post["id"]} | {name: post[name] for name in asked if name in post}
