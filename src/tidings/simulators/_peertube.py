"""A PeerTube instance in a box: who may sign in, and what it says to films that it does not take."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.simulators.base import OAuthBox, Refusal

CLIENT, SECRET = "peertube" * 4, "Secret42" * 4
PASSWORD, CODE = "correct horse", "123456"
LISTS = {
    "categories": {"1": "Music", "2": "Films", "11": "News & Politics"}, "licences": {"1": "Attribution"},
    "languages": {"en": "English", "de": "German"},
}
LARGEST = 8_000_000_000
FIELDS = {
    "name", "description", "support", "category", "licence", "language", "tags", "nsfw", "nsfwSummary",
    "downloadEnabled", "commentsPolicy", "channelId", "privacy", "filename", "waitTranscoding",
}


class PasswordBox(OAuthBox):
    """Tokens for a password, or for a refresh token that is then spent. `second_factor`: a code is wanted, too."""

    second_factor = False

    async def exchange(self, request: Request) -> Response:
        """A password or a refresh token for tokens."""
        given = {name: str(value) for name, value in (await request.form()).items()}
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            raise refusal(400, "invalid_client", "Invalid client: client is invalid")
        if given.get("grant_type") == "refresh_token":
            return JSONResponse(self.said(self._rotated(given)))
        if given.get("password") != PASSWORD:
            raise refusal(400, "invalid_grant", "Invalid grant: user credentials are invalid")
        if self.second_factor and request.headers.get("x-peertube-otp") != CODE:
            missing = "x-peertube-otp" not in request.headers
            kind = "missing_two_factor" if missing else "invalid_two_factor"
            raise refusal(401, kind, f"{'Missing' if missing else 'Invalid'} two factor header")
        return JSONResponse(self.said(self.grant(given["username"].partition("@")[0])))

    def _rotated(self, given: dict[str, str]) -> Any:
        try:
            return self._refreshed(given)
        except Refusal as refused:
            raise refusal(400, "invalid_grant", "Invalid grant: refresh token is invalid") from refused

    def who(self, request: Request) -> str:
        """Whose token it is, refusing as PeerTube does."""
        try:
            return self.account_of(request)
        except Refusal as refused:
            raise refusal(401, "invalid_token", "Invalid token: access token is invalid") from refused


def check(wish: dict[str, Any]) -> None:
    """Refuses what an instance refuses before anything is made."""
    if unknown := set(wish) - FIELDS:
        raise refusal(400, "", f"Incorrect request parameters: {min(unknown)}")
    said, tags = wish.get("description", "abc"), wish.get("tags", ["ab"])
    fits = {
        "name": 3 <= len(wish.get("name", "")) <= 120, "description": 3 <= len(said) <= 10_000,
        "tags": 1 <= len(tags) <= 5 and all(2 <= len(tag) <= 30 for tag in tags),
        "support": len(wish.get("support", "")) <= 1000, "channelId": wish.get("channelId") in (1, 2),
        "category": str(wish.get("category", 1)) in LISTS["categories"],
        "licence": str(wish.get("licence", 1)) in LISTS["licences"],
        "language": wish.get("language", "en") in LISTS["languages"],
    }
    if wrong := [name for name, fine in fits.items() if not fine]:
        raise refusal(400, "", f"Incorrect request parameters: {', '.join(wrong)}")


def refusal(status: int, code: str, detail: str) -> Refusal:
    """A refusal in PeerTube's form."""
    kind = {"type": f"https://docs.joinpeertube.org/api-rest-reference.html#section/Errors/{code}", "code": code}
    return Refusal(status, {"status": status, "detail": detail, "title": "Error", **(kind if code else {})})
