"""Speak a signed-in person's language and tell the time of their zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from tidings.workspaces.members import is_zone


def person(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the person's own language and zone for this request only."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        user = request.user
        zone = ZoneInfo(user.zone) if is_zone(user.zone) else None
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language), timezone.override(zone):
            response = get_response(request)
        response.headers.setdefault("Content-Language", user.language)
        return response

    return answer
