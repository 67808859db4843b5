"""Every form in which networks publish, read from a description of a few lines."""

import json
from pathlib import Path
from typing import Any

import pytest

from tidings.commands.specs import (
    discovery,
    graph,
    lexicon,
    methods,
    openapi,
    routes,
    swagger,
    typescript,
)
from tidings.commands.specs.compare import compare
from tidings.commands.specs.form import FORM, JSON, Spec
from tidings.commands.specs.sent import Sent
from tidings.core.http import multipart


def wrong(spec: Spec, method: str, url: str, body: Any = None, kind: str = JSON) -> list[tuple[str, str]]:
    """What a request to this description does wrong: field and kind."""
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Sent(method, (url,), {"content-type": kind}, raw)
    return [(one.field, one.what) for one in compare("n", spec, [request]).deviations]


def written(folder: Path, name: str, said: Any) -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    return file


def test_openapi_in_yaml_may_be_cut_into_files_that_refer_to_each_other(tmp_path: Path) -> None:
    note = "type: object\nproperties:\n  inner: {$ref: 'note.yaml'}\n  n: {type: integer}\n"
    written(tmp_path, "parts/note.yaml", note)
    file = written(tmp_path, "api.yaml", """
openapi: 3.1.0
info: {version: '2'}
servers:
  - url: "{protocol}://{host}{basePath}"
    variables: {protocol: {default: https}, host: {default: localhost}, basePath: {default: /v3}}
paths:
  /notes/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: 'parts/note.yaml'}}}}
""")
    spec = openapi.read([file], [])
    assert (spec.version, spec.hosts) == ("2", frozenset())
    assert wrong(spec, "PUT", "https://any.example/v3/notes/7", {"inner": {"inner": {"n": 1}}}) == []
    assert wrong(spec, "PUT", "https://any.example/v3/notes/7", {"inner": {"m": 1}}) == [("inner.m", "unknown field")]


def test_openapi_alternatives_may_be_merged_and_nullable(tmp_path: Path) -> None:
    base = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "nullable": True}}}
    more = {"allOf": [base, {"properties": {"b": {"type": "integer"}}, "required": ["b"]}]}
    body = {"requestBody": {"content": {JSON: {"schema": more}}}}
    doc = {"info": {"version": "1"}, "servers": [{"url": "https://a.example"}], "paths": {"/x": {"post": body}}}
    spec = openapi.read([written(tmp_path, "a.json", doc)], [])
    assert wrong(spec, "POST", "https://a.example/x", {"a": None, "b": 1}) == []
    assert wrong(spec, "POST", "https://a.example/x", {"a": 1}) == [("a", "wrong type"), ("b", "missing field")]


def test_openapi_kinds_of_one_thing_are_told_apart_by_a_field(tmp_path: Path) -> None:
    leads = {"a": "#/components/schemas/A"}
    grant = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
             "discriminator": {"propertyName": "kind", "mapping": leads}}
    code = {"allOf": [{"$ref": "#/components/schemas/Grant"}, {"properties": {"code": {"type": "string"}}}]}
    body = {"requestBody": {"content": {FORM: {"schema": {"$ref": "#/components/schemas/Grant"}}}}}
    named = {"schemas": {"A": code, "Grant": grant}}
    doc = {"info": {"version": "1"}, "paths": {"/x": {"post": body}}, "components": named}
    spec = openapi.read([written(tmp_path, "a.json", doc)], [])
    assert wrong(spec, "POST", "https://a.example/x", b"kind=a&code=1", FORM) == []
    assert wrong(spec, "POST", "https://a.example/x", b"cod=1", FORM) == [
        ("cod", "unknown field"), ("kind", "missing field"),
    ]


def test_a_query_parameter_that_is_an_object_gives_its_fields(tmp_path: Path) -> None:
    asked = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    get = {"parameters": [{"name": "whole", "in": "query", "schema": asked}]}
    doc = {"info": {"version": "1"}, "paths": {"/x": {"get": get}}}
    spec = openapi.read([written(tmp_path, "a.json", doc)], ["https://{server}/api"])
    assert wrong(spec, "GET", "https://a.example/api/x?id=3") == []
    whole = wrong(spec, "GET", "https://a.example/api/x?whole=3")
    assert whole == [("id", "missing field"), ("whole", "unknown field")]


