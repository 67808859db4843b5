"""How each network speaks, one file each. Found by looking in this folder; nobody imports one by name."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from tidings.networks.base import Network

# and what begins with _
NOT_NETWORKS = frozenset({
    "answered", "base", "check", "counted", "declare", "dpop", "errors", "granted", "look", "metrics", "oauth", "seam",
})


@cache
def every() -> dict[str, type[Network]]:
    """All networks by name, in the order of their labels."""
    names = [entry.name for entry in pkgutil.iter_modules(__path__)]
    found = [_load(name) for name in names if name not in NOT_NETWORKS and not name.startswith("_")]
    return {network.name: network for network in sorted(found, key=lambda n: n.label.lower())}


def get(name: str) -> type[Network]:
    """The network of this name; raises KeyError when there is none."""
    return every()[name]


def lead(name: str, hosts: Mapping[str, str]) -> None:
    """Let a network of fixed hosts live elsewhere, in this process (the demo and tests lead it to its simulator)."""
    if hosts:
        network = get(name)
        network.hosts = {**network.hosts, **hosts}


def _load(name: str) -> type[Network]:
    module = importlib.import_module(f"{__name__}.{name}")
    found = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == module.__name__]
    (network,) = [v for v in found if issubclass(v, Network)]
    return network
