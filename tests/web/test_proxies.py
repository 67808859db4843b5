"""Whom a request is from, and where it ends: what a proxy of ours says counts, what anybody else says does not."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.usersessions.models import UserSession

from tests import people
from tests.media.stack import browser, served
from tidings.settings import settings
from tidings.workspaces.security import NOWHERE

pytestmark = pytest.mark.django_db(transaction=True)

VISITOR = "198.41.0.4"


@contextmanager
def behind(proxies: str) -> Iterator[int]:
    """The application over real HTTP, believing these proxies."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings(), "trusted_proxies", proxies)
        with served() as port:
            yield port


def seen(port: int, **headers: str) -> str:
    """The address that is kept for a visit with these headers."""
    owner = people.owner()
    assert browser(port, owner.user).ask("GET", "/settings/profile", **headers).status == 200
    return str(UserSession.objects.get(user=owner.user).ip)


@pytest.mark.parametrize("proxies", ["127.0.0.1", "127.0.0.0/24, 10.0.0.0/8", "127.0.0.1,::1"])
def test_behind_a_named_proxy_the_address_is_the_visitor_s(transactional_db: None, proxies: str) -> None:
    with behind(proxies) as port:
        assert seen(port, X_Forwarded_For=VISITOR) == VISITOR
        assert seen(port, X_Forwarded_For=f"203.0.113.1, {VISITOR}") == VISITOR, "the last that no proxy of ours is"
        assert seen(port) == "127.0.0.1"


def test_of_several_proxies_in_a_row_each_named_one_is_passed_over(transactional_db: None) -> None:
    with behind("127.0.0.1,10.0.0.0/8") as port:
        assert seen(port, X_Forwarded_For=f"1.1.1.1, {VISITOR}, 10.1.2.3") == VISITOR


@pytest.mark.parametrize("proxies", ["", "10.0.0.0/8", "::1"])
def test_what_a_stranger_says_about_where_it_comes_from_counts_nowhere(transactional_db: None, proxies: str) -> None:
    said = {"X_Forwarded_For": VISITOR, "X_Real_IP": VISITOR, "Forwarded": f"for={VISITOR}"}
    with behind(proxies) as port:
        assert seen(port, **said) == "127.0.0.1"


def test_who_is_no_proxy_of_ours_cannot_say_that_it_came_by_https(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "base_url", "https://social.example.org")
    for proxies, status in (("10.0.0.0/8", 308), ("127.0.0.1", 200)):
        with behind(proxies) as port:
            got = browser(port, None).ask("GET", "/accounts/login/", X_Forwarded_Proto="https")
            assert got.status == status


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 6",
        "Content-Length: -1",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding : chunked",
    ],
)
def test_a_message_whose_end_is_in_doubt_is_refused(transactional_db: None, head: str) -> None:
    with behind("") as port, socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(f"POST /healthz HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\nGET /evil HTTP/1.1\r\n\r\n".encode())
        answer = line.recv(65_536)
        while more := line.recv(65_536):
            answer += more
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501"))


@pytest.mark.parametrize("said", ["", "nonsense"])
def test_who_comes_by_a_local_socket_is_let_in_and_told_no_address(transactional_db: None, said: str) -> None:
    visitor = people.signed_in(people.owner())
    assert visitor.get("/settings/profile", REMOTE_ADDR=said).status_code == 200
    page = visitor.get("/accounts/sessions/", REMOTE_ADDR=said)
    assert page.status_code == 200
    assert NOWHERE not in page.content.decode()


def test_a_browser_whose_name_no_database_could_keep_is_refused(transactional_db: None) -> None:
    visitor = people.signed_in(people.owner())
    assert visitor.get("/settings/profile", HTTP_USER_AGENT="a\0b").status_code == 400
