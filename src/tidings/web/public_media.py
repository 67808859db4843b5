"""/m/{token}/{name}: a picture or film for whoever has its address, networks above all. No login, no cookie, in parts.

Starlette for the same reason as in web/files.py.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import close_old_connections
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tidings.core import clock
from tidings.core.http import is_public
from tidings.media import public
from tidings.media.storage import Away
from tidings.web import stored

GUARDS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # readers' clients show what a network left here
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
REFUSED = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
MOST_WRONG = 30  # addresses a minute that we never gave, from one place


@dataclass
class Guesses:
    """Who asked for addresses that we never gave, in this minute. Each process counts for itself."""

    minute: int = 0
    by: Counter[str] = field(default_factory=Counter)

    def add(self, place: str) -> None:
        """One more."""
        self._turn()
        self.by[place] += 1

    def many(self, place: str) -> bool:
        """Whether this place is refused until the minute is over."""
        self._turn()
        return self.by[place] >= MOST_WRONG  # a Counter does not grow by being asked

    def _turn(self) -> None:
        minute = int(clock.now().timestamp() // 60)
        if minute != self.minute:
            self.minute, self.by = minute, Counter()


guesses = Guesses()


def shown(request: Request) -> Response:
    """The file; 404 for an address that we never gave, 410 when its time is over, 429 for who guesses, 503 when the
    storage is away."""
    place = _place(request)
    if guesses.many(place):
        return Response(status_code=429, headers={**REFUSED, "Retry-After": "60"})
    close_old_connections()
    try:
        found = public.opened(request.path_params["token"], request.path_params["name"])
    except public.Unknown:
        if place:
            guesses.add(place)
        return Response(status_code=404, headers=REFUSED)
    except public.Over:
        return Response(status_code=410, headers=REFUSED)
    except Away:
        return stored.away(REFUSED)
    finally:
        close_old_connections()
    return _answer(found)


def _answer(found: public.Shown) -> Response:
    left = found.ends - clock.now() if found.ends else public.DAY
    headers = {**GUARDS, "Cache-Control": f"private, max-age={max(0, left // timedelta(seconds=1))}"}
    return stored.answer(found.held, found.mime, found.name, headers)


def _place(request: Request) -> str:
    """Where a request comes from, for counting. Empty: a proxy that does not say for whom it asks; refusing it would
    refuse everybody."""
    try:
        ip = ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if not is_public(str(ip)):
        return ""
    return str(ip_network(f"{ip}/64", strict=False)) if isinstance(ip, IPv6Address) else str(ip)


routes = [
    Route("/m/{token:str}/{name:str}", shown, methods=["GET"], name="public_media"),
]
