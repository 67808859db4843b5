"""Whether networks can fetch from here: every obstacle is met for real on loopback, and called by its name."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.media.proxies import MISCHIEF, certificate, honest, standing
from tidings.core import connections
from tidings.core.http import Door
from tidings.media import faults, reach
from tidings.media.faults import Finding
from tidings.settings import settings
from tidings.simulators import free_port

HERE = "here.example.org"  # leads to 127.0.0.1, which nothing but looking it up tells
Named = Callable[[str], None]
PLAIN = {"not_https", "indoors"}  # true of all that is on loopback


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Named:
    """Give the instance this address."""
    monkeypatch.setattr(settings(), "demo", False)
    return lambda url: monkeypatch.setattr(settings(), "base_url", url)


@pytest.fixture(autouse=True)
def _looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that knows HERE."""
    ask = socket.getaddrinfo

    def looked_up(host: str, *args: Any, **more: Any) -> Any:
        return ask("127.0.0.1" if host == HERE else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def found(url: str, named: Named, private: tuple[str, ...] = ("127.0.0.1", HERE, "localhost")) -> list[Finding]:
    named(url)
    return list(reach.look(Door(private)).findings)


def names(url: str, named: Named, **more: tuple[str, ...]) -> set[str]:
    return {one.name for one in found(url, named, **more)} - PLAIN


# without a request


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "TIDINGS_BASE_URL"),
        ("http://social.example.org", "not encrypted"),
        ("https://127.0.0.1:8000", "own network"),
        ("https://192.168.1.7", "own network"),
        ("https://100.64.0.9", "own network"),
        ("https://[fd00::1]", "own network"),
        ("https://localhost", "own network"),
        ("https://printer.local", "own network"),
    ],
)
def test_an_address_that_cannot_be_fetched_from_is_plain_without_a_request(url: str, says: str, named: Named) -> None:
    named(url)
    assert says in reach.obstacle()


@pytest.mark.parametrize("url", ["https://social.example.org", "https://social.example.org:8443", "https://8.8.8.8"])
def test_nothing_is_plain_of_a_public_https_address(url: str, named: Named) -> None:
    named(url)
    assert reach.obstacle() == ""


def test_the_demo_has_its_networks_inside(named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    named("http://127.0.0.1:8000")
    monkeypatch.setattr(settings(), "demo", True)
    assert reach.obstacle() == ""


# with requests


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A certificate that this machine trusts while the test runs."""
    made = certificate(tmp_path, HERE)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    connections._trusted.cache_clear()
    yield made
    connections._trusted.cache_clear()


def test_nothing_is_found_where_nothing_is_wrong(trusted: Path, named: Named) -> None:
    with standing(honest, trusted) as port:
        assert found(f"https://{HERE}:{port}", named) == []


def test_the_address_that_was_asked_can_be_tried_elsewhere(named: Named) -> None:
    named("https://social.example.org")
    report = reach.look(Door())
    assert report.address.startswith("https://social.example.org/m/")


@pytest.mark.parametrize("what", MISCHIEF)
def test_what_is_in_the_way_is_called_by_its_name(what: str, named: Named) -> None:
    answer, name = MISCHIEF[what]
    with standing(answer) as port:
        assert names(f"http://127.0.0.1:{port}", named) == {name}


def test_nothing_but_what_is_plain_is_said_of_an_honest_server(named: Named) -> None:
    with standing(honest) as port:
        assert names(f"http://127.0.0.1:{port}", named) == set()


def test_a_server_with_another_secret_does_not_know_the_picture(named: Named, settings: object) -> None:
    async def other(request: object) -> object:
        settings.SECRET_KEY = "the secret of another process"  # type: ignore[attr-defined]
        return await honest(request)  # type: ignore[arg-type]

    with standing(other) as port:
        assert names(f"http://127.0.0.1:{port}", named) == {"elsewhere"}


def test_where_a_redirect_leads_is_said(named: Named) -> None:
    answer, _name = MISCHIEF["a redirect"]
    with standing(answer) as port:
        said = [one.sentence for one in found(f"http://127.0.0.1:{port}", named)]
    assert any("https://login.example.org/?next=/m/" in sentence for sentence in said)


def test_a_certificate_that_nobody_vouched_for_is_said(tmp_path: Path, named: Named) -> None:
    with standing(honest, certificate(tmp_path, HERE)) as port:
        (one,) = found(f"https://{HERE}:{port}", named)
    assert (one.name, one.level) == ("certificate", "error")
    assert "self-signed" in one.sentence


def test_a_certificate_for_another_name_is_said(trusted: Path, named: Named) -> None:
    with standing(honest, trusted) as port:
        assert names(f"https://localhost:{port}", named) == {"certificate"}


def test_a_port_that_speaks_no_tls_is_said(named: Named) -> None:
    with standing(honest) as port:
        assert names(f"https://127.0.0.1:{port}", named) == {"tls"}


def test_a_port_where_nobody_listens_is_said_but_proves_nothing(named: Named) -> None:
    (one,) = found(f"https://{HERE}:{free_port()}", named)
    assert (one.name, one.level) == ("closed", "warning")


@pytest.mark.parametrize("host", ["tidings.invalid", "a..b"])
def test_a_name_that_nobody_knows_is_said(host: str, named: Named) -> None:
    assert names(f"https://{host}", named) == {"no_name"}


def test_a_name_that_leads_to_a_private_address_is_said(named: Named) -> None:
    (one,) = found(f"https://{HERE}", named, private=())
    assert (one.name, one.level) == ("private", "warning")


def test_of_an_address_of_this_machine_it_is_said_once(named: Named) -> None:
    assert [one.name for one in found("http://127.0.0.1:8000", named, private=())] == ["not_https", "indoors"]


def test_every_fault_that_is_known_is_met_in_a_test() -> None:
    met = {name for _answer, name in MISCHIEF.values()}
    met |= PLAIN | {"no_address", "certificate", "tls", "closed", "no_name", "private"}
    assert met == set(faults.FAULTS)
    assert met > faults.PERHAPS


def test_every_sentence_can_be_said() -> None:
    for name in faults.FAULTS:
        one = faults.finding(name, url="u", host="h", why="w", to="t", status=1, type="x")
        assert "%(" not in one.sentence + one.step
