"""/w/{slug}/live: tells a page, as server-sent events, that something of the workspace's calendar has changed.

What it was, the page asks by itself: this says no more, and only as long as the person is signed in and may read.
"""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import DatabaseError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tidings.deliveries.glance import glance
from tidings.web.asker import asker, cookie
from tidings.web.rooms import MOST, OF_ONE, Room, Rooms
from tidings.workspaces.members import member_of
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may

BEAT = 20.0  # seconds of silence at most, and between two looks at whether the person still may
LONGEST = 3600.0  # seconds; the page then comes again
RETRY = 5000  # milliseconds until it does
KIND = "text/event-stream"
GUARDS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Still = Callable[[], Member | None]


@dataclass(frozen=True)
class Listener:
    """Somebody who may hear of a workspace, and how that looked when they came."""

    workspace: UUID
    person: UUID
    mark: str


async def live(request: Request) -> Response:
    """The stream; 404 for strangers, 429 for too many windows, 503 when the process has as many as it can hold."""
    rooms: Rooms = request.app.state.rooms
    session, slug = cookie(request), request.path_params["slug"]
    try:
        listener = None if rooms.closed else await rooms.ask(partial(_listener, session, slug))
    except DatabaseError:
        return _later(503)
    if listener is None:
        return Response(status_code=404, headers=GUARDS)
    if rooms.people[listener.person] >= OF_ONE:
        return _later(429)
    if rooms.people.total() >= MOST:
        return _later(503)
    if request.method == "HEAD":
        return Response(headers=GUARDS, media_type=KIND)
    seen = request.headers.get("last-event-id") or request.query_params.get("seen") or listener.mark
    still = partial(_member, session, slug)
    return StreamingResponse(_told(rooms, listener, still, seen), headers=GUARDS, media_type=KIND)


def _later(code: int) -> Response:
    return Response(status_code=code, headers=GUARDS | {"Retry-After": "60"})


def _member(session: str, slug: str) -> Member | None:
    request = asker(session)
    member = member_of(request.user, slug) if request else None
    return member if may(member, "read") else None


def _listener(session: str, slug: str) -> Listener | None:
    member = _member(session, slug)
    return Listener(member.workspace_id, member.user_id, glance(member.workspace_id)) if member else None


async def _told(rooms: Rooms, listener: Listener, still: Still, seen: str) -> AsyncIterator[str]:
    room = rooms.enter(listener.workspace, listener.person, listener.mark)
    try:
        yield f"retry: {RETRY}\n\n"
        async for mark in _marks(rooms, room, still, seen):
            yield mark
    except DatabaseError:
        return  # the page comes again
    finally:
        rooms.leave(listener.workspace, listener.person)


async def _marks(rooms: Rooms, room: Room, still: Still, seen: str) -> AsyncIterator[str]:
    """What is sent: beats, and each change; ends when it is time, or when the person may no longer."""
    until = time.monotonic() + LONGEST
    while not rooms.closed and time.monotonic() < until:
        if room.mark == seen:
            yield f"id: {seen}\n: still here\n\n"
            await rooms.news(room, BEAT)
        if rooms.closed or await rooms.ask(still) is None:
            return
        if room.mark != seen:
            seen = room.mark
            yield f"id: {seen}\nevent: changed\ndata: {seen}\n\n"


routes = [Route("/w/{slug:str}/live", live, methods=["GET"], name="live")]
