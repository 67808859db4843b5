"""The report as files: CSV of its posts and of its channels, and the whole of it as PDF."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tidings.analytics.asked import asked
from tidings.analytics.period import Period
from tidings.analytics.report import report
from tidings.web.access import member_page
from tidings.web.analytics import csv_file
from tidings.web.analytics.laid_out import laid_out
from tidings.web.analytics.printing import NotPrinted, printed
from tidings.workspaces.models import Member

CSV = "text/csv; charset=utf-8"


@require_GET
@member_page("read")
def posts_csv(request: HttpRequest, member: Member) -> HttpResponse:
    """A line for each post of these days."""
    question = asked(member.workspace, request.GET)
    lines = csv_file.posts(question.scope, question.period)
    return _file(lines, CSV, _called(member, "posts", question.period, "csv"))


@require_GET
@member_page("read")
def channels_csv(request: HttpRequest, member: Member) -> HttpResponse:
    """A line for each channel."""
    question = asked(member.workspace, request.GET)
    lines = csv_file.channels(report(question.scope, question.period), member.user)
    return _file(lines, CSV, _called(member, "channels", question.period, "csv"))


@require_GET
@member_page("read")
def report_pdf(request: HttpRequest, member: Member) -> HttpResponse:
    """The report to hand on; back to the page where it cannot be printed."""
    question = asked(member.workspace, request.GET)
    sheet = laid_out(report(question.scope, question.period), member)
    try:
        return _file([printed(sheet)], "application/pdf", _called(member, "report", question.period, "pdf"))
    except NotPrinted:
        messages.error(request, _("The file could not be made. Try it again, with fewer days perhaps."))
        return redirect(f"/w/{member.workspace.slug}/analytics{question.at()}")


def _called(member: Member, what: str, period: Period, ending: str) -> str:
    return f"{member.workspace.slug}-{what}-{period.first}-{period.last}.{ending}"


def _file(pieces: Iterable[str | bytes], kind: str, name: str) -> HttpResponse:
    answer = StreamingHttpResponse(pieces, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]
