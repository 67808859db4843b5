"""What operators did, for operators to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tidings.instance.acts import acts
from tidings.settings import settings
from tidings.web.access import operator_page
from tidings.web.times import when
from tidings.workspaces.models import User


@operator_page
def acts_page(request: HttpRequest, user: User) -> HttpResponse:
    """The page, the newest first."""
    said = request.GET.get("page", "")
    page = max(int(said), 1) if said.isdecimal() and len(said) < 6 else 1
    found, more = acts(page)
    context = {"rows": [(one, when(user, one.at)) for one in found], "page": page, "newer": page - 1,
               "older": page + 1 if more else 0, "days": settings().log_gone_days}
    return render(request, "tidings/instance/acts.html", context)
