"""What is true of this instance right now, from its settings and its database: the policy is made of this."""

import stat
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from tidings import networks
from tidings.channels.credentials import way_needs_app
from tidings.channels.models import AppCredential
from tidings.media.reach import indoors
from tidings.media.store import Folder, store
from tidings.networks.base import Limits, Network
from tidings.networks.declare import Terms
from tidings.privacy import cookies
from tidings.privacy.datamap import owned
from tidings.settings import settings

HERE = ("", "localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Place:
    """A network that can be connected here. `hosts` is empty where the person names the server."""

    name: str
    label: str
    policy: str
    docs: str
    hosts: tuple[str, ...]
    gets: tuple[str, ...]  # names of what goes there when somebody publishes
    fetches: bool
    grants: str  # where a person ends access over there; empty: not known
    terms: Terms | None


@dataclass(frozen=True)
class Laid:
    """A cookie that is laid into browsers."""

    plain: str
    name: str
    days: int
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that the sentences of the policy hang on."""

    name: str
    address: str
    contact: str
    secure: bool
    indoors: bool
    demo: bool
    erase_days: int
    log_days: int
    log_gone_days: int
    export_days: int
    numbers_days: int
    inbox_days: int
    ring: str
    mail: str  # the host that sends it on, this machine too; empty: none is sent
    media: str  # the host that has these; empty: this machine
    database: str
    links: bool  # whether pages are asked what they say of themselves
    artificial_intelligence: bool
    held: dict[str, tuple[str, ...]]  # personal columns about a person, by table
    cookies: tuple[Laid, ...]
    networks: tuple[Place, ...]


def facts() -> Facts:
    """The facts of this moment."""
    ours = settings()
    return Facts(
        name=ours.name, address=ours.url, contact=ours.contact, secure=ours.secure, indoors=indoors(ours.hostname),
        demo=ours.demo, erase_days=ours.erase_days, log_days=ours.log_days, log_gone_days=ours.log_gone_days,
        export_days=ours.export_days, numbers_days=ours.numbers_days,
        inbox_days=ours.inbox_days, ring=_ring(), mail=_host(ours.mail),
        media=_media(), database=_elsewhere(ours.database), links=ours.shows_links, artificial_intelligence=False,
        held={table.model: tuple(table.personal.split()) for table in owned("user") if table.personal},
        cookies=tuple(Laid(c.plain, c.name, c.lifetime.days, c.attributes) for c in cookies.EVERY),
        networks=tuple(place(network) for network in switched_on()),
    )  # fmt: skip


def switched_on() -> list[type[Network]]:
    """The networks that somebody can connect here: app credentials are there, or a way needs none."""
    kept = set(AppCredential.objects.filter(server="").values_list("network", flat=True))
    return [n for n in networks.every().values() if n.name in kept or not all(map(way_needs_app, n.connect))]


def place(network: type[Network]) -> Place:
    """What the policy tells of a network."""
    hosts = sorted({urlsplit(url).hostname or "" for url in network.hosts.values()})
    return Place(
        network.name, network.label, network.policy, network.docs, tuple(hosts), tuple(_gets(network.limits)),
        network.fetches, network.grants, network.terms,
    )  # fmt: skip


def _gets(limits: Limits) -> list[str]:
    there = {
        "text": limits.text > 0,
        "pictures": limits.pictures > 0,
        "films": limits.films > 0,
        "polls": limits.poll is not None,
        "options": True,
    }
    return [name for name, yes in there.items() if yes]


def _ring() -> str:
    """Where the key ring is: settings, file, or a file that is open to others."""
    path = settings().home / "keys.json"
    if settings().keys or not path.exists():
        return "settings"
    return "readable" if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) else "file"


def _media() -> str:
    """Where files are kept, when that is not a folder of this machine."""
    return "" if isinstance(store(), Folder) else _elsewhere(settings().media)


def _elsewhere(address: str) -> str:
    """The machine of an address, unless it is this one."""
    host = _host(address)
    return "" if host in HERE or host.startswith("/") else host


def _host(address: str) -> str:
    """The machine of an address; PostgreSQL takes it behind the question mark as well."""
    parts = urlsplit(address)
    return unquote(parts.hostname or parse_qs(parts.query).get("host", [""])[-1])
