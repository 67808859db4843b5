"""The pages for what went wrong; each says so in a sentence and shows the way back."""

from datetime import timedelta
from math import ceil

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from tidings.workspaces.policy import Frozen
from tidings.workspaces.refused import noted


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; also for a host that is none, which is found out before anybody knows who asks."""
    if not hasattr(request, "user"):
        request.user = AnonymousUser()
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but the role is too small, or the person's data is frozen."""
    noted(request, exception)
    return render(request, "403.html", {"frozen": isinstance(exception, Frozen) and str(exception)}, status=403)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is from another session or another site."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not this person's."""
    noted(request, exception)
    return render(request, "404.html", status=404)


def too_many(request: HttpRequest, wait: timedelta = timedelta(minutes=5)) -> HttpResponse:
    """429, and when to come again."""
    seconds = ceil(wait.total_seconds())
    answer = render(request, "429.html", {"minutes": ceil(seconds / 60)}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """500, without the request: neither the database nor the session may be trusted just now."""
    return HttpResponseServerError(render_to_string("500.html"))
