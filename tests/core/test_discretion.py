"""Content leaves only to be published: what the door refuses of any other request, and what it lets pass."""

import io
import json
from urllib.parse import quote, quote_plus

import pytest

from tidings.core.discretion import Indiscreet, discreet, keep
from tidings.core.http import Answer, Door, Purpose, Request, form, json_body, multipart
from tidings.networks.base import Outgoing, Rendition

TEXT = "Über den Dächern, 🌞 by the “old” harbour\nwe meet there at noon"
OTHERS: tuple[Purpose, ...] = ("connect", "refresh", "find", "look", "measure", "inbox", "revoke", "fetch", "preview")
URL = "https://example.org/api"

CODED = {
    "as it is": Request("POST", URL, "find", body=TEXT.encode()),
    "as JSON": Request("POST", URL, "find", body=json_body({"text": TEXT})[0]),
    "as JSON in ASCII": Request("POST", URL, "find", body=json.dumps({"text": TEXT}).encode()),
    "as a form": Request("POST", URL, "find", body=form({"q": TEXT})[0]),
    "in the address": Request("GET", f"{URL}?q={quote(TEXT)}", "find"),
    "in the address with pluses": Request("GET", f"{URL}?q={quote_plus(TEXT)}", "find"),
    "in the path": Request("GET", f"{URL}/{quote(TEXT, '')}", "find"),
    "one line of it": Request("GET", f"{URL}?q=we+meet+there+at+noon", "find"),
    "in other case and spacing": Request("POST", URL, "find", body=TEXT.upper().replace(" ", "  ").encode()),
}


def ok(_request: Request) -> Answer:
    return Answer(200)


def told(request: Request, said: Outgoing) -> Answer:
    return discreet(ok, said.words)(request)


@pytest.mark.parametrize("request_", CODED.values(), ids=CODED)
def test_what_a_post_says_passes_only_when_it_is_published(request_: Request) -> None:
    with pytest.raises(Indiscreet):
        told(request_, Outgoing(TEXT))
    published = Request(request_.method, request_.url, "publish", body=request_.body)
    assert told(published, Outgoing(TEXT)).status == 200


def test_descriptions_and_options_are_words_too() -> None:
    piece = Rendition("picture", "image/png", 1, alt="A boat behind the mole")
    said = Outgoing("", (piece,), {"title": "What the harbour keeps", "loud": True})
    for words in ("A boat behind the mole", "What the harbour keeps"):
        with pytest.raises(Indiscreet):
            told(Request("GET", f"{URL}?q={quote(words)}", "look"), said)


def test_short_words_and_other_words_pass() -> None:
    asked = Request("GET", "https://example.org/api/v1/statuses?limit=40", "find")
    for text in ("", "Hello", "statuses", "limit 40", "Something that is not in the address at all"):
        assert told(asked, Outgoing(text)).status == 200


@pytest.mark.parametrize("purpose", OTHERS)
def test_no_file_and_nothing_large_leaves_for_anything_but_publishing(purpose: Purpose) -> None:
    body, kind = multipart({}, ("file", "a.png", "image/png", b"x"))
    carrying = (
        Request("POST", URL, purpose, kind, body),
        Request("PUT", URL, purpose, {"content-type": "image/png"}, b"x"),
        Request("PUT", URL, purpose, {"Content-Type": "video/mp4"}, b"x"),
        Request("PUT", URL, purpose, {}, io.BytesIO(b"x")),
        Request("PUT", URL, purpose, {}, iter([b"x"])),
        Request("POST", URL, purpose, {"Content-Type": "application/json"}, b"x" * 20_001),
    )
    for one in carrying:
        with pytest.raises(Indiscreet):
            Door()(one)
        keep(Request(one.method, one.url, "publish", one.headers, one.body))
    for asked in (Request("GET", URL, purpose), Request("POST", URL, purpose, *form({"a": "b"})[::-1])):
        keep(asked)
