"""Errors that no view has answered: a page for people, a problem document for who speaks to the API."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tidings.problem import problem, wanted
from tidings.web import errors

Page = Callable[..., HttpResponse]


def _either(page: Page, status: int, detail: Any) -> Page:
    def answer(request: HttpRequest, *about: Any, **more: Any) -> HttpResponse:
        if wanted(request):
            return problem(status, str(detail))
        return page(request, *about, **more)

    return answer


bad_request = _either(errors.bad_request, 400, _("The request cannot be read."))
forbidden = _either(errors.forbidden, 403, _("Your role in this workspace does not allow this."))
csrf = _either(errors.csrf, 403, _("Send the X-CSRFToken header along."))
not_found = _either(errors.not_found, 404, _("There is nothing here, or you may not see it."))
too_many = _either(errors.too_many, 429, _("Too many requests"))
