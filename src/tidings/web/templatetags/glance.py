"""How the workspace's calendar looked when a page was made: who listens hears of whatever changed since."""

from django import template

from tidings.deliveries import glance as looks
from tidings.workspaces.models import Workspace

register = template.Library()


@register.filter
def glance(workspace: Workspace) -> str:
    """The mark that frontend/src/calendar/live.ts sends along."""
    return looks.glance(workspace.pk)
