"""Who may do what: every permission of the program in one table."""

from django.core.exceptions import PermissionDenied

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


class Forbidden(PermissionDenied):
    """A member whose role does not allow this; pages and the API answer 403."""


def may(member: Member | None, verb: str) -> bool:
    """Whether this member's role allows the verb; None is a stranger, who may nothing."""
    return member is not None and member.role in VERBS[verb]


def require(member: Member | None, verb: str) -> None:
    """Nothing, when the member may; raises Forbidden otherwise."""
    if not may(member, verb):
        raise Forbidden(f"this needs a role that may {verb}")
