"""What every answer says to browsers, whoever made it. A route that says something else says it itself, in its GUARDS;
pages have their own content policy (tidings.framework), and every other kind of answer may do nothing at all.

Subdomains belong to the operator, who may run something else there: unless a setting says so, HTTPS is promised for
this host only.
"""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tidings.settings import settings

YEAR = 31_536_000  # seconds
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

ALWAYS = {
    "Content-Security-Policy": NOTHING,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FORGETTING = {"/accounts/logout/": {"Clear-Site-Data": '"cache", "storage"'}}  # drafts kept in the browser, too


class Headers:
    """ASGI middleware: adds what an answer does not say itself. `foreign`: paths where somebody else speaks."""

    def __init__(self, app: ASGIApp, foreign: Sequence[str] = ()) -> None:
        self.app, self.foreign = app, tuple(foreign)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http" or scope["path"].startswith(self.foreign):
            await self.app(scope, receive, send)
            return

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, said)


def secure() -> dict[str, str]:
    """What is said over HTTPS beside ALWAYS."""
    everywhere = "; includeSubDomains" if settings().https_subdomains else ""
    return {"Strict-Transport-Security": f"max-age={YEAR}{everywhere}"} if settings().secure else {}


def _complete(headers: MutableHeaders, scope: Scope) -> None:
    more = FORGETTING.get(scope["path"], {}) if scope["method"] == "POST" else {}
    for name, value in (ALWAYS | secure() | more).items():
        headers.setdefault(name, value)
