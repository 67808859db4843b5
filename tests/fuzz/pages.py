"""Every page, with the fields of its forms: random requests by several visitors, and what is wrong with the answers."""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

from django.core.cache import cache
from django.http.cookie import SimpleCookie
from django.test import Client

from tests.fuzz.spoil import MARK, Sent, request
from tests.permissions.routes import address, django_routes
from tests.permissions.scene import ROLES, Victim, victim
from tests.permissions.visit import undone
from tests.permissions.visitors import signed_in

FORM = re.compile(r"<form\b.*?</form>", re.S)
FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")
ATTRIBUTE = re.compile(r'\b(name|value)="([^"]*)"')
LINK = re.compile(r'href="(/[^"#?]*)\?([^"#]*)"')
ALWAYS = [("channel", ""), ("page", "1"), ("q", ""), ("next", "/"), ("at", ""), ("out", "yes"), ("profile", "x")]
TELLS = ("Traceback (most recent call last)", "DoesNotExist", "django.db.utils")


def failures(cases: int, number: int) -> Iterator[str]:
    """What `cases` requests found wrong; each line says the seed, the case, and what was sent."""
    scene = victim()
    clients = [signed_in(scene.members[role].user) for role in ROLES] + [Client(raise_request_exception=False)]
    known = {path: fields(clients[0], path) for path in addresses(scene)}
    paths = sorted(known)
    for case in range(cases):
        at = Random(f"{number}:{case}")
        path = paths[case % len(paths)]
        sent, client = request(at, path, known[path]), at.choice([clients[0], *clients])
        for wrong in judged(client, sent):
            yield f"seed {number}, case {case}: {wrong}: {_spoken(sent)}"


def addresses(scene: Victim) -> list[str]:
    """Where every route is."""
    return [address(route, scene.ids) for route in django_routes()]


def fields(client: Client, path: str) -> list[tuple[str, str]]:
    """The fields of every form of a page, the parameters of its links, and some that many pages know."""
    with undone():
        page = client.get(path)
        text = "" if page.streaming else page.content.decode(errors="replace")
    found = [dict(ATTRIBUTE.findall(tag)) for form in FORM.findall(text) for tag in FIELD.findall(form)]
    linked = [pair.partition("=")[::2] for _path, query in LINK.findall(text) for pair in query.split("&amp;")]
    named = [(one["name"], one.get("value", "")) for one in found if "name" in one]
    return list(dict.fromkeys([*named, *linked, *ALWAYS]))[:40]


def judged(client: Client, sent: Sent) -> Iterator[str]:
    """What is wrong with the answer."""
    cache.clear()
    cookies = client.cookies.output(header="", sep=";")
    with undone():
        try:
            answer = client.generic(sent.method, sent.path, sent.body, sent.kind, **sent.headers)  # type: ignore[arg-type]
            yield from _wrong(answer)
        except Exception as error:
            yield f"raised {error!r}"
    client.cookies = SimpleCookie(cookies)


def _wrong(answer: Any) -> Iterator[str]:
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = said.decode(errors="replace")
    upstream = answer.status_code == 503 and answer["Content-Type"] == "application/problem+json"
    if answer.status_code >= 500 and not upstream:
        yield f"{answer.status_code} {answer.exc_info[1]!r}" if answer.exc_info else str(answer.status_code)
    if MARK in text and answer.get("Content-Type", "").startswith("text/html"):
        yield "a snippet came back as it was"
    yield from (f"tells {word}" for word in TELLS if word in text)
    yield from (f"a header holds {name}" for name in ("X-Evil",) if name in answer)


def _spoken(sent: Sent) -> str:
    more = " ".join(f"-H {name}:{value[:80]!r}" for name, value in sent.headers.items())
    return f"{sent.method} {sent.path[:300]} -H Content-Type:{sent.kind!r} {more} --data {sent.body[:600]!r}"


