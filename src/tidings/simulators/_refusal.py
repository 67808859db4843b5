"""A simulator's way to say no."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Refusal(Exception):
    """A handler's way to answer with an error."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status, self.body, self.headers = status, body, dict(headers or {})


async def answer(request: Request, error: Exception) -> Response:
    """The refusal as the network words it."""
    assert isinstance(error, Refusal)  # noqa: S101 -- Starlette hands over only what it was asked to
    return JSONResponse(error.body, error.status, error.headers)
