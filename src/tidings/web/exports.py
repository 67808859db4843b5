"""A person's data as one archive: ask for it, watch it being made, delete it. Its bytes come from web.export_file."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidings.privacy import export as verbs
from tidings.privacy.models import Export
from tidings.settings import settings
from tidings.web.times import When, when
from tidings.workspaces import security
from tidings.workspaces.models import User


@dataclass(frozen=True)
class Row:
    """One export as the page shows it."""

    export: Export
    asked: When
    ends: When | None
    reason: str


@require_GET
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "tidings/settings/export.html", _context(request))


@require_GET
@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes while an export is made."""
    return render(request, "tidings/settings/export_rows.html", _context(request))


def _context(request: HttpRequest) -> dict[str, object]:
    user: User = request.user  # type: ignore[assignment]
    rows = [_row(user, export) for export in verbs.kept(user)]
    watch = any(row.export.state in verbs.UNDER_WAY for row in rows)
    return {"rows": rows, "watch": watch, "days": settings().export_days, "most": verbs.MOST_A_DAY}


def _row(user: User, export: Export) -> Row:
    ends = when(user, export.ends_at) if export.ends_at else None
    return Row(export, when(user, export.asked_at), ends, _(export.reason) if export.reason else "")


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: HttpRequest) -> HttpResponse:
    """Ask for an export, after showing once more who one is."""
    user: User = request.user  # type: ignore[assignment]
    try:
        verbs.ask(user)
    except verbs.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        security.note("export", request, user)
    return redirect("exports")


@require_POST
@login_required
def delete(request: HttpRequest, id: UUID) -> HttpResponse:
    """Delete an archive, or give it up while it is made."""
    verbs.end(get_object_or_404(Export, pk=id, user=request.user.pk))
    messages.success(request, _("The export is deleted."))
    return redirect("exports")
