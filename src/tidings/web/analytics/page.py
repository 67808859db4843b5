"""What came of it: the report of a workspace, of some of its channels, of a tag, over days that a person chooses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings.analytics.asked import SPANS, Asked, asked
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
        "spans": [(days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}, question.at(days=days, **OWN))
                  for days in SPANS],
        "channels": list(channels), "groups": groups(member.workspace),
        "tags": list(Tag.objects.filter(workspace=member.workspace)),
    }  # fmt: skip


OWN = {"from": "", "to": ""}  # days of one's own, asked for no more


def notes(found: Report) -> list[str]:
    """What has to be known of the whole."""
    said = []
    if found.young:
        text = ngettext(
            "%(n)d post is younger than a week: its numbers still grow.",
            "%(n)d posts are younger than a week: their numbers still grow.", found.young,
        )  # fmt: skip
        said.append(text % {"n": found.young})
    if found.gone:
        text = ngettext(
            "%(n)d post was deleted at its network; it counts as it last stood.",
            "%(n)d posts were deleted at their networks; they count as they last stood.", found.gone,
        )  # fmt: skip
        said.append(text % {"n": found.gone})
    if found.scope.tag:
        said.append(_("Followers are those of whole channels, whatever their posts are tagged with."))
    return said
