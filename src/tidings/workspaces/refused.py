"""Whoever tries what their role or key is too small for, or asks for a workspace that is not theirs, reads so in their
security log: once an hour for each thing, however often they try.

A workspace that nobody has is written down like one of others: else one's own log would tell which there are.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from tidings.workspaces.models import Member
from tidings.workspaces.rates import Rate, knock
from tidings.workspaces.security import note

HOUR = timedelta(hours=1)
SAME, ANY = Rate(1, HOUR), Rate(30, HOUR)  # of one thing, and of all that one person thinks of


def noted(request: HttpRequest, error: Exception | type[Exception]) -> None:
    """Write this refusal down, if it is one: not everything that is not there was somebody's try."""
    verb = getattr(error, "verb", "")
    if verb and (person := _who(request)).is_authenticated:
        where = request.resolver_match.kwargs.get("slug", "") if request.resolver_match else ""
        who = "refused", str(person.pk)
        if not knock(SAME, *who, where, verb) and not knock(ANY, *who):
            note("refused", request, person, about=f"{where}: {verb}".removeprefix(": "))


def _who(request: HttpRequest) -> Any:
    """The person at the browser, or the one whose key it is."""
    came = getattr(request, "auth", None)
    return came.user if isinstance(came, Member) else request.user
