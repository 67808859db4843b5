"""Channels that belong together, of a client for instance, have the same word."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tidings.channels.models import Channel
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import require


def groups(workspace: Workspace) -> list[str]:
    """Every group there is, in the order of its letters."""
    named = Channel.objects.filter(workspace=workspace).exclude(group="").order_by()
    return sorted(set(named.values_list("group", flat=True)), key=str.casefold)


def set_group(member: Member, ids: Iterable[UUID], group: str) -> int:
    """Put these channels into a group, or into none; how many are there."""
    return _set(member, Channel.objects.filter(workspace=member.workspace, pk__in=list(ids)), group)


def rename_group(member: Member, group: str, name: str) -> int:
    """Another word for a group; of an empty one its channels are in none. How many it had."""
    return _set(member, Channel.objects.filter(workspace=member.workspace, group=group).exclude(group=""), name)


@transaction.atomic
def _set(member: Member, channels: QuerySet[Channel], group: str) -> int:
    require(member, "connect")
    number = channels.update(group=" ".join(group.split())[:60])
    if number:
        record(member, member.workspace_id, "grouped", "channel", channels=number)
    return number
