"""The privacy policy as a page and as JSON. Public: nobody needs to sign in to read what a server does."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from tidings.privacy.policy import Policy, policy
from tidings.privacy.wording import LANGUAGES, spoken, words

FORMAT = 1  # grows when something is renamed or taken away


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page."""
    language = chosen(request)
    with translation.override(language):
        made = policy(language)
        context = {"policy": made, "said": made.page, "headings": _headings(made), "languages": _languages(language)}
        return _spoken(render(request, "tidings/privacy.html", context), language)


@require_safe
def machine(request: HttpRequest) -> HttpResponse:
    """The same for programs; docs/privacy.md says what is what."""
    made = policy(chosen(request))
    return _spoken(JsonResponse(document(made), json_dumps_params={"ensure_ascii": False}), made.language)


def document(made: Policy) -> dict[str, Any]:
    """The policy as JSON."""
    sentences = [
        {"section": section.name, **asdict(sentence)} for section in made.sections for sentence in section.sentences
    ]
    return {
        "format": FORMAT, "language": made.language, "languages": list(LANGUAGES), "written": made.written,
        "today": made.today, "sentences": sentences, "receivers": made.receivers, "facts": asdict(made.facts),
    }  # fmt: skip


def chosen(request: HttpRequest) -> str:
    """The language asked for in the address; else the person's, or their browser's; else the first we speak."""
    return spoken(request.GET.get("language", ""))


def _languages(current: str) -> list[tuple[str, str, bool]]:
    names = {code: translation.get_language_info(code)["name_local"] for code in LANGUAGES}
    return [(code, names[code], code == current) for code in LANGUAGES]


def _headings(made: Policy) -> list[tuple[str, str]]:
    said = words(made.language)["page"]
    titles = [(section.name, section.title) for section in made.sections]
    return [*titles, ("networks", said["networks"]), ("receivers", said["receivers"])]


def _spoken(answer: HttpResponse, language: str) -> HttpResponse:
    answer.headers["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer
