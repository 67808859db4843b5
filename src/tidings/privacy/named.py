"""People whom an imported archive names: they have a name, cannot sign in, and go with the last row that names them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tidings.workspaces.models import User

NOWHERE = "people.invalid"  # the domain of their addresses


def named() -> QuerySet[User]:
    """All of them."""
    return User.objects.filter(is_active=False, email__endswith=f"@{NOWHERE}")


def name(person: UUID, called: str) -> None:
    """Somebody who wrote something, or belongs to a workspace; nothing happens when they are known."""
    if not User.objects.filter(pk=person).exists():
        User.objects.create_user(f"{person}@{NOWHERE}", None, id=person, name=called, is_active=False)


def forget_due(_now: datetime) -> int:
    """Forget those whom no row names any more; how many."""
    found = named()
    if not found.exists():
        return 0
    for link in User._meta.related_objects:
        rows = link.related_model._base_manager.filter(**{link.field.name: OuterRef("pk")})
        found = found.filter(~Exists(rows))
    return found.delete()[0]
