"""What every answer says to a browser, whoever gives it; and what goes no further than the gate."""

import http.client
import socket
import time
from collections.abc import Iterator

import pytest

from tests import people
from tests.media.library import put
from tests.media.stack import Answer, browser, served
from tidings.commands import protocol
from tidings.settings import settings
from tidings.web import gate
from tidings.web.headers import ALWAYS, NOTHING

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = {
    "a page": "/accounts/login/", "a redirect": "/", "no such page": "/nowhere", "a script": "/static/built/app.js",
    "a picture of ours": "/static/logo.svg", "an API answer": "/api/v1/openapi.json",
    "an API refusal": "/api/v1/workspaces/none/channels", "no such file": "/media/0/original",
    "no such public file": "/m/none/none.jpg", "health": "/healthz", "readiness": "/readyz", "figures": "/metrics",
    "a bad address": "/accounts/login/?next=%00",
}  # fmt: skip


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """The application over real HTTP."""
    with served() as port:
        yield port


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public address."""
    monkeypatch.setattr(settings(), "base_url", "https://social.example.org")


def asked(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """The answer to somebody without a cookie."""
    return browser(port, None).ask(method, path, **headers)


def raw(port: int, request: bytes) -> bytes:
    """The first bytes that a socket answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        return line.recv(65_536)


def test_every_kind_of_answer_says_the_same_once_and_nothing_about_the_server(port: int) -> None:
    for kind, path in KINDS.items():
        got = asked(port, path)
        for name, value in ALWAYS.items():
            said = got.headers.get_all(name, [])
            assert len(said) == 1, (kind, name, said)
            assert said == [value] or name == "Content-Security-Policy", (kind, name, said)
        unsaid = ("Server", "X-Powered-By", "Strict-Transport-Security")
        assert [name for name in unsaid if name in got.headers] == [], kind


def test_only_pages_may_load_and_run_anything(port: int) -> None:
    for kind, path in KINDS.items():
        got = asked(port, path)
        html = got.headers.get("Content-Type", "").startswith("text/html") or got.status == 302
        policy = got.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert html or policy == NOTHING, kind


def test_a_page_that_breaks_says_it_too(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("tidings.web.health.nodes.alive", broken)
    got = asked(port, "/readyz")
    assert (got.status, got.body) == (500, b"Internal Server Error")
    assert {name: got.headers[name] for name in ALWAYS} == ALWAYS


def test_only_a_public_file_may_be_shown_by_other_sites_and_tells_nobody_where_from(port: int) -> None:
    owner = people.owner()
    media, _data = put(owner)
    kept = browser(port, owner.user).ask("GET", f"/media/{media.id}/original").headers
    assert kept["Cross-Origin-Resource-Policy"] == "same-origin"
    assert kept["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert kept["Strict-Transport-Security"] is None


def test_signing_out_leaves_nothing_in_the_browser(port: int) -> None:
    got = browser(port, people.owner().user).ask("POST", "/accounts/logout/", Host=f"127.0.0.1:{port}")
    assert got.status == 302
    assert got.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert asked(port, "/accounts/logout/").headers["Clear-Site-Data"] is None


def test_over_https_browsers_are_told_to_stay_there(
    port: int, https: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/accounts/login/", "/static/logo.svg", "/nowhere"):
        said = asked(port, path, X_Forwarded_Proto="https").headers
        assert said["Strict-Transport-Security"] == "max-age=31536000"
    monkeypatch.setattr(settings(), "https_subdomains", True)
    said = asked(port, "/healthz").headers
    assert said["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_plain_http_is_led_to_https_wherever_it_came_from(port: int, https: None) -> None:
    got = asked(port, "/w/a%20b/calendar?view=week&x=%2F", Host="social.example.org")
    assert (got.status, got.headers["Location"]) == (
        308, "https://social.example.org/w/a%20b/calendar?view=week&x=%2F",
    )  # fmt: skip
    assert asked(port, "//elsewhere.example/").headers["Location"].startswith("https://social.example.org//")
    assert got.headers["Strict-Transport-Security"]  # a browser ignores it there, and obeys it one step later


def test_a_program_is_told_that_it_spoke_in_clear_and_not_led_on(port: int, https: None) -> None:
    got = asked(port, "/api/v1/openapi.json")
    assert (got.status, got.body, got.headers["Location"]) == (403, b"Use https.\n", None)


def test_health_is_told_to_this_machine_without_https_and_to_nobody_else(port: int, https: None) -> None:
    assert asked(port, "/healthz").status == 200
    assert asked(port, "/healthz", X_Forwarded_For="198.41.0.4").status == 308


@pytest.mark.parametrize("host", ["evil.example", "social.example.org.evil.example", "127.0.0.1.evil.example", ""])
def test_a_name_that_is_not_ours_is_served_nothing(port: int, https: None, host: str) -> None:
    for path in ("/healthz", "/accounts/login/", "/m/none/none.jpg"):
        assert asked(port, path, Host=host, X_Forwarded_Proto="https").status == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "192.168.1.7:8000", "[fd00::7]"])
def test_an_instance_at_home_answers_to_its_numbers(host: str) -> None:
    assert gate.ours(host)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.localhost", "", "[", "a b", "::"])
def test_an_instance_at_home_cannot_be_reached_by_a_foreign_page_s_name(host: str) -> None:
    assert not gate.ours(host)


def test_a_public_instance_answers_to_its_name_and_to_this_machine(https: None) -> None:
    told = ["social.example.org", "Social.Example.org:443", "localhost", "127.0.0.1:8000", "203.0.113.5", "192.168.1.7"]
    assert [gate.ours(host) for host in told] == [True, True, True, True, False, False]


def test_what_is_larger_than_any_file_is_refused_before_it_comes(port: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.putrequest("POST", "/accounts/login/")
    line.putheader("Content-Length", str(settings().media_limit + gate.AROUND + 1))
    line.endheaders()
    assert line.getresponse().status == 413


def test_who_falls_silent_in_the_middle_keeps_no_thread(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "SILENCE", 0.1)
    begun = time.monotonic()
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 99\r\n\r\nlogin=".encode()
    assert raw(port, head).startswith(b"HTTP/1.1 403")  # half a form has no CSRF token
    assert time.monotonic() - begun < 5


def test_who_never_finishes_the_head_of_a_request_is_left(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PATIENCE", 0.1)
    begun = time.monotonic()
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert raw(port, b"") == raw(port, whole[:-9]) == b""
    assert raw(port, whole).startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(whole)
        while b"alive" not in line.recv(65_536):
            pass
        line.sendall(whole[:-9])
        assert line.recv(65_536) == b""
    assert time.monotonic() - begun < 4  # uvicorn's own limit ends a line on which nothing comes after 5


def test_headers_without_end_are_refused(port: int) -> None:
    head = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 300_000
    assert raw(port, head).startswith(b"HTTP/1.1 4")
