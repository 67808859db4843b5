"""What an archive and this instance have in common, and whether that is all right.

Its bearer has written the archive, so by itself it opens nothing that is here: who comes into a workspace that is here
already is let in by the operator, with --join. Even then rows that are here, and people who can sign in, stay as they
are.
"""

from collections.abc import Collection, Iterator
from typing import TypeVar
from uuid import UUID

from tidings.media.models import Media
from tidings.privacy.archive import Refused
from tidings.privacy.named import named
from tidings.privacy.survey import MANY, Survey
from tidings.workspaces.models import Member, User, Workspace

T = TypeVar("T")
KNOW = "Say --join if you know that the archive is this person's: they are let in, and what is here stays as it is"


def meet(found: Survey, join: bool) -> bool:
    """Whether there is anything to take in; raises Refused. Fills `joins`, and takes the person who is only named here
    off what is here: they come now."""
    person = found.person["id"]
    if User.objects.filter(pk=person).exclude(pk__in=named()).exists():
        if found.whole:
            return False
        raise Refused(f"{person} is here already, and other rows are not: somebody else's, or an earlier import.")
    found.joins = _joins(found)
    if not join and any(found.here.values()):
        raise Refused(_asked(found.joins))
    found.here["workspaces.User"].clear()
    _strangers(found)
    _others_media(found)
    return True


def _joins(found: Survey) -> dict[UUID, str]:
    """The workspaces here that the person comes into, with the role that they have here, or else the archive gives."""
    given = dict(Member.objects.filter(user=found.person["id"]).values_list("workspace_id", "role"))
    there = found.here["workspaces.Workspace"]
    if outside := there - found.roles.keys() - given.keys():
        raise Refused(f"{min(outside)} is here already, and the archive's person is no member of it.")
    return {workspace: found.roles[workspace] for workspace in there if workspace in found.roles} | given


def _asked(joins: dict[UUID, str]) -> str:
    """What the operator must know before they say so."""
    names = Workspace.objects.in_bulk(joins)
    told = "; ".join(f"{names[id].name}, as {role}" for id, role in sorted(joins.items()))
    return f"It comes into what is here already ({told or 'posts that name the person'}). {KNOW}."


def _strangers(found: Survey) -> None:
    """People whom the archive names are not others who can sign in here, unless they are in a workspace it comes to."""
    for some in batches(found.people):
        real = User.objects.filter(pk__in=some).exclude(pk__in=named())
        if other := real.exclude(memberships__workspace__in=list(found.joins)).first():
            raise Refused(f"The archive names a person as {other.pk}, and here that is somebody who can sign in.")


def _others_media(found: Survey) -> None:
    """A text shows pictures and films of its own workspace, those that are here included."""
    known = found.owners["media.Media"]
    for some in batches([use for use in found.uses if known.get(use[0]) != use[1]]):
        owners = dict(Media.objects.filter(pk__in=[id for id, _place in some]).values_list("pk", "workspace_id"))
        if any(id in known or owners.get(id, place) != place for id, place in some):
            raise Refused("A post shows a picture or film that belongs to somebody else here.")


def batches(things: Collection[T]) -> Iterator[list[T]]:
    """A few at a time: a query takes only so many."""
    every = list(things)
    return (every[start : start + MANY] for start in range(0, len(every), MANY))
