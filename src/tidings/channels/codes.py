"""Codes that a person carries over to a network to prove a place is theirs: made here, good for one sign-in."""

import secrets

from tidings.channels.carry import opened, sealed
from tidings.networks.base import Link, Network, OAuth2, Password
from tidings.networks.errors import Rejected
from tidings.workspaces.models import User

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else
LETTERS = 10
Codes = dict[str, str]


def shown(way: OAuth2 | Password | Link) -> list[str]:
    """The fields of this way that are not typed but shown."""
    return [field.name for field in way.fields if field.shown]


def codes(user: User, speaks: type[Network], kept: str) -> tuple[Codes, str]:
    """A code for each shown field of the network, and what the session is to keep of them.

    The ones in `kept` again, as long as they live: whoever loads the page anew may have carried them over already.
    """
    names = [f"{place}-{name}" for place, way in enumerate(speaks.connect) for name in shown(way)]
    if not names:
        return {}, ""
    try:
        known: Codes = opened(user, kept)["codes"]
        return {name: known[name] for name in names}, kept
    except (Rejected, KeyError):
        fresh = {name: _fresh() for name in names}
        return fresh, sealed(user, {"codes": fresh})


def _fresh() -> str:
    return "tidings-" + "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
