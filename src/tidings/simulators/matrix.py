"""A Matrix homeserver in a box: https://spec.matrix.org/latest/client-server-api/

Switches: `keys_live` (how long a transaction id is known), `burst` (events in ten seconds; 0: any number), `lists`
(what it shows at once of what hangs on a message), `bundles` (whether it counts threads itself).
"""

import html
import json
import secrets
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tidings.core import clock
from tidings.networks.base import Access, Profile
from tidings.simulators._matrix import CLIENT, PASSWORD, MatrixHomeserver, no
from tidings.simulators._matrixremarks import members, remarked
from tidings.simulators.base import Simulator

EVENT_BYTES = 65_536
RELATIONS = "/_matrix/client/v1/rooms/{room}/relations/{event}"


class MatrixServer(MatrixHomeserver):
    """Events with transaction ids, media, threads, edits, redactions. `posts`: messages, not what hangs on them."""

    moods = {"that forgets transaction ids": {"keys_live": timedelta(0)}}
    keys_live = timedelta(hours=24)
    burst = 0
    lists = 100
    bundles = True

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.events: dict[str, dict[str, Any]] = {}
        self.keys = dict[tuple[str, str], str]()

    def hosts(self) -> dict[str, str]:
        """The site that shows rooms is this one."""
        return {"site": self.url}

    def routes(self) -> list[Route]:
        """The client-server API, and the page a receipt leads to."""
        room = f"{CLIENT}/rooms/{{room}}"
        return [
            *self.home_routes(),
            Route("/_matrix/media/v3/upload", self.take, methods=["POST"]),
            Route(f"{room}/send/m.room.message/{{key}}", self.send, methods=["PUT"]),
            Route(f"{room}/redact/{{event}}/{{key}}", self.redact, methods=["PUT"]),
            Route(f"{room}/messages", self.messages),
            Route(f"{room}/event/{{event}}", self.event),
            Route(f"{room}/joined_members", self.members),
            Route(f"{RELATIONS}/m.annotation/m.reaction", self.reactions),
            Route(f"{RELATIONS}/m.thread", self.thread),
            Route(f"{room}/state/{{kind}}/", self.state, methods=["GET", "PUT"]),
            Route("/", self.page),
        ]

    def typed(self) -> dict[str, str]:
        """Server, user and password; and a token."""
        token = self.oauth.grant("demo", "pasted").access
        return {"server": self.url, "user": "demo", "password": PASSWORD, "token": token}

    def access(self, account: str = "demo") -> Access:
        """The room of this name, or id."""
        token, account = self.oauth.grant("demo", "session"), account.removeprefix("!").removesuffix(":sim")
        room = f"!{account}:sim"
        server = {"url": self.url, "user": "@demo:sim", "upload": self.upload}
        profile = Profile(room, room, account.title(), "", f"{self.url}/#/{room}")
        return Access(profile, {"access_token": token.access, "device_id": "session"}, server)

    def remark_id(self, on: str) -> str:
        """An event's."""
        return f"${secrets.token_urlsafe(16)}"

    def drop(self, id: str) -> None:
        """A moderator takes it back: the event stays, empty."""
        event = self.events[id]
        event["content"], event["unsigned"] = {}, {"redacted_because": {"type": "m.room.redaction"}}
        self.posts.pop(id, None)

    def _room(self, request: Request) -> str:
        room = str(request.path_params["room"])
        if room not in self.rooms:
            raise no(403, "M_FORBIDDEN", "User not in room")
        return room

    async def take(self, request: Request) -> Response:
        """A file, known by an address of Matrix's own."""
        self.who(request)
        raw = await request.body()
        if len(raw) > self.upload:
            raise no(413, "M_TOO_LARGE", "Upload request body is too large")
        address = f"mxc://sim/{secrets.token_urlsafe(12)}"
        self.media[address] = {"name": request.query_params.get("filename", ""), "size": len(raw)}
        return JSONResponse({"content_uri": address})

    async def send(self, request: Request) -> Response:
        """An event; under a known transaction id of the same session, the first one again."""
        who, room, content = self.who(request), self._room(request), await request.json()
        device = next(t.scope for t in self.oauth.tokens if request.headers["authorization"] == f"Bearer {t.access}")
        known = self.keys.get((device, request.path_params["key"]))
        if known and self.events[known]["at"] + self.keys_live > clock.now():
            return JSONResponse({"event_id": known})
        self._look(room, who, content)
        made = f"${secrets.token_urlsafe(16)}"
        self.events[made] = {
            "event_id": made, "type": "m.room.message", "sender": who, "content": content, "room_id": room,
            "origin_server_ts": int(clock.now().timestamp() * 1000) + len(self.events), "unsigned": {},
            "at": clock.now(),
        }
        self.keys[device, request.path_params["key"]] = made
        hangs = content.get("m.relates_to") or {}
        if hangs.get("rel_type") not in ("m.reference", "m.replace") and hangs.get("is_falling_back") is not False:
            self.posts[made] = self.events[made]
        return JSONResponse({"event_id": made})

    def _look(self, room: str, who: str, content: dict[str, Any]) -> None:
        levels = self.rooms[room].get("m.room.power_levels", {})
        if levels.get("users", {}).get(who, 0) < levels.get("events_default", 0):
            raise no(403, "M_FORBIDDEN", "You don't have permission to post that to the room.")
        since = clock.now() - timedelta(seconds=10)
        if self.burst and sum(event["at"] > since for event in self.events.values()) >= self.burst:
            raise no(429, "M_LIMIT_EXCEEDED", "Too Many Requests", {"retry_after_ms": 4500})
        if len(json.dumps(content, ensure_ascii=False).encode()) > EVENT_BYTES:
            raise no(413, "M_TOO_LARGE", "event too large")
        if "url" in content and content["url"] not in self.media:
            raise no(400, "M_INVALID_PARAM", "Unknown media")

    async def redact(self, request: Request) -> Response:
        """Empty an event; a second time changes nothing."""
        self.who(request)
        if request.path_params["event"] not in self.events:
            raise no(404, "M_NOT_FOUND", "Event not found")
        self.drop(request.path_params["event"])
        return JSONResponse({"event_id": f"$redaction-{secrets.token_hex(4)}"})

    async def messages(self, request: Request) -> Response:
        """A room's events, the latest first."""
        self.who(request)
        room = self._room(request)
        others = [remarked(one, self.events) for one in self.remarks.values()]
        inside = [event for event in (*self.events.values(), *others) if event["room_id"] == room]
        inside.sort(key=lambda event: -event["origin_server_ts"])
        start, most = int(request.query_params.get("from", 0)), int(request.query_params["limit"])
        end = {"end": str(start + most)} if start + most < len(inside) else {}
        listed = [_shown(event) for event in inside[start : start + most]]
        return JSONResponse({"chunk": listed, "start": "1", "state": members(listed), **end})

    async def event(self, request: Request) -> Response:
        """One event; one that is not there is told from one that may not be seen by nobody."""
        event = _shown(self._event(request))
        said = self.grown(event["event_id"], "m.thread") if event["event_id"] in self.posts and self.bundles else 0
        bundle = {"m.relations": {"m.thread": {"count": said, "current_user_participated": False}}} if said else {}
        return JSONResponse({**_shown(event), "unsigned": {**event["unsigned"], **bundle}})

    def _event(self, request: Request) -> dict[str, Any]:
        self.who(request)
        id = request.path_params["event"]
        event = remarked(self.remarks[id], self.events) if id in self.remarks else self.events.get(id)
        if not event:
            raise no(404, "M_NOT_FOUND", "Event not found.")
        return event

    async def reactions(self, request: Request) -> Response:
        """Who has reacted; the last of them twice, as other homeservers let through."""
        id, got = self._event(request)["event_id"], self.grown(request.path_params["event"], "m.reaction")
        hangs = {"rel_type": "m.annotation", "event_id": id, "key": "+1"}
        senders = [f"@p{n}:sim" for n in (*range(got), *range(got)[-1:])]
        return self._page([{"sender": one, "content": {"m.relates_to": hangs}} for one in senders], request)

    async def thread(self, request: Request) -> Response:
        """What was said in a message's thread."""
        self._event(request)
        said = self.grown(request.path_params["event"], "m.thread")
        return self._page([{"sender": f"@p{n}:sim", "content": {"body": "Aye"}} for n in range(said)], request)

    def _page(self, whole: list[dict[str, Any]], request: Request) -> Response:
        query = request.query_params
        start = int(query.get("from", 0))
        end = start + min(int(query.get("limit", 5)), self.lists)
        return JSONResponse({"chunk": whole[start:end], **({"next_batch": str(end)} if end < len(whole) else {})})

    async def members(self, request: Request) -> Response:
        """Everybody who is in a room."""
        self.who(request)
        room = self._room(request)
        return JSONResponse({"joined": {f"@p{n}:sim": {} for n in range(self.crowd(room, "joined"))}})

    async def state(self, request: Request) -> Response:
        """What a room says of itself, of one kind."""
        self.who(request)
        state, kind = self.rooms[self._room(request)], request.path_params["kind"]
        if request.method == "PUT":
            if state.get("m.room.power_levels", {}).get("state_default", 0) > 0:
                raise no(403, "M_FORBIDDEN", "You don't have permission to post that to the room.")
            state[kind] = await request.json()
            return JSONResponse({"event_id": "$state"})
        if kind not in state:
            raise no(404, "M_NOT_FOUND", "Event not found.")
        return JSONResponse(state[kind])

    async def page(self, request: Request) -> Response:
        """What readers see; the room and the event stand behind the number sign, which no server hears of."""
        said = "".join(f"<p>{html.escape(event['content'].get('body', ''))}</p>" for event in self.posts.values())
        return HTMLResponse(f"<title>Matrix simulator</title><h1>Rooms</h1>{said}")


def _shown(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "at"}


def simulator(url: str) -> Simulator:
    """A fresh homeserver at this address."""
    return MatrixServer(url)