def test_swagger_puts_forms_among_the_parameters(tmp_path: Path) -> None:
    post = {"consumes": [FORM], "parameters": [
        {"name": "channel", "in": "formData", "type": "string", "required": True},
        {"name": "loud", "in": "formData", "type": "boolean"}, {"name": "v", "in": "query", "type": "integer"},
    ]}
    doc = {"swagger": "2.0", "info": {"version": "1"}, "host": "a.example", "basePath": "/api",
           "paths": {"/say": {"post": post}}}
    spec = swagger.read([written(tmp_path, "a.json", doc)], [])
    assert wrong(spec, "POST", "https://a.example/api/say?v=1", b"channel=c&loud=true", FORM) == []
    assert wrong(spec, "POST", "https://a.example/api/say?v=x", b"loud=yes", FORM) == [
        ("channel", "missing field"), ("loud", "wrong type"), ("v", "wrong type"),
    ]
    assert wrong(spec, "POST", "https://a.example/api/say", {"channel": "c"}) == [("", "wrong content type")]


FILMS = {
    "rootUrl": "https://films.example/", "servicePath": "v3/", "revision": "20260101",
    "parameters": {"alt": {"type": "string", "location": "query"}},
    "schemas": {"Film": {"type": "object", "properties": {
        "title": {"type": "string"}, "id": {"type": "string", "readOnly": True}, "next": {"$ref": "Film"},
    }}},
    "resources": {"films": {"methods": {"insert": {
        "httpMethod": "POST", "path": "films", "request": {"$ref": "Film"},
        "parameters": {"part": {"type": "string", "repeated": True, "required": True, "location": "query"}},
        "mediaUpload": {"accept": ["video/*"], "protocols": {"resumable": {"path": "/upload/v3/films"}}},
    }}}},
}


def test_discovery_documents_have_uploads_beside_their_calls(tmp_path: Path) -> None:
    spec = discovery.read([written(tmp_path, "films.json", FILMS)], [])
    assert (spec.version, spec.hosts) == ("20260101", {"films.example"})
    at = "https://films.example"
    assert wrong(spec, "POST", f"{at}/v3/films?part=a,b&alt=json", {"title": "x", "next": {"title": "y"}}) == []
    assert wrong(spec, "POST", f"{at}/v3/films", {"id": "x"}) == [("id", "read-only"), ("part", "missing field")]
    assert wrong(spec, "POST", f"{at}/upload/v3/films?uploadType=resumable&part=a", {"title": "x"}) == []
    assert wrong(spec, "PUT", f"{at}/upload/v3/films?upload_id=7", b"bytes", "video/mp4") == []
    whole = wrong(spec, "POST", f"{at}/upload/v3/films?uploadType=whole&part=a", {})
    assert whole == [("uploadType", "not in the list")]


NAME = "com.atproto.repo.createRecord"
LEXICONS: dict[str, Any] = {
    NAME: {"main": {"type": "procedure", "input": {"encoding": JSON, "schema": {
        "type": "object", "required": ["collection", "record"], "nullable": ["swap"],
        "properties": {"collection": {"type": "string"}, "record": {"type": "unknown"}, "swap": {"type": "string"}},
    }}}},
    "org.example.look": {"main": {"type": "query", "parameters": {
        "type": "params", "required": ["n"], "properties": {"n": {"type": "integer", "maximum": 9}},
    }}},
    "org.example.note": {
        "main": {"type": "record", "record": {"type": "object", "required": ["text"], "properties": {
            "text": {"type": "string", "maxLength": 12, "maxGraphemes": 4},
            "face": {"type": "blob", "accept": ["image/*"], "maxSize": 100},
            "embed": {"type": "union", "refs": ["#wall", "org.example.unseen"]},
        }}},
        "wall": {"type": "object", "required": ["side"], "properties": {"side": {"type": "integer"}}},
    },
}


def test_lexicons_tell_what_a_written_record_holds(tmp_path: Path) -> None:
    files = [written(tmp_path, f"{n}.json", {"id": n, "defs": defs}) for n, defs in LEXICONS.items()]
    spec, at = lexicon.read(files, []), f"https://pds.example/xrpc/{NAME}"

    def write(**record: Any) -> list[tuple[str, str]]:
        note = {"$type": "org.example.note", "text": "Hi", **record}
        return wrong(spec, "POST", at, {"collection": "c", "swap": None, "record": note})

    face = {"$type": "blob", "ref": {"$link": "b"}, "mimeType": "image/png", "size": 9}
    assert write(face=face, embed={"$type": "org.example.note#wall", "side": 1}) == []
    assert write(text="Hello") == [("record.text", "too long")]
    assert write(text="éééé") == []
    assert write(text="👩‍👩‍👧") == [("record.text", "too long")]  # one grapheme, but 18 bytes
    assert write(face={**face, "size": 101}) == [("record.face.size", "too large")]
    assert write(face={**face, "mimeType": "video/mp4"}) == [("record.face.mimeType", "wrong form")]
    assert write(embed={"$type": "org.example.note#wall"}) == [("record.embed.side", "missing field")]
    assert write(colour="red") == [("record.colour", "unknown field")]


