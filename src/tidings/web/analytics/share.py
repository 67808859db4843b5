"""A report for who has no login: the page on which members make its links and end them, and what a link shows."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tidings.analytics import share as verbs
from tidings.analytics.asked import Asked, asked
from tidings.analytics.models import ReportLink
from tidings.analytics.report import report
from tidings.privacy.erase import pending
from tidings.settings import settings
from tidings.web.access import member_page
from tidings.web.analytics import about
from tidings.web.analytics.page import told
from tidings.web.times import When, spelled_days, when
from tidings.workspaces.models import Member, User, Workspace

OWN = "0"  # days of one's own


class Day(forms.DateInput):
    """A day as browsers let it be picked. They do not insist on one: it may be hidden, and not asked for."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def use_required_attribute(self, initial: object) -> bool:
        """Never."""
        return False


class LinkForm(forms.Form):
    """For whom, about what, which days, and for how long."""

    name = forms.CharField(
        label=gettext_lazy("For whom"), max_length=100,
        help_text=gettext_lazy("So that you know it again. They do not see it."),
    )  # fmt: skip
    about = forms.ChoiceField(label=gettext_lazy("About"))
    days = forms.ChoiceField(label=gettext_lazy("Days"))
    first = forms.DateField(label=gettext_lazy("From"), widget=Day)
    last = forms.DateField(label=gettext_lazy("To"), widget=Day)
    lives = forms.ChoiceField(label=gettext_lazy("Ends after"), initial="30")

    def __init__(self, workspace: Workspace, question: Asked, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(question))
        spans = [(str(n), ngettext("The last %(n)d day", "The last %(n)d days", n) % {"n": n}) for n in verbs.SPANS]
        lives = [(str(n), ngettext("%(n)d day", "%(n)d days", n) % {"n": n}) for n in verbs.LIVES]
        self.workspace = workspace
        self.fields["about"].choices = about.choices(workspace)  # type: ignore[attr-defined]
        self.fields["days"].choices = [*spans, (OWN, _("Days of your own"))]  # type: ignore[attr-defined]
        self.fields["lives"].choices = lives  # type: ignore[attr-defined]
        own = data is None or data.get("days") == OWN
        self.fields["first"].required = self.fields["last"].required = own

    def made(self, member: Member) -> str:
        """The token of the link that was asked for. Raises NoShare."""
        said = self.cleaned_data
        own = said["days"] == OWN
        stretch = verbs.Stretch(None, said["first"], said["last"]) if own else verbs.Stretch(int(said["days"]))
        scope = about.scope(self.workspace, said["about"])
        return verbs.make_link(member, said["name"], scope, stretch, int(said["lives"]))[1]


def _initial(question: Asked) -> dict[str, object]:
    """What was looked at just now."""
    own = question.span not in verbs.SPANS
    days = {"days": OWN, "first": question.period.first, "last": question.period.last} if own else {}
    return {"about": about.value(question.scope), "days": str(question.span), **days}


@dataclass(frozen=True)
class Row:
    """A live link as the page shows it."""

    link: ReportLink
    about: str
    days: str
    ends: When
    used: When | None
    stands: bool


@member_page("manage")
def report_links(request: HttpRequest, member: Member) -> HttpResponse:
    """Every live link, and the form that makes one; its address is shown this once."""
    question, address = asked(member.workspace, request.GET), ""
    form = LinkForm(member.workspace, question, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token = form.made(member)
        except verbs.NoShare as none:
            form.add_error(None, str(none))
        else:
            address = settings().url + reverse("shared_report", kwargs={"token": token})
            form = LinkForm(member.workspace, question)
    links = verbs.live(member.workspace).select_related("workspace", "channel", "tag", "by")
    context = {"form": form, "address": address, "rows": [_row(one, member.user) for one in links]}
    return render(request, "tidings/analytics/links.html", context)


def _row(link: ReportLink, user: User) -> Row:
    used = when(user, link.used_at) if link.used_at else None
    return Row(link, verbs.name_of(link), _days(link), when(user, link.ends_at), used, verbs.stands(link))


def _days(link: ReportLink) -> str:
    if link.first and link.last:
        return spelled_days(link.first, link.last)
    return ngettext("the last %(n)d day", "the last %(n)d days", link.days or 0) % {"n": link.days}


@require_POST
@member_page("manage")
def end_report_link(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """It leads nowhere from now on."""
    verbs.end_link(member, get_object_or_404(ReportLink, pk=id, workspace=member.workspace))
    messages.success(request, _("The link does not work any more."))
    return redirect("report_links", slug=member.workspace.slug)


@require_safe
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """The report, for whoever has the address; a session, if there is one, says nothing here."""
    link = verbs.found_by(token)
    if link is None or pending("workspace", link.workspace_id):
        answer = render(request, "tidings/analytics/ended.html", status=404)
    else:
        answer = render(request, "tidings/analytics/shared.html", _shown(link))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _shown(link: ReportLink) -> dict[str, object]:
    """The report as members see it, to somebody whose clocks show what the workspace's do."""
    nobody = Member(workspace=link.workspace, user=User(zone=link.workspace.zone))
    found = report(verbs.scope_of(link), verbs.period_of(link))
    about = verbs.name_of(link) if link.channel or link.group or link.tag else ""
    here = {"outside": True, "link": link, "about": about, "ends": when(nobody.user, link.ends_at)}
    return told(found, nobody) | here
