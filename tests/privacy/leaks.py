"""What a search for leaks needs: the log as production writes it, all that a browser was shown, and a hostile echo."""

import io
import json
import logging
import re
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import parse_qsl, unquote_plus

import pytest
import structlog
from django.test import Client

from tidings.channels.models import AppCredential, Channel
from tidings.commands import start
from tidings.core.http import Answer, Door, Request

SECRET = re.compile(r"(token|secret|password|verifier|assertion|jwt|dpop_key|^key$|^code$|^request_uri$)")
SHORTEST = 8


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Every line that is logged meanwhile, by structlog and by logging, written as in production."""
    lines, before = io.StringIO(), structlog.get_config()
    root = logging.getLogger()
    hands, level = root.handlers[:], root.level
    others = {name: logging.getLogger(name).level for name in ("uvicorn", "django.request")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", lines)
        configure = structlog.configure
        patch.setattr(structlog, "configure", lambda **how: configure(**{**how, "cache_logger_on_first_use": False}))
        start._logging()
    try:
        yield lines
    finally:
        structlog.configure(**before)
        root.handlers[:] = hands
        root.setLevel(level)
        for name, was in others.items():
            logging.getLogger(name).setLevel(was)


class Watched(Client):
    """A browser that keeps all it was shown: bodies and headers, its cookies' own apart. A fault is a page to it."""

    def __init__(self, seen: list[tuple[str, str]]) -> None:
        super().__init__(raise_request_exception=False)
        self.seen = seen

    def request(self, **request: Any) -> Any:
        """Ask, and keep what came back."""
        answer = super().request(**request)
        body = b"".join(cast(Any, answer)) if answer.streaming else answer.content
        said = "\n".join(f"{name}: {value}" for name, value in answer.items())
        self.seen.append((f"{request['REQUEST_METHOD']} {request['PATH_INFO']}", f"{said}\n{body.decode('latin-1')}"))
        return answer


@dataclass
class Echo:
    """The way out, which remembers every secret that passed; armed, every network repeats all that it was sent."""

    door: Door
    secrets: set[str] = field(default_factory=set)
    armed: int = 0  # the status to answer with

    def __call__(self, request: Request) -> Answer:
        """Go, or hear oneself."""
        if isinstance(request.body, Generator):
            return self.door(request)
        body = request.body
        if body is not None and not isinstance(body, bytes):
            body = cast(Any, body).read() if hasattr(body, "read") else b"".join(body)
        self.secrets |= set(_in_headers(request)) | set(_in_body(body or b""))
        if not self.armed:
            return self.door(replace(request, body=body))
        words = " ".join((request.url, *request.headers.values(), (body or b"").decode("latin-1")))
        said = {"error": "invalid_request", "error_description": words, "message": words, "description": words}
        return Answer(self.armed, {"content-type": "application/json"}, json.dumps(said).encode())


def _in_headers(request: Request) -> Iterator[str]:
    for name, value in request.headers.items():
        if SECRET.search(name.lower()) or name.lower() in ("authorization", "dpop"):
            yield value.rpartition(" ")[2]


def _in_body(body: bytes) -> Iterator[str]:
    text = body[:20_000].decode("latin-1")
    pairs: Any = parse_qsl(text)
    with suppress(ValueError, AttributeError):
        pairs = json.loads(text).items()
    yield from (str(value) for name, value in pairs if SECRET.search(str(name).lower()))


def of_channels() -> Iterator[str]:
    """What channels and apps keep sealed."""
    for channel in Channel.objects.exclude(sealed="").select_related("app", "workspace"):
        yield from (value for name, value in channel.access().secrets.items() if SECRET.search(name.lower()))
    for row in AppCredential.objects.all():
        app = row.app()
        yield from (app.client_secret, *app.more.values())


def leaks(secrets: dict[str, str], seen: list[tuple[str, str]]) -> list[str]:
    """Which secret (by what it is) shows where."""
    return sorted({f"{what} in {where}" for where, text in seen for what, secret in secrets.items()
                   if len(secret) >= SHORTEST and (secret in text or secret in unquote_plus(text))})
