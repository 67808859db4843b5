"""Codes that a person carries over to a network before connecting: made here, good for one sign-in.

Some are posted there, to prove a place is theirs; a secret one is what both sides sign with from then on.
"""

import base64
import secrets

from tidings.channels.carry import opened, sealed
from tidings.networks.base import Field, Network
from tidings.networks.errors import Rejected
from tidings.workspaces.models import User

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else
LETTERS, KEY_BYTES = 10, 32
Codes = dict[str, str]


def codes(user: User, speaks: type[Network], kept: str) -> tuple[Codes, str]:
    """A code for each shown field of the network, and what the session is to keep of them.

    The ones in `kept` again, as long as they live: whoever loads the page anew may have carried them over already.
    """
    shown = {f"{n}-{field.name}": field for n, way in enumerate(speaks.connect) for field in way.fields if field.shown}
    if not shown:
        return {}, ""
    try:
        known: Codes = opened(user, kept)["codes"]
        return {name: known[name] for name in shown}, kept
    except (Rejected, KeyError):
        fresh = {name: _fresh(field) for name, field in shown.items()}
        return fresh, sealed(user, {"codes": fresh})


def _fresh(field: Field) -> str:
    """A word that can be read out and posted anywhere, or a key; what it begins with is the field's default."""
    if field.secret:
        return field.default + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return (field.default or "tidings-") + "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
