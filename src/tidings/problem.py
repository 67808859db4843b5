"""An error as a program gets it: a problem document, RFC 9457. Pages for people are in tidings.web.errors."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy

TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("This is not allowed"),
    404: gettext_lazy("There is nothing here"),
    409: gettext_lazy("It has changed meanwhile"),
    422: gettext_lazy("Something has to be mended first"),
    429: gettext_lazy("Too many requests"),
}


def wanted(request: HttpRequest) -> bool:
    """Whether it is a program that asks, and no person who wants a page."""
    return request.path.startswith("/api/")


def problem(status: int, detail: str, fields: Mapping[str, str] | None = None, **more: Any) -> HttpResponse:
    """One error as the client gets it; `more` goes in as well, a better `title` for instance."""
    body = {
        "title": str(TITLES.get(status, gettext_lazy("Error"))),
        "status": status,
        "detail": detail,
        "fields": dict(fields or {}),
    }
    answer = JsonResponse(body | more, status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer
