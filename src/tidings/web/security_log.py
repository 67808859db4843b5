"""What happened with a person's login, and the way out when it was somebody else."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.forms import ManageUserSessionsForm
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings import networks
from tidings.settings import settings
from tidings.web.times import When, when
from tidings.workspaces.browsers import browser_name
from tidings.workspaces.models import ApiKey, SecurityEvent, User
from tidings.workspaces.security import DID, FAILED, KINDS, TRIED

PAGE = 50


@dataclass(frozen=True)
class Shown:
    """One entry as the page shows it."""

    words: str
    about: str
    failed: bool
    at: When
    where: str
    browser: str


@login_required
def security_log(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    user: User = request.user  # type: ignore[assignment]
    page = Paginator(SecurityEvent.objects.filter(user=user).order_by("-at"), PAGE).get_page(request.GET.get("page"))
    days = {"days": settings().log_days, "gone": settings().log_gone_days}
    return render(
        request, "tidings/settings/log.html", {"page": page, "rows": [_shown(event, user) for event in page], **days}
    )


def _shown(event: SecurityEvent, user: User) -> Shown:
    return Shown(
        words=str(KINDS.get(event.kind, event.kind)),
        about=_about(event),
        failed=event.kind in FAILED,
        at=when(user, event.at),
        where=event.ip or "",
        browser=browser_name(event.browser) if event.browser else "",
    )


def _about(event: SecurityEvent) -> str:
    """A network by its name, what was refused in words, and whoever an operator did it to by their name."""
    if event.kind == "refused":
        where, _colon, verb = event.about.rpartition(": ")
        return ": ".join(filter(None, (where, str(TRIED.get(verb, verb)))))
    if event.kind.startswith(DID):
        return next((str(user) for user in User.objects.filter(pk=event.about)), _("somebody who is gone"))
    network = networks.every().get(event.about)
    return network.label if network else event.about


def _ways_left(user: User) -> list[str]:
    """By what else than a password somebody comes in as this person."""
    keys, factors = ApiKey.objects.filter(user=user), Authenticator.objects.filter(user=user)
    ways = ((_("API keys"), keys.exists()), (_("second factors and passkeys"), factors.exists()))
    return [said for said, there in ways if there]


@require_POST
@login_required
def not_me(request: HttpRequest) -> HttpResponse:
    """Somebody else was here: every other browser is signed out, and the password is next."""
    ManageUserSessionsForm(request=request).save(request)
    messages.warning(request, _("Every other browser is signed out. Now set a new password, so that it stays so."))
    user: User = request.user  # type: ignore[assignment]
    if left := _ways_left(user):
        text = _("Whoever was here may have made some of these as well, and no new password ends them: %(ways)s.")
        messages.warning(request, text % {"ways": ", ".join(left)})
    return redirect("account_change_password" if user.has_usable_password() else "account_set_password")
