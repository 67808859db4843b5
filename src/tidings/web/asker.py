"""Who asks, on routes beside Django: the person of a session's cookie, held to what every page holds them to."""

from importlib import import_module

from django.conf import settings as framework
from django.contrib.auth import get_user
from django.http import HttpRequest
from starlette.requests import Request

from tidings.web.middleware import over
from tidings.workspaces.factors import lacking

SESSIONS = import_module(framework.SESSION_ENGINE)


def cookie(request: Request) -> str:
    """The key of a session; empty: none came along."""
    return request.cookies.get(framework.SESSION_COOKIE_NAME, "")


def asker(key: str) -> HttpRequest | None:
    """A request with this session and its person; None for nobody, for a sign-in that is over, and for whoever has not
    set up the second factor that is asked of everybody."""
    request = HttpRequest()
    request.session = SESSIONS.SessionStore(key or None)
    request.user = get_user(request)
    if not request.user.is_authenticated or over(request.session) or lacking(request.user):
        return None
    return request
