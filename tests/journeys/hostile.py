"""What nobody should send: values, bodies and addresses, and every place of the program that they are sent to."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, get_resolver

from tests import people
from tidings import outside
from tidings.analytics.models import ReportLink, ReportMail
from tidings.api.urls import api
from tidings.channels.models import ConnectLink, Revocation
from tidings.core import clock
from tidings.core.http import Answer, NotSent, Request
from tidings.deliveries.schedule import schedule
from tidings.media.models import Folder, Media, Upload
from tidings.notifications.models import Notification
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Snippet
from tidings.privacy.models import Export
from tidings.workspaces.api_keys import make
from tidings.workspaces.members import invite
from tidings.workspaces.models import Invitation, Member, Tag, View

SECRET = "a secret plan"
SCHEMA = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = sorted((method.upper(), path) for path, methods in SCHEMA["paths"].items() for method in methods)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")

SURROGATE, NUL = "\ud800", "a\0b"
WORDS = ["", NUL, "\u202e\u200b", "x" * 20_000, "-1", "9" * 400, "1e999", "../../etc/passwd", "<script>", "%00",
         "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-02-30", "2026-02-28T12:00:00", str(uuid4())]
VALUES: list[Any] = [None, True, -1, 10**400, 1.5, [], [[]], {}, {"a": {}}, SURROGATE, *WORDS]
BODIES = [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe\x00", b"[" * 50_000, b'{"a": NaN}', b'{"a": 1, "a": 2}',
          b'{"items": [{"text": "\\ud800"}]}', b'{"note": "\\u0000"}', b"x" * 3_000_000]
QUERIES = [
    "view=nonsense", "view=week&day=9999-12-31", "view=month&day=0001-01-01", "view=list&day=2026-02-30", "day=%00",
    "channel=%ED%A0%80", "channel=nonsense", "page=-1", f"page={'9' * 400}", "page=%00", "q=%00", "q=%ED%A0%80",
    f"q={'x' * 5000}", "kind=%00", "at=nonsense", "next=//elsewhere.example", "state=%00&code=%00",
    "from=9999-12-31T23:59:59Z&to=9999-12-31T23:59:59Z", "from=0001-01-01T00:00:00%2B14:00&to=0001-01-02T00:00:00Z",
    "from=2199-12-31T23:59:59-14:00&to=2199-12-31T23:59:59-14:00", "from=nonsense&to=%00", "force=nonsense",
    "error=x&error_description=%00",
]  # fmt: skip


def merged(queries: Sequence[str]) -> list[str]:
    """The same in fewer requests: each holds what asks for different things. A NUL is refused before a page is asked,
    so it stays by itself."""
    made: list[dict[str, str]] = []
    for query in sorted(queries, key=lambda query: "%00" in query):
        asks = dict(pair.partition("=")[::2] for pair in query.split("&"))
        alike = (one for one in made if ("%00" in one.values()) == ("%00" in asks.values()))
        room = next((one for one in alike if not one.keys() & asks.keys()), None)
        if room is None:
            made.append(room := {})
        room |= asks
    return ["&".join(f"{name}={value}" for name, value in one.items()) for one in made]


@contextmanager
def no_way_out() -> Iterator[None]:
    """Nothing leaves the machine, whatever was typed."""

    def closed(request: Request) -> Answer:
        raise NotSent("no way out")

    outside.use(closed)  # type: ignore[arg-type]
    yield
    outside.use(None)


def scene(owner: Member) -> dict[str, str]:
    """Something of everything in this workspace, named by what stands in the addresses."""
    channel = people.channel(owner, name=SECRET)
    post = compose(owner, Draft((channel.id,), (ItemDraft(SECRET),)))
    (delivery,) = schedule(owner, post, clock.now())
    media = Media.objects.create(workspace=owner.workspace, name=SECRET, kind="picture", mime="image/png", size=1)
    token = invite(owner, "guest@example.org", "editor")
    talk = people.conversation(delivery, said=SECRET)
    other = people.member(owner, "editor")
    return {
        "slug": owner.workspace.slug, "name": "language", "inbox": str(talk.pk),
        "posts": str(post.id), "deliveries": str(delivery.id), "media": str(media.id),
        "channels": str(channel.id), "portraits": str(channel.id), "people": str(other.user_id),
        "members": str(other.pk), "token": token,
        "network": "mastodon", "invitations": str(Invitation.objects.get(workspace=owner.workspace).pk),
        "uploads": str(uuid4()), "heir": str(other.user_id), "users": str(other.user_id), "act": "suspend",
        "revision": "1", **_asked(owner), **_sorted(owner),
    }  # fmt: skip


def _sorted(owner: Member) -> dict[str, str]:
    """By what they find and write things: tags, views, folders, snippets; what they were told, and let others do."""
    place, user = owner.workspace, owner.user
    made: dict[str, Any] = {
        "tags": Tag.objects.create(workspace=place, name=SECRET),
        "views": View.objects.create(workspace=place, user=user, name=SECRET, query="view=week"),
        "folders": Folder.objects.create(workspace=place, name=SECRET),
        "snippets": Snippet.objects.create(workspace=place, by=user, kind="signature", name=SECRET, text=SECRET),
        "links": ConnectLink.objects.create(
            workspace=place, by=user, name=SECRET, token_hash=uuid4().hex, ends_at=clock.now() + timedelta(days=1)
        ),
        "shared": ReportLink.objects.create(
            workspace=place, by=user, name=SECRET, days=7, token_hash=uuid4().hex,
            ends_at=clock.now() + timedelta(days=1),
        ),
        "mails": ReportMail.objects.create(workspace=place, every="week", hour=8),
        "imports": Upload.objects.create(workspace=place, by=user, name=SECRET, size=0, source="https://one.example/a"),
        "notifications": Notification.objects.create(user=user, workspace=place, kind="failed", mark=SECRET),
    }
    ids = {name: str(row.pk) for name, row in made.items()}
    return ids | {"coming": ids["imports"]}


def _asked(owner: Member) -> dict[str, str]:
    """What this person asked for: access ended, an export, a key."""
    ended = Revocation.objects.create(workspace=owner.workspace, network="mastodon", handle=SECRET)
    export = Export.objects.create(user=owner.user)
    key, _token = make(owner, SECRET, ["read"])
    return {"revocations": str(ended.pk), "export": str(export.pk), "keys": str(key.pk)}


def pages() -> Iterator[str]:
    """Every address pattern outside the API's operations, with {place} where something has to be named."""
    for pattern in _patterns(get_resolver().url_patterns, ""):
        if "<slug>" in pattern:
            continue  # an operation of the API; OPERATIONS has it with its methods
        named = re.sub(r"(\w+)/<uuid:\w+>", r"\1/{\1}", pattern)
        named = re.sub(r"<\w+:(slug|token|network|act)>", r"{\1}", named)
        named = re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "nonsense", named))
        yield "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "nonsense", named).replace("^", "").replace("$", "")


