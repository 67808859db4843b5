"""What every page knows: the workspace, the member, the others to switch to, the navigation."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tidings.inbox.find import unseen
from tidings.notifications.read import unread
from tidings.privacy.erase import pending
from tidings.settings import settings
from tidings.web.access import LAST_WORKSPACE
from tidings.web.attention import waiting_for
from tidings.web.look import languages
from tidings.web.side import groups
from tidings.workspaces.accounts import INVITATION
from tidings.workspaces.members import zones
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import may

_PLACES = (
    ("calendar", _("Calendar"), "read", "g c"),
    ("compose", _("Compose"), "write", "n"),
    ("attention", _("Needs attention"), "read", "g a"),
    ("inbox", _("Inbox"), "read", "g i"),
    ("media", _("Media"), "read", "g m"),
    ("analytics", _("Analytics"), "read", "g n"),
    ("channels", _("Channels"), "read", "g h"),
    ("settings", _("Settings"), "manage", "g s"),
)


@dataclass(frozen=True)
class Place:
    """One entry of the side bar; `name` also names its icon, `jump` the letters that lead there."""

    name: str
    label: str
    url: str
    current: bool
    jump: str

    @property
    def keys(self) -> list[str]:
        """The letters, as they stand on a keyboard."""
        return self.jump.upper().split()


def _places(request: HttpRequest, member: Member) -> list[Place]:
    base = f"/w/{member.workspace.slug}/"
    return [
        Place(name, str(label), base + name, request.path.startswith(base + name), jump)
        for name, label, verb, jump in _PLACES
        if may(member, verb)
    ]


def current_member(request: HttpRequest) -> Member | None:
    """The member this page is shown to: of the workspace in its address, else of the one visited last."""
    if not request.user.is_authenticated:
        return None
    found: Member | None = getattr(request, "member", None)
    if found is None:
        mine = Member.objects.filter(user=request.user).select_related("workspace", "user")
        last = request.session.get(LAST_WORKSPACE, "")
        found = mine.filter(workspace__slug=last).first() or mine.order_by("joined_at").first()
    return found


def page(request: HttpRequest) -> dict[str, Any]:
    """The template context of every page."""
    always = {
        "instance_name": settings().name,
        "languages": languages(),
        "theme": getattr(request.user, "theme", "system"),
        "registration_open": settings().registration == "open" or INVITATION in request.session,
        "zones": zones,  # called where a template lists them
    }
    member = current_member(request)
    if member is None:
        return always | {"workspace": None, "member": None, "workspaces": [], "attention_count": 0, "nav": []}
    return always | {
        "workspace": member.workspace,
        "member": member,
        "workspaces": Workspace.objects.filter(members__user=request.user.pk).order_by("name"),
        "attention_count": SimpleLazyObject(lambda: waiting_for(member)),
        "unseen_count": SimpleLazyObject(lambda: unseen(member.workspace)),
        "nav": _places(request, member),
        "told_count": SimpleLazyObject(lambda: unread(member.user)),
        "side": SimpleLazyObject(lambda: groups(member, request.GET.get("channel", ""))),
        "may_manage": may(member, "manage"),
        "may_connect": may(member, "connect"),
        "may_write": may(member, "write"),
        "leaving": SimpleLazyObject(lambda: pending("workspace", member.workspace_id)),
    }
