"""Which pages may be come to how often, and which sign-ins are held back; all the pages at which one can guess."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from django.http import HttpRequest, HttpResponse

from tidings.web.before import BeforeView
from tidings.web.errors import too_many
from tidings.workspaces.locks import held
from tidings.workspaces.rates import FREE, Rate, knock
from tidings.workspaces.security import note, place

Whose = Callable[[HttpRequest], str]


def person(request: HttpRequest) -> str:
    """The address of who is signed in."""
    return getattr(request.user, "email", "")


def half_signed_in(request: HttpRequest) -> str:
    """The address of who has given a password and owes a code."""
    stage = get_pending_stage(request)
    return stage.login.user.email if stage and stage.login.user else ""


def typed(field: str) -> Whose:
    """What stands in this field."""
    return lambda request: request.POST.get(field, "").strip().lower()


@dataclass(frozen=True)
class Limit:
    """At most so often; `looks`: looking at the page counts as well as sending its form. All those of whom nobody knows
    where they come from share one count, CROWD times as wide: one of them alone does not soon keep the others out."""

    rate: Rate
    whose: Whose = place
    looks: bool = False


@dataclass(frozen=True)
class Hold:
    """What a try that fails is called in the security log, and whose login is tried."""

    kind: str
    whose: Whose


CROWD = 10
_OFTEN, _SOMETIMES = Rate(60, timedelta(minutes=10)), Rate(20, timedelta(hours=1))
_SELDOM = Rate(5, timedelta(hours=1))
_SURE = (Limit(Rate(20, timedelta(minutes=10)), person),)

LIMITS: dict[str, tuple[Limit, ...]] = {
    "account_login": (Limit(_OFTEN),),
    "account_confirm_login_code": (Limit(_OFTEN),),
    "mfa_authenticate": (Limit(_OFTEN),),
    "mfa_login_webauthn": (Limit(_OFTEN, looks=True),),
    "account_signup": (Limit(_SOMETIMES), Limit(_SELDOM, typed("email"))),
    "account_reset_password": (Limit(_SOMETIMES), Limit(_SELDOM, typed("email"))),
    "account_reset_password_from_key": (Limit(_OFTEN, looks=True),),
    "account_confirm_email": (Limit(_OFTEN, looks=True),),
    "account_email": _SURE,
    "account_change_password": _SURE,
    "account_set_password": _SURE,
    "account_reauthenticate": _SURE,
    "mfa_reauthenticate": _SURE,
    "mfa_reauthenticate_webauthn": _SURE,
    "mfa_activate_totp": _SURE,
    "mfa_add_webauthn": _SURE,
    "join": (Limit(_OFTEN, looks=True),),
    "connect_with": (Limit(_OFTEN, looks=True),),
    "connect_with_network": (Limit(_OFTEN, looks=True),),
    "connect_with_pick": (Limit(_OFTEN, looks=True),),
    "shared_report": (Limit(_OFTEN, looks=True),),
    "calendar_file": (Limit(Rate(300, timedelta(minutes=10)), looks=True),),
    "first_run": (Limit(_SOMETIMES),),
    "instance_mail": (Limit(_SELDOM, person),),
    "instance_look": _SURE,
    "instance_try_apps": _SURE,
    "deletion_status": (Limit(_OFTEN, looks=True),),
    "hear": (Limit(Rate(300, timedelta(minutes=10))),),
    "connect_document": (Limit(Rate(300, timedelta(minutes=10)), looks=True),),
}
HOLDS = {
    "account_login": Hold("failed_password", typed("login")),
    "mfa_authenticate": Hold("failed_code", half_signed_in),
    "account_reauthenticate": Hold("failed_again", person),
    "mfa_reauthenticate": Hold("failed_again", person),
    "account_change_password": Hold("failed_again", person),
}


class Limits(BeforeView):
    """Middleware: 429, with the time to wait, before a page that somebody came to too often."""

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Django's hook: the page is known, and not yet asked."""
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        overs = (_over(name, limit, request) for limit in LIMITS.get(name, ()))
        wait = _held(name, request) or max(overs, default=FREE)
        return too_many(request, wait) if wait else None


def _over(name: str, limit: Limit, request: HttpRequest) -> timedelta:
    if not limit.looks and request.method != "POST":
        return FREE
    if who := limit.whose(request):
        return knock(limit.rate, name, who)
    return knock(Rate(limit.rate.most * CROWD, limit.rate.per), name) if limit.whose is place else FREE


def _held(name: str, request: HttpRequest) -> timedelta:
    hold = HOLDS.get(name) if request.method == "POST" else None
    login = hold.whose(request) if hold else ""
    if hold is None or not login:
        return FREE
    wait = held(hold.kind, login, "" if hold.whose is person else place(request))
    if wait and not knock(Rate(1, timedelta(minutes=10)), "held", login):
        note("locked", request, email=login)
    return wait
