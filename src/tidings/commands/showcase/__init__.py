"""The full demo: twelve channels of three invented houses, their library, and three months of posts in every state."""

from collections.abc import Mapping

from tidings.commands.showcase import connect, count, fill, remark, tell, told
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member, Workspace

__all__ = ["show"]

NAME = "Old Harbour"


def show(member: Member, town: Mapping[str, Simulator]) -> None:
    """Connect, draw, write; what is to come first, for a person looks at today."""
    Workspace.objects.filter(pk=member.workspace_id).update(name=NAME)
    member.workspace.name = NAME
    channels = connect.channels(member, town)
    story = tell.Story(member, town, channels, fill.library(member))
    story.tell()
    count.count(channels.values(), town)
    remark.remark(member, channels, town)
    connect.pause(channels)
    told.notify(member)
