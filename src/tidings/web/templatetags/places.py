"""Which half of the settings a page belongs to."""

from django import template

register = template.Library()
OF_WORKSPACE = frozenset((
    "workspace_settings", "erase_workspace", "workspace_members", "invite_member", "tags", "snippets", "api_keys",
    "audit",
))  # fmt: skip


@register.filter
def of_workspace(name: str) -> bool:
    """Whether the page of this name sets something for everybody in the workspace, not for the person alone."""
    return name in OF_WORKSPACE
