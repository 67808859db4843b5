"""Which addresses lead to the open internet, and how one must be spelt so that everybody reads it alike.

Two programs that read one address differently are how a check is got around: what is odd is refused, never mended.
"""

import ipaddress
import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "smtp": 587, "smtps": 465}
OPEN = ip_network("2000::/3")  # all that has been given out of IPv6; the rest is for special purposes
SHUT = (  # by today's registers (RFC 6890 and after), where Python's own list is older or asks another question
    *map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")),
)  # fmt: skip
CARRYING = tuple(map(ip_network, ("::ffff:0:0/96", "64:ff9b::/96")))  # IPv4 in the last four bytes: mapped, NAT64
ISATAP = re.compile(rb"(?s).{8}[\x00\x02]\x00\x5e\xfe")
ODD = re.compile(r"[\x00-\x1f\x7f]")
ODD_PLACE = re.compile(r"[\s\\@%]")  # in the part that names whose server it is
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\.?$")  # the last label of what a resolver takes for an IPv4 address


def is_public(address: str) -> bool:
    """Whether an IP address is one on the open internet (IPv4 inside IPv6 is looked at as IPv4)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    carried = list(_carried(ip)) if isinstance(ip, IPv6Address) else []
    if carried and any(ip in net for net in CARRYING):
        return all(map(_open, carried))
    return _open(ip) and all(map(_open, carried))


def _open(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip not in OPEN:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in SHUT if net.version == ip.version)


def _carried(ip: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses to which a machine on the way might hand this on."""
    if any(ip in net for net in CARRYING) or ISATAP.match(ip.packed):
        yield IPv4Address(ip.packed[12:])
    if ip.sixtofour:
        yield ip.sixtofour


def spelt(url: str) -> tuple[SplitResult, str, int]:
    """An address in its parts, its host (in ASCII, small letters) and its port; raises ValueError for an odd one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode().lower()
    if ODD.search(url) or url != url.strip() or ODD_PLACE.search(parts.netloc) or not _names(host):
        raise ValueError("odd")
    if "[" in parts.netloc and ":" not in host:
        raise ValueError("no IPv6")
    port = PORTS.get(parts.scheme) if parts.port is None else parts.port
    if not port or parts.scheme not in PORTS:
        raise ValueError("no port")
    return parts, host, port


def _names(host: str) -> bool:
    """Whether it names a host in the one way that leaves no doubt: a name, four numbers, or IPv6 as it is written."""
    if ":" in host or NUMBER.search(host.rpartition(".")[2] or host):
        try:
            return bool(ipaddress.ip_address(host))
        except ValueError:
            return False
    return bool(NAME.fullmatch(host))