def test_lexicons_tell_what_may_be_asked(tmp_path: Path) -> None:
    files = [written(tmp_path, f"{n}.json", {"id": n, "defs": defs}) for n, defs in LEXICONS.items()]
    spec, at = lexicon.read(files, []), "https://pds.example/xrpc/org.example"
    assert wrong(spec, "GET", f"{at}.look?n=9") == []
    assert wrong(spec, "GET", f"{at}.look?n=10&m=1") == [("m", "unknown field"), ("n", "too large")]
    assert wrong(spec, "GET", f"{at}.peek") == [("", "unknown path")]


SCHEMA = """
type Query { me: Me }
type Me { name: String, nick: String @deprecated(reason: "use name") }
input Note { title: String!, stars: Int }
type Mutation { write(input: Note!): Me }
"""


def test_graphql_documents_are_validated_with_their_variables(tmp_path: Path) -> None:
    spec = graph.read([written(tmp_path, "schema.graphql", SCHEMA)], ["https://gql.example"])

    def ask(query: str, **variables: Any) -> list[tuple[str, str]]:
        return wrong(spec, "POST", "https://gql.example/", {"query": query, "variables": variables})

    write = "mutation W($n: Note!) { write(input: $n) { name } }"
    assert ask("{ me { name } }") == []
    assert ask(write, n={"title": "x", "stars": 3}) == []
    assert ask("{ me { age } }") == [("query", "not in the schema")]
    assert ask("{ me { nick } }") == [("query", "deprecated")]
    assert ask("{ me {") == [("query", "wrong form")]
    assert ask(write, n={"stars": 3}) == [("variables", "wrong type")]
    assert ask(write, n={"title": "x"}, m=1) == [("variables.m", "unknown field")]


TYPES = """
export type paths = {
    '/notes/create': {
        /** notes/create */
        post: operations['notes___create'];
    };
    '/files/create': { post: operations['files___create'] };
};
export type components = { schemas: {
    Poll: { choices: string[]; multiple?: boolean; [key: string]: unknown; };
    Mood: 'calm' | "stormy";
}; };
export interface operations {
    'notes___create': {
        requestBody: { content: { 'application/json': {
            /** @enum {string} */
            mood?: components['schemas']['Mood'];
            text: string | null; // the words
            stars?: (number | 'many')[];
            poll?: components['schemas']['Poll'] | null;
            more?: { a: string } & { b?: Record<string, never> };
        }; }; };
        responses: { 200: { headers: { [name: string]: unknown; }; content: never }; };
    };
    'files___create': { requestBody: { content: { 'multipart/form-data': { file: Blob; name?: string | null } } } };
};
"""


def test_generated_typescript_tells_what_each_endpoint_takes(tmp_path: Path) -> None:
    spec = typescript.read([written(tmp_path, "types.d.ts", TYPES)], ["https://{server}/api"])

    def create(**body: Any) -> list[tuple[str, str]]:
        return wrong(spec, "POST", "https://any.example/api/notes/create", body)

    poll = {"choices": ["a"], "anything": 1}
    assert create(text=None, mood="calm", stars=[1, "many"], poll=poll, more={"a": "x", "b": {}}) == []
    assert create(text="x", mood="sunny") == [("mood", "not in the list")]
    assert create(mood="calm") == [("text", "missing field")]
    assert create(text="x", poll={"choices": [1]}) == [("poll.choices[0]", "wrong type")]
    assert create(text="x", more={"a": "x", "c": 1}) == [("more.c", "unknown field")]
    body, kind = multipart({"name": "a"}, ("file", "a.png", "image/png", b"x"))
    assert wrong(spec, "POST", "https://any.example/api/files/create", body, kind["Content-Type"]) == []
    body, kind = multipart({"title": "a"}, ("fil", "a.png", "image/png", b"x"))
    assert wrong(spec, "POST", "https://any.example/api/files/create", body, kind["Content-Type"]) == [
        ("fil", "unknown field"), ("file", "missing field"), ("title", "unknown field"),
    ]


