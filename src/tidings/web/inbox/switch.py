"""Whether others' words are read for a channel: the switch on its page, and what was read forgotten."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.inbox.switch import forget_inbox, hear
from tidings.web.access import member_page
from tidings.web.channel import channel_of
from tidings.workspaces.models import Member


@require_POST
@member_page("connect")
def hear_channel(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Read what others write, or not; forget what was read."""
    channel, act = channel_of(member, id), request.POST.get("act", "")
    if act == "forget":
        forget_inbox(member, channel)
        messages.success(request, _("The conversations of this channel are forgotten."))
    elif act in ("on", "off"):
        hear(member, channel, act == "on")
    return redirect("channel", slug=member.workspace.slug, id=channel.pk)
