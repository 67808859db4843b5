"""What is held about somebody, counted table by table as the data map lists them."""

from collections.abc import Iterator, Sequence

from tidings.privacy.datamap import TABLES, Table
from tidings.privacy.freeze import alone
from tidings.workspaces.models import User


def held(user: User) -> Iterator[tuple[Table, int]]:
    """Tables with rows of this person: their own, of the workspaces that are theirs alone, and what goes with them."""
    own = list(alone(user).values_list("pk", flat=True))
    for table in TABLES:
        count = _count(table, user, own)
        if count:
            yield table, count


def _count(table: Table, user: User, own: Sequence[object]) -> int:
    if table.owner == "user":
        return table.of(user.pk).count()
    if table.owner != "workspace":
        return 0
    count = sum(table.of(workspace).count() for workspace in own)
    if not table.goes_with:
        return count
    mine = table.rows._base_manager.filter(**{table.goes_with: user.pk})
    return count + mine.exclude(**{f"{table.by}__in": own}).count()
