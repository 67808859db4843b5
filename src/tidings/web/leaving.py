"""Who is about to be erased finds one page, until they come back or are gone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tidings.privacy.erase import pending
from tidings.problem import problem, wanted
from tidings.web.before import BeforeView

STILL_OPEN = frozenset({
    "erasure", "keep_me", "erase_now", "deletion_status", "privacy", "privacy_json", "account_logout",
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
})


class Leaving(BeforeView):
    """Middleware: leads there, past every other page; programs are told."""

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Django's hook: the page is known, and not yet asked. Whoever is leaving is frozen as well."""
        frozen = getattr(request.user, "frozen_at", None)
        name = request.resolver_match.url_name if request.resolver_match else None
        if not frozen or name in STILL_OPEN or not pending("user", request.user.pk):  # type: ignore[arg-type]
            return None
        return _told() if wanted(request) else redirect("erasure")


def _told() -> HttpResponse:
    detail = _("You asked to be erased. Sign in with a browser to keep your data, or wait until it is gone.")
    return problem(403, detail, title=_("About to be erased"))
