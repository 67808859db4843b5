"""Which problem document each refusal of the program becomes, said in sentences a person understands."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tidings.api.access import TooOften, WrongKey
from tidings.deliveries.candidates import TooMany
from tidings.deliveries.schedule import NotReady, OnItsWay, Refused
from tidings.posts.compose import Busy, Conflict, Invalid
from tidings.problem import problem
from tidings.speech import translated
from tidings.workspaces import members
from tidings.workspaces.policy import Told
from tidings.workspaces.refused import noted


def not_found(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """404, also for what belongs to somebody else."""
    noted(request, error)
    return problem(404, _("There is nothing here, or you may not see it."))


def forbidden(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """403 with what the role or the key lacks, or that the person's data is frozen."""
    noted(request, error)
    if isinstance(error, Told):
        return problem(403, str(error))
    return problem(403, _("Your role in this workspace does not allow this."))


def by_status(request: HttpRequest, error: Any) -> HttpResponse:
    """What the framework refused: no session, no CSRF token, no JSON."""
    return problem(error.status_code, str(error))


def unfit(request: HttpRequest, error: Any) -> HttpResponse:
    """422 with the reason per field; an id in the address that is none is simply not found."""
    if any(entry["loc"][:1] == ("path",) for entry in error.errors):
        return not_found(request, error)
    fields = dict(_fields(error.errors))
    return problem(422, "; ".join(f"{name}: {text}" for name, text in fields.items()), fields)


def _fields(errors: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for entry in errors:
        place = [str(part) for part in entry["loc"] if part not in ("body", "query")]
        yield ".".join(place[1:] or place), str(entry["msg"])


def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """422: the draft cannot be kept as it is."""
    return problem(422, str(error), error.fields)


def conflict(request: HttpRequest, error: Any) -> HttpResponse:
    """409 with the revision that is kept now."""
    return problem(409, str(error), revision=error.revision)


def not_ready(request: HttpRequest, error: Any) -> HttpResponse:
    """422 with every problem: on which channel, in which part of the thread, where in it."""
    found = [
        {
            "channel": str(f.channel.id),
            "position": f.position,
            "where": f.problem.where,
            "message": translated(f.problem.message),
            "level": f.problem.level,
        }
        for f in error.found
    ]
    return problem(422, str(error), problems=found)


def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """422: it cannot be done as things stand."""
    return problem(422, str(error))


def busy(request: HttpRequest, error: Any) -> HttpResponse:
    """409: wait until it has been sent."""
    return problem(409, str(error))


def too_many(request: HttpRequest, error: Any) -> HttpResponse:
    """429: ask less often."""
    return problem(429, str(error))


def wrong_key(request: HttpRequest, error: Any) -> HttpResponse:
    """401, as RFC 6750 says it."""
    answer = problem(401, _("This API key is not valid: it was revoked, has ended, or was not copied whole."))
    answer["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return answer


def too_often(request: HttpRequest, error: Any) -> HttpResponse:
    """429, and when to come again."""
    answer = problem(429, str(error))
    answer["Retry-After"] = str(ceil(error.wait.total_seconds()))
    return answer


def install(api: NinjaAPI) -> None:
    """Answer every refusal of the program in this form."""
    handlers: dict[type[Exception], Any] = {
        Http404: not_found,
        PermissionDenied: forbidden,
        HttpError: by_status,
        ValidationError: unfit,
        Invalid: invalid,
        Conflict: conflict,
        Busy: busy,
        NotReady: not_ready,
        OnItsWay: busy,
        TooMany: too_many,
        WrongKey: wrong_key,
        TooOften: too_often,
        Refused: refused,
        members.Refused: refused,
    }
    for kind, answer in handlers.items():
        api.add_exception_handler(kind, answer)
