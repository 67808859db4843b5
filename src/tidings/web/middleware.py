"""What every request goes through: no NUL in its address; a person's language and zone, and that they were here."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from tidings.core import clock, zones
from tidings.web.look import spoken

Answer = Callable[[HttpRequest], HttpResponse]
SEEN = "here"  # session: its key, when its row was last written, and since when it is signed in
LIFETIME = 30 * 86_400  # seconds; then the person says again who they are, however busy they were
EVERY = 300  # seconds; writing the row at every request would queue pages behind the worker


def plain(get_response: Answer) -> Answer:
    """Middleware: 400 for NUL characters in an address or a browser's name; nobody types, PostgreSQL keeps none."""

    def answer(request: HttpRequest) -> HttpResponse:
        values = (value for name in request.GET for value in (name, *request.GET.getlist(name)))
        said = request.path + request.META.get("HTTP_USER_AGENT", "")
        if "\0" in said or any("\0" in value for value in values):
            raise BadRequest("a NUL character")
        return get_response(request)

    return answer


def over(session: SessionBase) -> bool:
    """Whether the sign-in of this session was too long ago."""
    key, _at, since = session.get(SEEN, ("", 0.0, 0.0))
    return bool(key == session.session_key and clock.now().timestamp() - since > LIFETIME)


def activity(get_response: Answer) -> Answer:
    """Middleware: keep the list of browsers a person is signed in with, every five minutes; sign out after a month."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            key, at, since = request.session.get(SEEN, ("", 0.0, 0.0))
            now, same = clock.now().timestamp(), key == request.session.session_key
            if over(request.session):
                logout(request)
            elif not same or now - at > EVERY:
                UserSession.objects.create_from_request(request)
                request.session[SEEN] = (request.session.session_key, now, since if same else now)
        return get_response(request)

    return answer


def person(get_response: Answer) -> Answer:
    """Middleware: the person's own language and zone, or a stranger's choice of language, for this request only."""

    def answer(request: HttpRequest) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        language = user.language if user else spoken(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zones.zone(user.zone if user else "UTC")):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer
