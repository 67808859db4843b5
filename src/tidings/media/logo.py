"""A workspace's logo, for its printed reports: made small and clean by the press, kept in the database."""

from typing import IO

from django.db import transaction

from tidings.media import refuse
from tidings.media.portray import LARGEST, small
from tidings.media.refuse import Refused
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member, WorkspaceLogo
from tidings.workspaces.policy import require


def give_logo(member: Member, file: IO[bytes]) -> None:
    """This is the workspace's logo from now on; raises Refused."""
    require(member, "manage")
    picture = small(file, LARGEST)
    if not picture:
        raise Refused(refuse.NO_PICTURE)
    with transaction.atomic():
        WorkspaceLogo.objects.update_or_create(workspace=member.workspace, defaults={"picture": picture})
        _noted(member)


@transaction.atomic
def drop_logo(member: Member) -> None:
    """Without one from now on."""
    require(member, "manage")
    if WorkspaceLogo.objects.filter(workspace=member.workspace).delete()[0]:
        _noted(member)


def _noted(member: Member) -> None:
    record(member, member.workspace_id, "changed", "workspace", fields=["logo"])
