"""App credentials of the instance: all networks at once; each has its guided page in a workspace."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidings.channels.connect import site
from tidings.channels.trial import standing
from tidings.instance.apps import apps, try_all
from tidings.speech import translated
from tidings.web.access import operator_page
from tidings.web.context import current_member
from tidings.web.instance.shown import maybe
from tidings.workspaces.models import User
from tidings.workspaces.policy import may


@operator_page
def apps_page(request: HttpRequest, user: User) -> HttpResponse:
    """The page."""
    member = current_member(request)
    context = {
        "rows": [(app, maybe(user, app.tried_at), [translated(one) for one in app.findings]) for app in apps()],
        "warnings": [translated(one) for one in standing(site())],
        "guided": member.workspace.slug if member and may(member, "manage") else "",
    }  # fmt: skip
    return render(request, "tidings/instance/apps.html", context)


@require_POST
@operator_page
def try_apps(request: HttpRequest, user: User) -> HttpResponse:
    """Ask every network about its own."""
    if wrong := try_all():
        text = ngettext("%(n)s network found something.", "%(n)s networks found something.", wrong)
        messages.warning(request, text % {"n": wrong})
    else:
        messages.success(request, _("Every network knows its credentials."))
    return redirect("instance_apps")
