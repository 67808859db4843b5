"""What Google's networks share: the sign-in, how errors are told, and the way to app credentials.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

from collections.abc import Mapping
from typing import Any

from tidings.core.http import Answer
from tidings.networks.declare import Console, Endpoints
from tidings.networks.errors import Later, Reaction, Reconnect
from tidings.networks.oauth import Refreshes

HOSTS = {"consent": "https://accounts.google.com", "oauth": "https://oauth2.googleapis.com"}
SCOPE = "https://www.googleapis.com/auth/"  # how the names of its scopes begin
CODES: dict[str, type[Reaction]] = {
    "UNAUTHENTICATED": Reconnect, "authError": Reconnect, "ACCESS_TOKEN_SCOPE_INSUFFICIENT": Reconnect,
    "insufficientPermissions": Reconnect, "RESOURCE_EXHAUSTED": Later, "rateLimitExceeded": Later,
    "userRateLimitExceeded": Later, "accessNotConfigured": Later, "SERVICE_DISABLED": Later,
}


class Google(Refreshes):
    """A network that is signed in to with a Google account. Its `hosts` begin with HOSTS, its `codes` with CODES."""

    policy = "https://policies.google.com/privacy"
    grants = "https://myaccount.google.com/permissions"
    one_grant = True

    @classmethod
    def endpoints(cls, server: Mapping[str, Any]) -> Endpoints:
        """A refresh token comes only when offline access is asked for, and again only after a fresh consent."""
        consent, oauth = cls.hosts["consent"], cls.hosts["oauth"]
        always = {"access_type": "offline", "prompt": "consent"}
        return Endpoints(f"{consent}/o/oauth2/v2/auth", f"{oauth}/token", f"{oauth}/revoke", extra=always)

    def revoke(self) -> None:
        """With one token Google ends the whole grant, and refuses to be told of the other."""
        kept = self.access.secrets
        self.flow().revoke({"refresh_token": kept.get("refresh_token") or kept["access_token"]})

    def code(self, answer: Answer) -> str:
        """Its reason ("quotaExceeded") or its state ("PERMISSION_DENIED"): the first that we have a reaction to."""
        told = problem(answer)
        pieces = (*told.get("errors", ()), *told.get("details", ()))
        names = [str(name) for name in (*(piece.get("reason") for piece in pieces), told.get("status")) if name]
        return next((name for name in names if name in self.codes), next(iter(names), ""))


def problem(answer: Answer) -> dict[str, Any]:
    """The `error` of an answer; empty where there is none."""
    body = answer.json()
    told = body.get("error") if isinstance(body, dict) else None
    return told if isinstance(told, dict) else {}


def console(apis: str, scopes: tuple[str, ...], gate: str) -> Console:
    """The way to app credentials: the same for all of Google's networks but for the APIs and scopes."""
    return Console(
        "https://console.cloud.google.com/apis/credentials",
        (
            f"Make a project in the Google Cloud console and enable in it: {apis}.",
            f"Fill in the consent screen (external users) and add the scopes {', '.join(scopes)}.",
            "Publish the app there (\"In production\"). While it is in testing, only the test users you list are let "
            "in, and Google ends their access after 7 days.",
            "Make an OAuth client id of the type \"Web application\" with the authorised redirect URI {redirect_uri}.",
            "Copy the client id and the client secret into this page.",
        ),
        gate=gate,
    )
