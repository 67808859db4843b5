"""What a post said before: its versions, any of them beside what it says now, and back to it; and a copy of it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.deliveries.history import Entry, between, version_of
from tidings.deliveries.history import history as entries_of
from tidings.deliveries.revise import restore
from tidings.posts.copy import duplicate
from tidings.posts.models import Post, written
from tidings.web.access import member_page
from tidings.web.times import When, when
from tidings.web.told import told
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may


@dataclass(frozen=True)
class Row:
    """A version in the list."""

    entry: Entry
    at: When
    changed: str


@member_page("read")
def history(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The versions; ?version= shows that one beside what the post says now."""
    post = _post(member, id)
    rows = [Row(entry, when(member.user, entry.at), ", ".join(entry.changed)) for entry in entries_of(post)]
    asked = request.GET.get("version", "")
    chosen = next((row for row in rows[1:] if str(row.entry.revision) == asked), None)
    context = {
        "post": post,
        "rows": rows,
        "chosen": chosen,
        "changes": between(post, version_of(post, chosen.entry.revision)) if chosen else [],
        "may_restore": may(member, "publish" if post.stage == "approved" else "write"),
    }
    return render(request, "tidings/post/history.html", context)


@require_POST
@member_page("write")
def restore_version(request: HttpRequest, member: Member, id: UUID, revision: int) -> HttpResponse:
    """Say that again."""
    post = _post(member, id)
    version = version_of(post, revision)
    told(request, lambda: restore(member, post, version), _("The post says that again."))
    return redirect("post", slug=member.workspace.slug, id=id)


@require_POST
@member_page("write")
def duplicate_post(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """A draft that says the same, in the composer."""
    found = _post(member, id)
    made: list[Post] = []
    if told(request, lambda: made.append(duplicate(member, found)), ""):
        return redirect("edit_post", slug=member.workspace.slug, id=made[0].pk)
    return redirect("post", slug=member.workspace.slug, id=id)


def _post(member: Member, id: UUID) -> Post:
    return get_object_or_404(written(), pk=id, workspace=member.workspace)
