"""Where the door may lead: whatever an address looks like, and whichever way IPv4 is wrapped into it."""

import ipaddress
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tidings.core import connections, http
from tidings.core.addresses import is_public, spelt
from tidings.core.http import Door, Forbidden, Request
from tidings.core.request import NotSent

# By IANA's registers of special-purpose addresses: nothing that is in one of these is somebody's server.
INSIDE_4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
)  # fmt: skip
INSIDE_6 = (
    "::/8", "100::/64", "200::/7", "400::/6", "800::/5", "1000::/4", "2001::/23", "2001:db8::/32", "3fff::/20",
    "5f00::/16", "4000::/3", "8000::/2", "c000::/3", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)  # fmt: skip
PUBLIC = ("8.8.8.8", "93.184.216.34", "2001:4860:4860::8888", "2606:4700::6810:85e5", "2a00:1450:4001::200e")


def _within(network: str) -> st.SearchStrategy[Any]:
    return st.ip_addresses(network=ip_network(network))


inside_4 = st.sampled_from(INSIDE_4).flatmap(_within)
inside_6 = st.sampled_from(INSIDE_6).flatmap(_within)


def _six(first: str, four: IPv4Address, at: int = 0) -> IPv6Address:
    return IPv6Address(int(IPv6Address(first)) | int(four) << at)


WRAPPED: dict[str, Callable[[IPv4Address], IPv6Address]] = {
    "mapped": lambda four: _six("::ffff:0:0", four),
    "compatible": lambda four: _six("::", four),
    "translated": lambda four: _six("::ffff:0:0:0", four),
    "NAT64": lambda four: _six("64:ff9b::", four),
    "local NAT64": lambda four: _six("64:ff9b:1::", four),
    "6to4": lambda four: _six("2002::", four, 80),
    "Teredo": lambda four: _six("2001::", IPv4Address(int(four) ^ 0xFFFFFFFF)),
    "Teredo's server": lambda four: _six("2001::", four, 64),
    "ISATAP": lambda four: _six("2606:4700::5efe:0:0", four),
    "ISATAP, said to be unique": lambda four: _six("2606:4700::200:5efe:0:0", four),
}


@given(inside_4 | inside_6)
def test_no_address_for_a_special_purpose_is_public(ip: IPv4Address | IPv6Address) -> None:
    assume(not (isinstance(ip, IPv6Address) and ip in ip_network("64:ff9b::/96")))
    assume(not (isinstance(ip, IPv6Address) and ip.ipv4_mapped))
    assert not is_public(str(ip))
    assert not is_public(ip.exploded)


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
@given(four=inside_4)
def test_a_private_address_stays_private_however_it_is_wrapped(wrap: Any, four: IPv4Address) -> None:
    assert not is_public(str(wrap(four)))


@pytest.mark.parametrize("ip", [*PUBLIC, "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_the_open_internet_is_public_also_for_who_has_only_ipv6(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", ["fe80::1%eth0", "fe80::1%1", "::1%lo"])
def test_a_zone_makes_nothing_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("url", [
    "http://user@example.org/", "http://user:password@example.org/", "http://example.org\\@127.0.0.1/",
    "http://127.0.0.1\\@example.org/", "http://exam\tple.org/", "http://example.org/\r\nHost: inside", "http://a b/",
    "http://example.org:0/", "http://example.org:65536/", "http://example.org:+80/", "http://example.org:٨٠/",
    " http://example.org/", "http://example.org/ ", "http://exa%6dple.org/", "http://[fe80::1%25eth0]/",
    "http://[v1.x]/", "http://.org/", "http://a..org/", "http:example.org", "//example.org/", "http:///example.org/",
    "http://127.1/", "http://0x7f000001/", "http://0177.0.0.1/", "http://2130706433/", "http://8.8/", "http://1.2.3.4.5/",
    "http://134744072/", "http://example.0x8/", "javascript:alert(1)", "data:,x", "file://example.org/etc/passwd",
    "http://exam*ple.org/", "http://example.org,127.0.0.1/", "http://" + "a" * 64 + ".org/", "",
])  # fmt: skip
def test_an_odd_address_leads_nowhere(url: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        spelt(url)
    with pytest.raises(Forbidden):
        Door()(Request("GET", url, "look"))


@pytest.mark.parametrize(("url", "host", "port"), [
    ("HTTPS://Example.ORG/x", "example.org", 443), ("http://example.org.:8080", "example.org.", 8080),
    ("https://bücher.example/", "xn--bcher-kva.example", 443), ("http://[2001:4860::1]:81/", "2001:4860::1", 81),
    ("http://8.8.8.8/?a=@b#@c", "8.8.8.8", 80), ("wss://a_b.example-1.org", "a_b.example-1.org", 443),
    ("http://①②⑦.⓪.⓪.①/", "127.0.0.1", 80), ("http://ｅxample.org/", "example.org", 80),
])  # fmt: skip
def test_a_plain_address_is_read_in_one_way(url: str, host: str, port: int) -> None:
    assert spelt(url)[1:] == (host, port)


@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "ws:", "", "smtp://[", "HTTP://127.1@"]))
def test_whatever_is_typed_is_refused_or_read_as_a_plain_host(text: str, before: str) -> None:
    try:
        _parts, host, port = spelt(before + text)
    except ValueError:
        return
    assert host.isascii()
    assert not set(host) & set("\\/@%?# \t\r\n")
    assert 0 < port < 65536


@given(inside_4 | inside_6, st.booleans())
def test_a_name_that_leads_inside_is_never_connected_to(ip: Any, also_a_public_one: bool) -> None:
    """Whatever the resolver says, and however often it changes its mind: one look-up, and only public ones tried."""
    assume(not is_public(str(ip)))
    asked: list[str] = []
    tried: list[str] = []

    def lookup(host: str, port: int, **_how: Any) -> list[Any]:
        asked.append(host)
        found = [(socket.AF_INET6 if ip.version == 6 else socket.AF_INET, 1, 6, "", (str(ip), port))]
        return found + [(socket.AF_INET, 1, 6, "", ("93.184.216.34", port))] * also_a_public_one

    def line(_place: Any, addresses: list[Any]) -> Any:
        tried.extend(address[4][0] for address in addresses)
        raise OSError("a test connects to nobody")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lookup)
        patch.setattr(connections, "line_to", line)
        patch.setattr(http, "line_to", line)
        for url in ("http://rebinding.example/", "wss://rebinding.example/", "smtps://rebinding.example/"):
            with pytest.raises(NotSent):
                Door()(Request("GET", url, "look", {"From": "a", "To": "b"}, b"x"))
    assert len(asked) == 3
    assert set(tried) <= {"93.184.216.34"}


def test_a_refused_address_is_not_repeated_since_it_may_hold_a_token() -> None:
    with pytest.raises(Forbidden) as refused:
        Door()(Request("GET", "https://example.org:0/bot123:t0ken", "look"))
    assert "t0ken" not in str(refused.value)


def test_every_wrapping_of_the_test_is_one() -> None:
    """A mistake in the table above would let it prove nothing."""
    made = {name: str(wrap(IPv4Address("127.0.0.1"))) for name, wrap in WRAPPED.items()}
    assert made["mapped"] == str(ipaddress.ip_address("::ffff:127.0.0.1"))
    assert made["6to4"] == "2002:7f00:1::"
    assert IPv6Address(made["Teredo"]).teredo == (IPv4Address(0), IPv4Address("127.0.0.1"))
    assert made["ISATAP"] == "2606:4700::5efe:7f00:1"
    assert made["local NAT64"] == "64:ff9b:1::7f00:1"