def _patterns(found: Any, before: str) -> Iterator[str]:
    for one in found:
        if isinstance(one, URLPattern):
            yield before + str(one.pattern)
        else:
            yield from _patterns(one.url_patterns, before + str(one.pattern))


def operation(path: str) -> str:
    """An operation's path in the form of `pages`."""
    return re.sub(r"([\w-]+)/{(?:\w+_)?id}", lambda found: f"{found[1]}/{{{found[1].rpartition('-')[2]}}}", path)


def bodies(method: str, path: str) -> Iterator[bytes]:
    """Broken bodies, and the body this operation wants with each of its fields, in turn, holding what it should not."""
    yield from BODIES
    said = SCHEMA["paths"][path][method.lower()].get("requestBody")
    if said:
        schema = said["content"]["application/json"]["schema"]
        for spoilt in _spoilt(schema, depth=0):
            yield json.dumps(spoilt).encode()


def _spoilt(schema: dict[str, Any], depth: int) -> Iterator[Any]:
    """The smallest good value of this schema, spoilt in one place."""
    schema = _resolved(schema)
    for name, inner in schema.get("properties", {}).items():
        for value in [*VALUES, *_inside(inner, depth)]:
            yield {**_good(schema), name: value}


def _inside(schema: dict[str, Any], depth: int) -> Iterator[Any]:
    schema = _resolved(schema)
    if depth > 2:
        return
    if "items" in schema:
        yield [_good(_resolved(schema["items"]))] * 200
        yield from ([spoilt] for spoilt in _spoilt(schema["items"], depth + 1))
        yield from ([value] for value in VALUES)
    else:
        yield from _spoilt(schema, depth + 1)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(choice)
    if "$ref" in schema:
        return dict(SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return schema


def _good(schema: dict[str, Any]) -> Any:
    if schema.get("format") == "date-time":
        return "2031-01-01T00:00:00Z"
    kinds: dict[str, Any] = {"array": [], "string": str(uuid4()), "integer": 1, "boolean": False, "object": {}}
    if schema.get("type") != "object":
        return kinds.get(schema.get("type", ""), {})
    wanted = schema.get("required", ())
    return {name: _good(_resolved(schema["properties"][name])) for name in wanted}
