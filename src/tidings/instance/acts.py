"""What operators did to the logins of others, from the security log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tidings.workspaces.models import SecurityEvent, User
from tidings.workspaces.security import DID, KINDS

PAGE, LAST = 50, 10_000
KINDS_OF_ACTS = [kind for kind in KINDS if kind.startswith(DID)]


@dataclass(frozen=True)
class Act:
    """One of them: who did what to whom; `whose` empty: somebody who is not here any more."""

    at: datetime
    who: str
    kind: str
    words: str
    of: str
    whose: str


def acts(page: int = 1) -> tuple[list[Act], bool]:
    """A page of them, the newest first, and whether there are older ones."""
    start = (min(max(page, 1), LAST) - 1) * PAGE
    found = SecurityEvent.objects.filter(kind__in=KINDS_OF_ACTS).select_related("user").order_by("-at")
    rows = list(found[start : start + PAGE + 1])
    ids = [id for row in rows if (id := _id(row))]
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    shown = [
        Act(row.at, str(row.user or ""), row.kind, str(KINDS[row.kind]), row.about, names.get(row.about, ""))
        for row in rows[:PAGE]
    ]
    return shown, len(rows) > PAGE


def _id(row: SecurityEvent) -> UUID | None:
    try:
        return UUID(row.about)
    except ValueError:
        return None
