"""Views: how a member likes to look at the calendar, under names. Each member's own; nobody else sees them."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tidings.workspaces.members import Refused
from tidings.workspaces.models import Member, View

MOST = 50  # of one member in one workspace
LONGEST, LONGEST_NAME = 2000, 60  # characters of an address that can be kept, and of a name


def views_of(member: Member) -> QuerySet[View]:
    """The member's own, by name."""
    return View.objects.filter(workspace=member.workspace_id, user=member.user_id)


@transaction.atomic
def keep(member: Member, name: str, query: str) -> tuple[View, bool]:
    """A view of this name, and whether it is new: one of the same name shows this from now on. Raises Refused."""
    name = _fit(member, name, query)
    mine = views_of(member)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise Refused(_("You have as many views as one person can have here. Delete one first."))
    return View.objects.update_or_create(
        workspace=member.workspace, user=member.user, name=name, defaults={"query": query}
    )


@transaction.atomic
def change(member: Member, view: View, name: str, query: str) -> None:
    """Another name, or another angle. Raises Refused when a view of that name is there already."""
    name = _fit(member, name, query)
    if views_of(member).filter(name=name).exclude(pk=view.pk).exists():
        raise Refused(_("You have a view of this name already."))
    view.name, view.query = name, query
    view.save(update_fields=("name", "query"))


def delete(member: Member, view: View) -> None:
    """It is gone."""
    views_of(member).filter(pk=view.pk).delete()


def _fit(member: Member, name: str, query: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise Refused(_("Give the view a name."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("A name has at most %(most)d letters.") % {"most": LONGEST_NAME})
    if len(query) > LONGEST:
        raise Refused(_("These are too many filters to be kept."))
    return name
