"""What a report to be taken along is about, as one field: everything, or a channel, a group, a tag."""

from contextlib import suppress
from uuid import UUID

from django.utils.translation import gettext as _

from tidings.analytics.scope import Scope
from tidings.channels.groups import groups
from tidings.channels.models import Channel
from tidings.workspaces.models import Tag, Workspace

Choice = tuple[str, str]
EVERYTHING = "everything"


def choices(workspace: Workspace) -> list[Choice | tuple[str, list[Choice]]]:
    """Everything first; then each kind of thing of which there is one."""
    channels, tags = Channel.objects.filter(workspace=workspace), Tag.objects.filter(workspace=workspace)
    kinds = (
        (_("Channels"), [(f"channel:{one.pk}", f"{one.handle} · {one.label}") for one in channels]),
        (_("Groups"), [(f"group:{name}", name) for name in groups(workspace)]),
        (_("Tags"), [(f"tag:{one.pk}", one.name) for one in tags]),
    )
    return [(EVERYTHING, _("Everything")), *((kind, found) for kind, found in kinds if found)]


def scope(workspace: Workspace, value: str) -> Scope:
    """What was chosen."""
    kind, _colon, said = value.partition(":")
    id = None
    with suppress(ValueError):
        id = UUID(said)
    return Scope(
        workspace.pk, channel=id if kind == "channel" else None, group=said if kind == "group" else "",
        tag=id if kind == "tag" else None,
    )  # fmt: skip


def value(scope: Scope) -> str:
    """The choice that is this scope: of two things at once the narrower."""
    if scope.channel:
        return f"channel:{scope.channel}"
    if scope.tag:
        return f"tag:{scope.tag}"
    return f"group:{scope.group}" if scope.group else EVERYTHING
