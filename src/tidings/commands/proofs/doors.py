"""3 · Who gets something: the one door's guard, and what networks declare of themselves."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tidings.commands.proofs.said import Proof, few
from tidings.core.http import Door, Forbidden, NoAnswer, Request
from tidings.privacy.facts import switched_on
from tidings.settings import settings

# none of these is ever reached: the guard refuses before a connection is made
INSIDE = (
    "http://127.0.0.1/", "http://127.1.2.3:8000/", "http://[::1]/", "http://0.0.0.0/", "http://10.0.0.1/",
    "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
    "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "https://224.0.0.1/", "wss://127.0.0.1/",
    "smtp://127.0.0.1/", "file:///etc/passwd", "gopher://192.0.2.1/",
)  # fmt: skip


def guard() -> Iterator[Proof]:
    """The door refuses whatever is not on the open internet."""
    yield Proof("3.sharing", "private addresses that the door refuses", len(INSIDE), few(_let_through(Door())))


def _let_through(door: Door) -> Iterator[str]:
    for address in INSIDE:
        try:
            door(Request("GET", address, "fetch", seconds=2.0))
        except Forbidden:
            continue
        except NoAnswer:
            yield f"{address} was tried"
        else:
            yield f"{address} was reached"


def private_hosts() -> Iterator[Proof]:
    """What the operator lets through all the same is named one by one."""
    named = [host.strip() for host in settings().private_hosts.split(",") if host.strip()]
    faults = (f"{host} names more than one host" for host in named if "*" in host or "/" in host)
    yield Proof("3.sharing", "private hosts that the settings name", len(named), few(faults))


def interfaces() -> Iterator[Proof]:
    """Each network names the documentation of its interface, and where it is asked, over https."""
    networks = switched_on()
    links = [(n.name, link) for n in networks for link in (n.docs, *n.hosts.values())]
    faults = [] if settings().demo else [f"{name}: {link}" for name, link in links if not _safe(link)]
    yield Proof("3.official", "addresses of networks that can be connected", len(links), few(faults))


def _safe(link: str) -> bool:
    return urlsplit(link).scheme in ("https", "wss") and bool(urlsplit(link).hostname)


def policies() -> Iterator[Proof]:
    """Each network that can be connected links to its own policy."""
    networks = switched_on()
    faults = (f"{n.label} links to no policy" for n in networks if not _safe(n.policy))
    yield Proof("3.terms", "networks with a link to their own policy", len(networks), few(faults))
