"""What a session carries from one step of connecting to the next: sealed for its person, and not for long."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tidings.core import clock
from tidings.core.secrets import CannotOpen
from tidings.networks.base import Profile
from tidings.networks.errors import Rejected
from tidings.workspaces.models import User

PATIENCE = timedelta(minutes=30)  # between leaving for the consent page and the last click here
FOUND = "connected"  # session: a finished sign-in whose profiles are still to be picked, sealed
FOUND_AT = "connected_at"  # session: since when it is there
State = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A finished sign-in: which profiles it may post to. Kept sealed until the person has chosen."""

    workspace: str
    network: str
    server: Mapping[str, Any]
    app: str  # the id of its AppCredential; empty: none
    profiles: tuple[Profile, ...]
    secrets: Mapping[str, str] = field(repr=False)
    ends_at: datetime | None = None
    person: str = ""  # who signed in, where that is none of the profiles
    lacking: tuple[str, ...] = ()  # scopes that were asked for and not given


def _place(user: User) -> str:
    return f"user:{user.id}:connect"


def sealed(user: User, state: State) -> str:
    """The state, fit to be kept in a session."""
    until = (clock.now() + PATIENCE).isoformat()
    return user.key().seal(json.dumps(state | {"until": until}), _place(user))


def opened(user: User, sealed: str) -> State:
    """The state that was sealed; raises Rejected when it is not this person's, or too old."""
    try:
        state: State = json.loads(user.key().open(sealed, _place(user)))
    except CannotOpen as error:
        raise Rejected(_("This sign-in was not begun here. Please connect again.")) from error
    if clock.from_iso(state["until"]) < clock.now():
        raise Rejected(_("This sign-in took too long. Please connect again."))
    return state


def put_away(user: User, found: Found) -> str:
    """A finished sign-in, sealed for the session, while the person picks profiles."""
    state = asdict(found) | {
        "ends_at": found.ends_at.isoformat() if found.ends_at else "",
    }
    return sealed(user, state)


def taken_out(user: User, sealed: str) -> Found:
    """What `put_away` sealed; raises Rejected when it is not this person's, or too old."""
    state = opened(user, sealed)
    if "profiles" not in state:
        raise Rejected(_("This sign-in is not finished. Please connect again."))
    ends_at = clock.from_iso(state["ends_at"]) if state["ends_at"] else None
    profiles = tuple(Profile(**profile) for profile in state["profiles"])
    known = {name: state[name] for name in ("workspace", "network", "server", "app", "secrets", "person")}
    return Found(**known, profiles=profiles, ends_at=ends_at, lacking=tuple(state["lacking"]))
