"""Answers with bytes of the library, whole or in parts (Range), from whatever storage holds them.

They pass through here also when a bucket holds them: an address of the bucket's own opens the file to whoever gets hold
of it, so only downloads may have one, for a minute, and only where the operator wishes it (web/files.py).
"""

import os
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.responses import FileResponse, Response

from tidings.media.storage import Held

STEP = 1 << 20  # bytes asked for at once


def answer(held: Held, mime: str, name: str, headers: Mapping[str, str], kind: str = "inline") -> FileResponse:
    """The bytes; the request decides which of them."""
    if held.path:
        return FileResponse(
            held.path, headers=headers, media_type=mime, filename=name, content_disposition_type=kind
        )
    return _InParts(held, mime, name, headers, kind)


def away(headers: Mapping[str, str]) -> Response:
    """The storage does not answer; again in a moment."""
    return Response(status_code=503, headers={**headers, "Retry-After": "30"})


class _InParts(FileResponse):
    """A file that is not on this machine. Ranges, HEAD and conditions are Starlette's; only reading is ours."""

    chunk_size = STEP

    def __init__(self, held: Held, mime: str, name: str, headers: Mapping[str, str], kind: str) -> None:
        at = int(held.since)
        known = os.stat_result((stat.S_IFREG, 0, 0, 0, 0, 0, held.size, at, at, at))
        super().__init__(
            "", headers=headers, media_type=mime, filename=name, stat_result=known, content_disposition_type=kind
        )
        self._held = held

    @asynccontextmanager
    async def _open_file(self) -> AsyncIterator["_Parts"]:  # type: ignore[override]  # it reads as a file does
        yield _Parts(self._held)


class _Parts:
    """Reads on from where it stands."""

    def __init__(self, held: Held) -> None:
        self._held, self._at = held, 0

    async def seek(self, start: int) -> None:
        """Go on from here."""
        self._at = start

    async def read(self, most: int) -> bytes:
        """The next bytes."""
        length = min(most, self._held.size - self._at)
        if length <= 0 or self._held.part is None:
            return b""
        part = await self._held.part(self._at, length)
        self._at += len(part)
        return part