def told(name: str, kinds: list[str], required: bool = False, says: str = "") -> dict[str, Any]:
    return {"name": name, "types": kinds, "required": required, "description": says}


BOT = {
    "version": "Bots 1", "release_date": "May 1, 2026",
    "types": {
        "InputMedia": {"subtypes": ["InputMediaPhoto", "InputMediaVideo"]},
        "InputMediaPhoto": {"fields": [told("type", ["String"], True, "Type of the media, must be photo")]},
        "InputMediaVideo": {"fields": [told("type", ["String"], True, "Type of the media, must be video"),
                                       told("width", ["Integer"])]},
    },
    "methods": {
        "say": {"fields": [told("chat", ["Integer", "String"], True),
                           told("text", ["String"], True, "1-12 characters")]},
        "album": {"fields": [told("media", ["Array of InputMedia"], True, "must include 2-3 items")]},
    },
}


def test_bot_methods_take_forms_and_json_and_tell_limits_in_prose(tmp_path: Path) -> None:
    spec = methods.read([written(tmp_path, "api.json", BOT)], ["https://bots.example/bot{token}"])
    at = "https://bots.example"
    assert spec.version == "Bots 1, May 1, 2026"
    assert wrong(spec, "POST", f"{at}/bot1:a/say", {"chat": 7, "text": "Hello"}) == []
    assert wrong(spec, "POST", f"{at}/bot1:a/say", b"chat=@c&text=Hello", FORM) == []
    assert wrong(spec, "GET", f"{at}/bot1:a/say?chat=@c&text=Hello") == []
    assert wrong(spec, "POST", f"{at}/bot1:a/say", {"text": "Good morning, all"}) == [
        ("chat", "missing field"), ("text", "too long"),
    ]
    album = '[{"type": "photo"}, {"type": "video", "width": 3}]'
    body, kind = multipart({"media": album}, ("first", "a.png", "image/png", b"x"))
    assert wrong(spec, "POST", f"{at}/bot1:a/album", body, kind["Content-Type"]) == []
    assert wrong(spec, "POST", f"{at}/bot1:a/album", {"media": [{"type": "video", "height": 3}]}) == [
        ("media", "too few"), ("media[0].height", "unknown field"),
    ]


def test_a_servers_index_tells_its_routes_and_their_arguments(tmp_path: Path) -> None:
    text = {"type": "string"}
    title = {"type": "object", "properties": {"raw": text, "rendered": {**text, "readonly": True}}}
    args = {"title": title, "status": {"enum": ["draft", "publish"], "required": False}, "id": {"type": "integer"}}
    make = {"methods": ["POST"], "args": args}
    read = {"methods": ["GET"], "args": {"page": {"type": "integer", "minimum": 1}}}
    doc = {"routes": {"/v2/posts/(?P<id>[\\d]+)": {"endpoints": [make]}, "/v2/media": {"endpoints": [make, read]},
                      "/v2/who/(?P<who>(?:[\\d]+|me))": {"endpoints": [{"methods": ["GET"], "args": []}]}}}
    spec = routes.read([written(tmp_path, "index.json", doc)], ["https://{server}/wp-json"])
    at = "https://any.example/wp-json/v2"
    assert wrong(spec, "POST", f"{at}/posts/7", {"title": "x", "status": "draft"}) == []
    assert wrong(spec, "POST", f"{at}/posts/7", {"title": {"rendered": "x"}, "state": "draft"}) == [
        ("state", "unknown field"), ("title.rendered", "read-only"),
    ]
    assert wrong(spec, "POST", f"{at}/media", b"\x89PNG", "image/png") == []
    assert wrong(spec, "GET", f"{at}/media?page=0&_fields=id") == [("page", "too small")]
    assert wrong(spec, "GET", f"{at}/who/me") == []


@pytest.mark.parametrize("read", [openapi.read, swagger.read])
def test_a_reference_that_leads_nowhere_takes_anything(tmp_path: Path, read: Any) -> None:
    body = {"in": "body", "name": "b", "schema": {"$ref": "elsewhere.json"}}
    post = {"parameters": [body]} if read is swagger.read else {
        "requestBody": {"content": {JSON: {"schema": {"$ref": "elsewhere.json"}}}}}
    doc = {"info": {"version": "1"}, "host": "a.example", "servers": [{"url": "https://a.example"}],
           "paths": {"/x": {"post": post}}}
    spec = read([written(tmp_path, "a.json", doc)], [])
    assert wrong(spec, "POST", "https://a.example/x", {"whatever": [1]}) == []
