"""What every request goes through: no NUL in its address; a person's language and zone, and that they were here."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from tidings.core import zones

Answer = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"  # session: its key and when its row was last written
EVERY = 300  # seconds; writing the row at every request would queue pages behind the worker


def plain(get_response: Answer) -> Answer:
    """Middleware: 400 for NUL characters in an address, which nobody types and PostgreSQL cannot compare with."""

    def answer(request: HttpRequest) -> HttpResponse:
        values = (value for name in request.GET for value in (name, *request.GET.getlist(name)))
        if "\0" in request.path or any("\0" in value for value in values):
            raise BadRequest("a NUL character in the address")
        return get_response(request)

    return answer


def activity(get_response: Answer) -> Answer:
    """Middleware: keep the list of browsers a person is signed in with, every five minutes."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            key, at = request.session.get(SEEN, ("", 0.0))
            if key != request.session.session_key or time.time() - at > EVERY:
                UserSession.objects.create_from_request(request)
                request.session[SEEN] = (request.session.session_key, time.time())
        return get_response(request)

    return answer


def person(get_response: Answer) -> Answer:
    """Middleware: the person's own language and zone, for this request only; no shared cache keeps the page."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        user = request.user
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language), timezone.override(zones.zone(user.zone)):
            response = get_response(request)
        response.headers.setdefault("Content-Language", user.language)
        if "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return answer
