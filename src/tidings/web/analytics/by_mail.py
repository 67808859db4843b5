"""Reports by mail: the page on which members set them up and end them, and the address by which a reader ends one."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tidings.analytics import by_mail as verbs
from tidings.analytics.models import ReportMail
from tidings.analytics.share import NoShare, name_of
from tidings.web.access import member_page
from tidings.web.analytics import about
from tidings.web.times import When, hour_of, when
from tidings.workspaces.models import Member

MORNING = 8


class MailForm(forms.Form):
    """About what, when, and to whom."""

    about = forms.ChoiceField(label=gettext_lazy("About"))
    every = forms.ChoiceField(label=gettext_lazy("When"), choices=ReportMail.EVERY)
    hour = forms.TypedChoiceField(label=gettext_lazy("Hour"), coerce=int, initial=MORNING)
    readers = forms.MultipleChoiceField(
        label=pgettext_lazy("a mail", "To"), error_messages={"required": gettext_lazy("Choose at least one.")}
    )

    def __init__(self, member: Member, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.member = member
        zone = _("By the clocks of the workspace: %(zone)s.") % {"zone": member.workspace.zone}
        self.fields["about"].choices = about.choices(member.workspace)  # type: ignore[attr-defined]
        self.fields["hour"].choices = [(n, hour_of(member.user, n)) for n in range(24)]  # type: ignore[attr-defined]
        self.fields["hour"].help_text = zone
        people = [(str(one.pk), str(one.user)) for one in verbs.reached(member.workspace).order_by("user__name")]
        self.fields["readers"].choices = people  # type: ignore[attr-defined]

    @property
    def people(self) -> list[tuple[str, str, bool]]:
        """Each member who may be mailed: id, name, and whether they are chosen."""
        chosen = self["readers"].value() or [str(self.member.pk)]
        return [(id, name, id in chosen) for id, name in self.fields["readers"].choices]  # type: ignore[attr-defined]

    def set_up(self) -> ReportMail:
        """The report that was asked for. Raises NoShare."""
        said = self.cleaned_data
        scope = about.scope(self.member.workspace, said["about"])
        return verbs.set_up(self.member, scope, said["every"], said["hour"], [UUID(one) for one in said["readers"]])


@dataclass(frozen=True)
class Row:
    """A report by mail as the page shows it."""

    report: ReportMail
    about: str
    hour: str
    readers: str
    next: When | None


@member_page("manage")
def report_mails(request: HttpRequest, member: Member) -> HttpResponse:
    """Every report that is mailed, and the form that sets one up."""
    form = MailForm(member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.set_up()
        except NoShare as none:
            form.add_error(None, str(none))
        else:
            messages.success(request, _("The report is set up."))
            return redirect("report_mails", slug=member.workspace.slug)
    reports = ReportMail.objects.filter(workspace=member.workspace).select_related("workspace", "channel", "tag")
    rows = [_row(one, member) for one in reports.prefetch_related("readers__member__user")]
    return render(request, "tidings/analytics/mails.html", {"form": form, "rows": rows})


def _row(report: ReportMail, member: Member) -> Row:
    readers = list(report.readers.all())
    names = ", ".join(sorted(str(one.member.user) for one in readers))
    following = when(member.user, min(one.next_at for one in readers)) if readers else None
    return Row(report, name_of(report), hour_of(member.user, report.hour), names, following)


@require_POST
@member_page("manage")
def end_report_mail(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Nobody is mailed it any more."""
    verbs.end(member, get_object_or_404(ReportMail, pk=id, workspace=member.workspace))
    messages.success(request, _("The report is mailed no more."))
    return redirect("report_mails", slug=member.workspace.slug)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is all that it can have
@require_http_methods(["GET", "HEAD", "POST"])
def report_off(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails that this address stands in; looking at the page changes nothing."""
    id = verbs.off(token)
    reader = verbs.reader_of(id) if id else None
    if reader and request.method == "POST":
        verbs.leave(reader)
        reader = None
    about = name_of(reader.report) if reader else ""
    context = {"ours": id is not None, "about": about, "reader": reader}
    return render(request, "tidings/analytics/off.html", context, status=200 if id else 404)
