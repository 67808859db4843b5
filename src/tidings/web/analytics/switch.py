"""What becomes of a channel's numbers: read, not read, forgotten; and what reading them may cost."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.analytics.switch import forget_numbers, measure, set_budget
from tidings.web.access import member_page
from tidings.web.channel import channel_of
from tidings.workspaces.models import Member

MOST = 1_000_000  # posts read in a month


@require_POST
@member_page("connect")
def measure_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Read its numbers or not; forget those that were read; how many posts may be read in a month."""
    channel, act = channel_of(member, id), request.POST.get("act", "")
    budget = request.POST.get("budget", "")
    if act == "forget":
        forget_numbers(member, channel)
        messages.success(request, _("The numbers of this channel are forgotten."))
    elif act == "budget" and budget.isdecimal() and int(budget) <= MOST:
        set_budget(member, channel, int(budget))
        messages.success(request, _("Saved."))
    elif act in ("on", "off"):
        measure(member, channel, act == "on")
    else:
        messages.error(request, _("Type a number of posts, up to a million."))
    return redirect("channel", slug=member.workspace.slug, id=channel.pk)
