"""The full demo: twelve channels of three invented houses, their library, and three months of posts in every state."""

from collections.abc import Mapping

from tidings.commands.showcase import connect, fill, tell
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

__all__ = ["show"]


def show(member: Member, town: Mapping[str, Simulator]) -> None:
    """Connect, draw, write; what is to come first, for a person looks at today."""
    channels = connect.channels(member, town)
    story = tell.Story(member, town, channels, fill.library(member))
    story.tell()
    connect.pause(channels)
