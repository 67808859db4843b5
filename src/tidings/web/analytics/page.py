"""What came of it: the report of a workspace, of some of its channels, of a tag, over days that a person chooses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from tidings.analytics.asked import SPANS, Asked, asked
from tidings.analytics.notes import notes
from tidings.analytics.report import Report, report
from tidings.channels.groups import groups
from tidings.channels.models import Channel
from tidings.web.access import member_page
from tidings.web.analytics import shown
from tidings.web.times import spelled_days
from tidings.workspaces.models import Member, Tag


@member_page("read")
def analytics(request: HttpRequest, member: Member) -> HttpResponse:
    """The report."""
    question = asked(member.workspace, request.GET)
    found = report(question.scope, question.period)
    return render(request, "tidings/analytics/page.html", told(found, member) | choices(question, member))


def told(found: Report, member: Member) -> dict[str, object]:
    """The report as a page shows it."""
    user = member.user
    hours, week = shown.week(found, user)
    return {
        "report": found, "days": spelled_days(found.period.first, found.period.last),
        "days_before": spelled_days(found.period.before.first, found.period.before.last),
        "cards": shown.cards(found), "columns": shown.columns(found), "rows": shown.rows(found, user),
        "growth": shown.growth(found), "activity": shown.activity(found), "shapes": shown.shapes(found),
        "hours": hours, "week": week, "best": shown.best(found, user), "top": shown.ranked(found.top, user),
        "weakest": shown.ranked(found.weakest, user), "notes": notes(found),
    }  # fmt: skip


def choices(question: Asked, member: Member) -> dict[str, object]:
    """What can be asked for, and what is."""
    channels = Channel.objects.filter(workspace=member.workspace)
    return {
        "asked": question,
        "spans": [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}, question.at(days=days, **OWN))
                  for days in SPANS],
        "channels": list(channels), "groups": groups(member.workspace),
        "tags": list(Tag.objects.filter(workspace=member.workspace)),
    }  # fmt: skip


OWN = {"from": "", "to": ""}  # days of one's own, asked for no more
