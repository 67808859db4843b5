"""How each network speaks, one file each. Found by looking in this folder; nobody imports one by name."""

import importlib
import pkgutil
from functools import cache

from tidings.networks.base import Network

NOT_NETWORKS = frozenset({"base", "check", "dpop", "errors", "oauth"})


@cache
def every() -> dict[str, type[Network]]:
    """All networks by name, in the order of their labels."""
    found = [_load(entry.name) for entry in pkgutil.iter_modules(__path__) if entry.name not in NOT_NETWORKS]
    return {network.name: network for network in sorted(found, key=lambda n: n.label.lower())}


def get(name: str) -> type[Network]:
    """The network of this name; raises KeyError when there is none."""
    return every()[name]


def _load(name: str) -> type[Network]:
    module = importlib.import_module(f"{__name__}.{name}")
    found = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == module.__name__]
    (network,) = [v for v in found if issubclass(v, Network)]
    return network
