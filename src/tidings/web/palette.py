"""What the command palette shows, as JSON for frontend/src/palette.ts: pages, acts, and what has the words typed."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, islice

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tidings.channels.models import Channel
from tidings.posts.find import Match, find
from tidings.web.access import member_page
from tidings.web.look import languages
from tidings.web.times import when
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import may

MOST, WRITING = 30, 4  # lines together, and of those that begin a post
LONGEST = 200  # characters of what is typed


@dataclass(frozen=True)
class Line:
    """One line. `act`: it changes something, so it is posted; else it is an address to go to."""

    group: str
    label: str
    url: str
    icon: str
    more: str = ""
    act: bool = False


@dataclass(frozen=True)
class Page:
    """A page by its address in a workspace (or of the instance), and who may go there."""

    label: Promise
    path: str
    icon: str
    verb: str = "read"


PAGES = (
    Page(gettext_lazy("Calendar"), "calendar", "calendar"),
    Page(gettext_lazy("Needs attention"), "attention", "attention"),
    Page(gettext_lazy("Inbox"), "inbox", "inbox"),
    Page(gettext_lazy("Media"), "media", "media"),
    Page(gettext_lazy("Channels"), "channels", "channels"),
    Page(gettext_lazy("Connect a channel"), "channels/connect", "connect", "connect"),
    Page(gettext_lazy("App credentials"), "channels/apps", "key", "connect"),
    Page(gettext_lazy("Workspace settings"), "settings", "settings", "manage"),
    Page(gettext_lazy("Members"), "settings/members", "members", "manage"),
    Page(gettext_lazy("Tags"), "settings/tags", "tag", "write"),
    Page(gettext_lazy("API keys"), "settings/keys", "key"),
    Page(gettext_lazy("Audit log"), "settings/audit", "list", "manage"),
    Page(gettext_lazy("Profile"), "/settings/profile", "person"),
    Page(gettext_lazy("Security"), "/settings/security", "security"),
    Page(gettext_lazy("Privacy"), "/settings/privacy", "lock"),
)
ACTS = (  # what is posted to tidings.web.look, and allauth's way out
    (gettext_lazy("Colours: as the system"), "/look?theme=system", "system"),
    (gettext_lazy("Colours: light"), "/look?theme=light", "sun"),
    (gettext_lazy("Colours: dark"), "/look?theme=dark", "moon"),
    (gettext_lazy("Sign out"), "/accounts/logout/", "sign-out"),
)
PLACES = {
    "post": ("posts/{}", "note"), "channel": ("calendar?channel={}", "channels"), "tag": ("calendar?tag={}", "tag"),
    "media": ("media/{}", "image"), "template": ("compose?template={}", "copy"),
}  # fmt: skip


@require_GET
@member_page("read")
def palette(request: HttpRequest, member: Member) -> JsonResponse:
    """At most thirty lines for what was typed; for nothing: where one may go, and what one may do."""
    typed = request.GET.get("q", "")[:LONGEST].strip()
    writing = islice(_with(typed, _write(member)), WRITING)
    known = chain(writing, _with(typed, chain(_pages(member), _workspaces(member), _acts())))
    found = (_found(member, match) for match in find(member, typed)) if typed else ()
    lines = list(chain(known, found))[:MOST] if typed else list(known)
    return JsonResponse({"lines": [asdict(line) for line in lines]})


def _with(typed: str, lines: Iterable[Line]) -> Iterator[Line]:
    words = typed.casefold().split()
    return (line for line in lines if all(word in line.label.casefold() for word in words))


def _write(member: Member) -> Iterator[Line]:
    if not may(member, "write"):
        return
    base, group = f"/w/{member.workspace.slug}/compose", _("Write")
    yield Line(group, _("New post"), base, "compose")
    for channel in Channel.objects.filter(workspace=member.workspace_id, paused=""):
        name = channel.name or channel.handle
        yield Line(group, _("New post on %(channel)s") % {"channel": name}, f"{base}?channel={channel.pk}", "compose",
                   channel.label)  # fmt: skip


def _pages(member: Member) -> Iterator[Line]:
    base, group = f"/w/{member.workspace.slug}/", _("Go to")
    yield Line(group, _("Today"), f"{base}calendar?view=day", "calendar")
    for page in PAGES:
        if may(member, page.verb):
            yield Line(group, str(page.label), page.path if page.path.startswith("/") else base + page.path, page.icon)
    if member.user.is_operator:
        yield Line(group, _("Instance"), "/instance", "options")


def _workspaces(member: Member) -> Iterator[Line]:
    others = Workspace.objects.filter(members__user=member.user_id).exclude(pk=member.workspace_id)
    for other in others.order_by("name"):
        yield Line(_("Switch workspace"), other.name, f"/w/{other.slug}/calendar", "switch")


def _acts() -> Iterator[Line]:
    for label, url, icon in ACTS:
        yield Line(_("Do"), str(label), url, icon, act=True)
    for code, name in languages():
        spoken = _("Language: %(language)s") % {"language": name}
        yield Line(_("Do"), spoken, f"/look?language={code}", "comment", act=True)


def _found(member: Member, match: Match) -> Line:
    path, icon = PLACES[match.kind]
    groups = {
        "post": _("Posts"), "channel": _("Channels"), "tag": _("Tags"), "media": _("Media"), "template": _("Templates"),
    }  # fmt: skip
    more = when(member.user, match.at).text if match.kind == "post" and match.at else match.more
    url = f"/w/{member.workspace.slug}/{path.format(match.id)}"
    return Line(groups[match.kind], match.label or _("A post without words"), url, icon, more)
