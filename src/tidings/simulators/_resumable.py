"""Upload sessions in a box: films come in pieces, and a question in between is answered by how much is there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tidings.core import clock
from tidings.core.ids import new_id

WEEK = timedelta(days=7)
UNIT = 256 * 1024


@dataclass
class Session:
    """One film on its way. `made` is what was answered when it was whole."""

    size: int
    account: str
    wish: Mapping[str, Any]
    there: int = 0
    at: datetime = field(default_factory=clock.now)
    made: Mapping[str, Any] | None = None


class Sessions(dict[str, Session]):
    """By their ids."""

    def begin(self, request: Request, account: str, wish: Mapping[str, Any]) -> str:
        """A new session, for a film as large as the headers say."""
        id = new_id().hex
        self[id] = Session(int(request.headers["x-upload-content-length"]), account, wish)
        return id

    def live(self, id: str) -> Session | None:
        """The session, unless it has ended."""
        found = self.get(id)
        return found if found and found.at + WEEK > clock.now() else None


async def take(session: Session, request: Request) -> Response | None:
    """How much is there; nothing, when this made it whole. A piece from elsewhere is not taken."""
    if session.made is not None:
        return JSONResponse(session.made)
    body = await request.body()
    span = re.fullmatch(r"bytes (?:\*|(\d+)-(\d+))/(\d+)", request.headers.get("content-range", ""))
    if span is None or int(span[3]) != session.size:
        return JSONResponse({"error": {"code": 400, "message": "Invalid Content-Range."}}, 400)
    if span[1] and not _fits(session, int(span[1]), int(span[2]), len(body)):
        return JSONResponse({"error": {"code": 400, "message": "Invalid chunk."}}, 400)
    session.there += len(body) if span[1] else 0
    if session.there >= session.size:
        return None
    return Response(status_code=308, headers={"Range": f"bytes=0-{session.there - 1}"} if session.there else {})


def _fits(session: Session, start: int, end: int, length: int) -> bool:
    """It goes on where the last one ended, and only the last one of all is no whole multiple."""
    whole = length % UNIT == 0 or end + 1 == session.size
    return start == session.there and end - start + 1 == length and whole
