"""How a post repeats, for its page; and no more of it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidings.deliveries import repeat as verbs
from tidings.posts.models import Post, Repeat, written
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.times import When, when
from tidings.web.told import told
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may


@dataclass(frozen=True)
class Repeating:
    """In words: how often, how long, what came of it, when the next one is meant for."""

    often: str
    ends: str
    made: str
    next: When | None
    ended: bool
    reason: str
    copies: list[tuple[UUID, When]]
    may_stop: bool


def repeating(member: Member, post: Post) -> Repeating | None:
    """None: it does not repeat."""
    row = Repeat.objects.filter(post=post).select_related("post").first()
    if row is None:
        return None
    ahead = verbs.next_copy(row, verbs.since(row))
    made = ngettext("%(n)d copy so far", "%(n)d copies so far", row.made) % {"n": row.made}
    meant = post.copies.exclude(wish_at=None).order_by("-wish_at").values_list("pk", "wish_at")[:20]
    copies = [(pk, when(member.user, at)) for pk, at in meant if at]
    return Repeating(
        _often(row), _ends(row, member), made, when(member.user, ahead) if ahead else None, row.next_at is None,
        translated(row.reason), copies, may(member, "publish"),
    )  # fmt: skip


def _often(row: Repeat) -> str:
    if row.kind == "evergreen":
        days = ngettext("%(n)d day", "%(n)d days", row.rest_days) % {"n": row.rest_days}
        return _("Into a free slot, after a rest of %(days)s") % {"days": days}
    said = {
        "day": ngettext("Every day", "Every %(n)d days", row.every),
        "week": ngettext("Every week", "Every %(n)d weeks", row.every),
        "month": ngettext("Every month", "Every %(n)d months", row.every),
    }[row.unit] % {"n": row.every}
    return _("%(often)s, by the clocks of %(zone)s") % {"often": said, "zone": row.zone}


def _ends(row: Repeat, member: Member) -> str:
    if row.times is not None:
        return ngettext("once", "%(n)d times", row.times) % {"n": row.times}
    return _("until %(when)s") % {"when": when(member.user, row.until).text} if row.until else ""


@require_POST
@member_page("publish")
def stop_repeat(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """No more copies."""
    post = get_object_or_404(written(), pk=id, workspace=member.workspace)
    told(request, lambda: verbs.stop(member, post), _("It repeats no more. The copies that are there stay."))
    return redirect("post", slug=member.workspace.slug, id=id)
