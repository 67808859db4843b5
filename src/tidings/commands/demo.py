"""`tidings demo`: a workspace whose channels live on simulated networks, all inside this one process.

Simulators forget everything when they end, so every demo begins anew.
"""

import socket
import threading
from contextlib import ExitStack
from urllib.parse import urlsplit

import structlog
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import SESSION_KEY, login
from django.db import connection
from django.http import HttpRequest
from django.utils.module_loading import import_string
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from tidings import asgi, framework, networks, outside, simulators
from tidings.commands import furnish, migrate, serve
from tidings.core.http import Door
from tidings.privacy.cookies import SESSION
from tidings.settings import settings
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

log = structlog.get_logger()


def main(plug: socket.socket, small: bool = False) -> None:
    """Serve the demo until told to end."""
    url = settings().url
    town = simulators.every(f"{url}/simulators")
    for name, one in town.items():
        networks.lead(name, one.hosts())
    outside.use(Door(["127.0.0.1", urlsplit(url).netloc], agent="Tidings demo"))
    migrate.prepare()
    member = furnish.newcomer()
    threading.Thread(target=_furnish, args=(member, town, small), name="furnish", daemon=True).start()
    entrance = Route("/", Entrance(member).enter)
    with ExitStack() as stack:
        for one in town.values():
            stack.enter_context(one.opened())
        app = asgi.build(mounts=[entrance, Mount("/simulators", simulators.town(town))])
        serve.run(plug, app, websockets=True)


def _furnish(member: Member, town: dict[str, Simulator], small: bool) -> None:
    """Connecting speaks to the simulators over HTTP, so it waits at the socket until the process serves."""
    try:
        furnish.furnish(member, town, small)
    except Exception:
        log.exception("the demo could not be furnished")
    finally:
        connection.close()


class Entrance:
    """The first page of the demo: whoever comes is the newcomer, and sees the calendar."""

    def __init__(self, member: Member) -> None:
        self.member = member

    def enter(self, request: Request) -> Response:
        """Sign in unless that was done, then go on to the calendar."""
        answer = RedirectResponse(f"/w/{self.member.workspace.slug}/calendar", 303)
        session = import_string(f"{framework.SESSION_ENGINE}.SessionStore")(
            request.cookies.get(SESSION.name)
        )
        if SESSION_KEY not in session:
            key = self._sign_in(request, session)
            answer.set_cookie(SESSION.name, key, httponly=True, samesite="lax", secure=SESSION.secure)
        connection.close()
        return answer

    def _sign_in(self, request: Request, session: object) -> str:
        visit = HttpRequest()
        visit.session = session  # type: ignore[assignment]
        visit.META = {
            "REMOTE_ADDR": request.client.host if request.client else "",
            "HTTP_USER_AGENT": request.headers.get("user-agent", ""),
        }
        login(visit, self.member.user, backend=framework.AUTHENTICATION_BACKENDS[0])
        record_authentication(visit, self.member.user, "demo", reauthenticated=True)
        visit.session.save()
        return str(visit.session.session_key)
