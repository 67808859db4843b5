"""Who may do what: every permission of the program in one table."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from tidings.workspaces.models import Member

_EVERYBODY = frozenset({"owner", "admin", "editor", "contributor", "client"})

VERBS: dict[str, frozenset[str]] = {
    "read": _EVERYBODY,
    "write": _EVERYBODY - {"client"},  # drafts
    "publish": frozenset({"owner", "admin", "editor"}),  # schedule, now, move, cancel, retry, resolve
    "connect": frozenset({"owner", "admin"}),  # channels
    "manage": frozenset({"owner", "admin"}),  # settings of the workspace, members, apps
    "own": frozenset({"owner"}),  # delete the workspace, make and unmake owners
}


STILL = frozenset({"read", "own"})  # all that is left to somebody who asked that nothing of theirs be processed


class Stranger(Http404):
    """Somebody who is no member of the workspace they ask for; they learn no more than if there were none."""

    def __init__(self, verb: str) -> None:
        super().__init__()
        self.verb = verb


class Forbidden(PermissionDenied):
    """A member whose role does not allow this verb; pages and the API answer 403."""

    def __init__(self, said: str, verb: str = "") -> None:
        super().__init__(said)
        self.verb = verb


class Told(Forbidden):
    """One whose sentence is meant for the person."""


class TooNarrow(Told):
    """A program whose key is not for this, though the member may."""

    def __init__(self, verb: str) -> None:
        super().__init__(_("This API key is not for that. Make one that may."), verb)


class Frozen(Told):
    """A person who froze their data, and goes on first; the sentence says so."""

    def __init__(self) -> None:
        super().__init__(_("Your data is frozen, so nothing is done with it. Go on first, in your privacy settings."))


def may(member: Member | None, verb: str) -> bool:
    """Whether this member's role allows the verb, and the key they come with; None is a stranger, who may nothing."""
    if member is None or too_narrow(member, verb):
        return False
    return member.role in VERBS[verb] and not stands_still(member, verb)


def too_narrow(member: Member, verb: str) -> bool:
    """Whether a program acts for the member whose key is not for this."""
    return member.key is not None and verb not in member.key.scopes


def stands_still(member: Member, verb: str) -> bool:
    """Whether only the member's own wish is in the way."""
    return verb not in STILL and member.user.frozen_at is not None


def require(member: Member | None, verb: str) -> None:
    """Nothing, when the member may; raises Forbidden otherwise."""
    if may(member, verb):
        return
    if member is None or member.role not in VERBS[verb]:
        raise Forbidden(f"this needs a role that may {verb}", verb)
    raise TooNarrow(verb) if too_narrow(member, verb) else Frozen()
