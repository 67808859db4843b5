"""How pages look to a person: their language, before signing in too, and colours; whether letters lead to pages."""

from pathlib import Path

from django.conf import settings as framework
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_POST

from tidings.workspaces.models import User

LANGUAGE = "language"  # session: what somebody who is not signed in has chosen
THEMES = ("system", "light", "dark")
IN_PART = {"de": "noch nicht vollständig"}


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, with the person or else with this visit, and go back to the page."""
    wish = {**request.GET.dict(), **request.POST.dict()}
    language, theme = wish.get("language", ""), wish.get("theme", "")
    chosen: dict[str, object] = {"language": language} if language in dict(framework.LANGUAGES) else {}
    chosen |= {"theme": theme} if theme in THEMES else {}
    chosen |= {"single_keys": wish["letters"] == "on"} if wish.get("letters") in ("on", "off") else {}
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**chosen) if chosen else None
    elif "language" in chosen:
        request.session[LANGUAGE] = chosen["language"]
    return redirect(_back(request))


def spoken(request: HttpRequest) -> str:
    """The language of somebody who is not signed in: what they chose, else what their browser asks for."""
    return str(request.session.get(LANGUAGE) or get_language_from_request(request))


def languages() -> list[tuple[str, str]]:
    """What may be chosen, each in its own words; of one without a catalogue only parts are spoken, and that is said."""
    return [(code, name if _whole(code) else f"{name} ({IN_PART[code]})") for code, name in framework.LANGUAGES]


def _whole(code: str) -> bool:
    places = (Path(place, code) for place in framework.LOCALE_PATHS)
    return code == framework.LANGUAGE_CODE or any(place.exists() for place in places)


def _back(request: HttpRequest) -> str:
    came = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure())
    return came if safe else "/"
