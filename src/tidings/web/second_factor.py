"""Where a second factor is asked of everybody: whoever has none sets one up first, and keeps the last one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tidings.problem import problem, wanted
from tidings.web.before import BeforeView
from tidings.workspaces.factors import lacking, only_one

OPEN = {  # what somebody without one needs on the way to it, and what is for everybody
    "second_factor",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_set_password",
    "account_email",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_logout",
    "privacy",
    "privacy_json",
    "connect_document",
}


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """What is asked, and the ways to it."""
    if not lacking(request.user):  # type: ignore[arg-type]
        return redirect("home")
    return render(request, "tidings/second_factor.html")


class SecondFactor(BeforeView):
    """Middleware: leads whoever has no second factor to the page above."""

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Django's hook: the page is known, and not yet asked."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not request.user.is_authenticated or name in OPEN:
            return None
        if name == "mfa_remove_webauthn" and only_one(request.user):
            messages.error(request, _("Everybody here has a second factor. Add another before you remove this one."))
            return redirect("mfa_list_webauthn")
        return _led(request) if lacking(request.user) else None


def _led(request: HttpRequest) -> HttpResponse:
    if not wanted(request):
        return redirect("second_factor")
    detail = _("Everybody here must have a second factor. Set one up on the pages first.")
    return problem(403, detail, title=_("A second factor is missing"))
