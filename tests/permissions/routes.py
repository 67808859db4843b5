"""Every route of the program, found by walking: Django's url confs (ours, the API's, allauth's) and Starlette's."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, get_resolver
from starlette.routing import Route

from tidings.asgi import build

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PLACE = re.compile(r"(?:(\w+)/)?<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)")


def django_routes() -> list[str]:
    """Every address pattern that Django answers, as `w/<slug>/posts/<id>`; each once."""
    return sorted({tidied(pattern) for pattern in _patterns(get_resolver().url_patterns, "")})


def starlette_routes() -> list[str]:
    """Every address pattern that is answered before Django."""
    found = (route.path for route in build(work=False).routes if isinstance(route, Route))
    return sorted(re.sub(r"{(\w+)(:\w+)?}", r"<\1>", path.lstrip("/")) for path in found)


def tidied(pattern: str) -> str:
    """A pattern without its converters and its regular expressions."""
    plain = GROUP.sub(r"\1", pattern).replace("^", "").replace("$", "")
    return re.sub(r"<\w+:(\w+)>", r"<\1>", plain)


def address(pattern: str, ids: Mapping[str, str]) -> str:
    """An address of this pattern: `posts/<id>` is filled from ids["posts"], `<slug>` from ids["slug"]."""

    def filled(found: re.Match[str]) -> str:
        before, name = found[1], found[2]
        value = ids.get(before or "", "") if name not in ids else ids[name]
        return f"{before}/{value or 'nonsense'}" if before else value or "nonsense"

    return "/" + PLACE.sub(filled, pattern)


def _patterns(found: Any, before: str) -> Iterator[str]:
    for one in found:
        if isinstance(one, URLPattern):
            yield before + str(one.pattern)
        else:
            yield from _patterns(one.url_patterns, before + str(one.pattern))
