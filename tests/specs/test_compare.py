"""The comparison bites: every kind of deviation is planted once, and found with its sentence."""

import json
from typing import Any

import pytest

from tidings.commands.specs import openapi
from tidings.commands.specs.compare import Comparison, Deviation, compare
from tidings.commands.specs.form import FORM, JSON, Spec
from tidings.commands.specs.known import Excuse, Known
from tidings.commands.specs.sent import Sent
from tidings.core.http import multipart

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
NOTE = {
    "type": "object",
    "required": ["words"],
    "properties": {
        "words": {"type": "string", "maxLength": 10},
        "mood": {"type": "string", "enum": ["calm", "stormy"]},
        "tags": {"type": "array", "items": TEXT, "maxItems": 2},
        "stars": {"type": "integer", "minimum": 1, "maximum": 5},
        "at": {"type": ["string", "null"], "format": "date-time"},
        "colour": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
        "id": {"type": "string", "readOnly": True},
        "ink": {"type": "string", "deprecated": True},
        "place": {"type": "object", "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}},
        "target": {"oneOf": [{"$ref": "#/components/schemas/Wall"}, {"$ref": "#/components/schemas/Door"}]},
    },
}
PARTS = {"type": "object", "required": ["file"], "properties": {
    "file": {"type": "string", "format": "binary"}, "words": {"type": "string", "maxLength": 10}, "stars": NUMBER,
}}
DOC = {
    "openapi": "3.1.0",
    "info": {"version": "7"},
    "servers": [{"url": "https://notes.example/api"}],
    "components": {"schemas": {
        "Wall": {"type": "object", "required": ["side"], "properties": {"kind": {"const": "wall"}, "side": NUMBER}},
        "Door": {"type": "object", "required": ["key"], "properties": {"kind": {"const": "door"}, "key": TEXT}},
    }},
    "paths": {
        "/notes": {
            "get": {"parameters": [
                {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 40}},
                {"name": "kinds[]", "in": "query", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
                {"name": "old", "in": "query", "schema": TEXT, "deprecated": True},
            ]},
            "post": {
                "parameters": [{"name": "X-Key", "in": "header", "required": True, "schema": TEXT}],
                "requestBody": {"required": True, "content": {JSON: {"schema": NOTE}, FORM: {"schema": NOTE}}},
            },
        },
        "/notes/{id}": {"delete": {"parameters": [{"name": "id", "in": "path", "required": True, "schema": NUMBER}]}},
        "/notes/mine": {"delete": {"deprecated": True}},
        "/files": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": PARTS}}}}},
    },
}


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    file = tmp_path_factory.mktemp("specs") / "notes.json"
    file.write_text(json.dumps(DOC))
    return openapi.read([file], [])


def sent(method: str, path: str, body: bytes = b"", host: str = "https://notes.example/api", **headers: str) -> Sent:
    """A request as it was recorded; an underscore in a header's name stands for a dash."""
    return Sent(method, (host + path,), {name.replace("_", "-"): value for name, value in headers.items()}, body)


def note(**fields: Any) -> Sent:
    """A note with these fields beside its words."""
    body = json.dumps({"words": "Good day", **fields}).encode()
    return sent("POST", "/notes", body, content_type=JSON, x_key="k")


def pieces(fields: dict[str, str], field: str = "file") -> Sent:
    body, kind = multipart(fields, (field, "a.png", "image/png", b"\x89PNG\r\n\x1a\n\r\nbytes"))
    return sent("POST", "/files", body, content_type=kind["Content-Type"])


def found(spec: Spec, *requests: Sent, packed: str = "") -> Comparison:
    return compare("notes", spec, requests, packed)


PLANTED = {
    "a path": (sent("GET", "/motes"), "", "unknown path"),
    "a method": (sent("PATCH", "/notes?limit=1"), "", "unknown path"),
    "a query's field": (sent("GET", "/notes?limit=1&page=2"), "page", "unknown field"),
    "a query's missing field": (sent("GET", "/notes"), "limit", "missing field"),
    "a query's type": (sent("GET", "/notes?limit=few"), "limit", "wrong type"),
    "a query's limit": (sent("GET", "/notes?limit=41"), "limit", "too large"),
    "a query's list": (sent("GET", "/notes?limit=1&kinds[]=a&kinds[]=c"), "kinds[1]", "not in the list"),
    "a query's old field": (sent("GET", "/notes?limit=1&old=x"), "old", "deprecated"),
    "a path's type": (sent("DELETE", "/notes/first"), "id", "wrong type"),
    "an old operation": (sent("DELETE", "/notes/mine"), "", "deprecated"),
    "a body where none is taken": (sent("DELETE", "/notes/1", b"{}", content_type=JSON), "", "wrong content type"),
    "a missing header": (sent("POST", "/notes", b'{"words": "x"}', content_type=JSON), "X-Key", "missing field"),
    "a missing body": (sent("POST", "/notes", x_key="k"), "", "missing field"),
    "a content type": (sent("POST", "/notes", b"x", content_type="text/plain", x_key="k"), "", "wrong content type"),
    "a body without a type": (sent("POST", "/notes", b"x", x_key="k"), "", "wrong content type"),
    "broken JSON": (sent("POST", "/notes", b"{", content_type=JSON, x_key="k"), "", "wrong form"),
    "a field": (note(word="x"), "word", "unknown field"),
    "a field inside": (note(place={"lat": 1.5, "lng": 2}), "place.lng", "unknown field"),
    "a missing field": (sent("POST", "/notes", b"{}", content_type=JSON, x_key="k"), "words", "missing field"),
    "a type": (note(stars="5"), "stars", "wrong type"),
    "a truth for a number": (note(stars=True), "stars", "wrong type"),
    "null where it is not taken": (note(mood=None), "mood", "wrong type"),
    "a type in a list": (note(tags=["a", 1]), "tags[1]", "wrong type"),
    "a choice": (note(mood="sunny"), "mood", "not in the list"),
    "a length": (note(words="Good morning"), "words", "too long"),
    "a number": (note(stars=6), "stars", "too large"),
    "a small number": (note(stars=0), "stars", "too small"),
    "a long list": (note(tags=["a", "b", "c"]), "tags", "too many"),
    "a pattern": (note(colour="red"), "colour", "wrong form"),
    "a moment without its zone": (note(at="2026-03-01T09:00:00"), "at", "wrong form"),
    "an old field": (note(ink="blue"), "ink", "deprecated"),
    "a field that is only answered": (note(id="7"), "id", "read-only"),
    "an alternative": (note(target={"kind": "door", "key": 7}), "target.key", "wrong type"),
    "a form's type": (sent("POST", "/notes", b"words=x&stars=many", content_type=FORM, x_key="k"), "stars",
                      "wrong type"),
    "a form's inner field": (sent("POST", "/notes", b"words=x&place[lng]=1", content_type=FORM, x_key="k"),
                             "place.lng", "unknown field"),
    "a text for a file": (pieces({"file": "a.png"}, "words"), "file", "wrong type"),
    "a part": (pieces({"word": "x"}), "word", "unknown field"),
    "a part's length": (pieces({"words": "Good morning"}), "words", "too long"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_deviation_is_found_where_it_is(spec: Spec, what: str) -> None:
    request, field, kind = PLANTED[what]
    deviations = found(spec, request).deviations
    assert (field, kind) in {(one.field, one.what) for one in deviations}
    assert len(deviations) <= 2


RIGHT = (
    sent("GET", "/notes?limit=40&kinds[]=a&kinds[]=b"),
    sent("GET", "/notes?limit=40&kinds=a,b"),
    sent("DELETE", "/notes/12"),
    note(),
    note(mood="calm", tags=["a"], stars=5, at="2026-03-01T09:00:00Z", colour="#00ff00", place={"lat": 1, "lon": 2.5}),
    note(at=None, target={"kind": "wall", "side": 2}),
    sent("POST", "/notes", b"words=x&stars=3&tags[]=a&tags[]=b&place[lat]=1.5", content_type=FORM, x_key="k"),
    pieces({"words": "Good day", "stars": "3"}),
)


def test_what_fits_the_description_is_no_deviation(spec: Spec) -> None:
    assert found(spec, *RIGHT) == Comparison(len(RIGHT), 0, ())


def test_a_deviation_is_a_sentence_that_names_network_operation_field_and_fault(spec: Spec) -> None:
    (deviation,) = found(spec, note(stars=6)).deviations
    assert str(deviation) == "notes: POST /api/notes: the field stars is 6; the most is 5 (too large)."


def test_the_same_deviation_is_told_once(spec: Spec) -> None:
    assert len(found(spec, note(stars=6), note(stars=6)).deviations) == 1


def test_an_unknown_path_is_told_once_whatever_ids_stand_in_it(spec: Spec) -> None:
    (deviation,) = found(spec, sent("GET", "/motes/123456"), sent("GET", "/motes/n9876")).deviations
    assert deviation.path == "/api/motes/{…}"


def test_requests_to_other_hosts_and_sign_in_pages_are_elsewhere(spec: Spec) -> None:
    away = sent("PUT", "/upload/1", b"x", host="https://files.example")
    sign_in = Sent("POST", ("https://notes.example/token",), {}, b"x", signing_in=True)
    assert found(spec, away, sign_in) == Comparison(0, 2, ())


def test_where_a_simulator_stands_for_several_hosts_the_one_that_fits_is_taken(spec: Spec) -> None:
    addresses = ("https://login.example/api/notes/12", "https://notes.example/api/notes/12")
    assert found(spec, Sent("DELETE", addresses, {})) == Comparison(1, 0, ())
    unknown = ("https://login.example/api/motes", "https://notes.example/api/motes")
    assert [one.what for one in found(spec, Sent("GET", unknown, {})).deviations] == ["unknown path"]


def test_fields_that_travel_packed_in_a_part_are_compared_like_the_others(spec: Spec) -> None:
    good, bad = pieces({"packed": '{"stars": 3}'}), pieces({"packed": '{"stars": "3"}'})
    assert found(spec, good, packed="packed").deviations == ()
    assert [one.field for one in found(spec, bad, packed="packed").deviations] == ["stars"]


DEVIATION = Deviation("notes", "POST", "/api/notes", "stars", "too large", "is 6; the most is 5")


def test_an_excuse_takes_away_only_what_it_fits() -> None:
    other = Deviation("notes", "POST", "/api/notes", "words", "too long", "has 12 characters; the most is 10")
    row = Known(excuses=(Excuse("too large", "POST /api/*", "six since May", "https://notes.example/news", "stars"),))
    assert row.excused([DEVIATION, other]) == [other]
    assert row.unused([DEVIATION]) == []


def test_an_excuse_that_nothing_needs_is_told() -> None:
    excuse = Excuse("too large", "POST /api/elsewhere", "six since May", "https://notes.example/news")
    assert Known(excuses=(excuse,)).unused([DEVIATION]) == [excuse]
